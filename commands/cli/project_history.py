"""`project history`: every event of a project, corrections beside what they change."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.history_output import history_columns
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_project
from commands.words.history_words import event_row
from lifecycle.events import Stream
from projections.views.requested_axes import RequestedAxes


@click.command("history")
@click.argument("code")
@axes_options(year=False, rulebook=False)
@format_option
def command(code: str, axes: RequestedAxes, form: str) -> None:
    """Show the events as they were recorded; nothing is left out."""
    with open_store() as ledger:
        code = understood_name(ledger, "project", code)
        history = ledger.stored_history(Stream("project", code), axes.position(ledger))
        if not history:
            raise unknown_project(ledger, code)
        times = ledger.record_times()
    rows = []
    for item in history:
        # The history of an event is its corrections too, so the day selects rows and not what they
        # say.
        if axes.as_of is None or item.event.on <= axes.as_of:
            rows.append(event_row(item, history, times))
    print_rows(rows, history_columns(rows), form, title=code)
