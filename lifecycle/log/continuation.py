"""Whether a published tree continues the one that a witness file recorded, from tiles alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from lifecycle.log.merkle_tree import Frontier
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.log.tiles import TILE_WIDTH, TileError, TileTree
from lifecycle.log.witness_file import PREFIX_SIZE, WitnessLine, last_run_prefixes
from lifecycle.rejections import LedgerError, msg

NOT_THE_ROOT: Final = msg(
    "the published tiles do not lead to the root of the checkpoint at {size} events"
)


@dataclass(frozen=True, slots=True)
class Continuation:
    """The leaves since the witnessed checkpoint: the first eight octets of each."""

    leaf_prefixes: bytes


@dataclass(frozen=True, slots=True)
class Fork:
    """A tree that does not continue the witnessed one, and the first position that differs.

    `shorter`: it ends earlier and is the same up to there. `rewritten`: it has other events. The
    position is None where the tiles don't show it.
    """

    kind: Literal["rewritten", "shorter"]
    first_difference: int | None = None


def compare_with_witness(
    lines: Sequence[WitnessLine],
    checkpoint: Checkpoint,
    tree: TileTree,
) -> Continuation | Fork:
    """Compare a published checkpoint and its tiles with the last line of a witness file.

    Raises `TileError` where the tiles do not lead to the checkpoint's root: then nothing is shown,
    neither that the tree continues nor that it was rewritten.
    """
    witnessed = lines[-1].checkpoint if lines else None
    if witnessed is None:
        return _new_leaves(tree, Frontier(), checkpoint)
    if checkpoint.size < witnessed.size:
        position = _first_difference(lines, checkpoint, tree)
        return Fork("shorter" if position is None else "rewritten", position)
    if checkpoint.size == witnessed.size:
        if checkpoint.root == witnessed.root:
            return Continuation(b"")
        # Two signed roots of one size contradict each other, whatever the tiles are.
        return Fork("rewritten", _first_difference(lines, checkpoint, tree))
    frontier = _frontier_at(tree, witnessed.size)
    root_then = frontier.root()
    continuation = _new_leaves(tree, frontier, checkpoint)
    if root_then == witnessed.root:
        return continuation
    # The same hashes lead to the signed root of today, so today's tree begins otherwise.
    return Fork("rewritten", _first_difference(lines, checkpoint, tree))


def _frontier_at(tree: TileTree, size: int) -> Frontier:
    """Return the frontier of the tree as it was at a size: the roots of its full subtrees."""
    roots: list[bytes] = []
    start = 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            roots.append(tree.subtree_root(height, start >> height))
            start += 1 << height
    return Frontier(size, b"".join(roots))


def _new_leaves(
    tree: TileTree,
    frontier: Frontier,
    checkpoint: Checkpoint,
) -> Continuation:
    """Grow the frontier by the published leaves to the checkpoint's size, and compare the root.

    Raises `TileError` where they lead to another one.
    """
    prefixes = bytearray()
    leaves = tree.leaves(frontier.size)
    # A tile at a time: the leaves of a long log would fill the memory.
    while batch := list(islice(leaves, TILE_WIDTH)):
        frontier.append(batch)
        prefixes += b"".join(leaf[:PREFIX_SIZE] for leaf in batch)
    if frontier.root() != checkpoint.root:
        raise TileError(NOT_THE_ROOT, size=checkpoint.size)
    return Continuation(bytes(prefixes))


def _first_difference(
    lines: Sequence[WitnessLine],
    checkpoint: Checkpoint,
    tree: TileTree,
) -> int | None:
    """Return the first position at which a published leaf is not the witnessed one.

    None where they are the same as far as both reach, or the tiles cannot show it.
    """
    try:
        published = _new_leaves(tree, Frontier(), checkpoint).leaf_prefixes
    # The fork is known already; missing tiles must not hide it.
    except LedgerError:
        return None
    witnessed = last_run_prefixes(lines)
    for position, (leaf, witnessed_leaf) in enumerate(
        zip(_prefixes(published), _prefixes(witnessed), strict=False), start=1
    ):
        if leaf != witnessed_leaf:
            return position
    return None


def _prefixes(octets: bytes) -> Iterator[bytes]:
    for start in range(0, len(octets), PREFIX_SIZE):
        yield octets[start : start + PREFIX_SIZE]
