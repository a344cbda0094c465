"""Rewards earned and near misses, as rows."""

from __future__ import annotations

from typing import Any

import click

from commands.cli.shared.output_columns import OutputColumn, text_or_blank
from commands.cli.shared.row_output import print_rows
from commands.words import screen_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import say
from commands.words.workbook_words import LIST_SEPARATOR
from lifecycle.rejections import msg
from projections.views.incentive_view import IncentiveReview


def print_incentives(
    reviews: list[IncentiveReview],
    form: str = "table",
    *,
    near_misses: bool = False,
) -> None:
    """Print projects with their amounts; near misses also with what they lack."""
    columns = [
        OutputColumn("project", FIELDS["project"], show=str, whole=True),
        OutputColumn("name", FIELDS["name"], show=str),
        OutputColumn("unit", headings.CREDITED_UNIT, show=text_or_blank, whole=True),
        OutputColumn("lead_person", FIELDS["lead_person"], whole=True),
        OutputColumn("chinese", headings.INCENTIVE, whole=True),
        OutputColumn("scale", headings.SCALE, number=True),
        OutputColumn("invested", headings.INVESTED_IN_STATISTICS, number=True),
        OutputColumn("clause", headings.CLAUSE, whole=True),
    ]
    if near_misses:
        columns.append(OutputColumn("lacking", headings.MISSING, show=_lacking_text))
    print_rows([review.detailed_json() for review in reviews], columns, form)
    if form == "table":
        click.echo(say(msg("total: {count}"), count=len(reviews)))


def _lacking_text(shortfalls: list[dict[str, Any]]) -> str:
    texts = []
    for shortfall in shortfalls:
        text = screen_words.LACKING[shortfall["what"]]
        # A standing is lacked or not; only amounts can be short by something.
        if shortfall["short"] is not None:
            text += f" {screen_words.wan(shortfall['short'])}"
        texts.append(text)
    return LIST_SEPARATOR.join(texts)
