"""Stores whose checkpoints and tiles are published."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.log.tiles import Tile
from projections.audit.tile_folder import write_tile_folder
from tests.given import REPORTED
from tests.ledgers import fill

EVENTS_OF_MONTH: Final = 300


def activity(number: int) -> dict[str, object]:
    return {
        "event": "ActivityHeld",
        "unit": "华埠镇",
        "occurred_on": "2024-03-01",
        "activity": f"招商活动{number}",
        "led_by_head": True,
    }


def record_month(ledger: Ledger, first: int = 0) -> None:
    fill(ledger, [activity(first + number) for number in range(EVENTS_OF_MONTH)], keep=False)


class PublishedStore:
    """A store with a key, and the folder that its tiles are written to."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder / "published"
        self.ledger = Ledger.open(url, create=True)
        fill(self.ledger, REPORTED, keep=False)
        self.key: SigningKey = create_signer(self.ledger, folder / "key.pem")

    def publish(self) -> int:
        """Sign, write, and return how many tiles were written."""
        sign_checkpoint(self.ledger, self.key)
        return write_tile_folder(self.ledger, self.folder).tiles

    @property
    def checkpoint(self) -> Checkpoint:
        note = Note.parse((self.folder / "checkpoint").read_text(encoding="utf-8"))
        note.verify(self.key.verifier)
        return Checkpoint.parse(note.text)

    def read(self, tile: Tile) -> bytes:
        return (self.folder / tile.path).read_bytes()

    def files(self) -> dict[str, bytes]:
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
