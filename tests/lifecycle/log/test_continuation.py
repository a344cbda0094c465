"""A published tree continues the witnessed one, or the first event that differs is named."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from lifecycle.log.continuation import Continuation, Fork, compare_with_witness
from lifecycle.log.merkle_tree import Frontier
from lifecycle.log.signed_notes import Checkpoint, Note, Signature, VerifierKey
from lifecycle.log.tiles import Tile, TileError, TileTree
from lifecycle.log.witness_file import PREFIX_SIZE, WitnessLine
from lifecycle.rejections import StoreError
from tests.log_tiles import tile_contents

LEAVES = [hashlib.sha256(b"%d" % number).digest() for number in range(900)]
KEY = VerifierKey("log", b"\0" * 32)
ORIGIN = "lifecycle/log"


def checkpoint_of(leaves: list[bytes]) -> Checkpoint:
    frontier = Frontier()
    frontier.append(leaves)
    return Checkpoint(ORIGIN, len(leaves), frontier.root())


def prefixes(leaves: list[bytes]) -> bytes:
    return b"".join(leaf[:PREFIX_SIZE] for leaf in leaves)


def witness_lines(leaves: list[bytes], *sizes: int) -> list[WitnessLine]:
    """The lines of a witness file that was written at these sizes."""
    lines: list[WitnessLine] = []
    before = 0
    for size in sizes:
        if size < before:
            before = 0  # a file was joined
        checkpoint = checkpoint_of(leaves[:size])
        note = Note(checkpoint.text, (Signature("log", b"\0" * 4, b"\0" * 64),))
        leaf_prefixes = prefixes(leaves[before:size])
        lines.append(WitnessLine(KEY, note, checkpoint, before + 1, leaf_prefixes))
        before = size
    return lines


def compare(lines: list[WitnessLine], leaves: list[bytes]) -> Continuation | Fork:
    tree = TileTree(tile_contents(leaves).__getitem__, len(leaves))
    return compare_with_witness(lines, checkpoint_of(leaves), tree)


def changed(leaves: list[bytes], position: int) -> list[bytes]:
    """Another event at a position."""
    return [*leaves[: position - 1], hashlib.sha256(b"x").digest(), *leaves[position:]]


SIZES = st.integers(1, len(LEAVES))


@given(SIZES, SIZES)
def test_a_tree_that_grew_gives_its_new_leaves(one_size: int, other_size: int) -> None:
    before, size = sorted((one_size, other_size))
    outcome = compare(witness_lines(LEAVES, before), LEAVES[:size])
    assert outcome == Continuation(prefixes(LEAVES[before:size]))


def test_without_a_line_every_leaf_is_new() -> None:
    assert compare([], LEAVES) == Continuation(prefixes(LEAVES))
    assert compare([], []) == Continuation(b"")


@given(SIZES, SIZES, st.data())
def test_a_rewritten_event_is_named(one_size: int, other_size: int, data: st.DataObject) -> None:
    before, size = sorted((one_size, other_size))
    position = data.draw(st.integers(1, before))
    rewritten = changed(LEAVES[:size], position)
    assert compare(witness_lines(LEAVES, before), rewritten) == Fork("rewritten", position)


@given(st.integers(2, len(LEAVES)), st.data())
def test_a_tree_that_was_cut_back_is_told_from_one_rewritten(
    before: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, before - 1))
    lines = witness_lines(LEAVES, before)
    assert compare(lines, LEAVES[:size]) == Fork("shorter")
    if size:
        position = data.draw(st.integers(1, size))
        assert compare(lines, changed(LEAVES[:size], position)) == Fork("rewritten", position)


@pytest.mark.parametrize("sizes", [(10, 300), (300, 10, 300), (10, 10, 300), (5, 300, 2, 300)])
def test_a_file_of_several_lines_and_runs_is_one_history(sizes: tuple[int, ...]) -> None:
    lines = witness_lines(LEAVES, *sizes)
    assert compare(lines, LEAVES[:600]) == Continuation(prefixes(LEAVES[300:600]))
    for position in (1, 7, 299, 300):
        rewritten = changed(LEAVES[:600], position)
        assert compare(lines, rewritten) == Fork("rewritten", position)


def test_a_fork_is_told_even_where_earlier_tiles_are_gone() -> None:
    contents = tile_contents(changed(LEAVES, 100))

    def read(tile: Tile) -> bytes:
        if tile == Tile(0, 0):
            raise StoreError("gone")
        return contents[tile]

    tree = TileTree(read, len(LEAVES))
    checkpoint = checkpoint_of(changed(LEAVES, 100))
    assert compare_with_witness(witness_lines(LEAVES, 700), checkpoint, tree) == Fork("rewritten")


def test_another_root_of_the_same_size_is_a_fork_even_without_tiles() -> None:
    lines = witness_lines(LEAVES, 300)
    rewritten = checkpoint_of(changed(LEAVES[:300], 17))
    no_tiles = TileTree(lambda tile: b"\0" * tile.octets, 300)
    assert compare_with_witness(lines, rewritten, no_tiles) == Fork("rewritten")
    same = checkpoint_of(LEAVES[:300])
    assert compare_with_witness(lines, same, no_tiles) == Continuation(b"")


@pytest.mark.parametrize("before", [0, 100, 256, 700])
@pytest.mark.parametrize(
    "tile", [Tile(0, 0), Tile(0, 1), Tile(0, 2), Tile(0, 3, 132), Tile(1, 0, 3)]
)
def test_damaged_tiles_show_neither_a_fork_nor_that_the_tree_continues(
    before: int, tile: Tile
) -> None:
    contents = tile_contents(LEAVES)
    damaged = dict.fromkeys([tile], b"\0" * tile.octets)
    needed: set[Tile] = set()

    def read(place: Tile) -> bytes:
        needed.add(place)
        return (contents | damaged)[place]

    tree = TileTree(read, len(LEAVES))
    lines = witness_lines(LEAVES, before) if before else []
    outcome: Continuation | Fork | None = None
    with suppress(TileError):
        outcome = compare_with_witness(lines, checkpoint_of(LEAVES), tree)
    # Whoever begins at a later tile does not read the earlier ones.
    assert (outcome is None) == (tile in needed)
    if outcome is not None:
        assert outcome == Continuation(prefixes(LEAVES[before:]))
