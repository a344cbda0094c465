"""Ranges of streams: shares of a ledger that different processes read at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

StreamSize = tuple[str, int]
"""A stream's id and how many events it has."""


class StreamRange(NamedTuple):
    """Consecutive streams in the database's own order, by the first and the last stream id."""

    first: str
    last: str
    events: int


def stream_ranges(
    sizes: Iterable[StreamSize],
    most_events: int,
) -> Iterator[StreamRange]:
    """Cut streams into ranges of about so many events; no stream is cut itself.

    A range ends before the stream that would make it larger, unless that is its only one.
    """
    first, last, events = "", "", 0
    for stream_id, size in sizes:
        if events and events + size > most_events:
            yield StreamRange(first, last, events)
            events = 0
        if not events:
            first = stream_id
        last = stream_id
        events += size
    if events:
        yield StreamRange(first, last, events)
