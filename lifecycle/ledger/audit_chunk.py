"""A chunk of the ledger in an audit pass, and where it differs from what is known."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from lifecycle.ledger.audit_expectations import EventPlace
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.log.witness_file import PREFIX_SIZE, WitnessLine


@dataclass(frozen=True, slots=True)
class AuditChunk:
    """Consecutive events from the position `first` on, and their leaf hashes."""

    first: int
    rows: list[StoredRow]
    leaves: list[bytes]

    @property
    def last(self) -> int:
        """The position of the last event; below `first` where the chunk is empty."""
        return self.first + len(self.leaves) - 1

    def leaf(self, position: int) -> bytes:
        """Return the leaf hash of the event at a position."""
        return self.leaves[position - self.first]

    def place(self, position: int) -> EventPlace:
        """Return what stands at a position."""
        return event_place(self.rows[position - self.first], position)

    def starting_at(self, position: int) -> AuditChunk:
        """Return the rest of the chunk from a position on."""
        start = position - self.first
        return AuditChunk(position, self.rows[start:], self.leaves[start:])


def first_gap(rows: list[StoredRow], first: int) -> int | None:
    """Return the index of the first row whose position does not follow the one before."""
    if rows[0][0] == first and rows[-1][0] == first + len(rows) - 1:
        return None  # positions are unique and sorted, so there is no room for a gap
    for index, row in enumerate(rows):
        if row[0] != first + index:
            return index
    return None


def first_difference(hashes: list[bytes], stored: list[bytes]) -> int | None:
    """Return the index of the first hash that is stored otherwise or not at all."""
    for index, hash_ in enumerate(hashes):
        if index >= len(stored) or stored[index] != hash_:
            return index
    return None


def first_other_prefix(
    chunk: AuditChunk,
    prefixes: bytes,
    line: WitnessLine,
) -> int | None:
    """Return the first position of the chunk at which a witness file's line has another prefix."""
    start = max(line.first_position, chunk.first)
    end = min(line.checkpoint.size, chunk.last) + 1
    if start >= end:
        return None
    ours = _slice(prefixes, start - chunk.first, end - chunk.first)
    theirs = _slice(line.leaf_prefixes, start - line.first_position, end - line.first_position)
    if ours == theirs:
        return None  # nearly always: one comparison for the whole range
    for position in range(start, end):
        index = position - start
        if _slice(ours, index, index + 1) != _slice(theirs, index, index + 1):
            return position
    return None


def _slice(
    prefixes: bytes,
    start: int,
    end: int,
) -> bytes:
    return prefixes[PREFIX_SIZE * start : PREFIX_SIZE * end]


def event_place(row: StoredRow, position: int) -> EventPlace:
    """Return the event that stands there, as far as it can be read."""
    recorded_at: str | None
    try:
        recorded_at = str(orjson.loads(row[4])["recorded_at"])
    except (ValueError, KeyError, TypeError):
        recorded_at = None
    return EventPlace(position, str(row[1]), row[2], recorded_at)
