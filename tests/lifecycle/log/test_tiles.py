"""C2SP tlog-tiles: the paths of the specification, and proofs from tiles alone."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, strategies as st

from lifecycle.log.merkle_tree import Frontier
from lifecycle.log.proofs import consistency_proof, inclusion_proof, inclusion_root, is_consistent
from lifecycle.log.tiles import Tile, TileError, TileTree, split_hashes, tiles_of
from tests.log_tiles import tile_contents

LEAVES = [hashlib.sha256(b"%d" % number).digest() for number in range(70_000)]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile(2, 999_999, 1), "tile/2/x999/999.p/1"),
        (Tile(63, 1000, 255), "tile/63/x001/000.p/255"),
    ],
)
def test_a_path_is_written_as_the_specification_says(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.at(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/1",
        "tile/00/001",
        "tile/64/001",
        "tile/0/x000/001",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/999",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/001/",
        "tile/0/001\n",
        "tile/0/٠٠١",
        "tile/entries/001",
        "tile/-1/001",
        "../tile/0/001",
        "",
    ],
)
def test_a_path_has_one_spelling(path: str) -> None:
    assert Tile.at(path) is None


@given(st.integers(0, 63), st.integers(0, 10**18 - 1), st.integers(1, 256))
def test_every_path_leads_back_to_its_tile(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)
    assert Tile.at(tile.path) == tile


def test_the_specification_s_tree_of_70000() -> None:
    tiles = list(tiles_of(70_000))
    assert sum(tile.level == 0 and tile.is_full for tile in tiles) == 273
    partial_and_upper = [tile for tile in tiles if not tile.is_full or tile.level]
    assert partial_and_upper == [Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_tiles_lead_to_the_root_and_give_back_the_leaves(size: int) -> None:
    tree = TileTree(tile_contents(LEAVES[:size]).__getitem__, size)
    frontier = Frontier()
    frontier.append(LEAVES[:size])
    assert tree.root() == frontier.root()
    assert list(tree.leaves(0)) == LEAVES[:size]
    assert list(tree.leaves(size - 1)) == LEAVES[size - 1 : size]


@given(st.integers(1, 70_000), st.data())
def test_proofs_from_tiles_hold(size: int, data: st.DataObject) -> None:
    before = data.draw(st.integers(1, size))
    number = data.draw(st.integers(0, size - 1))
    contents = SPECIFIED

    def read(tile: Tile) -> bytes:
        # A partial tile is the beginning of the full one.
        return contents[tile.level, tile.number][: tile.octets]

    tree = TileTree(read, size)
    earlier = TileTree(read, before)
    path = consistency_proof(tree.subtree_root, before, size)
    assert is_consistent(before, earlier.root(), size, tree.root(), path)
    proof = inclusion_proof(tree.subtree_root, number, size)
    assert inclusion_root(LEAVES[number], number, size, proof) == tree.root()


def _longest_tiles() -> dict[tuple[int, int], bytes]:
    contents = tile_contents(LEAVES)
    return {(tile.level, tile.number): content for tile, content in contents.items()}


SPECIFIED = _longest_tiles()


@pytest.mark.parametrize("octets", [0, 31, 33, 8192])
def test_a_tile_of_another_width_is_named(octets: int) -> None:
    tree = TileTree(lambda _tile: b"\0" * octets, 1)
    with pytest.raises(TileError, match=rf"tile/0/000\.p/1 has {octets} bytes instead of 32"):
        tree.root()


def test_a_changed_hash_leads_to_another_root() -> None:
    contents = tile_contents(LEAVES[:300])
    sound_root = TileTree(contents.__getitem__, 300).root()
    for tile in (Tile(0, 1, 44), Tile(1, 0, 1)):
        changed = bytearray(contents[tile])
        changed[-1] ^= 1
        tree = TileTree((contents | {tile: bytes(changed)}).__getitem__, 300)
        assert tree.root() != sound_root


def test_hashes_are_split_in_their_order() -> None:
    assert split_hashes(b"".join(LEAVES[:3])) == LEAVES[:3]
