"""`sheets`: the five sheets (五单): which there are, which are due, the week; issuing, clearing, reopening, exposing."""

from __future__ import annotations

from typing import Any

import click

from commands.cli import sheet_acts
from commands.cli.shared.command_context import axes_options, day_view, opened
from commands.cli.shared.row_output import OutputColumn, console, emit, format_option
from commands.words import sheet_words as words
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from projections.views import sheet_view as sheets


@click.group("sheets", help=_("The five sheets: list, due, week; issue, clear, reopen, expose."))
def command() -> None:
    """The five sheets."""


LIST = [
    OutputColumn("number", FIELDS["number"], show=str, whole=True),
    OutputColumn("status", "状态", show=words.status, whole=True),
    OutputColumn("due_on", FIELDS["due_on"], whole=True),
    OutputColumn("responsible_unit", FIELDS["responsible_unit"], show=str),
    OutputColumn("project", FIELDS["project"], show=str, whole=True),
    OutputColumn("task", FIELDS["task"], show=str),
]
_WIDE = 100
_RECTIFY = OutputColumn("rectify_by", FIELDS["rectify_by"], whole=True)
_LIST_CSV = [
    OutputColumn(name, name)
    for name in (
        "number",
        "project",
        "task",
        "responsible_unit",
        "due_on",
        "stage",
        "status",
        "warned_on",
        "supervised_on",
        "rectify_by",
        "exposed_on",
        "cleared_on",
    )
]


@command.command("list", help=_("Every task with its status and the days of its sheets."))
@click.option("--unit", help=_("Those of this unit."))
@click.option("--project", help=_("Those of this project."))
@click.option(
    "--status",
    help=_(
        "Those of this status: open, overdue, warned, supervised, exposed or cleared; not-cleared for all the others."
    ),
)
@axes_options(year=False, rulebook=False)
@format_option
def list_command(
    unit: str | None,
    project: str | None,
    status: str | None,
    as_of: str | None,
    known_at: str | None,
    form: str,
) -> None:
    """List them."""
    wanted = _statuses(status)
    with opened() as ledger:
        rows = [
            row
            for row in [
                task_row.as_json()
                for task_row in sheets.task_rows(ledger, day_view(ledger, as_of, known_at))
            ]
            if unit in (None, row["responsible_unit"])
            and project in (None, row["project"])
            and row["status"] in wanted
        ]
    if form != "table":
        emit(rows, _with_estimates(_LIST_CSV, rows), form)
    else:
        emit(rows, [*LIST, _RECTIFY] if console().width >= _WIDE else LIST, form)
        click.echo(say(msg("{count} tasks"), count=len(rows)))
        _tell_estimates(rows)


def _statuses(status: str | None) -> list[str]:
    if status is None:
        return [*words.STATUS]
    if status in ("not-cleared", "未销号"):
        return [name for name in words.STATUS if name != "cleared"]
    found = words.stored_name(words.STATUS, status)
    if found not in words.STATUS:
        allowed = ", ".join([*words.STATUS, "not-cleared"])
        raise click.BadParameter(
            say(
                msg("there is no status {status}; there are {allowed}"),
                status=status,
                allowed=allowed,
            ),
            param_hint="--status",
        )
    return [found]


def _with_estimates(columns: list[OutputColumn], rows: list[dict[str, Any]]) -> list[OutputColumn]:
    return (
        [*columns, OutputColumn("estimated", "estimated")]
        if any("estimated" in row for row in rows)
        else columns
    )


def _tell_estimates(rows: list[dict[str, Any]]) -> None:
    estimated = [row["number"] for row in rows if "estimated" in row]
    if estimated:
        template = msg(
            "to be rectified by an estimated day, for the arrangement of that year is not known: {numbers}"
        )
        click.echo(say(template, numbers=estimated))


DUE = [
    OutputColumn("action", "应发", show=words.action, whole=True),
    OutputColumn("project", FIELDS["project"], show=str, whole=True),
    OutputColumn("about", "所涉", show=word),
    OutputColumn("unit", FIELDS["unit"], show=str),
    OutputColumn("due_on", "期限", whole=True),
]


@command.command(
    "due",
    help=_("What ought to be issued, and what may be cleared, on a day; looking issues nothing."),
)
@click.option("--unit", help=_("Those of this unit."))
@click.option("--project", help=_("Those of this project."))
@click.option("--kind", help=_("Those of this kind: assign, warn, supervise, expose or clear."))
@axes_options(year=False, rulebook=False)
@format_option
def due_command(
    unit: str | None,
    project: str | None,
    kind: str | None,
    as_of: str | None,
    known_at: str | None,
    form: str,
) -> None:
    """List them."""
    wanted = None if kind is None else sheet_acts.read_action(kind, [*words.ACTIONS])
    with opened() as ledger:
        view = day_view(ledger, as_of, known_at)
        rows = [
            row
            for row in [sheet.as_json() for sheet in sheets.due_sheets(ledger, view)]
            if unit in (None, row["unit"])
            and project in (None, row["project"])
            and wanted in (None, row["action"])
        ]
    emit(rows, DUE, form)
    if form == "table":
        click.echo(say(msg("{count} due on {day}"), count=len(rows), day=view.as_of.isoformat()))


_WEEK = [
    OutputColumn("unit", FIELDS["unit"], show=str),
    OutputColumn("issued", "本周发单", number=True),
    OutputColumn("cleared", "本周销号", number=True),
    OutputColumn("in_time", "按时销号", number=True),
    OutputColumn("open", "未销号", number=True),
    OutputColumn("overdue", "已逾期", number=True),
    OutputColumn(
        "closing_rate",
        "销号率",
        number=True,
        show=lambda rate: "—" if rate is None else sheet_acts.percent(rate),
    ),
]


@command.command(
    "week",
    help=_(
        "The week (Monday to Sunday) that a day lies in, unit by unit: issued, cleared, in time, open, overdue, closing rate."
    ),
)
@axes_options(year=False, rulebook=False)
@format_option
def week_command(as_of: str | None, known_at: str | None, form: str) -> None:
    """Show it, as far as the day."""
    with opened() as ledger:
        view = day_view(ledger, as_of, known_at)
        rows = [week.as_json() for week in sheets.weekly_summary(ledger, view)]
    emit(rows, _WEEK, form)
    if form == "table":
        first, last = sheets.week_bounds(view.as_of)
        told = msg("{first} to {last}, as of {day}; closing rate: cleared ÷ (cleared + open)")
        click.echo(
            say(told, first=first.isoformat(), last=last.isoformat(), day=view.as_of.isoformat())
        )


for _act in (
    sheet_acts.issue_command,
    sheet_acts.clear_command,
    sheet_acts.reopen_command,
    sheet_acts.expose_command,
):
    command.add_command(_act)
