"""The RFC 6962 Merkle tree over the ledger's events, in their total order: leaves, frontier, root."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

Hash = Callable[[bytes], bytes]


def sha256(data: bytes) -> bytes:
    """The tree's default hash."""
    return hashlib.sha256(data).digest()


SIZE: Final = 32
"""Octets in a hash, for SHA-256 and SM3 alike."""


def leaf_input(stream_id: str, version: int, topic: str, state: bytes) -> bytes:
    r"""What a leaf hashes: `stream LF version LF topic LF` in UTF-8, then the stored bytes as they are."""
    return f"{stream_id}\n{version}\n{topic}\n".encode() + state


def leaf_hash(entry: bytes, hash_: Hash = sha256) -> bytes:
    """RFC 6962, 2.1: the hash of 0x00 and the entry."""
    return hash_(b"\x00" + entry)


def node_hash(left: bytes, right: bytes, hash_: Hash = sha256) -> bytes:
    """RFC 6962, 2.1: the hash of 0x01 and the two children."""
    return hash_(b"\x01" + left + right)


class Frontier:
    """The roots of the full subtrees of a tree, largest first: all that appending needs."""

    __slots__ = ("hash_", "roots", "size")

    def __init__(self, size: int = 0, packed: bytes = b"", hash_: Hash = sha256) -> None:
        self.size = size
        self.roots = [packed[at : at + SIZE] for at in range(0, len(packed), SIZE)]
        self.hash_ = hash_

    def append(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes at the end; each costs one inner hash on average."""
        roots, hash_ = self.roots, self.hash_
        for leaf in leaves:
            node, size = leaf, self.size
            while size & 1:
                node = hash_(b"\x01" + roots.pop() + node)
                size >>= 1
            roots.append(node)
            self.size += 1

    def root(self) -> bytes:
        """The tree's root; of the empty tree the hash of nothing."""
        if not self.roots:
            return self.hash_(b"")
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node, self.hash_)
        return node

    def pack(self) -> bytes:
        """The roots as one string of octets, to be stored beside the size."""
        return b"".join(self.roots)
