"""`targets`: how far the county and its units are."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.output_columns import csv_columns
from commands.cli.shared.print_message import print_message
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.rulebook_year import view_of_year
from commands.cli.shared.store_access import open_store
from commands.cli.shared.target_output import print_targets, unread_targets_text
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes
from projections.views.target_view import county_target_progress, unread_target_indicators

_CSV_FIELDS: Final = ("indicator", "unit", "target", "actual", "ratio")
_NUMBERS: Final = frozenset(("target", "actual", "ratio"))


@click.command(
    "targets",
    help=_("Show the year's targets of the county and of units: progress, pace and shortfall."),
)
@axes_options()
@format_option
def command(axes: RequestedAxes, form: str) -> None:
    """Show them: exact as JSON and CSV, as a table with the pace and what is missing."""
    with open_store() as ledger:
        view = view_of_year(axes, ledger)
        progress = county_target_progress(ledger, view)
        unread = unread_target_indicators(ledger, view)
    if form == "table":
        print_targets(progress, view)
    else:
        rows = [row.as_json() for row in progress]
        print_rows(rows, csv_columns(*_CSV_FIELDS, numbers=_NUMBERS), form)
    # A target that no rule measures would silently count as nothing.
    if unread:
        print_message(unread_targets_text(unread, view))
