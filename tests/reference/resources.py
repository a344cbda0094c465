"""Resources by the letter of spec 7: what is free on a day, and what may not be recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from .effective import Event
from .schema import RESOURCE_FIELDS

RESOURCE_FIELD_NAMES = {name.removesuffix("?") for name in RESOURCE_FIELDS}
MEASURES = ("area_mu", "floor_area_m2")


def of_resources(events: Sequence[Event], day: date) -> dict[str, list[Event]]:
    """The effective events of each resource up to a day, in the order (day, version)."""
    streams: dict[str, list[Event]] = {}
    for event in events:
        if event.stream[0] == "resource" and event.occurred_on <= day:
            streams.setdefault(event.stream[1], []).append(event)
    for stream in streams.values():
        stream.sort(key=lambda event: (event.occurred_on, event.version))
    return streams


def free_areas(stream: Sequence[Event]) -> dict[str, Fraction]:
    """Listed less allotted plus released, after these events."""
    listed = fields_of(stream)
    taken = taken_areas(stream)
    free: dict[str, Fraction] = {}
    for measure in MEASURES:
        allotted = sum((areas[measure] for areas in taken.values()), Fraction(0))
        free[measure] = Fraction(listed.get(measure) or 0) - allotted
    return free


def fields_of(stream: Sequence[Event]) -> dict[str, Any]:
    """The listing, overridden field by field by the changes."""
    fields: dict[str, Any] = {}
    for event in stream:
        if event.kind in {"ResourceListed", "ResourceChanged"}:
            fields |= {name: value for name, value in event.fields.items() if value is not None}
    return fields


def taken_areas(stream: Sequence[Event]) -> dict[str, dict[str, Fraction]]:
    """What each project has of the resource after these events."""
    taken: dict[str, dict[str, Fraction]] = {}
    for place, event in enumerate(stream):
        project = str(event.fields.get("project"))
        if event.kind == "ResourceReleased":
            taken.pop(project, None)
        elif event.kind == "ResourceAllotted":
            areas = taken.setdefault(project, dict.fromkeys(MEASURES, Fraction(0)))
            for measure, area in amount_allotted(event, stream[:place]).items():
                areas[measure] += area
    return taken


def amount_allotted(event: Event, before: Sequence[Event]) -> dict[str, Fraction]:
    """What an allotment takes: without an amount all that is free."""
    if all(event.fields.get(measure) is None for measure in MEASURES):
        return free_areas(before)
    return {measure: Fraction(event.fields.get(measure) or 0) for measure in MEASURES}


def resource_problems(events: Sequence[Event]) -> Iterator[str]:
    """What no effective history of resources may hold, at any day."""
    projects = {event.stream[1] for event in events if event.kind == "InformationReported"}
    for code, stream in of_resources(events, date.max).items():
        if [event.kind for event in stream].count("ResourceListed") != 1:
            yield f"{code}: not listed once"
        if stream[0].kind != "ResourceListed":
            yield f"{code}: something comes before the listing"
        for place, event in enumerate(stream):
            yield from place_problems(event, stream[:place])
            yield from state_problems(event, stream[: place + 1])
            if event.fields.get("project", "") not in {"", *projects}:
                yield f"{event.name}: no such project"


def place_problems(event: Event, before: Sequence[Event]) -> Iterator[str]:
    """What an event may not do after those before it."""
    is_withdrawn = any(earlier.kind == "ResourceWithdrawn" for earlier in before)
    if is_withdrawn and event.kind != "ResourceReleased":
        yield f"{event.name}: after the withdrawal"
    if event.kind == "ResourceReleased" and event.fields["project"] not in taken_areas(before):
        yield f"{event.name}: nothing to release"
    if event.kind == "ResourceAllotted" and not any(amount_allotted(event, before).values()):
        yield f"{event.name}: nothing is allotted"


def state_problems(event: Event, after: Sequence[Event]) -> Iterator[str]:
    """What may not be so after an event."""
    if min(free_areas(after).values()) < 0:
        yield f"{event.name}: less than nothing is free"
    fields = fields_of(after)
    if (fields.get("price") is None) != (fields.get("price_per") is None):
        yield f"{event.name}: a price without its unit"
    areas = [event.fields.get(measure) for measure in MEASURES]
    if event.kind == "ResourceChanged" and not RESOURCE_FIELD_NAMES & set(event.fields):
        yield f"{event.name}: nothing changes"
    if event.kind == "ResourceListed" and areas == [None, None]:
        yield f"{event.name}: no area"


def resource_rows(events: Sequence[Event], day: date) -> list[dict[str, Any]]:
    """The rows of the resource list on a day, as far as numbers and statuses go."""
    rows: list[dict[str, Any]] = []
    for code, stream in sorted(of_resources(events, day).items()):
        free = free_areas(stream)
        projects = list(taken_areas(stream))
        status = "partly" if any(free.values()) else "taken"
        if not projects:
            status = "free"
        if any(event.kind == "ResourceWithdrawn" for event in stream):
            status = "withdrawn"
        rows.append({"resource": code, "free": free, "projects": projects, "status": status})
    return rows
