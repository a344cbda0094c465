"""The latest checkpoint and the tiles of the tree, for anybody (C2SP tlog-tiles).

They hold hashes and no entries, so no login stands before them.
"""

from __future__ import annotations

from threading import Lock
from typing import Final

from cachetools import LRUCache
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lifecycle.ledger.published_log import StoredTiles, published_note
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.log.tiles import CHECKPOINT_FILE, TILE_WIDTH, Tile, hashes_at

# C2SP tlog-tiles: caching beyond a few seconds should be prevented.
_CHECKPOINT_CACHING: Final = "public, max-age=5"
# A tile never changes: a partial one that grows has another address.
_TILE_CACHING: Final = "public, max-age=31536000, immutable"
_NOTE_TYPE: Final = "text/plain; charset=utf-8"
_TILE_TYPE: Final = "application/octet-stream"
# 8 KiB each.
_MOST_CACHED_TILES: Final = 256


def has_tiles(ledger: Ledger) -> bool:
    """Whether the format of tiles knows the ledger's tree: it is defined for SHA-256 only."""
    return ledger.head().tree_hash == "sha256"


def tile_routes(ledger: Ledger) -> list[BaseRoute]:
    """The addresses of checkpoint and tiles."""
    pages = TilePages(ledger)
    return [
        Route(f"/{CHECKPOINT_FILE}", pages.checkpoint),
        Route("/tile/{place:path}", pages.tile),
    ]


class TilePages:
    """Answers requests for checkpoint and tiles."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._contents: LRUCache[Tile, bytes] = LRUCache(_MOST_CACHED_TILES)
        self._lock = Lock()

    def checkpoint(self, _request: Request) -> Response:
        """The latest kept checkpoint with its signatures."""
        note = published_note(self._ledger)
        if note is None:
            raise HTTPException(404)
        headers = {"cache-control": _CHECKPOINT_CACHING}
        return Response(str(note), headers=headers, media_type=_NOTE_TYPE)

    def tile(self, request: Request) -> Response:
        """A tile of the published tree; 404 for any other."""
        tile = Tile.at(f"tile/{request.path_params['place']}")
        content = None if tile is None else self._content(tile)
        if content is None:
            raise HTTPException(404)
        headers = {"cache-control": _TILE_CACHING}
        return Response(content, headers=headers, media_type=_TILE_TYPE)

    def _content(self, tile: Tile) -> bytes | None:
        with self._lock:
            content = self._contents.get(tile)
        # The published tree only grows, so what was published stays so.
        if content is not None:
            return content
        if not self._is_published(tile):
            return None
        with self._ledger.recorder.cursor(write=False) as cursor:
            content = StoredTiles(self._ledger.recorder, cursor).read(tile)
        if len(content) != tile.octets:
            return None
        with self._lock:
            self._contents[tile] = content
        return content

    def _is_published(self, tile: Tile) -> bool:
        """Whether the latest kept checkpoint covers a tile."""
        note = published_note(self._ledger)
        if note is None:
            return False
        size = Checkpoint.parse(note.text).size
        end = tile.number * TILE_WIDTH + tile.width
        return end <= hashes_at(tile.level, size)
