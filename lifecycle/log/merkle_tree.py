"""The RFC 6962 Merkle tree over the ledger's events, in their total order: leaves, frontier, root."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Final, Literal, get_args

HashFunction = Callable[[bytes], bytes]
HashName = Literal["sha256", "sm3"]

HASH_NAMES: Final[tuple[HashName, ...]] = get_args(HashName)
"""What `init` may choose. SHA-256 is what others' verifiers read; SM3 (GB/T 32905) is read by our own alone."""


def sha256(data: bytes) -> bytes:
    """The tree's default hash."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """The Chinese standard's hash, GB/T 32905-2016."""
    from cryptography.hazmat.primitives.hashes import SM3, Hash as Digest  # noqa: PLC0415 -- a store that chose SHA-256 does not pay for it

    digest = Digest(SM3())
    digest.update(data)
    return digest.finalize()


def hash_named(name: str) -> HashFunction:
    """The hash that a store chose."""
    return sm3 if name == "sm3" else sha256


HASH_SIZE: Final = 32
"""Octets in a hash, for SHA-256 and SM3 alike."""

GROUP_BITS: Final = 4
GROUP_SIZE: Final = 1 << GROUP_BITS
"""Of the inner nodes every fourth level is stored, so a stored node stands for 16 of the level below."""

TreeNode = tuple[int, int, bytes]
"""A stored node: its level, its number in the level, its hash. Node (l, n) is the root of leaves n·16ˡ up to (n+1)·16ˡ."""


def leaf_input(stream_id: object, version: int, topic: str, state: bytes) -> bytes:
    r"""What a leaf hashes: `stream LF version LF topic LF` in UTF-8, then the stored bytes as they are."""
    return f"{stream_id}\n{version}\n{topic}\n".encode() + state


def leaf_hash(entry: bytes, hash_: HashFunction = sha256) -> bytes:
    """RFC 6962, 2.1: the hash of 0x00 and the entry."""
    return hash_(b"\x00" + entry)


def node_hash(left: bytes, right: bytes, hash_: HashFunction = sha256) -> bytes:
    """RFC 6962, 2.1: the hash of 0x01 and the two children."""
    return hash_(b"\x01" + left + right)


class Frontier:
    """The roots of the full subtrees of a tree, largest first: all that appending needs."""

    __slots__ = ("hash_", "roots", "size")

    def __init__(self, size: int = 0, packed: bytes = b"", hash_: HashFunction = sha256) -> None:
        self.size = size
        self.roots = [packed[at : at + HASH_SIZE] for at in range(0, len(packed), HASH_SIZE)]
        self.hash_ = hash_

    def append(self, leaves: Iterable[bytes]) -> list[TreeNode]:
        """Add leaf hashes at the end; gives the nodes to be stored that became complete. An inner hash each on average."""
        nodes, first, height = list(leaves), self.size, 0
        self.size += len(nodes)
        left_over: list[bytes] = []
        complete: list[TreeNode] = []
        hash_ = self.hash_
        while nodes:
            if first & 1:  # the left sibling of the first waits among the roots
                nodes.insert(0, self.roots.pop())
            if len(nodes) & 1:
                left_over.append(nodes.pop())
            siblings = iter(nodes)
            nodes = [hash_(b"\x01" + left + next(siblings)) for left in siblings]
            first, height = first >> 1, height + 1
            if not height % GROUP_BITS:
                complete += [
                    (height // GROUP_BITS, number, node) for number, node in enumerate(nodes, first)
                ]
        self.roots += reversed(left_over)
        return complete

    def root(self) -> bytes:
        """The tree's root; of the empty tree the hash of nothing."""
        return fold_right(self.roots, self.hash_)

    def pack(self) -> bytes:
        """The roots as one string of octets, to be stored beside the size."""
        return b"".join(self.roots)


def fold_right(roots: list[bytes], hash_: HashFunction) -> bytes:
    """The root over full subtrees, largest first (RFC 6962, 2.1); of none the hash of nothing."""
    if not roots:
        return hash_(b"")
    node = roots[-1]
    for left in reversed(roots[:-1]):
        node = node_hash(left, node, hash_)
    return node
