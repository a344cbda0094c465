"""A Merkle tree in memory, from its definition: the root of a subtree is the hash of its halves."""

from __future__ import annotations

from collections.abc import Sequence

from lifecycle.log.merkle_tree import HashFunction, node_hash, sha256
from lifecycle.log.proofs import SubtreeRoot


def memory_tree(leaves: Sequence[bytes], hash_: HashFunction = sha256) -> SubtreeRoot:
    """Return the subtree roots of a few leaves."""

    def subtree_root(height: int, number: int) -> bytes:
        if height == 0:
            return leaves[number]
        left = subtree_root(height - 1, 2 * number)
        right = subtree_root(height - 1, 2 * number + 1)
        return node_hash(left, right, hash_)

    return subtree_root
