"""A project's course: its effective events as of a day, in the order of their days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.table_output import print_table
from commands.words import table_headings as headings
from commands.words.event_words import EVENTS, FIELDS
from commands.words.history_words import row_fields_text
from lifecycle.deciding.corrections import corrected_history
from lifecycle.events import RecordedEvent
from lifecycle.events.codec import fields_of

_COLUMNS: Final = (
    OutputColumn("occurred_on", FIELDS["occurred_on"], whole=True),
    OutputColumn("chinese", FIELDS["event"], whole=True),
    OutputColumn("version", "#", number=True),
    OutputColumn("fields", headings.CONTENT, show_row=row_fields_text),
)
_NOT_SHOWN: Final = ("occurred_on", "key", "evidence")


def course_rows(history: Sequence[RecordedEvent], day: date) -> list[dict[str, Any]]:
    """Return what happened to a project by a day, as corrections left it, a row for each event."""
    facts = [fact for fact in corrected_history(history).facts if fact.event.on <= day]
    facts.sort(key=lambda fact: (fact.event.on, fact.version))
    return [_row(fact) for fact in facts]


def _row(fact: RecordedEvent) -> dict[str, Any]:
    event_name = type(fact.event).__name__
    fields = fields_of(fact.event)
    return {
        "occurred_on": fact.event.on.isoformat(),
        "event": event_name,
        "chinese": EVENTS[event_name].chinese,
        "version": fact.version,
        "fields": {name: fields[name] for name in fields if name not in _NOT_SHOWN},
    }


def print_course(rows: Sequence[dict[str, Any]]) -> None:
    """Print the course as a table."""
    print_table(list(rows), list(_COLUMNS))
