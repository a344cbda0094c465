"""A folder of static files, checkpoint and tiles, that any web server publishes (C2SP tlog-tiles).

The checkpoint is written last: whoever reads it finds the tiles that it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifecycle.atomic_file import write_atomically
from lifecycle.ledger.published_log import StoredTiles, published_note
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.merkle_tree import full_root
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError
from lifecycle.log.tiles import (
    CHECKPOINT_FILE,
    TILE_HEIGHT,
    Tile,
    TileTree,
    split_hashes,
    tiles_of,
)
from lifecycle.rejections import Rejected, StoreError, msg


@dataclass(frozen=True, slots=True)
class WrittenTiles:
    """How many events the published checkpoint covers, and how many tiles were written for it."""

    size: int
    tiles: int


def write_tile_folder(ledger: Ledger, folder: Path) -> WrittenTiles:
    """Bring the folder up to the latest kept checkpoint; what is there already is left as it is.

    Raises `Rejected` where the folder holds another history, or the store's tree does not lead to
    its checkpoint, and then the folder's checkpoint stays. Raises `StoreError` where no checkpoint
    was signed yet.
    """
    note = published_note(ledger)
    if note is None:
        raise StoreError(
            msg("the store has no signed checkpoint yet: `lifecycle audit checkpoint` signs one")
        )
    checkpoint = Checkpoint.parse(note.text)
    written = 0
    with ledger.recorder.cursor(write=False) as cursor:
        tree = StoredTree(ledger.recorder, cursor)
        _require_continuation(folder / CHECKPOINT_FILE, checkpoint, tree)
        stored_tiles = StoredTiles(ledger.recorder, cursor)
        if TileTree(stored_tiles.read, checkpoint.size).root() != checkpoint.root:
            raise _not_in_the_tree(CHECKPOINT_FILE)
        for tile in tiles_of(checkpoint.size):
            path = folder / tile.path
            if path.is_file() and path.stat().st_size == tile.octets:
                continue
            content = stored_tiles.read(tile)
            _require_place_in_tree(tile, content, tree)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
            written += 1
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / CHECKPOINT_FILE, str(note).encode())
    return WrittenTiles(checkpoint.size, written)


def _require_continuation(
    path: Path,
    checkpoint: Checkpoint,
    tree: StoredTree,
) -> None:
    """Raise `Rejected` unless the ledger continues what the folder has published."""
    if not path.exists():
        return
    published = _published_before(path)
    is_continued = (
        published.origin == checkpoint.origin
        and published.size <= checkpoint.size
        and tree.root(published.size) == published.root
    )
    if not is_continued:
        raise Rejected.by(
            "folder_history",
            msg(
                "{path} is a checkpoint of {origin} at {size} events, which the latest checkpoint "
                "of {ledger} at {held} events does not continue; nothing was written"
            ),
            path=path,
            origin=published.origin,
            size=published.size,
            ledger=checkpoint.origin,
            held=checkpoint.size,
        )


def _published_before(path: Path) -> Checkpoint:
    try:
        note = Note.parse(path.read_bytes().decode())
        return Checkpoint.parse(note.text)
    except (NoteError, UnicodeDecodeError):
        raise StoreError(
            msg("{path} is not a signed checkpoint: name a folder of published tiles or a new one"),
            path=path,
        ) from None


def _require_place_in_tree(
    tile: Tile,
    content: bytes,
    tree: StoredTree,
) -> None:
    """Raise `Rejected` unless a tile leads to the node that the store keeps above it."""
    if len(content) != tile.octets:
        raise _not_in_the_tree(tile.path)
    # A partial tile has no node above it; the root of the whole tree was compared before.
    if not tile.is_full:
        return
    hashes = split_hashes(content)
    height_above = TILE_HEIGHT * (tile.level + 1)
    if full_root(hashes) != tree.subtree_root(height_above, tile.number):
        raise _not_in_the_tree(tile.path)


def _not_in_the_tree(path: str) -> Rejected:
    return Rejected.by(
        "tile_root",
        msg(
            "{path} does not lead to the signed root: the store was changed outside lifecycle; "
            "`lifecycle audit verify` names the first event that differs"
        ),
        path=path,
    )
