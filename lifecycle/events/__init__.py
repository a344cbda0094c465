"""Every event that the ledger knows, by its stored name (spec 1)."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Final

from lifecycle.events import (
    correction_event,
    county_events,
    project_course_events,
    project_events,
    resource_events,
    sheet_events,
    unit_events,
)
from lifecycle.events.correction_event import FactCorrected
from lifecycle.events.envelope import (
    COUNTY,
    Dated,
    Event,
    EventValue,
    Evidence,
    Monthly,
    RecordedEvent,
    Stamp,
    Stream,
    StreamKind,
    UnreadableEvent,
    last_day,
)

__all__ = [
    "BY_NAME",
    "COUNTY",
    "Dated",
    "Event",
    "EventValue",
    "Evidence",
    "FactCorrected",
    "Monthly",
    "RecordedEvent",
    "Stamp",
    "Stream",
    "StreamKind",
    "UnreadableEvent",
    "events_declared_in",
    "last_day",
]

_MODULES: Final = (
    project_events,
    project_course_events,
    sheet_events,
    unit_events,
    resource_events,
    county_events,
    correction_event,
)
"""Where events are declared, in the order of the reference pages."""


def events_declared_in(module: ModuleType) -> Iterator[type[Event]]:
    """Yield the events that a module declares, in their order."""
    for value in vars(module).values():
        imported = getattr(value, "__module__", None) != module.__name__
        if imported or not isinstance(value, type) or not issubclass(value, Event):
            continue
        # A class that others extend is a base of events, such as the numbered sheet.
        if not value.__subclasses__():
            yield value


BY_NAME: Final[dict[str, type[Event]]] = {
    kind.__name__: kind for module in _MODULES for kind in events_declared_in(module)
}
