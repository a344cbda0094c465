"""`deadlines`: what is due when, by urgency, and how pressed each unit is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from commands.cli.shared.command_context import axes_options, day_view, opened
from commands.cli.shared.row_output import OutputColumn, emit, format_option
from commands.words import sheet_words as words
from commands.words.messages import _, say
from lifecycle.rejections import msg
from projections.views.deadline_view import (
    DEADLINE_KINDS,
    URGENCY_LEVELS,
    deadline_rows,
    deadlines_by_unit,
)

TABLE = [
    OutputColumn("level", "级别", show=words.level, whole=True),
    OutputColumn("due_on", "期限", whole=True),
    OutputColumn("days_left", "余天", number=True),
    OutputColumn("kind", "事项", show=words.deadline_kind, whole=True),
    OutputColumn("project", "项目编号", show=str, whole=True),
    OutputColumn("unit", "单位", show=str),
    OutputColumn("about", "所涉", show=words.about, whole=True),
    OutputColumn("clause", "条款"),
]
_CSV = [
    OutputColumn(name, name, number=name == "days_left")
    for name in (
        "kind",
        "project",
        "unit",
        "about",
        "due_on",
        "days_left",
        "level",
        "clause",
        "basis",
    )
]
_SUMMARY = [
    OutputColumn("unit", "单位", show=str),
    *(OutputColumn(level, words.LEVELS[level], number=True) for level in URGENCY_LEVELS),
    OutputColumn("total", "合计", number=True),
]


@click.command(
    "deadlines",
    help=_(
        "What is due, the most urgent first: assessment periods, milestones, tasks, rectifications, look-backs, stalled projects."
    ),
)
@click.option("--unit", help=_("Those of this unit."))
@click.option("--project", help=_("Those of this project."))
@click.option("--kind", type=click.Choice(DEADLINE_KINDS), help=_("Those of this kind."))
@click.option(
    "--level",
    type=click.Choice(URGENCY_LEVELS),
    help=_(
        "Those of this level: red is past due, orange within a week, yellow a month, blue a quarter."
    ),
)
@click.option("--summary", is_flag=True, help=_("How many of each level every unit has."))
@axes_options(year=False, rulebook=False)
@format_option
def command(
    unit: str | None,
    project: str | None,
    kind: str | None,
    level: str | None,
    as_of: str | None,
    known_at: str | None,
    form: str,
    *,
    summary: bool,
) -> None:
    """Show them."""
    with opened() as ledger:
        view = day_view(ledger, as_of, known_at)
        found = [row.as_json() for row in deadline_rows(ledger, view)]
    wanted = {"unit": unit, "project": project, "kind": kind, "level": level}
    rows = [
        row for row in found if all(value in (None, row[name]) for name, value in wanted.items())
    ]
    if summary:
        counts = deadlines_by_unit((row["unit"], row["level"]) for row in rows)
        emit([count.as_json() for count in counts], _SUMMARY, form)
        return
    emit(rows, TABLE if form == "table" else _csv(rows), form)
    if form == "table":
        click.echo(
            say(msg("{count} deadlines as of {day}"), count=len(rows), day=view.as_of.isoformat())
        )
        if any("estimated" in row for row in rows):
            click.echo(
                _(
                    "some rest on working days of a year whose arrangement is not known; they are estimated (estimated in JSON and CSV)"
                )
            )


def _csv(rows: list[Mapping[str, Any]] | list[dict[str, Any]]) -> list[OutputColumn]:
    return (
        [*_CSV, OutputColumn("estimated", "estimated")]
        if any("estimated" in row for row in rows)
        else _CSV
    )
