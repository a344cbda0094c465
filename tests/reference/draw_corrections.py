"""Corrections to draw: replacements of one or several fields, voids, voids of voids.

A replacement takes fields from a fresh draw of the same event. Corrections about which the spec
leaves doubt are not drawn; `lawful` judges the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from .book import Book, Fields
from .draw_projects import follow_up, project_fields, task
from .draw_units import county_fields, unit_fields
from .effective import MONTHLY, Event, NumberedRecord, Stream, live_corrections, records_of
from .lawful import plain
from .schema import DEFAULTS, SHEETS, required

OPENERS = ("InformationReported", "UnitRegistered")  # never voided
FIXED_IN_SHEETS = ("number", "about")


def correction(
    book: Book,
    stream: Stream,
) -> Fields | None:
    """A `FactCorrected` of an event of the stream; None where nothing was drawn to change."""
    of_stream = records_of(book.records, stream)
    events = book.events(stream)
    event_by_version = {event.version: event for event in events}
    versions = [event.version for event in events if not doubtful(event, events)]
    # Only a live correction is voided; whether a dead one may be is open.
    live = [correction.version for correction in live_corrections(of_stream)]
    target = of_stream[book.pick([*sorted(versions), *live]) - 1]
    if target.version in live:
        return void(book, target)
    if target.record["event"] not in OPENERS and book.chance(3):
        return void(book, target)
    replacement = changed(book, event_by_version[target.version])
    if not replacement:
        return None
    return {**base(book, target), "replacement": replacement}


def doubtful(
    event: Event,
    events: list[Event],
) -> bool:
    """A consultation that did not pass, once another did.

    Would recording it now, corrected, be refused?
    """
    passed = [
        each
        for each in events
        if each.kind == "ConsultationHeld" and each.fields["outcome"] == "passed"
    ]
    return event.kind == "ConsultationHeld" and bool(passed) and event not in passed


def base(
    book: Book,
    target: NumberedRecord,
) -> Fields:
    """A correction but for its replacement; its own date decides nothing, so any will do."""
    stream: Fields = {}
    if target.stream[0] != "county":
        stream = {target.stream[0]: target.stream[1]}
    return {
        "event": "FactCorrected",
        **stream,
        "occurred_on": book.day().isoformat(),
        "corrects": target.version,
        "reason": book.pick(("录入有误", "经核实更正")),
        "approved_by": book.pick(("主任", "副主任")),
    }


def void(
    book: Book,
    target: NumberedRecord,
) -> Fields:
    """A void of an event, or of a correction."""
    return {**base(book, target), "replacement": None}


def changed(
    book: Book,
    event: Event,
) -> Fields:
    """Up to three fields that change, or an optional one unset."""
    day = book.day(event.stream)
    fresh = {**fresh_fields(book, event, day), **fresh_dates(book, event, day)}
    differing = [
        name
        for name, value in fresh.items()
        if name not in FIXED_IN_SHEETS and differs(event, name, value)
    ]
    # A monthly fact's month and date go together, so they are tried alone and together.
    if {"month", "occurred_on"} <= set(differing) and book.chance(2):
        names = ["month", "occurred_on"]
    else:
        names = book.some(differing, 3)
    replacement = {name: fresh[name] for name in names}
    if not replacement or book.chance(6):
        replacement |= dict.fromkeys(book.some(unsettable(event), 1))
    return replacement


def differs(
    event: Event,
    name: str,
    value: Any,
) -> bool:
    """Whether the value is another than the event's, a default counting as its value."""
    current = event.fields.get(name)
    if name == "occurred_on":
        current = event.occurred_on.isoformat()
    if current is None:
        current = DEFAULTS.get(event.kind, {}).get(name)
    return bool(plain(current) != plain(value))


def unsettable(event: Event) -> list[str]:
    """Optional fields that are set and whose absence has a meaning."""
    fixed = required(event.kind, event.stream[0]) | {
        "event",
        "project",
        "unit",
        "occurred_on",
        "key",
    }
    fixed |= {"recorded_at", "recorded_by", "to_unit", "to_zone"}
    return [name for name in event.fields if name not in fixed]


def fresh_dates(
    book: Book,
    event: Event,
    day: date,
) -> Fields:
    """Another date, and an envelope to correct now and then.

    Information has no date but that of its `reported_at`.
    """
    fields: Fields = {}
    if book.chance(5):
        fields = {"note": "更正附注", "source_ref": "开招办函〔2024〕3号"}
    if event.kind == "InformationReported":
        return fields
    occurred_on: str | None = day.isoformat()
    if event.kind in MONTHLY:
        month = day.isoformat()[:7]
        if book.chance(2):
            month = str(event.fields["month"])
        occurred_on = book.day_in_month(month)
    return {**fields, "occurred_on": occurred_on or day.isoformat()}


def fresh_fields(
    book: Book,
    event: Event,
    day: date,
) -> Mapping[str, Any]:
    """The fields of a fresh event of the same kind."""
    if event.stream[0] == "unit":
        needs_project = event.kind in {"MajorProjectSupported", "LandingServiceFailed"}
        if needs_project and not book.names("project"):
            return {}
        return unit_fields(book, event.kind, day.isoformat()[:7])
    if event.stream[0] == "county":
        return county_fields(book, event.kind)
    if event.kind == "TaskAssigned":
        return task(book, event.occurred_on)
    if event.kind in SHEETS or event.kind == "TaskReopened":
        return follow_up(book, str(event.fields["about"]), event.kind, event.occurred_on)
    if event.kind == "ScheduleSet":
        day = event.occurred_on
    return project_fields(book, event.kind, day)
