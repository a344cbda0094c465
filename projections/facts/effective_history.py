"""From stored rows to a stream's effective events, in the order that counts (spec 4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, cast

import msgspec
import orjson

from lifecycle.deciding.corrections import VOID, Correction, amendments
from lifecycle.events import BY_NAME, FactCorrected
from lifecycle.events.codec import (
    UnreadableError,
    recorded_from,
    topic,
    unreadable_event,
    upcast,
    without_nulls,
)
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.rejections import StoreError
from projections.facts.narrow_events import DatedEvent, events_of, narrow

_DECODERS: Final[dict[str, Callable[[bytes], Any]]] = {
    topic(kind): msgspec.json.Decoder(narrow(kind)).decode for kind in BY_NAME.values()
}
_DECODERS_OF_FACTS: Final = {
    stored_topic: decode
    for stored_topic, decode in _DECODERS.items()
    if stored_topic != topic(FactCorrected)
}
"""Without corrections: a stream that has none needs only its rows to be decoded and sorted."""

_UNREADABLE: Final = (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError)


def effective(rows: Sequence[StoredRow], as_of: date | None = None) -> list[DatedEvent]:
    """Return a stream's effective events by a day, in the order (day, version), from all its rows.

    Raises `StoreError`, naming the place, where a row is damaged.
    """
    try:
        events = _uncorrected(rows)
    except _UNREADABLE:
        # A correction, an event of an earlier version, or damage: the careful way finds out which.
        events = _corrected(rows)
    events.sort()
    return events if as_of is None else events_by(events, as_of)


def events_by(events: list[DatedEvent], day: date) -> list[DatedEvent]:
    """Return those of a stream's effective events that are not later than a day, in their order."""
    # Most days that are asked for lie behind the last event: then nothing is cut off.
    if not events or events[-1][0] <= day:
        return events
    return events[: bisect_right(events, day, key=itemgetter(0))]


def _uncorrected(rows: Sequence[StoredRow]) -> list[DatedEvent]:
    """Decode the rows of a stream without corrections: this is nearly every stream."""
    decoders = _DECODERS_OF_FACTS
    events: list[DatedEvent] = []
    for _position, _stream, version, stored_topic, state in rows:
        event = decoders[stored_topic](state)
        # Most events store their day, and reading a field is cheaper than asking a property.
        events.append((event.occurred_on or event.on, version, event))
    return events


def _corrected(rows: Sequence[StoredRow]) -> list[DatedEvent]:
    """Decode the rows of any stream and apply its corrections.

    What cannot be read counts for nothing where a correction voids it.
    """
    recorded: list[DatedEvent] = []
    unreadable: dict[int, StoreError] = {}
    for row in rows:
        try:
            recorded.append(_decoded(row, {}))
        except UnreadableError as error:
            unreadable[row[2]] = error
    changes = amendments(
        Correction(version, correction.corrects, correction.replacement)
        for _on, version, correction in events_of(FactCorrected, recorded)
    )
    corrections = narrow(FactCorrected)
    events: list[DatedEvent] = []
    for version, unvoided in unreadable.items():
        if changes.get(version, {}) is not VOID:
            raise unvoided
    stored_rows = {row[2]: row for row in rows}
    for dated in recorded:
        _on, version, event = dated
        change = changes.get(version, {})
        if change is VOID or isinstance(event, corrections):
            continue
        events.append(_decoded(stored_rows[version], change) if change else dated)
    return events


def _decoded(row: StoredRow, change: dict[str, object]) -> DatedEvent:
    """Decode an event of any version, with the fields that a correction changed."""
    _position, _stream, version, stored_topic, state = row
    try:
        if stored_topic in _DECODERS and not change:
            event = _DECODERS[stored_topic](state)
        else:
            event = _converted(stored_topic, state, change)
        on = event.on
    except _UNREADABLE as error:
        raise _unreadable_row(row, error) from error
    return on, version, event


def decoded_correction(row: StoredRow) -> FactCorrected:
    """Decode a row that holds a correction. Raises `StoreError` where it is damaged."""
    _on, _version, event = _decoded(row, {})
    return cast("FactCorrected", event)


def _unreadable_row(row: StoredRow, error: Exception) -> StoreError:
    """Return the error that names a row's place, and the field where its declaration knows it."""
    position, stream, version, _topic, _state = row
    try:
        recorded_from(*row)
    except UnreadableError as named:
        return named
    return unreadable_event(position, stream, version, error)


def _converted(
    stored_topic: str,
    state: bytes,
    change: dict[str, object],
) -> Any:
    kind, fields = upcast(stored_topic, orjson.loads(state))
    fields.update(change)
    return msgspec.convert(without_nulls(fields), narrow(kind))


def by_stream(rows: Iterable[StoredRow]) -> Iterator[tuple[str, list[StoredRow]]]:
    """Group rows that come stream by stream into (stream id, its rows)."""
    for stream, stream_rows in groupby(rows, key=itemgetter(1)):
        yield stream, list(stream_rows)
