"""Count or sum events: the items of a measure that is a row of the vocabulary and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from lifecycle.events import BY_NAME
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.measure_form import EventCount
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.measures import MEASURES
from projections.facts.narrow_events import DatedEvent, events_of, signed_micro
from projections.scoring.counted_items import CountedItem, EventFields
from projections.scoring.judgement import ScoringAxes


def event_count(selection: MeasureSelection) -> EventCount:
    """How the row of a measure counts its events."""
    count = MEASURES[selection.measure].counts
    assert count is not None  # a test holds that each measure has a row's count or a function
    return count


def counted_events(
    count: EventCount,
    facts: Iterable[DatedEvent],
    axes: ScoringAxes,
) -> Iterator[CountedItem]:
    """The events that a row counts, by the day; of `distinct`, those of one label together."""
    events_by_key: dict[Any, list[tuple[int, Any]]] = {}
    for on, version, event in events_of(BY_NAME[count.event], facts):
        if on > axes.as_of or not axes.covers(on):
            continue
        if count.only is not None:
            name, expected = count.only
            if getattr(event, name) != expected:
                continue
        key = getattr(event, count.label) if count.distinct else version
        events_by_key.setdefault(key, []).append((version, event))
    for events in events_by_key.values():
        yield _event_item(count, events)


def _event_item(
    count: EventCount,
    events: list[tuple[int, Any]],
) -> CountedItem:
    """An item of events that count as one; its value and facts are the first's."""
    event = events[0][1]
    value = MICRO if count.value is None else signed_micro(getattr(event, count.value))
    shown: dict[str, str | date] = {
        name: getattr(event, field) for name, field in count.shown.items()
    }
    label = str(getattr(event, count.label, count.label))
    # A list comprehension is faster than a generator here, and this runs for each counted event.
    versions = tuple([version for version, _event in events])
    when = getattr(event, "month", event.on)
    return CountedItem(label, value, versions, EventFields(shown), when)
