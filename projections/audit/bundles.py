"""The bundle: all that an auditor needs, in one archive verified without this program (spec 4)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Final

import orjson

from lifecycle import calendar, working_days
from lifecycle.ledger import checkpoints
from lifecycle.ledger.cosignature_store import cosigner_keys
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION, StoredRow, stored_bytes
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.rejections import StoreError, msg
from lifecycle.rulebook import LoadedRulebook, canonical
from lifecycle.zip_headers import unify_zip_headers
from projections.audit.publications import publication_records, publication_rulebook
from projections.audit.verifier import verifier_source
from projections.facts.county_facts import county_facts
from projections.scoring import rulebook_in_force as in_force

BUNDLE_FORMAT: Final = "lifecycle-bundle/1"
_AUDIT_FOLDER: Final = files("projections") / "audit"


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
        for digest, rules in _named_calendars(ledger).items():
            archive.writestr(f"calendars/{digest}.txt", rules)
        archive.writestr("working-days.json", working_days.working_day_table())
        archive.writestr("README.txt", (_AUDIT_FOLDER / "bundle-readme.txt").read_bytes())
        archive.writestr("verify_bundle.py", verifier_source())
    # The bundle of the same events is the same file, so that two auditors can compare digests.
    with path.open("r+b") as finished:
        unify_zip_headers(finished)
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
        "cosigners": [str(key) for key in cosigner_keys(ledger)],
    }


def _write_events(
    ledger: Ledger,
    file: IO[bytes],
    size: int,
) -> None:
    with ledger.recorder.cursor(write=False) as cursor:
        # A position below 1 was forged, and the auditor is to see it.
        rows = ledger.recorder.between(cursor, -MAX_POSITION, size)
        for line in _event_lines(rows):
            file.write(line)


def _event_lines(rows: Iterable[StoredRow]) -> Iterator[bytes]:
    for row in rows:
        position, stream, version, topic, _state = row
        line = f"{stream}\t{version}\t{topic}\t".encode() + stored_bytes(row)
        # Stored JSON holds no raw newline and names no tab: such a line would be read as something
        # else.
        if b"\n" in line or "\t" in f"{stream}{topic}":
            raise StoreError(
                msg(
                    "the event at position {position} contains a line break: it was "
                    "changed outside lifecycle"
                ),
                position=position,
            )
        yield line + b"\n"


def _named_calendars(ledger: Ledger) -> dict[str, str]:
    """Return what publications take from the calendar, by the digest that they name."""
    calendars = {}
    for publication in publication_records(ledger):
        digest = publication.event.calendar_digest
        rules = calendar.calendar_rules(digest)
        # One that is not known here cannot be recomputed; the verifier says that it is missing.
        if rules is not None:
            calendars[digest] = rules
    return calendars


def _books(ledger: Ledger) -> list[LoadedRulebook]:
    """Return every rulebook that was adopted or that a publication names, each digest once."""
    books = {book.digest: book for book in in_force.adopted(county_facts(ledger, MAX_POSITION))}
    for publication in publication_records(ledger):
        book = publication_rulebook(publication)
        if book is not None:
            books.setdefault(book.digest, book)
    return list(books.values())
