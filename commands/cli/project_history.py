"""`project history`: every event of a project, corrections beside what they change."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import click

from commands.cli.shared.axes_options import axes_options
from commands.cli.shared.row_output import OutputColumn, format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_project
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.history_words import event_row, fields_text
from commands.words.login_names import named_login
from lifecycle.events import Stream
from projections.views.requested_axes import RequestedAxes

_SHOWN_IF_FILLED: Final = ("on_behalf_of", "imported_by")


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
    print_rows(rows, _columns(rows), form, title=code)


def _columns(rows: list[dict[str, Any]]) -> list[OutputColumn]:
    """Return the columns; who entered it for whom, and who imported it, where any row says so."""
    columns = [
        OutputColumn("version", "#", number=True),
        OutputColumn("occurred_on", FIELDS["occurred_on"], whole=True),
        OutputColumn("chinese", FIELDS["event"], whole=True),
        OutputColumn("fields", headings.CONTENT, show=fields_text),
        OutputColumn("recorded_at", FIELDS["recorded_at"], show=_to_the_minute, whole=True),
        OutputColumn("recorded_by", FIELDS["recorded_by"], show=named_login, whole=True),
        OutputColumn("on_behalf_of", headings.RECORDED_FOR, show=named_login),
        OutputColumn("imported_by", headings.IMPORTED_BY, show=named_login),
        OutputColumn("corrected", headings.CORRECTION, show=str),
    ]
    for name in _SHOWN_IF_FILLED:
        if not any(row[name] for row in rows):
            columns = [column for column in columns if column.field != name]
    return columns


def _to_the_minute(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M")
