"""Inclusion and consistency proofs over an RFC 6962 tree: making and checking them.

An inclusion proof shows that an event is in a tree, a consistency proof that a later tree continues
an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lifecycle.log.merkle_tree import HashFunction, node_hash, sha256

SubtreeRoot = Callable[[int, int], bytes]
"""From height h and number n to the root of the full subtree over leaves n·2ʰ to (n+1)·2ʰ."""


def left_width(size: int) -> int:
    """Return how many leaves the left child has: the largest power of two below `size`."""
    # k in RFC 6962, 2.1: k < n ≤ 2k.
    return 1 << ((size - 1).bit_length() - 1)


def _full_root(
    subtree_root: SubtreeRoot,
    start: int,
    end: int,
) -> bytes:
    """Return the root over a range whose width is a power of two: one full subtree."""
    height = (end - start).bit_length() - 1
    return subtree_root(height, start >> height)


def range_root(
    subtree_root: SubtreeRoot,
    start: int,
    end: int,
    hash_: HashFunction = sha256,
) -> bytes:
    """Return MTH(D[start:end]) of RFC 6962, 2.1.

    The range is one that the RFC's recursion meets, so it begins at a multiple of its own width.
    """
    size = end - start
    is_full = size & (size - 1) == 0
    if is_full:
        return _full_root(subtree_root, start, end)
    middle = start + left_width(size)
    left = _full_root(subtree_root, start, middle)
    right = range_root(subtree_root, middle, end, hash_)
    return node_hash(left, right, hash_)


def root_at(
    subtree_root: SubtreeRoot,
    size: int,
    hash_: HashFunction = sha256,
) -> bytes:
    """Return the root of the tree as it was at a size (RFC 6962, 2.1)."""
    if size == 0:
        return hash_(b"")
    return range_root(subtree_root, 0, size, hash_)


def inclusion_proof(
    subtree_root: SubtreeRoot,
    index: int,
    size: int,
    hash_: HashFunction = sha256,
) -> list[bytes]:
    """Return PATH(index, D[size]) of RFC 6962, 2.1.1: the leaf's sibling first.

    Leaves count from 0.
    """
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + left_width(end - start)
        if index < middle:
            path.append(range_root(subtree_root, middle, end, hash_))
            end = middle
        else:
            path.append(_full_root(subtree_root, start, middle))
            start = middle
    path.reverse()  # collected from the root down, as the RFC's recursion goes
    return path


def consistency_proof(
    subtree_root: SubtreeRoot,
    first: int,
    size: int,
    hash_: HashFunction = sha256,
) -> list[bytes]:
    """Return PROOF(first, D[size]) of RFC 6962, 2.1.2; empty where `first` is 0 or `size`."""
    if first in (0, size):
        return []
    path: list[bytes] = []
    start, end = 0, size
    while first != end:
        middle = start + left_width(end - start)
        if first <= middle:
            path.append(range_root(subtree_root, middle, end, hash_))
            end = middle
        else:
            path.append(_full_root(subtree_root, start, middle))
            start = middle
    # Where the first tree is one full subtree the verifier knows its root and needs no node for it:
    # the flag b of SUBPROOF in the RFC.
    first_is_full = start == 0
    if not first_is_full:
        path.append(_full_root(subtree_root, start, end))
    path.reverse()
    return path


def inclusion_root(
    leaf: bytes,
    index: int,
    size: int,
    path: Sequence[bytes],
    hash_: HashFunction = sha256,
) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162, 2.1.3.2).

    None where the path does not fit the index and the size.
    """
    if not 0 <= index < size:
        return None
    node = leaf
    number, last = index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if _is_right_child(number, last):
            node = node_hash(sibling, node, hash_)
            number, last = _skip_lone_levels(number, last)
        else:
            node = node_hash(node, sibling, hash_)
        number >>= 1
        last >>= 1
    if last != 0:
        return None
    return node


def is_consistent(
    first: int,
    first_root: bytes,
    size: int,
    size_root: bytes,
    path: Sequence[bytes],
    hash_: HashFunction = sha256,
) -> bool:
    """Return whether the path proves that the later tree begins with the first.

    RFC 9162, 2.1.4.2.
    """
    if not 0 <= first <= size:
        return False
    if first == size:
        return not path and first_root == size_root
    if first == 0:
        # Every tree begins with the empty one: nothing to prove, but its root has to be right.
        return not path and first_root == hash_(b"")
    roots = _consistency_roots(first, first_root, size, path, hash_)
    return roots == (first_root, size_root)


def _consistency_roots(
    first: int,
    first_root: bytes,
    size: int,
    path: Sequence[bytes],
    hash_: HashFunction,
) -> tuple[bytes, bytes] | None:
    """Return the roots of the first and the later tree that a consistency proof leads to."""
    number, last = first - 1, size - 1
    while number & 1:
        number >>= 1
        last >>= 1
    nodes = list(path)
    first_is_full = first & (first - 1) == 0
    if first_is_full:
        nodes.insert(0, first_root)  # the prover left it out, see `consistency_proof`
    if not nodes:
        return None
    first_node = later_node = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            return None
        if _is_right_child(number, last):
            first_node = node_hash(sibling, first_node, hash_)
            later_node = node_hash(sibling, later_node, hash_)
            number, last = _skip_lone_levels(number, last)
        else:
            later_node = node_hash(later_node, sibling, hash_)
        number >>= 1
        last >>= 1
    if last != 0:
        return None
    return first_node, later_node


def _is_right_child(number: int, last: int) -> bool:
    """Return whether the node's sibling is on its left.

    The last of a level pairs with the left, too.
    """
    return bool(number & 1) or number == last


def _skip_lone_levels(number: int, last: int) -> tuple[int, int]:
    """Climb the levels where the last node has no sibling and so stands for its own parent."""
    while number and not number & 1:
        number >>= 1
        last >>= 1
    return number, last
