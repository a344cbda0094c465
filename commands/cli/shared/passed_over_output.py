"""What a result passes over, beside the result: rows in JSON, a few sentences on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

from commands.words.messages import say
from commands.words.passed_over_words import passed_over_text, subject_names
from lifecycle.rejections import msg
from lifecycle.rulebook import Rulebook
from projections.scoring.passed_over import PassedOver

_SHOWN: Final = 10
"""Sentences that are printed; the rest are counted, JSON has them all."""


def passed_over_rows(rows: Iterable[PassedOver]) -> list[dict[str, Any]]:
    """The rows of `not_counted` in JSON."""
    return [row._asdict() for row in rows]


def of_unit(rows: Iterable[PassedOver], unit: str) -> list[PassedOver]:
    """The rows of a unit, and those of the rulebook as a whole."""
    return [row for row in rows if row.unit in (unit, None)]


def print_passed_over(rows: Sequence[PassedOver], book: Rulebook) -> None:
    """Print what is not counted and why: a part of the result."""
    names = subject_names(book)
    for row in rows[:_SHOWN]:
        click.echo(say(msg("not counted: {text}"), text=passed_over_text(row, names)))
    if len(rows) > _SHOWN:
        more = len(rows) - _SHOWN
        click.echo(say(msg("not counted: {count} more; --format json lists all"), count=more))
