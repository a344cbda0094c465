"""`project history`: every event of a project, corrections beside what they change."""

from __future__ import annotations

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.history_output import dated_rows, history_columns
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_project
from lifecycle.events import Stream
from projections.views.requested_axes import RequestedAxes


@click.command("history")
@click.argument("code")
@axes_options(year=False, rulebook=False)
@format_option
def command(
    code: str,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Show the events as they were recorded; nothing is left out."""
    with open_store() as ledger:
        code = understood_name(ledger, "project", code)
        rows = dated_rows(ledger, Stream("project", code), axes)
        if rows is None:
            raise unknown_project(ledger, code)
    print_rows(rows, history_columns(rows), form, title=code)
