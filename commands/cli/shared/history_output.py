"""Events as they were recorded, in a table: what, when, by whom, and what corrected them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from commands.cli.shared.output_columns import OutputColumn
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.history_words import event_row, row_fields_text
from commands.words.login_names import named_login
from lifecycle.events import Stream
from lifecycle.ledger.store import Ledger
from projections.views.requested_axes import RequestedAxes

_SHOWN_IF_FILLED: Final = ("on_behalf_of", "imported_by")


def history_columns(rows: Sequence[Mapping[str, Any]]) -> list[OutputColumn]:
    """Return the columns; who entered it for whom, and who imported it, where any row says so."""
    columns = [
        OutputColumn("version", "#", number=True),
        OutputColumn("occurred_on", FIELDS["occurred_on"], whole=True),
        OutputColumn("chinese", FIELDS["event"], whole=True),
        OutputColumn("fields", headings.CONTENT, show_row=row_fields_text),
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


def dated_rows(ledger: Ledger, stream: Stream, axes: RequestedAxes) -> list[dict[str, Any]] | None:
    """Return the rows of a stream's events by the requested day and moment.

    None for a stream without any event by the moment.
    """
    history = ledger.stored_history(stream, axes.position(ledger))
    if not history:
        return None
    times = ledger.record_times()
    rows = []
    for item in history:
        # The history of an event is its corrections too, so the day selects rows and not what they
        # say.
        if axes.as_of is None or item.event.on <= axes.as_of:
            rows.append(event_row(item, history, times))
    return rows


def stream_rows(ledger: Ledger, stream: Stream) -> list[dict[str, Any]]:
    """Return the rows of all events of a stream."""
    history = ledger.stored_history(stream)
    times = ledger.record_times()
    return [event_row(item, history, times) for item in history]


def _to_the_minute(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M")
