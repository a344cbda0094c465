"""Proofs over an RFC 6962 tree: that an event is in it, that a later tree continues an earlier one; making and checking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lifecycle.log.merkle_tree import HashFunction, node_hash, sha256

SubtreeRoot = Callable[[int, int], bytes]
"""From a height and a number n the root of the full subtree over leaves n·2ʰ up to (n+1)·2ʰ."""


def left_width(size: int) -> int:
    """The largest power of two below the size: how many leaves the left child has (RFC 6962, 2.1)."""
    return 1 << ((size - 1).bit_length() - 1)


def _full(tree: SubtreeRoot, start: int, end: int) -> bytes:
    """The root over a range whose width is a power of two, which is one full subtree."""
    height = (end - start).bit_length() - 1
    return tree(height, start >> height)


def range_root(tree: SubtreeRoot, start: int, end: int, hash_: HashFunction = sha256) -> bytes:
    """MTH(D[start:end]) for a range as the RFC's recursion meets it, which begins at a multiple of its own width."""
    size = end - start
    if size & (size - 1) == 0:
        return _full(tree, start, end)
    middle = start + left_width(size)
    return node_hash(_full(tree, start, middle), range_root(tree, middle, end, hash_), hash_)


def root_at(tree: SubtreeRoot, size: int, hash_: HashFunction = sha256) -> bytes:
    """The root of the tree as it was at a size (RFC 6962, 2.1)."""
    return range_root(tree, 0, size, hash_) if size else hash_(b"")


def inclusion_proof(
    tree: SubtreeRoot, index: int, size: int, hash_: HashFunction = sha256
) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962, 2.1.1: from the leaf's sibling up. Leaves count from 0."""
    start, end, path = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + left_width(end - start)
        if index < middle:
            path.append(range_root(tree, middle, end, hash_))
            end = middle
        else:
            path.append(_full(tree, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(
    tree: SubtreeRoot, first: int, size: int, hash_: HashFunction = sha256
) -> list[bytes]:
    """PROOF(first, D[size]) of RFC 6962, 2.1.2; empty where the first is empty or the same."""
    if first in (0, size):
        return []
    start, end, path, whole = 0, size, list[bytes](), True
    while first != end:
        middle = start + left_width(end - start)
        if first <= middle:
            path.append(range_root(tree, middle, end, hash_))
            end = middle
        else:
            path.append(_full(tree, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_full(tree, start, end))  # the last step went left
    return path[::-1]


def inclusion_root(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], hash_: HashFunction = sha256
) -> bytes | None:
    """The root that the path leads to (RFC 9162, 2.1.3.2); None where the path does not fit the index and the size."""
    if not 0 <= index < size:
        return None
    node, at, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = node_hash(sibling, node, hash_)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, sibling, hash_)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


def is_consistent(
    first: int,
    first_root: bytes,
    size: int,
    size_root: bytes,
    path: Sequence[bytes],
    hash_: HashFunction = sha256,
) -> bool:
    """Whether the path shows that the later tree begins with the earlier one (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= size:
        return False
    if first == size:
        return not path and first_root == size_root
    if first == 0:
        return not path and first_root == hash_(b"")
    climbed = _climb(first, first_root, size, path, hash_)
    return climbed == (first_root, size_root)


def _climb(
    first: int, first_root: bytes, size: int, path: Sequence[bytes], hash_: HashFunction
) -> tuple[bytes, bytes] | None:
    """Both roots that the path leads to."""
    at, last = first - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    # Where the earlier tree is one full subtree, its root is where the path begins.
    whole = first & (first - 1) == 0
    nodes = [first_root, *path] if whole else list(path)
    if not nodes:
        return None
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(node, old, hash_), node_hash(node, new, hash_)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, node, hash_)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None


def full_subtrees(leaves: Sequence[bytes], hash_: HashFunction = sha256) -> SubtreeRoot:
    """A tree held in memory, for a few leaves."""

    def subtree(height: int, number: int) -> bytes:
        if height == 0:
            return leaves[number]
        return node_hash(
            subtree(height - 1, 2 * number), subtree(height - 1, 2 * number + 1), hash_
        )

    return subtree
