"""Lay a bundle's events out as a store, so that they are read and verified like any ledger's."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

import msgspec

from lifecycle.events.codec import UnreadableError, stamp_of_state
from lifecycle.ledger.recorders import open_recorder
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import StoredRow, leaves_of
from lifecycle.ledger.store import Ledger
from lifecycle.log.merkle_tree import HashName, hash_named
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.rejections import Conflict, Problem, StoreError, msg
from lifecycle.zip_headers import opened_archive
from projections.audit.bundles import BUNDLE_FORMAT

NEWER_BUNDLE: Final = msg(
    "the bundle {path} has the format {format}, of a newer version; this version reads {known}"
)
NOT_A_BUNDLE: Final = msg("{path} is not a bundle that `lifecycle audit bundle` wrote: {why}")
_MEMBER_FORMAT: Final = re.compile(r"lifecycle-bundle/([0-9]+)")
# What archives and events raise that are no archives and events; `RuntimeError` where a password
# is asked for, `OverflowError` for a number that no database holds.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    KeyError,
    RuntimeError,
    ValueError,
    OverflowError,
    Conflict,
)
_REASONS: Final[dict[type[Exception], str]] = {
    zipfile.BadZipFile: msg("it is no zip archive, or a damaged one"),
    zlib.error: msg("its compressed content is damaged"),
    EOFError: msg("it ends too early"),
    NotImplementedError: msg("it is compressed in an unusual way"),
    KeyError: msg("a part of it is missing"),
}
"""Why an archive is none: Python says it in English alone."""
_BATCH: Final = 2_000
_LARGEST_MANIFEST: Final = 64 << 20
_LONGEST_LINE: Final = 64 << 20
_FIELDS_BEFORE_STATE: Final = 3


class _Manifest(msgspec.Struct, frozen=True):
    """What `manifest.json` says of the ledger; further fields are for other readers."""

    format: str
    origin: str
    tree_hash: HashName
    tree_size: int
    root: str
    signer: str
    checkpoints: list[str]


@dataclass(frozen=True, slots=True)
class _BundleFile:
    """An open bundle and the path that messages name."""

    path: Path
    archive: zipfile.ZipFile

    def error(self, why: object) -> StoreError:
        """Return the error that names the bundle."""
        return StoreError(NOT_A_BUNDLE, path=self.path, why=why)


@contextmanager
def _opened(path: Path) -> Iterator[_BundleFile]:
    """Open a bundle. Whatever its archive does not hold as it should raises `StoreError`."""
    try:
        with opened_archive(path) as archive:
            yield _BundleFile(path, archive)
    except _DAMAGE as error:
        raise StoreError(NOT_A_BUNDLE, path=path, why=_reason(error)) from None


def _reason(error: Exception) -> object:
    """Return what is wrong as a reader of any language is told it, else the error itself."""
    template = _REASONS.get(type(error))
    return error if template is None else Problem("damaged", template)


def open_bundle(path: Path, folder: Path) -> Ledger:
    """Return the bundle's ledger, as a store within a folder that the caller removes.

    Its events, checkpoints and key are the bundle's; claims and keys of events, by which recording
    decides, are left out. Raises `StoreError`, `NoteError`, and `OSError` where there is no file.
    """
    with _opened(path) as bundle:
        manifest = _read_manifest(bundle)
        # A ledger's own names are no names of files.
        url = f"sqlite:///{folder / 'bundle.db'}"
        recorder = open_recorder(
            url,
            create=True,
            tree_hash=manifest.tree_hash,
            copied_origin=manifest.origin,
        )
        ledger = Ledger(recorder)
        ledger.url = url
        try:
            _fill(recorder, bundle, manifest)
            _require_stated_tree(ledger, bundle, manifest)
        except BaseException:
            ledger.close()
            raise
    return ledger


def _read_manifest(bundle: _BundleFile) -> _Manifest:
    with bundle.archive.open("manifest.json") as file:
        content = file.read(_LARGEST_MANIFEST)
    try:
        stated_format = msgspec.json.decode(content)["format"]
        if stated_format != BUNDLE_FORMAT:
            raise _foreign_format(bundle, stated_format)
        return msgspec.json.decode(content, type=_Manifest)
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise bundle.error(error) from None


def _foreign_format(bundle: _BundleFile, stated_format: object) -> StoreError:
    known = BUNDLE_FORMAT
    if _MEMBER_FORMAT.fullmatch(str(stated_format)) is None:
        return bundle.error(stated_format)
    return StoreError(NEWER_BUNDLE, path=bundle.path, format=stated_format, known=known)


def _fill(
    recorder: LedgerRecorder,
    bundle: _BundleFile,
    manifest: _Manifest,
) -> None:
    """Store the events with their tree, the checkpoints and the first key, in one transaction."""
    hash_ = hash_named(manifest.tree_hash)
    with recorder.cursor(write=True) as cursor, bundle.archive.open("events.txt") as file:
        rows = _event_rows(bundle, file)
        while batch := list(islice(rows, _BATCH)):
            leaves = leaves_of(batch, hash_)
            recorder.append_rows(cursor, batch, leaves, _last_record_time(bundle, batch))
        for written in manifest.checkpoints:
            note = Note.parse(written)
            size = Checkpoint.parse(note.text).size
            signature = note.signatures[0]
            signer = f"{signature.name}+{signature.key_id.hex()}"
            recorder.keep_checkpoint(cursor, size, signer, written)
        recorder.set_signer(cursor, manifest.signer)


def _event_rows(bundle: _BundleFile, file: IO[bytes]) -> Iterator[StoredRow]:
    """Yield the events, one a line; the number of the line is the position."""
    position = 0
    while line := file.readline(_LONGEST_LINE):
        position += 1
        fields = line.removesuffix(b"\n").split(b"\t", _FIELDS_BEFORE_STATE)
        try:
            stream, version, topic, state = fields
            yield position, stream.decode(), int(version), topic.decode(), state
        except ValueError:  # too few fields, no number, or no UTF-8
            raise bundle.error(f"events.txt:{position}") from None


def _last_record_time(bundle: _BundleFile, rows: Sequence[StoredRow]) -> str:
    position, stream, version, _topic, state = rows[-1]
    try:
        stamp = stamp_of_state(position, stream, version, state)
    except UnreadableError:  # which advises how a county repairs a store
        raise bundle.error(f"events.txt:{position}") from None
    return stamp.recorded_at.isoformat()


def _require_stated_tree(
    ledger: Ledger,
    bundle: _BundleFile,
    manifest: _Manifest,
) -> None:
    tree = ledger.tree()
    if (tree.size, tree.root().hex()) != (manifest.tree_size, manifest.root):
        raise bundle.error("events.txt ≠ manifest.json")
