"""`unit history`: every event of a unit, corrections beside what they change."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.history_output import history_columns
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_name
from commands.words.history_words import event_row
from lifecycle.events import Stream
from projections.views.requested_axes import RequestedAxes


@click.command("history")
@click.argument("unit")
@axes_options(year=False, rulebook=False)
@format_option
def command(unit: str, axes: RequestedAxes, form: str) -> None:
    """Show the events as they were recorded; nothing is left out."""
    with open_store() as ledger:
        unit = understood_name(ledger, "unit", unit)
        history = ledger.stored_history(Stream("unit", unit), axes.position(ledger))
        if not history:
            raise unknown_name(ledger, ("unit",), unit)
        times = ledger.record_times()
    rows = []
    for item in history:
        # The history of an event is its corrections too, so the day selects rows and not what they
        # say.
        if axes.as_of is None or item.event.on <= axes.as_of:
            rows.append(event_row(item, history, times))
    print_rows(rows, history_columns(rows), form, title=unit)
