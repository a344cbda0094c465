"""The Merkle tree as the store keeps it: every fourth level of full nodes, and the events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.proof_rows import NodeGroup, path_groups
from lifecycle.ledger.recorders.stored_rows import StoredRow, leaves_of
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
        self._groups: dict[NodeGroup, list[bytes]] = {}
        self._rows: dict[int, StoredRow] = {}
        self._roots: dict[tuple[int, int], bytes] = {}
        self.size = head.position
        self.hash_ = hash_named(head.tree_hash)

    def subtree_root(self, height: int, number: int) -> bytes:
        """Return the root of a full subtree.

        Raises `StoreError` where the store lacks its nodes.
        """
        # An inclusion and a consistency proof have the tree's right edge in common.
        place = (height, number)
        if place not in self._roots:
            self._roots[place] = self._hashed_root(height, number)
        return self._roots[place]

    def _hashed_root(self, height: int, number: int) -> bytes:
        level, levels_above = divmod(height, GROUP_BITS)
        first = number << levels_above
        count = 1 << levels_above
        number_of_group, start = divmod(first, GROUP_SIZE)
        nodes = self._siblings(NodeGroup(level, number_of_group))[start : start + count]
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

    def _siblings(self, group: NodeGroup) -> list[bytes]:
        """Return 16 siblings of a stored level, fewer at the tree's edge."""
        if group not in self._groups:
            self._load([group])
        return self._groups[group]

    def load_proofs(self, positions: Iterable[int], earlier_size: int = 0) -> None:
        """Read in a few exchanges what the proofs of positions and of an earlier size need.

        Without it each proof reads its nodes level by level, and a server answers each read.
        """
        # Besides its path, a proof names full subtrees of the right edge.
        needed = set(path_groups(self.size, self.size))
        for position in positions:
            needed.update(path_groups(position - 1, self.size))
        if earlier_size:
            needed.update(path_groups(earlier_size - 1, self.size))
        self._load(sorted(needed - self._groups.keys()))

    def _load(self, groups: Sequence[NodeGroup]) -> None:
        if not groups:
            return
        read = self._recorder.proof_rows(self._cursor, groups)
        for group, rows in read.events.items():
            self._groups[group] = leaves_of(rows, self.hash_)
            for row in rows:
                self._rows[row[0]] = row
        self._groups.update(read.nodes)

    def loaded_row(self, position: int) -> StoredRow | None:
        """Return the row of an event whose proof was loaded; None where none stands there."""
        return self._rows.get(position)

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
