"""Name the corrected record times that a command's result rests on.

A command whose result has axes leaves them to `open_store`, which knows the ledger.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import BEFORE_CLOSING
from commands.words.messages import say
from commands.words.problem_text import problem_text
from commands.words.record_time_words import time_correction_text
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import LedgerError, msg
from projections.views.record_time_view import (
    TimeCorrectionRow,
    all_dated_ahead,
    all_time_corrections,
    time_corrections,
)
from projections.views.requested_axes import RequestedAxes


def leave_axes(axes: RequestedAxes) -> None:
    """Print, before the store closes, the corrections that bear on a result with these axes."""
    click.get_current_context().meta[BEFORE_CLOSING] = partial(_print_time_corrections, axes)


def _print_time_corrections(axes: RequestedAxes, ledger: Ledger) -> None:
    for row in _corrections(ledger, axes):
        template = msg("record times corrected: {text}")
        print_message(say(template, text=time_correction_text(row)))


def with_time_corrections(
    result: dict[str, Any],
    ledger: Ledger,
    axes: RequestedAxes,
) -> dict[str, Any]:
    """Return a result's JSON with `record_time_corrections`, where there are any."""
    rows = _corrections(ledger, axes)
    if not rows:
        return result
    return {**result, "record_time_corrections": [row.as_json() for row in rows]}


def ledger_time_corrections(ledger: Ledger) -> list[str]:
    """Say every correction of record times, and each fact dated after its corrected time."""
    texts: list[str] = []
    # What cannot be read is named by the verification itself.
    with suppress(LedgerError):
        for row in all_time_corrections(ledger.record_times()):
            template = msg("record times corrected: {text}")
            texts.append(say(template, text=time_correction_text(row)))
        for problem in all_dated_ahead(ledger):
            texts.append(say(msg("anomaly: {text}"), text=problem_text(problem)))
    return texts


def _corrections(ledger: Ledger, axes: RequestedAxes) -> list[TimeCorrectionRow]:
    return time_corrections(ledger, axes.position(ledger), axes.known_at)
