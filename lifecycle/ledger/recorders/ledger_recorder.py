"""What both recorders share: the side tables, the head, and the step from head to head that an append is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, Final, Protocol

from eventsourcing.persistence import StoredEvent

from lifecycle.events import RecordedEvent, Stream, StreamKind
from lifecycle.events.codec import recorded_from
from lifecycle.ledger.recorders.ledger_schema import EVENTS_TABLE, SCHEMA_VERSION
from lifecycle.log.merkle_tree import Frontier, TreeNode, hash_named, leaf_hash, leaf_input
from lifecycle.rejections import Conflict, StoreError, msg

LOCK_SECONDS: Final = 30
MAX_POSITION: Final = 2**63 - 1

StoredRow = tuple[int, str, int, str, bytes]
"""An event as it is stored: position, stream id, version, topic, state."""

NOT_BYTES: Final = msg(
    "the event at position {position} is not stored as bytes: it was changed by another hand"
)


def stored_bytes(row: StoredRow) -> bytes:
    """The bytes of a stored event. Raises `StoreError` where SQLite let another hand store text."""
    state: object = row[4]
    if not isinstance(state, (bytes, memoryview)):
        raise StoreError(NOT_BYTES, position=row[0])
    return bytes(state)


_HEAD: Final = "SELECT schema_version, position, recorded_at, frontier, tree_hash, origin, signer FROM ledger_head"


class Cursor(Protocol):
    """What both drivers' cursors offer and the ledger uses; rows are tuples."""

    def execute(self, statement: str, parameters: Sequence[object] = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, statement: str, parameters: Iterable[Sequence[object]], /) -> Any:
        """Run one statement for each row of parameters."""

    def fetchall(self) -> list[Any]:
        """All remaining rows."""

    def fetchmany(self, size: int, /) -> list[Any]:
        """The next rows, at most `size`."""

    def fetchone(self) -> Any:
        """The next row, or None."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger ends: its last position, the record time of the last event, the tree's frontier.

    And what `init` chose for good: the tree's hash, and the origin, the store's name in checkpoints and receipts;
    and the first signer's public key, empty where none was made.
    """

    position: int
    recorded_at: str
    frontier: bytes
    tree_hash: str
    origin: str
    signer: str

    def tree(self) -> Frontier:
        """The Merkle tree over the whole ledger, as its frontier."""
        return Frontier(self.position, self.frontier, hash_named(self.tree_hash))


class LedgerRecorder(ABC):
    """What the ledger asks of either database, beside the library's own recorder interface."""

    position_column: ClassVar[str]
    """The events table's column of positions."""
    kind_condition: ClassVar[str]
    """What holds for the streams of one kind, with places for `kind_parameters`."""

    @abstractmethod
    def create_table(self) -> None:
        """Make the tables of an empty store."""

    @abstractmethod
    def cursor(self, *, write: bool) -> AbstractContextManager[Cursor]:
        """A transaction, giving a cursor of tuples; a write holds the ledger's one write lock, a read rolls back."""

    @abstractmethod
    def sql(self, statement: str) -> str:
        """A statement written with `?` in the database's own parameter style."""

    @abstractmethod
    def append(
        self, cursor: Cursor, rows: Sequence[StoredRow], leaves: Sequence[bytes], recorded_at: str
    ) -> None:
        """Append within a write transaction, with the events' leaf hashes. Raises `Conflict` unless the rows follow the head."""

    @abstractmethod
    def known_keys(self, cursor: Cursor, keys: list[str]) -> dict[str, tuple[str, int]]:
        """Of these idempotency keys the ones recorded, each with its content digest and position."""

    def login(self, cursor: Cursor) -> str | None:  # noqa: ARG002 -- what a server's recorder asks
        """Who is logged in to the database; a file knows nobody."""
        return None

    def roles(self, cursor: Cursor) -> list[str]:  # noqa: ARG002 -- as above
        """The database's roles that have their rights on the ledger: clerks, auditors."""
        return []

    @abstractmethod
    def close(self) -> None:
        """Let go of the connections."""

    def _select(self) -> str:
        return f"SELECT {self.position_column}, originator_id, originator_version, topic, state FROM {EVENTS_TABLE}"  # noqa: S608 -- constants

    def history(
        self, cursor: Cursor, stream: Stream, upto: int | None = None
    ) -> list[RecordedEvent]:
        """A stream's events in order, corrections too, up to a position."""
        last = MAX_POSITION if upto is None else upto
        where = (
            f" WHERE originator_id = ? AND {self.position_column} <= ? ORDER BY originator_version"
        )
        cursor.execute(self.sql(self._select() + where), (stream.id, last))
        found = [recorded_from(*row) for row in cursor.fetchall()]
        for version, recorded in enumerate(found, start=1):
            if recorded.version != version:
                raise StoreError(
                    msg("event {version} of {stream} is missing: the store is damaged"),
                    version=version,
                    stream=stream.id,
                )
        return found

    def at(self, cursor: Cursor, position: int) -> RecordedEvent:
        """The event at a position, which exists."""
        cursor.execute(self.sql(f"{self._select()} WHERE {self.position_column} = ?"), (position,))
        row = cursor.fetchone()
        if row is None:
            raise StoreError(
                msg("the event at position {position} is missing: the store is damaged"),
                position=position,
            )
        return recorded_from(*row)

    def between(self, cursor: Cursor, first: int, last: int) -> Iterator[StoredRow]:
        """Stored rows from position to position, both included, in the ledger's order."""
        where = f" WHERE {self.position_column} BETWEEN ? AND ? ORDER BY {self.position_column}"
        return self.stream_rows(cursor, self.sql(self._select() + where), (first, last))

    def leaves(self, cursor: Cursor, first: int, last: int) -> list[bytes]:
        """The leaf hashes of a few events, from position to position, made from what is stored now."""
        hash_ = hash_named(read_head(cursor).tree_hash)
        where = f" WHERE {self.position_column} BETWEEN ? AND ? ORDER BY {self.position_column}"
        cursor.execute(self.sql(self._select() + where), (first, last))
        return [
            leaf_hash(leaf_input(row[1], row[2], row[3], stored_bytes(row)), hash_)
            for row in cursor.fetchall()
        ]

    def nodes(self, cursor: Cursor, level: int, first: int, last: int) -> list[bytes]:
        """The hashes of a level's stored nodes, from number to number."""
        cursor.execute(
            self.sql(
                "SELECT hash FROM ledger_nodes WHERE level = ? AND number BETWEEN ? AND ? ORDER BY number"
            ),
            (level, first, last),
        )
        return [bytes(row[0]) for row in cursor.fetchall()]

    def streams_behind(self, cursor: Cursor, position: int) -> list[str]:
        """The ids of the streams with events behind a position."""
        statement = (
            f"SELECT DISTINCT originator_id FROM {EVENTS_TABLE} WHERE {self.position_column} > ?"  # noqa: S608 -- constants
        )
        cursor.execute(self.sql(statement), (position,))
        return [row[0] for row in cursor.fetchall()]

    def scan(self, cursor: Cursor, upto: int, kind: StreamKind) -> Iterator[StoredRow]:
        """Stored rows up to a position of all streams of a kind, by stream and version."""
        where = f" WHERE {self.kind_condition} AND {self.position_column} <= ? ORDER BY originator_id, originator_version"
        return self.stream_rows(
            cursor, self.sql(self._select() + where), (*self.kind_parameters(kind), upto)
        )

    def scan_streams(
        self, cursor: Cursor, upto: int, streams: Sequence[str]
    ) -> Iterator[StoredRow]:
        """Stored rows up to a position of the streams named, by stream and version."""
        where = (
            f" WHERE originator_id = ? AND {self.position_column} <= ? ORDER BY originator_version"
        )
        one = self.sql(self._select() + where)
        return chain.from_iterable(
            self.stream_rows(cursor, one, (stream, upto)) for stream in streams
        )

    @abstractmethod
    def kind_parameters(self, kind: StreamKind) -> tuple[str, ...]:
        """The parameters of `kind_condition`."""

    @abstractmethod
    def stream_rows(
        self, cursor: Cursor, statement: str, parameters: Sequence[object]
    ) -> Iterator[StoredRow]:
        """A query's rows, fetched a few thousand at a time, the state as bytes."""


def read_head(cursor: Cursor) -> Head:
    """The ledger's end as the transaction sees it. Raises `StoreError` where the store is of a newer version."""
    cursor.execute(_HEAD)
    row = cursor.fetchone()
    if row is None:
        raise StoreError(msg("the table ledger_head is empty: the store is damaged"))
    version, position, recorded_at, frontier, tree_hash, origin, signer = row
    if version != SCHEMA_VERSION:
        raise StoreError(
            msg(
                "the store has version {found}, this lifecycle reads version {known}: use the newer one"
            ),
            found=version,
            known=SCHEMA_VERSION,
        )
    return Head(position, recorded_at, bytes(frontier), tree_hash, origin, signer)


MOVE_HEAD: Final = "UPDATE ledger_head SET position = ?, recorded_at = ?, frontier = ?"
ADD_NODE: Final = "INSERT INTO ledger_nodes VALUES (?, ?, ?)"


def behind(head: Head, events: Sequence[StoredEvent]) -> tuple[list[StoredRow], list[bytes]]:
    """The library's events as rows that follow the head, and their leaf hashes."""
    hash_ = hash_named(head.tree_hash)
    rows = [
        (position, str(event.originator_id), event.originator_version, event.topic, event.state)
        for position, event in enumerate(events, start=head.position + 1)
    ]
    return rows, [leaf_hash(leaf_input(*row[1:]), hash_) for row in rows]


def advance_head(
    head: Head, stored: int, rows: Sequence[StoredRow], leaves: Sequence[bytes], recorded_at: str
) -> tuple[tuple[int, str, bytes], list[TreeNode]]:
    """From the head to the next one, as parameters of `MOVE_HEAD`, and the tree's nodes that became complete, of `ADD_NODE`.

    Raises `StoreError` unless the `stored` events end where the head does, `Conflict` unless the rows begin behind it.
    """
    if stored != head.position:
        raise StoreError(
            msg(
                "the store ends at position {stored} but its head says {position}: it was changed by another hand"
            ),
            stored=stored,
            position=head.position,
        )
    if rows and rows[0][0] != head.position + 1:
        raise Conflict(msg("another process recorded first"))
    frontier = head.tree()
    nodes = frontier.append(leaves)
    return (frontier.size, recorded_at or head.recorded_at, frontier.pack()), nodes
