"""`today`: one screen for the morning."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.dissolved_filter import note_dissolved_filter
from commands.cli.shared.morning_output import print_morning
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_filter
from commands.words.messages import _
from projections.views.morning_view import morning_report
from projections.views.requested_axes import RequestedAxes


@click.command(
    "today",
    help=_(
        "Show the morning's screen: sheets due, urgent deadlines, pending consultations, "
        "and changes since yesterday."
    ),
)
@click.option("--unit", help=_("Only this unit."))
@click.option(
    "--all",
    "whole",
    is_flag=True,
    help=_("Show every row, not only the first few of each section."),
)
@axes_options(year=False, rulebook=False)
@table_or_json_option
def command(
    unit: str | None,
    axes: RequestedAxes,
    form: str,
    *,
    whole: bool,
) -> None:
    """Show it."""
    with open_store() as ledger:
        unit = understood_filter(ledger, "unit", unit)
        view = axes.day_view(ledger)
        # JSON has every row; the screen alone is cut.
        report = morning_report(ledger, view, unit).as_json()
        note_dissolved_filter(ledger, view, unit)
    if form == "json":
        print_json(report)
    else:
        print_morning(report, view, whole=whole)
