"""Resources as of a day: what is listed, who took of it, and by which event (spec 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, cast

from lifecycle.deciding.corrections import effective as effective_events
from lifecycle.deciding.resource_course import ResourceCourse, ResourceEntry, course_of
from lifecycle.events import RecordedEvent
from lifecycle.events.codec import recorded_or_unreadable
from lifecycle.events.resource_events import ResourceEvent
from lifecycle.ledger.recorders.stored_rows import StoredRow
from projections.facts.effective_history import by_stream


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """A resource as of a day, with the events that make it so."""

    code: str
    course: ResourceCourse
    events: dict[int, RecordedEvent]
    """The effective events up to the day, by version."""


class PlotAllotment(NamedTuple):
    """A plot of land that a project has, and since when."""

    resource: str
    on: date


def read_resources(rows: Iterable[StoredRow], day: date) -> Iterator[ResourceFacts]:
    """Yield the resources that are listed by a day, in the order of their codes."""
    for stream_id, stream_rows in by_stream(rows):
        facts = _read_resource(stream_id.partition("/")[2], stream_rows, day)
        if facts.course.listing is not None:
            yield facts


def _read_resource(
    code: str,
    rows: Sequence[StoredRow],
    day: date,
) -> ResourceFacts:
    history = [recorded_or_unreadable(*row) for row in rows]
    entries: list[ResourceEntry] = []
    events: dict[int, RecordedEvent] = {}
    for recorded in effective_events(history):
        if recorded.event.on > day:
            continue
        events[recorded.version] = recorded
        # Only its own events stand in a resource's stream.
        event = cast("ResourceEvent", recorded.event)
        entries.append(ResourceEntry(event.on, recorded.version, event))
    return ResourceFacts(code, course_of(sorted(entries)), events)
