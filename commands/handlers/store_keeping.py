"""Back up, restore and copy a store, with the evidence beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from lifecycle.ledger.backup_archive import (
    BackupManifest,
    read_manifest,
    restore_evidence,
    unpack_database,
)
from lifecycle.ledger.backups import BackupSource, WrittenBackup, merge_log, write_backup
from lifecycle.ledger.evidence_inventory import take_inventory
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.progress import Progress, ignore_progress
from lifecycle.ledger.recorders import sqlite_path, store_place
from lifecycle.ledger.recorders.closures import (
    COPIED,
    IN_PROGRESS,
    RESTORED,
    closed_error,
    present_closure,
)
from lifecycle.ledger.recorders.sqlite_source import require_nothing_left
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.store_copies import CopyResult, StoreCopy
from lifecycle.ledger.verification import verify
from lifecycle.log.receipts import Receipts
from lifecycle.log.witness_file import read_witness_file, require_witnessed_events
from lifecycle.rejections import Problem, Rejected, msg

_NOT_OWNER: Final = msg(
    "only the owner of the database closes a store to recording, and {login} is not; the owner "
    "runs `lifecycle copy`, or give a reason for which this store goes on: --keep-open"
)
_COPIED_ELSEWHERE: Final = msg(
    "the store was copied to {place} already: record and copy there, or say with --keep-open why "
    "there is to be another copy"
)


@dataclass(frozen=True, slots=True)
class StorePlace:
    """A store's URL, and the folder of its evidence."""

    url: str
    evidence: EvidenceStore


def back_up(
    ledger: Ledger,
    place: StorePlace,
    file: Path,
    advance: Progress = ignore_progress,
) -> WrittenBackup:
    """Write a verified backup of a store and its evidence.

    Raises `Rejected`, `StoreError`, `OSError`.
    """
    source = BackupSource(ledger, sqlite_path(place.url), place.evidence)
    return write_backup(source, file, advance)


def restore(
    file: Path,
    place: StorePlace,
    advance: Progress = ignore_progress,
) -> BackupManifest:
    """Make a store from a backup; it takes no events until `continue_restored`.

    Raises `Rejected` where there is a store already, `StoreError` where the backup is damaged or
    the log of a store that is gone would be taken for the new one's.
    """
    path = sqlite_path(place.url)
    if path is not None:
        _require_free(path)
    manifest = read_manifest(file)
    reason = f"{RESTORED}: {manifest.made_at}"
    if path is None:
        with tempfile.TemporaryDirectory(prefix="lifecycle-restore-") as folder:
            database = unpack_database(file, Path(folder))
            _copy_to_server(database, file, place, reason, advance)
        return manifest
    path.parent.mkdir(parents=True, exist_ok=True)
    restore_evidence(file, place.evidence)
    # Beside its place, so that it is put there in one step, when it is closed already.
    with tempfile.TemporaryDirectory(prefix=".lifecycle-restore-", dir=path.parent) as folder:
        database = unpack_database(file, Path(folder))
        _close(database, reason)
        _require_free(path)
        database.replace(path)
    advance(manifest.events)
    return manifest


def _copy_to_server(
    database: Path,
    file: Path,
    place: StorePlace,
    reason: str,
    advance: Progress,
) -> None:
    with Ledger.open(str(database)) as source:
        copy = StoreCopy(source, place.url)
        with copy.target:
            copy.run(
                reason,
                stays_closed=True,
                advance=advance,
                complete=lambda: restore_evidence(file, place.evidence),
            )


def _require_free(path: Path) -> None:
    if path.exists():
        template = msg("{path} already exists; nothing was changed")
        raise Rejected.by("store_exists", template, path=path)
    require_nothing_left(path)


def _close(database: Path, reason: str) -> None:
    """Close a store that was just unpacked, and leave one file."""
    with Ledger.open(str(database)) as ledger, ledger.recorder.cursor(write=True) as cursor:
        decided_at = ledger.clock().isoformat(timespec="seconds")
        ledger.recorder.close_to_recording(cursor, reason, decided_at)
    merge_log(database)


# Continue after a restoration ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a restored store was compared with: the last position that anything outside knows."""

    size: int
    known_size: int

    @property
    def lost_events(self) -> int:
        """How many events were recorded after the backup, as far as anything outside knows."""
        return max(0, self.known_size - self.size)


def continue_restored(
    ledger: Ledger,
    witnesses: Sequence[Path],
    receipts: Sequence[tuple[str, Receipts]],
    reason: str,
) -> Comparison:
    """Compare a restored store with what is known outside, and let it take events again.

    `reason` is needed where nothing is given to compare with, or where events are missing. Raises
    `Rejected` without one, and in any case where the events themselves differ.
    """
    comparison = Comparison(ledger.head().position, _known_size(witnesses, receipts))
    _require_closed(ledger)
    if not comparison.known_size and not reason:
        raise Rejected.by(
            "nothing_to_compare",
            msg(
                "give the newest witness file or a receipt of the last day (--witness, --receipt), "
                "or say with --reason why there is none"
            ),
        )
    if comparison.lost_events and not reason:
        raise Rejected.by(
            "events_lost",
            msg(
                "the backup ends at position {size}, but {known} events had been recorded: restore "
                "a later backup, or say with --reason why to continue without the last {lost}"
            ),
            size=comparison.size,
            known=comparison.known_size,
            lost=comparison.lost_events,
        )
    _require_same_events(ledger, witnesses, receipts, comparison)
    with ledger.recorder.cursor(write=True) as cursor:
        decided_at = ledger.clock().isoformat(timespec="seconds")
        # Stays in the store, for whoever asks later why it went on.
        words = reason or f"compared up to position {comparison.known_size}"
        ledger.recorder.open_to_recording(cursor, words, decided_at)
    return comparison


def _require_closed(ledger: Ledger) -> None:
    with ledger.recorder.cursor(write=False) as cursor:
        closure = present_closure(cursor)
    if closure is None:
        raise Rejected.by("not_closed", msg("the store takes events already"))
    # A store that was copied goes on in its copy alone.
    if closure.kind != RESTORED:
        raise closed_error(closure.decided_at, closure.reason)


def _known_size(witnesses: Sequence[Path], receipts: Sequence[tuple[str, Receipts]]) -> int:
    sizes = [0]
    for path in witnesses:
        lines = read_witness_file(path)
        require_witnessed_events(path, lines)
        sizes.extend(line.checkpoint.size for line in lines)
    for _name, file in receipts:
        sizes.extend(event.position for event in file.events)
    return max(sizes)


def _require_same_events(
    ledger: Ledger,
    witnesses: Sequence[Path],
    receipts: Sequence[tuple[str, Receipts]],
    comparison: Comparison,
) -> None:
    """Raise `Rejected` where an event of the backup differs; missing later ones are known of."""
    result = verify(ledger, witnesses, receipts)
    for difference in result.differences:
        place = difference.place
        if place is None or place.position <= comparison.size:
            raise Rejected([difference.problem])


# Copy ---------------------------------------------------------------------------------------------


class StoreMove(NamedTuple):
    """A complete copy, and the evidence that could not be copied."""

    copy: CopyResult
    lacking: list[Problem]


def copy_store(
    ledger: Ledger,
    source: StorePlace,
    target: StorePlace,
    *,
    keep_open: str,
    advance: Progress = ignore_progress,
) -> StoreMove:
    """Copy a store and its evidence to another database, and close the source to recording.

    With `keep_open`, a reason, the source goes on taking events; the two histories then part.
    Raises `Rejected` where another store is at the target, `StoreError` where the copy differs.
    """
    target_place = _full_place(target.url)
    _require_copyable(ledger, target_place, keep_open)
    lacking: list[Problem] = []

    def copy_evidence() -> None:
        if target.evidence.folder == source.evidence.folder:
            return
        inventory = take_inventory(ledger, source.evidence)
        lacking.extend(inventory.lacking)
        for file in inventory.sound:
            target.evidence.put(file.name, file.read_bytes())

    copy = StoreCopy(ledger, target.url)
    with copy.target:
        result = copy.run(
            keep_open or "complete",
            closes_source="" if keep_open else f"{COPIED}: {target_place}",
            advance=advance,
            complete=copy_evidence,
        )
    return StoreMove(result, lacking)


def _full_place(url: str) -> str:
    """Return where a store is, in words that hold from any folder."""
    path = sqlite_path(url)
    return store_place(url) if path is None else str(path.absolute())


def _require_copyable(
    ledger: Ledger,
    target: str,
    keep_open: str,
) -> None:
    """Raise an error before anything is copied that could not be ended as it should be."""
    with ledger.recorder.cursor(write=False) as cursor:
        closure = present_closure(cursor)
    if closure is not None and closure.kind in (IN_PROGRESS, RESTORED):
        raise closed_error(closure.decided_at, closure.reason)
    if keep_open:
        return
    if closure is not None and closure.kind == COPIED and closure.detail != target:
        raise Rejected.by("copied_already", _COPIED_ELSEWHERE, place=closure.detail)
    if ledger.database_rank() not in (None, "owner"):
        raise Rejected.by("not_owner", _NOT_OWNER, login=ledger.database_login())
    # A file or a server that cannot be written says so now.
    with ledger.recorder.cursor(write=True):
        pass
