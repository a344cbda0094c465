"""C2SP tlog-tiles: the tree's hashes as static files of 256, from which anybody makes proofs.

Format: https://c2sp.org/tlog-tiles. The tiles of level 0 hold leaf hashes; each hash of a higher
level is the root over a full tile of the level below. Entries are not published: they may hold
personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from lifecycle.log.merkle_tree import HASH_SIZE, full_root
from lifecycle.log.proofs import root_at
from lifecycle.rejections import LedgerError, msg

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
CHECKPOINT_FILE: Final = "checkpoint"
_HIGHEST_LEVEL: Final = 63
_NUMBER_BASE: Final = 1000
# No level has leading zeros, and 18 digits of a number cover more events than 63 bits count.
_PATH: Final = re.compile(
    r"tile/(?P<level>0|[1-9][0-9]?)"
    r"/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


class TileError(LedgerError):
    """A tile that is not what its place asks for."""


class Tile(NamedTuple):
    """A tile's place: its level, its number within the level, how many hashes it holds."""

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def is_full(self) -> bool:
        """Whether it holds 256 hashes, and so never grows."""
        return self.width == TILE_WIDTH

    @property
    def full(self) -> Tile:
        """The tile that this one grows into."""
        return self._replace(width=TILE_WIDTH)

    @property
    def octets(self) -> int:
        """The size of its file."""
        return self.width * HASH_SIZE

    @property
    def path(self) -> str:
        """Its path below the log's address, such as `tile/0/x001/x234/067.p/12`."""
        number, last = divmod(self.number, _NUMBER_BASE)
        path = f"{last:03}"
        while number:
            number, digits = divmod(number, _NUMBER_BASE)
            path = f"x{digits:03}/{path}"
        partial = "" if self.is_full else f".p/{self.width}"
        return f"tile/{self.level}/{path}{partial}"

    @classmethod
    def at(cls, path: str) -> Tile | None:
        """Return the tile of a path; None where the path is not written as the format asks."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        number = int(match["number"].replace("x", "").replace("/", ""))
        tile = cls(int(match["level"]), number, int(match["width"] or TILE_WIDTH))
        if tile.level > _HIGHEST_LEVEL or tile.width > TILE_WIDTH:
            return None
        # A path has one spelling: this rejects `.p/256`, and a number written with x000 in front.
        return tile if tile.path == path else None


def hashes_at(level: int, size: int) -> int:
    """Return how many hashes the tiles of a level hold in a tree of a size."""
    return size >> (TILE_HEIGHT * level)


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield the tiles of a tree of a size, the lower levels first."""
    level = 0
    while hashes_at(level, size):
        full_tiles, width = divmod(hashes_at(level, size), TILE_WIDTH)
        for number in range(full_tiles):
            yield Tile(level, number)
        if width:
            yield Tile(level, full_tiles, width)
        level += 1


def split_hashes(content: bytes) -> list[bytes]:
    """Split a tile's content into its hashes."""
    starts = range(0, len(content), HASH_SIZE)
    return [content[start : start + HASH_SIZE] for start in starts]


class TileTree:
    """The tree of a size, read from its tiles.

    `read` returns a tile's content. Nothing proves a tile by itself: what is computed from tiles
    has to lead to a root that is signed.
    """

    def __init__(self, read: Callable[[Tile], bytes], size: int) -> None:
        self._read = read
        self._hashes: dict[Tile, list[bytes]] = {}
        self.size = size

    def tile_at(self, level: int, number: int) -> Tile:
        """Return the tile at a place, as wide as the tree of this size has it."""
        width = hashes_at(level, self.size) - number * TILE_WIDTH
        return Tile(level, number, min(width, TILE_WIDTH))

    def hashes(self, tile: Tile) -> list[bytes]:
        """Return a tile's hashes. Raises `TileError` where their number is wrong."""
        content = self._read(tile)
        if len(content) != tile.octets:
            raise TileError(
                msg("the tile {path} has {octets} bytes instead of {expected}"),
                path=tile.path,
                octets=len(content),
                expected=tile.octets,
            )
        return split_hashes(content)

    def subtree_root(self, height: int, number: int) -> bytes:
        """Return the root of a full subtree, for the functions of `proofs`."""
        level, height_in_tile = divmod(height, TILE_HEIGHT)
        first = number << height_in_tile
        tile_number, start = divmod(first, TILE_WIDTH)
        tile = self.tile_at(level, tile_number)
        if tile not in self._hashes:
            self._hashes[tile] = self.hashes(tile)
        end = start + (1 << height_in_tile)
        return full_root(self._hashes[tile][start:end])

    def root(self) -> bytes:
        """Return the root that the tiles lead to."""
        return root_at(self.subtree_root, self.size)

    def leaves(self, after: int) -> Iterator[bytes]:
        """Yield the leaf hashes after a position, to the tree's end, a tile at a time."""
        number, skipped = divmod(after, TILE_WIDTH)
        while number * TILE_WIDTH < self.size:
            # Not remembered: a long log's leaves would fill the memory.
            yield from self.hashes(self.tile_at(0, number))[skipped:]
            skipped = 0
            number += 1
