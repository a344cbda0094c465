"""Events as the databases hold them, before anything is decoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lifecycle.log.merkle_tree import HashFunction, leaf_hash, leaf_input
from lifecycle.rejections import StoreError, msg

MAX_POSITION: Final = 2**63 - 1
_MOST_VALUES: Final = 500
"""Parameters in one statement: older builds of SQLite take 999."""

# A tuple and no class: replay reads hundreds of thousands of them, as the drivers return them.
StoredRow = tuple[int, str, int, str, bytes]
"""An event as it is stored: position, stream id, version, topic, state."""

NOT_BYTES: Final = msg(
    "the event at position {position} is not stored as bytes: it was changed outside lifecycle"
)


def in_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the values in parts, each of as many as one statement takes on either database."""
    for start in range(0, len(values), _MOST_VALUES):
        yield values[start : start + _MOST_VALUES]


def stored_bytes(row: StoredRow) -> bytes:
    """Return the bytes of a stored event. Raises `StoreError` where they are something else."""
    state: object = row[4]
    # SQLite stores any type in any column, so another program may have put text there.
    if not isinstance(state, (bytes, memoryview)):
        raise StoreError(NOT_BYTES, position=row[0])
    return bytes(state)


def leaves_of(rows: Iterable[StoredRow], hash_: HashFunction) -> list[bytes]:
    """Return the leaf hashes of stored events."""
    leaves: list[bytes] = []
    for row in rows:
        _position, stream_id, version, topic, _state = row
        entry = leaf_input(stream_id, version, topic, stored_bytes(row))
        leaves.append(leaf_hash(entry, hash_))
    return leaves
