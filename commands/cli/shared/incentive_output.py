"""Incentives earned, near misses and the stages of rewards, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from commands.cli.shared.output_columns import OutputColumn, text_or_blank
from commands.cli.shared.row_output import print_rows
from commands.words import screen_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import say
from commands.words.reward_words import PAYMENT_STATUS, stage_label
from commands.words.workbook_words import LIST_SEPARATOR
from lifecycle.rejections import msg
from projections.views.incentive_view import IncentiveReview
from projections.views.reward_view import RewardPayment


def print_incentives(
    reviews: list[IncentiveReview],
    form: str = "table",
    *,
    near_misses: bool = False,
) -> None:
    """Print projects with their amounts; near misses also with what they lack."""
    columns = _incentive_columns()
    if near_misses:
        columns.append(OutputColumn("lacking", headings.MISSING, show=_lacking_text))
    print_rows([review.detailed_json() for review in reviews], columns, form)
    if form == "table":
        click.echo(say(msg("total: {count}"), count=len(reviews)))


def print_payments(payments: list[RewardPayment]) -> None:
    """Print the stages of rewards as a table of their own."""
    columns = [
        OutputColumn("project", FIELDS["project"], show=str, whole=True),
        OutputColumn("name", FIELDS["name"], show=str),
        OutputColumn("receiver", headings.RECEIVER, show=text_or_blank),
        OutputColumn("chinese", headings.REWARD),
        OutputColumn("stage", headings.REWARD_STAGE, show_row=_stage_of_row),
        OutputColumn("amount", headings.REWARD_AMOUNT, number=True),
        OutputColumn("due_on", headings.DUE_DAY, whole=True),
        OutputColumn("status", headings.STATUS, show=_status_text),
        OutputColumn("clause", headings.CLAUSE),
    ]
    print_rows([payment.detailed_json() for payment in payments], columns, "table")
    click.echo(say(msg("stages of rewards: {count}"), count=len(payments)))


def print_earned_and_payments(
    reviews: list[IncentiveReview],
    payments: list[RewardPayment],
) -> None:
    """Print both in one file: what only stages of rewards have is empty elsewhere."""
    columns = [
        *_incentive_columns(),
        OutputColumn("stage", headings.REWARD_STAGE, show=text_or_blank),
        OutputColumn("amount", headings.REWARD_AMOUNT, number=True),
        OutputColumn("due_on", headings.DUE_DAY),
        OutputColumn("status", headings.STATUS, show=_status_text),
        OutputColumn("receiver", headings.RECEIVER, show=text_or_blank),
    ]
    rows = [review.detailed_json() for review in reviews]
    rows += [payment.detailed_json() for payment in payments]
    print_rows(rows, columns, "csv")


def _incentive_columns() -> list[OutputColumn]:
    return [
        OutputColumn("project", FIELDS["project"], show=str, whole=True),
        OutputColumn("name", FIELDS["name"], show=str),
        OutputColumn("unit", headings.CREDITED_UNIT, show=text_or_blank, whole=True),
        OutputColumn("lead_person", FIELDS["lead_person"], whole=True),
        OutputColumn("chinese", headings.INCENTIVE, whole=True),
        OutputColumn("scale", headings.SCALE, number=True),
        OutputColumn("invested", headings.INVESTED_IN_STATISTICS, number=True),
        OutputColumn("clause", headings.CLAUSE, whole=True),
    ]


def _stage_of_row(row: Mapping[str, Any]) -> str:
    return stage_label(row["stage"], row["at"])


def _status_text(status: str | None) -> str:
    return PAYMENT_STATUS[status] if status is not None else ""


def _lacking_text(shortfalls: list[dict[str, Any]]) -> str:
    texts = []
    for shortfall in shortfalls:
        text = screen_words.LACKING[shortfall["what"]]
        # A standing is lacked or not; only amounts can be short by something.
        if shortfall["short"] is not None:
            text += f" {screen_words.wan(shortfall['short'])}"
        texts.append(text)
    return LIST_SEPARATOR.join(texts)
