"""What is decided on and not yet appended: its rows, its places in the tree, its idempotency keys."""

from __future__ import annotations

from collections.abc import Iterable

from lifecycle.ledger.recorders.ledger_recorder import Cursor, Head, LedgerRecorder, StoredRow
from lifecycle.log.merkle_tree import hash_named, leaf_hash, leaf_input


class PendingAppends:
    """Events on their way into the store, behind a head; and which keys are taken, by them or by what is stored."""

    def __init__(self, recorder: LedgerRecorder, cursor: Cursor, head: Head) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._hash = hash_named(head.tree_hash)
        self._rows: list[StoredRow] = []
        self._leaves: list[bytes] = []
        self._keys: list[tuple[str, str, int, bytes]] = []
        self._known: dict[str, tuple[str, int] | None] = {}
        self._streams: set[str] = set()
        self.position = head.position
        """Of the last event, stored or waiting."""

    def __len__(self) -> int:
        return len(self._rows)

    def of_stream(self, stream_id: str) -> list[StoredRow]:
        """The waiting events of a stream."""
        return (
            [row for row in self._rows if row[1] == stream_id] if stream_id in self._streams else []
        )

    def add(
        self, stream_id: str, version: int, topic: str, state: bytes, key: str, digest: str
    ) -> bytes:
        """Let an event wait; gives its leaf hash."""
        self.position += 1
        leaf = leaf_hash(leaf_input(stream_id, version, topic, state), self._hash)
        self._rows.append((self.position, stream_id, version, topic, state))
        self._leaves.append(leaf)
        self._keys.append((key, digest, self.position, leaf))
        self._known[key] = digest, self.position
        self._streams.add(stream_id)
        return leaf

    def prefetch(self, keys: Iterable[str]) -> None:
        """Look up many keys at once."""
        unknown = [key for key in keys if key not in self._known]
        self._known.update(dict.fromkeys(unknown))
        self._known.update(self._recorder.known_keys(self._cursor, unknown))

    def known(self, key: str) -> tuple[str, int] | None:
        """Content digest and position of the event that took the key, if any."""
        if key not in self._known:
            self.prefetch([key])
        return self._known[key]

    def flush(self, cursor: Cursor, recorded_at: str) -> None:
        """Append what waits, through a write transaction, which is asked from now on. Raises `Conflict`."""
        self._cursor = cursor
        if not self._rows:
            return
        self._recorder.append(cursor, self._rows, self._leaves, recorded_at)
        cursor.executemany(
            self._recorder.sql("INSERT INTO ledger_keys VALUES (?, ?, ?, ?)"), self._keys
        )
        for waiting in (self._rows, self._leaves, self._keys, self._known, self._streams):
            waiting.clear()
