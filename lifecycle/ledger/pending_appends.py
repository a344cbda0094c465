"""Events that are decided on and not yet appended: rows, leaf hashes and idempotency keys."""

from __future__ import annotations

from collections.abc import Iterable, Set as AbstractSet
from typing import Final, NamedTuple

from lifecycle.ledger.recorded_keys import key_of_row
from lifecycle.ledger.recorders.append_batch import (
    AppendBatch,
    ClaimChanges,
    KeptEvidence,
    KeyAppend,
)
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.log.merkle_tree import event_leaf, hash_named
from lifecycle.rejections import StoreError, msg

KEY_CHANGED: Final = msg(
    "the store says that the key {key} belongs to the event at position {position}, which has "
    "another: the store was changed outside lifecycle; its owner restores it by `lifecycle audit "
    "repair`"
)


class RecordedKey(NamedTuple):
    """The event that took an idempotency key: the digest of its content, and its position."""

    digest: str
    position: int


class PendingAppends:
    """Events to be appended after a head, and which idempotency keys are taken."""

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        head: Head,
    ) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._hash = hash_named(head.tree_hash)
        self._rows: list[StoredRow] = []
        self._leaves: list[bytes] = []
        self._keys: list[KeyAppend] = []
        self._evidence: list[KeptEvidence] = []
        self._known_keys: dict[str, list[tuple[str, int]]] = {}
        """Digest and position of the events that took each key which was asked for."""
        self._streams: set[str] = set()
        self._new_streams: AbstractSet[str] = frozenset()
        self._stored_position = head.position
        self.position = head.position
        """The position of the last event, stored or pending."""

    def __len__(self) -> int:
        return len(self._rows)

    def of_stream(self, stream_id: str) -> list[StoredRow]:
        """Return the pending events of a stream."""
        # Most streams have none: an import of 100,000 records must not scan all rows for each.
        if stream_id not in self._streams:
            return []
        return [row for row in self._rows if row[1] == stream_id]

    def at_position(self, position: int) -> StoredRow | None:
        """Return the pending event at a position; None where it is stored, or there is none."""
        if not self._rows or position < self._rows[0][0]:
            return None
        return self._rows[position - self._rows[0][0]]

    def row_at(self, position: int) -> StoredRow | None:
        """Return the event at a position, pending or stored; None where there is none."""
        pending = self.at_position(position)
        if pending is not None:
            return pending
        return self._recorder.row_at(self._cursor, position)

    def add(
        self,
        stream_id: str,
        version: int,
        topic: str,
        state: bytes,
        key: str,
        digest: str,
    ) -> bytes:
        """Add an event after the others. Returns its leaf hash."""
        position = self.position + 1
        self.position = position
        leaf = event_leaf(stream_id, version, topic, state, self._hash)
        self._rows.append((position, stream_id, version, topic, state))
        self._leaves.append(leaf)
        self._keys.append((key, digest, position, leaf))
        if self.is_taken(key):
            self._known_keys[key].append((digest, position))
        else:
            self._known_keys[key] = [(digest, position)]
        self._streams.add(stream_id)
        return leaf

    def keep_evidence(self, digests: Iterable[str]) -> None:
        """Note which files were kept with the last event, as far as it names them."""
        state = self._rows[-1][4]
        for sha256 in digests:
            if sha256.encode() in state:
                self._evidence.append(KeptEvidence(sha256, self.position))

    def prefetch(self, keys: Iterable[str]) -> None:
        """Look up many keys at once."""
        unknown = [key for key in keys if key not in self._known_keys]
        for key in unknown:
            self._known_keys[key] = []
        for key, digest, position in self._recorder.known_keys(self._cursor, unknown):
            self._known_keys[key].append((digest, position))

    def prefetch_streams(self, stream_ids: AbstractSet[str]) -> None:
        """Look up at once which of the streams the store has no event of."""
        begun = self._recorder.begun_streams(self._cursor, sorted(stream_ids))
        self._new_streams = stream_ids - begun

    def is_new(self, stream_id: str) -> bool:
        """Return whether the store is known to have no event of the stream."""
        return stream_id in self._new_streams

    def recorded_under(self, key: str) -> list[RecordedKey]:
        """Return the events that took the key, stored or pending: one, and such as are void."""
        if not self.is_taken(key):
            return []
        return [RecordedKey(*recorded) for recorded in self._known_keys[key]]

    def is_taken(self, key: str) -> bool:
        """Return whether any event took the key."""
        if key not in self._known_keys:
            self.prefetch([key])
        return bool(self._known_keys[key])

    def confirm(self, key: str, recorded: RecordedKey) -> None:
        """Raise `StoreError` where the event at a taken key's position does not bear the key.

        Otherwise a row put into the table would make a new record count as recorded already.
        """
        if recorded.position > self._stored_position:
            return  # it is still pending here
        row = self._recorder.row_at(self._cursor, recorded.position)
        if row is None or key_of_row(row) != (key, recorded.digest):
            raise StoreError(KEY_CHANGED, key=key, position=recorded.position)

    def batch(self, recorded_at: str, changes: ClaimChanges) -> AppendBatch:
        """Return the pending events, to be appended."""
        return AppendBatch(
            self._rows,
            self._leaves,
            self._keys,
            recorded_at,
            changes,
            self._evidence,
        )

    def forget(self) -> None:
        """Drop the pending events, which are stored now."""
        self._stored_position = self.position
        self._rows = []
        self._leaves = []
        self._keys = []
        self._evidence = []
        self._known_keys.clear()
        self._new_streams = frozenset()
        self._streams.clear()
