"""The idempotency keys of an audit's chunks, computed beside the pass that decides on history."""

from __future__ import annotations

from collections.abc import Generator
from itertools import repeat
from typing import NamedTuple

from lifecycle.ledger.kept_store import KeptStore
from lifecycle.ledger.recorded_keys import EventKey, key_of_row
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from lifecycle.rejections import LedgerError

KeysOfChunk = list[EventKey] | None
"""The key of each of a chunk's events; None where whoever takes the events computes them."""


class ChunkedStore(NamedTuple):
    """Where a store is opened and by what, and how many positions a chunk has."""

    url: str
    chunk_size: int
    stores: KeptStore


def keys_of_chunk(
    store: ChunkedStore,
    first: int,
) -> KeysOfChunk:
    """Open a store in any process, and return the keys of the events from a position on.

    None where one cannot be read: who takes the events says which, and why.
    """
    with store.stores.opened(store.url) as ledger, ledger.recorder.cursor(write=False) as cursor:
        rows = ledger.recorder.few_rows(cursor, first, first + store.chunk_size - 1)
    try:
        return [key_of_row(row) for row in rows]
    except (LedgerError, ValueError, KeyError, TypeError, AttributeError):
        return None


def keys_of_chunks(
    ledger: Ledger,
    chunk_size: int,
    engine: PartEngine | None,
) -> Generator[KeysOfChunk, None, None]:
    """Yield the keys of one chunk after another, and None for ever where no engine takes part."""
    if engine is not None and not engine.is_remote and ledger.url is not None:
        # A range, and no list: the head may have been changed to any position.
        first_positions = range(1, ledger.head().position + 1, chunk_size)
        store = ChunkedStore(ledger.url, chunk_size, KeptStore())
        yield from engine.outcomes(keys_of_chunk, store, first_positions)
    # Also for events that were recorded since.
    yield from repeat(None)
