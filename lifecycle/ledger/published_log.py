"""What outsiders may see of a ledger: its latest kept checkpoint, and the tiles of its tree."""

from __future__ import annotations

from typing import Final

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.store import Ledger
from lifecycle.log.merkle_tree import GROUP_BITS
from lifecycle.log.signed_notes import Note, Signature
from lifecycle.log.tiles import TILE_HEIGHT, TILE_WIDTH, Tile
from lifecycle.rejections import Rejected, msg

# The store keeps every fourth level of nodes, and a tile's level is every eighth.
_STORED_LEVELS_A_TILE: Final = TILE_HEIGHT // GROUP_BITS
_SELECT_LATEST: Final = (
    "SELECT note FROM ledger_checkpoints"
    " WHERE size = (SELECT max(size) FROM ledger_checkpoints) ORDER BY signer"
)


def require_sha256(ledger: Ledger) -> None:
    """Raise `Rejected` for a tree that the format of tiles does not know."""
    tree_hash = ledger.head().tree_hash
    if tree_hash != "sha256":
        raise Rejected.by(
            "tree_hash",
            msg("tiles are defined for SHA-256 only; the tree of this ledger uses {tree_hash}"),
            tree_hash=tree_hash,
        )


def published_note(ledger: Ledger) -> Note | None:
    """Return the latest checkpoint that the store keeps, with every signature on it.

    None where none was signed yet. Raises `Rejected` for a tree without tiles, and `NoteError`.
    """
    require_sha256(ledger)
    with ledger.recorder.cursor(write=False) as cursor:
        cursor.execute(_SELECT_LATEST)
        notes = [Note.parse(row[0]) for row in cursor.fetchall()]
    if not notes:
        return None
    text = notes[0].text
    signatures: list[Signature] = []
    # Several keys may have signed the same tree, each in a note of its own.
    for note in notes:
        if note.text == text:
            signatures.extend(note.signatures)
    return Note(text, tuple(dict.fromkeys(signatures)))


class StoredTiles:
    """Reads tiles from a store, within one transaction.

    Leaf hashes are computed from the events as they are stored at this moment.
    """

    def __init__(self, recorder: LedgerRecorder, cursor: Cursor) -> None:
        self._recorder = recorder
        self._cursor = cursor

    def read(self, tile: Tile) -> bytes:
        """Return a tile's content; shorter where the store has fewer hashes."""
        first = tile.number * TILE_WIDTH
        last = first + tile.width - 1
        if tile.level == 0:
            # Leaves count from 0, positions from 1.
            return b"".join(self._recorder.leaves(self._cursor, first + 1, last + 1))
        stored_level = tile.level * _STORED_LEVELS_A_TILE
        return b"".join(self._recorder.nodes(self._cursor, stored_level, first, last))
