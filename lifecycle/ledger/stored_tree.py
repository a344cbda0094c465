"""The tree as the store keeps it: every fourth level of its full nodes, and below them the events themselves."""

from __future__ import annotations

from lifecycle.ledger.recorders.ledger_recorder import Cursor, LedgerRecorder, read_head
from lifecycle.log import proofs
from lifecycle.log.merkle_tree import GROUP_BITS, GROUP_SIZE, hash_named, node_hash
from lifecycle.rejections import StoreError, msg


class StoredTree:
    """Reads the few nodes that a proof needs, sixteen siblings at a time; leaves are hashed from what is stored now."""

    def __init__(self, recorder: LedgerRecorder, cursor: Cursor) -> None:
        head = read_head(cursor)
        self._recorder = recorder
        self._cursor = cursor
        self._groups: dict[tuple[int, int], list[bytes]] = {}
        self.size = head.position
        self.hash_ = hash_named(head.tree_hash)

    def subtree(self, height: int, number: int) -> bytes:
        """The root of a full subtree. Raises `StoreError` where the store lacks what it is made of."""
        level, above = divmod(height, GROUP_BITS)
        first, count = number << above, 1 << above
        group, at = divmod(first, GROUP_SIZE)
        nodes = self._group(level, group)[at : at + count]
        if len(nodes) != count:
            raise StoreError(
                msg(
                    "the tree lacks nodes {first} to {last} of level {level}: the store was changed by another hand, or is damaged"
                ),
                first=first,
                last=first + count - 1,
                level=level,
            )
        while len(nodes) > 1:
            nodes = [node_hash(nodes[i], nodes[i + 1], self.hash_) for i in range(0, len(nodes), 2)]
        return nodes[0]

    def _group(self, level: int, group: int) -> list[bytes]:
        """Sixteen siblings, fewer at the tree's edge."""
        key = (level, group)
        if key not in self._groups:
            first = group * GROUP_SIZE
            if level == 0:
                self._groups[key] = self._recorder.leaves(
                    self._cursor, first + 1, first + GROUP_SIZE
                )
            else:
                self._groups[key] = self._recorder.nodes(
                    self._cursor, level, first, first + GROUP_SIZE - 1
                )
        return self._groups[key]

    def leaf(self, position: int) -> bytes:
        """The leaf hash of the event at a position, from 1."""
        return self.subtree(0, position - 1)

    def root(self, size: int) -> bytes:
        """The root at a size."""
        return proofs.root_at(self.subtree, size, self.hash_)

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """That the event at a position, from 1, is in the tree of a size."""
        return proofs.inclusion_proof(self.subtree, position - 1, size, self.hash_)

    def consistency(self, first: int, size: int) -> list[bytes]:
        """That the tree of a size begins with the tree of the first."""
        return proofs.consistency_proof(self.subtree, first, size, self.hash_)
