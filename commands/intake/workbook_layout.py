"""The layout of the ledger workbook: a sheet for each event, a column for each field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from commands.intake.typed_fields import fields_of_kind
from commands.words.event_words import EVENTS, FIELDS, field_term
from commands.words.workbook_words import CONFIRMED, ORDER, ORIGINAL_ROW, ORIGINAL_SHEET, REASON
from lifecycle.events import BY_NAME, Event
from lifecycle.events.resource_events import RESOURCE
from lifecycle.events.unit_events import UnitRenamed

# What an import may bring of its records' authors and times.
_STAMP_FIELDS: Final = ("recorded_by", "recorded_at")
_FOUNDING_EVENTS: Final = ("UnitRegistered", "InformationReported")


def _sheet_events() -> tuple[str, ...]:
    # Units first, as every other event names one; corrections last, as they name any other event.
    edges = (*_FOUNDING_EVENTS, "FactCorrected")
    middle = [name for name in BY_NAME if name not in edges]
    return (*_FOUNDING_EVENTS, *middle, "FactCorrected")


# The events in the order of their sheets, in which they depend on each other.
SHEET_EVENTS: Final = _sheet_events()


def named_streams(kind: type[Event]) -> list[str]:
    """Return the columns that name an event's stream; the county's needs none."""
    return [stream for stream in kind.streams if stream != "county"]


def column_headings(kind: type[Event]) -> dict[str, str]:
    """Return the field of each heading of an event's sheet, in the order of the columns."""
    names = named_streams(kind)
    names += [field.name for field in fields_of_kind(kind)]
    names += [name for name in _STAMP_FIELDS if name not in names]
    headings = {ORDER: ORDER}
    headings |= {_heading(kind, name): name for name in names}
    # Rejected rows come back with their reasons, which an import then passes over.
    headings[CONFIRMED] = CONFIRMED
    headings[ORIGINAL_SHEET] = ORIGINAL_SHEET
    headings[ORIGINAL_ROW] = ORIGINAL_ROW
    headings[REASON] = REASON
    return headings


def _heading(kind: type[Event], name: str) -> str:
    # A workbook of an earlier version keeps its columns: only new events have headings of their
    # own.
    if kind is UnitRenamed or kind.streams == RESOURCE:
        return field_term(kind.__name__, name).chinese
    return FIELDS[name].chinese


def in_sheet_order(sheet_names: Iterable[str]) -> list[str]:
    """Sort a workbook's sheets into the order in which their events depend on each other."""
    places = {EVENTS[name].chinese: place for place, name in enumerate(SHEET_EVENTS)}
    return sorted(sheet_names, key=lambda name: places.get(name, len(places)))
