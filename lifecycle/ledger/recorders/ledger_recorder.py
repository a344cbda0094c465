"""The recorder interface of the ledger, and what both databases share: reads, the head, the append."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NamedTuple, NoReturn, Protocol

from lifecycle.events import RecordedEvent, Stream, StreamKind
from lifecycle.events.codec import recorded_from
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE, SCHEMA_VERSION
from lifecycle.log.merkle_tree import Frontier, TreeNode, hash_named, leaf_hash, leaf_input
from lifecycle.rejections import Conflict, StoreError, msg

LOCK_SECONDS: Final = 30
MAX_POSITION: Final = 2**63 - 1

# A tuple and no class: replay reads hundreds of thousands of them, as the drivers return them.
StoredRow = tuple[int, str, int, str, bytes]
"""An event as it is stored: position, stream id, version, topic, state."""

NOT_BYTES: Final = msg(
    "the event at position {position} is not stored as bytes: it was changed outside lifecycle"
)


def stored_bytes(row: StoredRow) -> bytes:
    """Return the bytes of a stored event. Raises `StoreError` where they are something else."""
    state: object = row[4]
    # SQLite stores any type in any column, so another program may have put text there.
    if not isinstance(state, (bytes, memoryview)):
        raise StoreError(NOT_BYTES, position=row[0])
    return bytes(state)


class Cursor(Protocol):
    """The part of both drivers' cursors that the ledger uses; rows are tuples."""

    def execute(self, statement: str, parameters: Sequence[object] = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, statement: str, parameters: Iterable[Sequence[object]], /) -> Any:
        """Run one statement for each row of parameters."""

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""

    def fetchmany(self, size: int, /) -> list[Any]:
        """Return the next rows, at most `size`."""

    def fetchone(self) -> Any:
        """Return the next row, or None."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger ends: its last position, the last event's record time, the tree's frontier.

    `tree_hash` and `origin`, the store's name in checkpoints and receipts, are chosen by `init` for
    good. `signer` is the first signing key's public half, empty where none was created.
    """

    position: int
    recorded_at: str
    frontier: bytes
    tree_hash: str
    origin: str
    signer: str

    def tree(self) -> Frontier:
        """Return the Merkle tree over the whole ledger, as its frontier."""
        return Frontier(self.position, self.frontier, hash_named(self.tree_hash))


class LedgerRecorder(ABC):
    """What the ledger asks of either database, beside the library's own recorder interface."""

    position_column: ClassVar[str]
    """The events table's column of positions."""
    kind_condition: ClassVar[str]
    """The SQL condition for streams of one kind, with places for `kind_parameters`."""

    @abstractmethod
    def create_table(self) -> None:
        """Create the tables of an empty store."""

    @abstractmethod
    def cursor(self, *, write: bool) -> AbstractContextManager[Cursor]:
        """Open a transaction and give its cursor.

        A write holds the ledger's one write lock and commits; a read rolls back.
        """

    @abstractmethod
    def sql(self, statement: str) -> str:
        """Return a statement written with `?` in the database's own parameter style."""

    @abstractmethod
    def append(
        self, cursor: Cursor, rows: Sequence[StoredRow], leaves: Sequence[bytes], recorded_at: str
    ) -> None:
        """Append rows and their leaf hashes within a write transaction, and move the head.

        Raises `Conflict` unless the rows follow the head.
        """

    @abstractmethod
    def known_keys(self, cursor: Cursor, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Return those of the idempotency keys that were recorded: content digest and position."""

    @abstractmethod
    def kind_parameters(self, kind: StreamKind) -> tuple[str, ...]:
        """Return the parameters of `kind_condition`."""

    @abstractmethod
    def stream_rows(
        self, cursor: Cursor, statement: str, parameters: Sequence[object]
    ) -> Iterator[StoredRow]:
        """Iterate over a query's rows without loading them all, the state as bytes."""

    @abstractmethod
    def login(self, cursor: Cursor) -> str | None:
        """Return the database login, None where the database knows none."""

    @abstractmethod
    def roles(self, cursor: Cursor) -> list[str]:
        """Return the database's roles that have rights on the ledger: clerks, auditors."""

    @abstractmethod
    def close(self) -> None:
        """Close the connections."""

    # Reading events -----------------------------------------------------------------------------

    def _select(self, condition: str) -> str:
        columns = f"{self.position_column}, originator_id, originator_version, topic, state"
        return self.sql(f"SELECT {columns} FROM {EVENTS_TABLE} WHERE {condition}")  # noqa: S608 -- constants

    def _select_range(self) -> str:
        position = self.position_column
        return self._select(f"{position} BETWEEN ? AND ? ORDER BY {position}")

    def _select_stream(self) -> str:
        return self._select(
            f"originator_id = ? AND {self.position_column} <= ? ORDER BY originator_version"
        )

    def history(
        self, cursor: Cursor, stream: Stream, upto: int | None = None
    ) -> list[RecordedEvent]:
        """Return a stream's events in order, corrections included, up to a position."""
        last = MAX_POSITION if upto is None else upto
        cursor.execute(self._select_stream(), (stream.id, last))
        history = [recorded_from(*row) for row in cursor.fetchall()]
        # Deciding on a history with a hole would allow what was done already.
        for version, recorded in enumerate(history, start=1):
            if recorded.version != version:
                raise StoreError(
                    msg("event {version} of {stream} is missing: the store is damaged"),
                    version=version,
                    stream=stream.id,
                )
        return history

    def event_at(self, cursor: Cursor, position: int) -> RecordedEvent:
        """Return the event at a position. Raises `StoreError` where none stands there."""
        cursor.execute(self._select(f"{self.position_column} = ?"), (position,))
        row = cursor.fetchone()
        if row is None:
            raise StoreError(
                msg("the event at position {position} is missing: the store is damaged"),
                position=position,
            )
        return recorded_from(*row)

    def between(self, cursor: Cursor, first: int, last: int) -> Iterator[StoredRow]:
        """Iterate over the stored rows from position to position, both included, in order."""
        return self.stream_rows(cursor, self._select_range(), (first, last))

    def scan(self, cursor: Cursor, upto: int, kind: StreamKind) -> Iterator[StoredRow]:
        """Iterate over the rows up to a position of all streams of a kind, by stream and version."""
        statement = self._select(
            f"{self.kind_condition} AND {self.position_column} <= ?"
            " ORDER BY originator_id, originator_version"
        )
        return self.stream_rows(cursor, statement, (*self.kind_parameters(kind), upto))

    def scan_streams(
        self, cursor: Cursor, upto: int, stream_ids: Sequence[str]
    ) -> Iterator[StoredRow]:
        """Iterate over the rows up to a position of these streams, by stream and version."""
        statement = self._select_stream()
        for stream_id in stream_ids:
            yield from self.stream_rows(cursor, statement, (stream_id, upto))

    def changed_streams(self, cursor: Cursor, after: int) -> list[str]:
        """Return the ids of the streams with events after a position."""
        statement = (
            f"SELECT DISTINCT originator_id FROM {EVENTS_TABLE} WHERE {self.position_column} > ?"  # noqa: S608 -- constants
        )
        cursor.execute(self.sql(statement), (after,))
        return [row[0] for row in cursor.fetchall()]

    # Reading the tree ---------------------------------------------------------------------------

    def leaves(self, cursor: Cursor, first: int, last: int) -> list[bytes]:
        """Return the leaf hashes of a few events, computed from what is stored now."""
        hash_ = hash_named(read_head(cursor).tree_hash)
        cursor.execute(self._select_range(), (first, last))
        leaves: list[bytes] = []
        for row in cursor.fetchall():
            _position, stream_id, version, topic, _state = row
            entry = leaf_input(stream_id, version, topic, stored_bytes(row))
            leaves.append(leaf_hash(entry, hash_))
        return leaves

    def nodes(self, cursor: Cursor, level: int, first: int, last: int) -> list[bytes]:
        """Return the hashes of a level's stored nodes, from number to number."""
        cursor.execute(self.sql(_SELECT_NODES), (level, first, last))
        return [bytes(row[0]) for row in cursor.fetchall()]

    # The library's way in -----------------------------------------------------------------------

    def reject_direct_insert(self) -> NoReturn:
        """Answer the library's `insert_events`, which would append without moving the head.

        Raises `StoreError`: events are recorded through `Ledger` alone.
        """
        raise StoreError(msg("events are recorded through the ledger, not through its recorder"))


_SELECT_HEAD: Final = (
    "SELECT schema_version, position, recorded_at, frontier, tree_hash, origin, signer"
    " FROM ledger_head"
)
_SELECT_NODES: Final = (
    "SELECT hash FROM ledger_nodes WHERE level = ? AND number BETWEEN ? AND ? ORDER BY number"
)
MOVE_HEAD: Final = "UPDATE ledger_head SET position = ?, recorded_at = ?, frontier = ?"
ADD_NODE: Final = "INSERT INTO ledger_nodes VALUES (?, ?, ?)"


def read_head(cursor: Cursor) -> Head:
    """Return the ledger's end as the transaction sees it.

    Raises `StoreError` where the store was written by a newer version, or is damaged.
    """
    cursor.execute(_SELECT_HEAD)
    row = cursor.fetchone()
    if row is None:
        raise StoreError(msg("the table ledger_head is empty: the store is damaged"))
    version, position, recorded_at, frontier, tree_hash, origin, signer = row
    if version != SCHEMA_VERSION:
        raise StoreError(
            msg(
                "the store has version {found}, this lifecycle reads version {known}: "
                "use a newer lifecycle"
            ),
            found=version,
            known=SCHEMA_VERSION,
        )
    return Head(position, recorded_at, bytes(frontier), tree_hash, origin, signer)


class HeadMove(NamedTuple):
    """The step from head to head that an append is."""

    parameters: tuple[int, str, bytes]
    """Of `MOVE_HEAD`."""
    completed_nodes: list[TreeNode]
    """The tree's nodes that became complete, parameters of `ADD_NODE`."""


def advance_head(
    head: Head,
    last_stored: int,
    rows: Sequence[StoredRow],
    leaves: Sequence[bytes],
    recorded_at: str,
) -> HeadMove:
    """Work out the next head.

    Raises `StoreError` unless the events table ends where the head does, and `Conflict` unless the
    rows begin behind it.
    """
    if last_stored != head.position:
        raise StoreError(
            msg(
                "the store ends at position {stored} but its head says {position}: "
                "it was changed outside lifecycle"
            ),
            stored=last_stored,
            position=head.position,
        )
    if rows and rows[0][0] != head.position + 1:
        raise Conflict(msg("another process recorded first"))
    tree = head.tree()
    completed_nodes = tree.append(leaves)
    parameters = (tree.size, recorded_at or head.recorded_at, tree.pack())
    return HeadMove(parameters, completed_nodes)
