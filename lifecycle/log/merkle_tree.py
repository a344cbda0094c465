"""The RFC 6962 Merkle tree over the ledger's events: leaf hashes, frontier, root."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Final, Literal, get_args

HashFunction = Callable[[bytes], bytes]
HashName = Literal["sha256", "sm3"]

HASH_NAMES: Final[tuple[HashName, ...]] = get_args(HashName)
"""What `init` offers.

SHA-256 is what other verifiers read; SM3 (GB/T 32905) is read by ours alone.
"""


def sha256(data: bytes) -> bytes:
    """Hash with SHA-256, the tree's default."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """Hash with SM3, the Chinese standard GB/T 32905-2016."""
    # `hashlib` has SM3 only where the system's OpenSSL was built with it. A store that chose
    # SHA-256 should not pay for this import each time it records an event.
    from cryptography.hazmat.primitives.hashes import SM3, Hash as Digest  # noqa: PLC0415

    digest = Digest(SM3())
    digest.update(data)
    return digest.finalize()


def hash_named(name: str) -> HashFunction:
    """Return the hash function that a store chose at `init`."""
    if name == "sm3":
        return sm3
    return sha256


HASH_SIZE: Final = 32
"""Octets in a hash, for SHA-256 and SM3 alike."""

GROUP_BITS: Final = 4
GROUP_SIZE: Final = 1 << GROUP_BITS
"""Every fourth level of inner nodes is stored: one node stands for 16 of the level below."""

TreeNode = tuple[int, int, bytes]
"""A stored node: level, number within the level, hash.

Node (l, n) is the root over leaves n·16ˡ up to (n+1)·16ˡ.
"""


def leaf_input(
    stream_id: object,
    version: int,
    topic: str,
    state: bytes,
) -> bytes:
    r"""Return what a leaf hashes: `stream LF version LF topic LF`, then the stored bytes."""
    return f"{stream_id}\n{version}\n{topic}\n".encode() + state


def leaf_hash(entry: bytes, hash_: HashFunction = sha256) -> bytes:
    """Hash a leaf: 0x00, then the entry (RFC 6962, 2.1)."""
    # The two prefixes differ so that no inner node can be passed off as a leaf (RFC 6962, 2.1).
    return hash_(b"\x00" + entry)


def event_leaf(
    stream_id: str,
    version: int,
    topic: str,
    state: bytes,
    hash_: HashFunction,
) -> bytes:
    """Return the leaf hash of an event."""
    # `leaf_hash(leaf_input(…))` written out: recording hashes each event once.
    return hash_(f"\x00{stream_id}\n{version}\n{topic}\n".encode() + state)


def node_hash(
    left: bytes,
    right: bytes,
    hash_: HashFunction = sha256,
) -> bytes:
    """Hash an inner node: 0x01, then its two children (RFC 6962, 2.1)."""
    return hash_(b"\x01" + left + right)


class Frontier:
    """The roots of a tree's full subtrees, largest first: all that appending needs to know."""

    __slots__ = ("hash_", "roots", "size")

    def __init__(
        self,
        size: int = 0,
        packed: bytes = b"",
        hash_: HashFunction = sha256,
    ) -> None:
        starts = range(0, len(packed), HASH_SIZE)
        self.size = size
        self.roots = [packed[start : start + HASH_SIZE] for start in starts]
        self.hash_ = hash_

    def append(self, leaves: Iterable[bytes]) -> list[TreeNode]:
        """Add leaf hashes at the end. Returns the nodes to store that became complete.

        Costs one inner hash a leaf on average.
        """
        nodes = list(leaves)
        first = self.size  # the number of the first node within its level
        self.size += len(nodes)
        height = 0
        smaller_roots: list[bytes] = []
        completed: list[TreeNode] = []
        # One round a level, from the leaves up: pair the nodes, keep the one that is left over.
        while nodes:
            if first & 1:  # its left sibling was appended earlier and is the smallest root so far
                nodes.insert(0, self.roots.pop())
            if len(nodes) & 1:
                smaller_roots.append(nodes.pop())
            nodes = _parents(nodes, self.hash_)
            first >>= 1
            height += 1
            if height % GROUP_BITS == 0:
                level = height // GROUP_BITS
                completed.extend(
                    (level, number, node) for number, node in enumerate(nodes, start=first)
                )
        self.roots.extend(reversed(smaller_roots))
        return completed

    def root(self) -> bytes:
        """Return the tree's root; for the empty tree, the hash of nothing."""
        return fold_right(self.roots, self.hash_)

    def pack(self) -> bytes:
        """Return the roots as one string of octets, to be stored beside the size."""
        return b"".join(self.roots)


def _parents(nodes: list[bytes], hash_: HashFunction) -> list[bytes]:
    """Hash an even number of siblings, pair by pair."""
    siblings = iter(nodes)
    # Written out instead of calling `node_hash`: this is the inner loop of every audit pass.
    return [hash_(b"\x01" + left + next(siblings)) for left in siblings]


def full_root(nodes: list[bytes], hash_: HashFunction = sha256) -> bytes:
    """Return the root over neighbouring nodes of one level, whose number is a power of two."""
    while len(nodes) > 1:
        nodes = _parents(nodes, hash_)
    return nodes[0]


def fold_right(roots: list[bytes], hash_: HashFunction) -> bytes:
    """Return the root over full subtrees, largest first (RFC 6962, 2.1).

    Of none, the hash of nothing.
    """
    if not roots:
        return hash_(b"")
    node = roots[-1]
    for left in reversed(roots[:-1]):
        node = node_hash(left, node, hash_)
    return node
