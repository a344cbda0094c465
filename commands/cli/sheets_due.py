"""`sheets due`: what is to be issued, and what may be cleared, on a day."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import OutputColumn, unit_column
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.sheet_options import read_action
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_filter
from commands.words import sheet_words, table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.deciding.task_ladder import ACTIONS
from lifecycle.rejections import msg
from projections.views.requested_axes import RequestedAxes
from projections.views.sheet_view import due_sheets

_COLUMNS: Final = (
    OutputColumn("action", headings.SHEET_DUE, show=sheet_words.action, whole=True),
    OutputColumn("project", FIELDS["project"], show=str, whole=True),
    OutputColumn("about", headings.ABOUT, show=word),
    unit_column(),
    OutputColumn("due_on", headings.DUE_ON, whole=True),
)


@click.command("due")
@click.option("--unit", help=_("Only this unit."))
@click.option("--project", help=_("Only this project."))
@click.option("--kind", help=_("Only this kind: assign, warn, supervise, expose or clear."))
@axes_options(year=False, rulebook=False)
@format_option
def command(
    unit: str | None,
    project: str | None,
    kind: str | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    """List them."""
    # Exposure and clearing are listed too, though other commands record them.
    action = None if kind is None else read_action(kind, [*ACTIONS])
    with open_store() as ledger:
        unit = understood_filter(ledger, "unit", unit)
        project = understood_filter(ledger, "project", project)
        view = axes.day_view(ledger)
        due = [sheet.as_json() for sheet in due_sheets(ledger, view)]
    rows = []
    for row in due:
        of_unit, of_project = unit in (None, row["unit"]), project in (None, row["project"])
        if of_unit and of_project and action in (None, row["action"]):
            rows.append(row)
    print_rows(rows, _COLUMNS, form)
    if form == "table":
        click.echo(
            say(
                msg("due on {day}: {count}"),
                count=len(rows),
                day=view.as_of.isoformat(),
            )
        )
