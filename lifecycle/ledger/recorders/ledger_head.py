"""The head: where the ledger ends, and the step from head to head that an append is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from lifecycle import __version__
from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_schema import READABLE_VERSIONS, SCHEMA_VERSION
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.log.merkle_tree import HASH_SIZE, Frontier, HashName, TreeNode, hash_named
from lifecycle.rejections import Conflict, StoreError, msg

SELECT_HEAD: Final = (
    "SELECT schema_version, position, recorded_at, frontier, tree_hash, origin, signer"
    " FROM ledger_head"
)
TOO_NEW: Final = msg(
    "the store has version {found}, made by lifecycle {maker}; this is lifecycle {program}, which "
    "reads stores up to version {known}: use lifecycle {maker} or later"
)
_UNKNOWN_MAKER: Final = "?"
MOVE_HEAD: Final = "UPDATE ledger_head SET position = ?, recorded_at = ?, frontier = ?"
ADD_NODE: Final = "INSERT INTO ledger_nodes VALUES (?, ?, ?)"


FRONTIER_CHANGED: Final = msg(
    "the store's head does not fit a tree of {position} events: it was changed outside lifecycle; "
    "its owner restores it by `lifecycle audit repair`"
)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger ends: its last position, the last event's record time, the tree's frontier.

    `tree_hash` and `origin`, the store's name in checkpoints and receipts, are chosen by `init` for
    good. `signer` is the first signing key's public half, empty where none was created.
    """

    position: int
    recorded_at: str
    frontier: bytes
    tree_hash: HashName
    origin: str
    signer: str
    schema_version: int = SCHEMA_VERSION

    @property
    def last_moment(self) -> datetime | None:
        """The last event's record time; None in an empty ledger."""
        return datetime.fromisoformat(self.recorded_at) if self.recorded_at else None

    def tree(self) -> Frontier:
        """Return the Merkle tree over the whole ledger, as its frontier.

        Raises `StoreError` where the frontier is not one of so many events.
        """
        # A tree has one full subtree for each bit of its size (RFC 9162, 2.1.2).
        if len(self.frontier) != HASH_SIZE * self.position.bit_count():
            raise StoreError(FRONTIER_CHANGED, position=self.position)
        return Frontier(self.position, self.frontier, hash_named(self.tree_hash))

    def moved(self, move: HeadMove) -> Head:
        """Return the head behind what was appended."""
        position, recorded_at, frontier = move.parameters
        return replace(self, position=position, recorded_at=recorded_at, frontier=frontier)


def read_head(cursor: Cursor) -> Head:
    """Return the ledger's end as the transaction sees it.

    Raises `StoreError` where the store was written by a newer version, or is damaged.
    """
    cursor.execute(SELECT_HEAD)
    return head_of(cursor, cursor.fetchone())


def head_of(cursor: Cursor, row: tuple[Any, ...] | None) -> Head:
    """Return the head that a row of `ledger_head` holds, with the errors of `read_head`."""
    if row is None:
        raise StoreError(msg("the table ledger_head is empty: the store is damaged"))
    version, position, recorded_at, frontier, tree_hash, origin, signer = row
    if version not in READABLE_VERSIONS:
        raise _too_new(cursor, version)
    return Head(
        position,
        recorded_at,
        _as_bytes(frontier),
        tree_hash,
        origin,
        signer,
        version,
    )


def _as_bytes(stored: bytes | memoryview | str | None) -> bytes:
    """Return what stands in a column of bytes; SQLite lets another program put text there."""
    if isinstance(stored, str):
        return stored.encode()
    return bytes(stored or b"")


def _too_new(cursor: Cursor, version: int) -> StoreError:
    """Return the error for a store of another version; a newer one says which program made it."""
    cursor.execute("SELECT lifecycle FROM ledger_upgrades ORDER BY schema_version DESC LIMIT 1")
    row = cursor.fetchone()
    return StoreError(
        TOO_NEW,
        found=version,
        known=SCHEMA_VERSION,
        program=__version__,
        maker=_UNKNOWN_MAKER if row is None else row[0],
    )


class HeadMove(NamedTuple):
    """The step from head to head that an append is."""

    parameters: tuple[int, str, bytes]
    """Of `MOVE_HEAD`."""
    completed_nodes: list[TreeNode]
    """The tree's nodes that became complete, parameters of `ADD_NODE`."""


def head_behind(batch: AppendBatch, head: Head) -> Head:
    """Return the head behind a batch that a server appends behind a head.

    Raises `StoreError` where the frontier is not one of so many events.
    """
    move = advance_head(head, head.position, batch.rows, batch.leaves, batch.recorded_at)
    return head.moved(move)


def advance_head(
    head: Head,
    last_stored: int,
    rows: Sequence[StoredRow],
    leaves: Sequence[bytes],
    recorded_at: str,
) -> HeadMove:
    """Compute the next head.

    Raises `StoreError` unless the events table ends where the head does, and `Conflict` unless the
    rows follow it.
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
