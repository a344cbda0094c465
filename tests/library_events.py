"""Events as the event sourcing library passes them to a recorder, appended to our stores.

The product appends through `Ledger` alone. The library's own cases for recorders, and the tests of
what a stock application reads, need its way in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent

from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.log.merkle_tree import hash_named, leaf_hash, leaf_input
from lifecycle.rejections import Conflict


def rows_after(head: Head, events: Sequence[StoredEvent]) -> tuple[list[StoredRow], list[bytes]]:
    """Return the events as rows that follow the head, and their leaf hashes."""
    hash_ = hash_named(head.tree_hash)
    rows: list[StoredRow] = [
        (position, str(event.originator_id), event.originator_version, event.topic, event.state)
        for position, event in enumerate(events, start=head.position + 1)
    ]
    return rows, [leaf_hash(leaf_input(*row[1:]), hash_) for row in rows]


def insert_events(recorder: LedgerRecorder, events: Sequence[StoredEvent], **_: Any) -> list[int]:
    """Append events in one transaction and return their positions, as library recorders do."""
    try:
        with recorder.cursor(write=True) as cursor:
            rows, leaves = rows_after(read_head(cursor), events)
            recorder.append_rows(cursor, rows, leaves, "")
    except Conflict as conflict:
        raise IntegrityError(str(conflict)) from conflict  # what the library's cases expect
    return [row[0] for row in rows]
