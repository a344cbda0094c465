"""The tiles of a few leaves, from the definition in C2SP tlog-tiles, with no store."""

from __future__ import annotations

from collections.abc import Sequence

from lifecycle.log.merkle_tree import node_hash
from lifecycle.log.tiles import Tile


def tile_contents(leaves: Sequence[bytes]) -> dict[Tile, bytes]:
    """Return every tile of the tree over the leaves, with its content."""
    contents: dict[Tile, bytes] = {}
    level = 0
    hashes = list(leaves)
    while hashes:
        above: list[bytes] = []
        for number, start in enumerate(range(0, len(hashes), 256)):
            in_tile = hashes[start : start + 256]
            contents[Tile(level, number, len(in_tile))] = b"".join(in_tile)
            if len(in_tile) == 256:
                above.append(_root(in_tile))
        hashes = above
        level += 1
    return contents


def _root(nodes: Sequence[bytes]) -> bytes:
    if len(nodes) == 1:
        return nodes[0]
    middle = len(nodes) // 2
    return node_hash(_root(nodes[:middle]), _root(nodes[middle:]))
