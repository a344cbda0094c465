"""The Merkle tree as the store keeps it: every fourth level of full nodes, and the events."""

from __future__ import annotations

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import leaves_of
from lifecycle.log import proofs
from lifecycle.log.merkle_tree import GROUP_BITS, GROUP_SIZE, full_root, hash_named
from lifecycle.rejections import StoreError, msg


class StoredTree:
    """Reads the few nodes that a proof needs, 16 siblings at a time.

    Leaves are hashed from the events as they are stored at this moment, so a proof speaks for the
    events and not for a copy of their hashes.
    """

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        head: Head | None = None,
    ) -> None:
        """Read through a cursor; `head` is what was read of the head in the same transaction."""
        if head is None:
            head = read_head(cursor)
        self._recorder = recorder
        self._cursor = cursor
        self._groups: dict[tuple[int, int], list[bytes]] = {}
        self.size = head.position
        self.hash_ = hash_named(head.tree_hash)

    def subtree_root(self, height: int, number: int) -> bytes:
        """Return the root of a full subtree.

        Raises `StoreError` where the store lacks its nodes.
        """
        level, levels_above = divmod(height, GROUP_BITS)
        first = number << levels_above
        count = 1 << levels_above
        group, start = divmod(first, GROUP_SIZE)
        nodes = self._group(level, group)[start : start + count]
        if len(nodes) != count:
            raise StoreError(
                msg(
                    "the tree lacks nodes {first} to {last} of level {level}: "
                    "the store is damaged, or was changed outside lifecycle"
                ),
                first=first,
                last=first + count - 1,
                level=level,
            )
        return full_root(nodes, self.hash_)

    def _group(self, level: int, group: int) -> list[bytes]:
        """Return 16 siblings of a stored level, fewer at the tree's edge."""
        key = (level, group)
        if key not in self._groups:
            first = group * GROUP_SIZE
            last = first + GROUP_SIZE - 1
            if level == 0:
                # Leaves count from 0, positions from 1.
                rows = self._recorder.few_rows(self._cursor, first + 1, last + 1)
                nodes = leaves_of(rows, self.hash_)
            else:
                nodes = self._recorder.nodes(self._cursor, level, first, last)
            self._groups[key] = nodes
        return self._groups[key]

    def leaf(self, position: int) -> bytes:
        """Return the leaf hash of the event at a position."""
        return self.subtree_root(0, position - 1)

    def root(self, size: int) -> bytes:
        """Return the root of the tree as it was at a size."""
        return proofs.root_at(self.subtree_root, size, self.hash_)

    def inclusion_proof(self, position: int, size: int) -> list[bytes]:
        """Prove that the event at a position is in the tree of a size."""
        return proofs.inclusion_proof(self.subtree_root, position - 1, size, self.hash_)

    def consistency_proof(self, first: int, size: int) -> list[bytes]:
        """Prove that the tree of a size begins with the tree of the size `first`."""
        return proofs.consistency_proof(self.subtree_root, first, size, self.hash_)
