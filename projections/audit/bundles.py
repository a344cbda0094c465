"""The bundle: everything that an auditor needs, in one archive that is verified without this program (spec 4)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Final

import orjson

from lifecycle import calendar
from lifecycle.ledger import checkpoints
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, StoredRow, stored_bytes
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import StoreError, msg
from lifecycle.rulebook import LoadedRulebook, canonical
from projections.audit.publications import publication_records, publication_rulebook
from projections.scoring import rulebook_in_force as in_force

BUNDLE_FORMAT: Final = "lifecycle-bundle/1"
_README: Final = """开化县招商引资台账核验包 / a bundle of the investment-attraction ledger

python3 verify_bundle.py THIS.zip [--receipt FILE]… [--witness FILE]… [--key KEY]

Take verify_bundle.py from a place that you trust, not from this archive, if you can: whoever made the archive
could have changed it. It needs Python 3.9 or newer, and nothing else.

events.txt    one event a line, in the order of recording: stream TAB version TAB topic TAB the bytes as stored
manifest.json the size and root of the tree over these lines, the signed checkpoints, the first public key
rulebooks/    the canonical text of each rulebook, under its SHA-256
calendar.txt  what scores take from the calendar
working-days.json  the working days that rectification is counted in: where they are from, the days moved, their SHA-256
"""


def verifier_source() -> bytes:
    """Return the standalone verifier as shipped."""
    return (files("projections") / "audit" / "verifier" / "verify_bundle.py").read_bytes()


def write_bundle(ledger: Ledger, path: Path) -> int:
    """Write the bundle and return how many events it holds.

    Raises `StoreError` where an event was altered so that it no longer fits on a line.
    """
    # What is appended while the bundle is written stays outside: every part is as of this size.
    size = ledger.head().position
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = orjson.dumps(_manifest(ledger, size), option=orjson.OPT_INDENT_2)
        archive.writestr("manifest.json", manifest)
        with archive.open("events.txt", "w", force_zip64=False) as file:
            _write_events(ledger, file, size)
        for book in _books(ledger):
            archive.writestr(f"rulebooks/{book.digest}.json", canonical(book.rulebook))
        archive.writestr("calendar.txt", calendar.RULES)
        archive.writestr("working-days.json", calendar.working_day_table())
        archive.writestr("README.txt", _README)
        archive.writestr("verify_bundle.py", verifier_source())
    return size


def _manifest(ledger: Ledger, size: int) -> dict[str, Any]:
    head = ledger.head()
    with ledger.recorder.cursor(write=False) as cursor:
        root = StoredTree(ledger.recorder, cursor).root(size)
    notes = [
        str(note)
        for note in checkpoints.stored_checkpoints(ledger)
        if Checkpoint.parse(note.text).size <= size
    ]
    return {
        "format": BUNDLE_FORMAT,
        "origin": head.origin,
        "tree_hash": head.tree_hash,
        "tree_size": size,
        "root": root.hex(),
        "signer": head.signer,
        "checkpoints": notes,
    }


def _write_events(ledger: Ledger, file: IO[bytes], size: int) -> None:
    with ledger.recorder.cursor(write=False) as cursor:
        # A position below 1 was forged, and the auditor is to see it.
        rows = ledger.recorder.between(cursor, -MAX_POSITION, size)
        for line in _event_lines(rows):
            file.write(line)


def _event_lines(rows: Iterable[StoredRow]) -> Iterator[bytes]:
    for row in rows:
        position, stream, version, topic, _state = row
        line = f"{stream}\t{version}\t{topic}\t".encode() + stored_bytes(row)
        # Stored JSON holds no raw newline and names no tab: such a line would be read as something else.
        if b"\n" in line or "\t" in f"{stream}{topic}":
            raise StoreError(
                msg(
                    "the event at position {position} contains a line break: it was "
                    "modified from outside"
                ),
                position=position,
            )
        yield line + b"\n"


def _books(ledger: Ledger) -> list[LoadedRulebook]:
    """Return every rulebook that was adopted or that a publication names, each digest once."""
    books = {book.digest: book for book in in_force.adopted(ledger, MAX_POSITION)}
    for publication in publication_records(ledger):
        book = publication_rulebook(ledger, publication.event)
        if book is not None:
            books.setdefault(book.digest, book)
    return list(books.values())
