"""`unit history`: every event of a unit, corrections beside what they change."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.history_output import dated_rows, history_columns
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_name
from lifecycle.events import Stream
from projections.views.requested_axes import RequestedAxes


@click.command("history")
@click.argument("unit")
@axes_options(year=False, rulebook=False)
@format_option
def command(
    unit: str,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show the events as they were recorded; nothing is left out."""
    with open_store() as ledger:
        unit = understood_name(ledger, "unit", unit)
        rows = dated_rows(ledger, Stream("unit", unit), axes)
        if rows is None:
            raise unknown_name(ledger, ("unit",), unit)
    print_rows(rows, history_columns(rows), form, title=unit)
