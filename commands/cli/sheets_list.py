"""`sheets list`: every task with its status and the days of its sheets."""

from __future__ import annotations

from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn, csv_columns
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_filter
from commands.words import sheet_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes
from projections.views.sheet_view import task_rows

_CSV_FIELDS: Final = (
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


@click.command("list")
@click.option("--unit", help=_("Only this unit."))
@click.option("--project", help=_("Only this project."))
@click.option(
    "--status",
    help=_(
        "Only this status: open, overdue, warned, supervised, exposed or cleared; "
        "not-cleared for all but the last."
    ),
)
@axes_options(year=False, rulebook=False)
@format_option
def command(
    unit: str | None,
    project: str | None,
    status: str | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    """List them."""
    statuses = _statuses(status)
    with open_store() as ledger:
        unit = understood_filter(ledger, "unit", unit)
        project = understood_filter(ledger, "project", project)
        tasks = [row.as_json() for row in task_rows(ledger, axes.day_view(ledger))]
    rows = []
    for task in tasks:
        of_unit = unit in (None, task["responsible_unit"])
        of_project = project in (None, task["project"])
        if of_unit and of_project and task["status"] in statuses:
            rows.append(task)
    if form == "table":
        print_rows(rows, _table_columns(), form)
        click.echo(say(msg("tasks: {count}"), count=len(rows)))
        _print_estimates(rows)
    else:
        # Without an estimate the columns stay as scripts know them.
        any_estimated = any("estimated" in row for row in rows)
        fields = (*_CSV_FIELDS, "estimated") if any_estimated else _CSV_FIELDS
        print_rows(rows, csv_columns(*fields), form)


def _statuses(text: str | None) -> list[str]:
    """Return the statuses that were asked for, by stored or Chinese name. Raises `BadParameter`."""
    if text is None:
        return [*sheet_words.STATUS]
    # What clerks mean by open work includes the overdue, warned and exposed.
    if text in ("not-cleared", headings.NOT_CLEARED.chinese):
        return [name for name in sheet_words.STATUS if name != "cleared"]
    status = sheet_words.stored_name(sheet_words.STATUS, text)
    if status not in sheet_words.STATUS:
        terms = {**sheet_words.STATUS, "not-cleared": headings.NOT_CLEARED}
        allowed = [f"{term.chinese} ({name})" for name, term in terms.items()]
        template = msg("unknown status {status}; allowed: {allowed}")
        message = say(
            template,
            status=text,
            allowed=allowed,
        )
        raise click.BadParameter(message, param_hint="--status")
    return [status]


def _table_columns() -> list[OutputColumn]:
    return [
        OutputColumn("number", FIELDS["number"], show=str, whole=True),
        OutputColumn("status", headings.STATUS, show=sheet_words.status, whole=True),
        OutputColumn("due_on", FIELDS["due_on"], whole=True),
        OutputColumn("responsible_unit", FIELDS["responsible_unit"], show=str),
        OutputColumn("project", FIELDS["project"], show=str, whole=True),
        OutputColumn("task", FIELDS["task"], show=str),
        OutputColumn("rectify_by", FIELDS["rectify_by"], whole=True),
    ]


def _print_estimates(rows: list[dict[str, Any]]) -> None:
    """Name the tasks whose day to rectify by is estimated."""
    numbers = [row["number"] for row in rows if "estimated" in row]
    if numbers:
        template = msg(
            "rectification date estimated, because the working days of that year have not "
            "been published: {numbers}"
        )
        click.echo(say(template, numbers=numbers))
