"""`unit list`: the registered units as of a day."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.unit_columns import UNIT_COLUMNS
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes
from projections.views.unit_list_view import unit_rows


@click.command("list")
@click.option(
    "--all",
    "all_units",
    is_flag=True,
    help=_("Include units that are dissolved or not yet active."),
)
@axes_options(year=False, rulebook=False)
@format_option
def command(
    axes: RequestedAxes,
    form: str,
    *,
    all_units: bool,
) -> None:
    """List those that are there."""
    with open_store() as ledger:
        rows = [row.as_json() for row in unit_rows(ledger, axes.day_view(ledger))]
    if not all_units:
        rows = [row for row in rows if row["there"]]
    print_rows(rows, UNIT_COLUMNS, form)
