"""Back up, restore and copy a store, with the evidence beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lifecycle.atomic_file import build_atomically
from lifecycle.ledger.backups import (
    BackupManifest,
    BackupSource,
    read_manifest,
    restore_evidence,
    unpacked,
    write_backup,
)
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.closures import last_closure
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.store_copies import CopyResult, StoreCopy
from lifecycle.ledger.verification import verify
from lifecycle.log.receipts import Receipts
from lifecycle.log.witness_file import read_witness_file, require_witnessed_events
from lifecycle.rejections import Rejected, msg

Progress = Callable[[int], None]
RESTORED: Final = (
    "restored from the backup of {made_at}; compare it with a witness file or a receipt: "
    "lifecycle restore --continue"
)
COPIED: Final = "copied to {place}; record there"


def _ignore_progress(_events: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class StorePlace:
    """A store's URL, and the folder of its evidence."""

    url: str
    evidence: EvidenceStore


def back_up(
    ledger: Ledger,
    place: StorePlace,
    file: Path,
    advance: Progress = _ignore_progress,
) -> BackupManifest:
    """Write a verified backup of a store and its evidence. Raises `StoreError`, `OSError`."""
    source = BackupSource(ledger, sqlite_path(place.url), place.evidence)
    return write_backup(source, file, advance)


def restore(
    file: Path,
    place: StorePlace,
    advance: Progress = _ignore_progress,
) -> BackupManifest:
    """Make a store from a backup; it takes no events until `continue_restored`.

    Raises `Rejected` where there is a store already, `StoreError` where the backup is damaged.
    """
    manifest = read_manifest(file)
    path = sqlite_path(place.url)
    reason = RESTORED.format(made_at=manifest.made_at)
    with unpacked(file) as database:
        if path is None:
            with Ledger.open(str(database)) as source:
                copy = StoreCopy(source, place.url)
                with copy.target:
                    copy.run(reason, stays_closed=True, advance=advance)
        else:
            _place_database(database, path)
            _close(place.url, reason)
            advance(manifest.events)
    restore_evidence(file, place.evidence)
    return manifest


def _place_database(database: Path, path: Path) -> None:
    if path.exists():
        raise Rejected.by(
            "store_exists", msg("{path} already exists; nothing was changed"), path=path
        )
    path.parent.mkdir(parents=True, exist_ok=True)

    def build(temporary: Path) -> None:
        temporary.write_bytes(database.read_bytes())

    build_atomically(path, build)


def _close(url: str, reason: str) -> None:
    with Ledger.open(url) as ledger, ledger.recorder.cursor(write=True) as cursor:
        decided_at = ledger.clock().isoformat(timespec="seconds")
        ledger.recorder.close_to_recording(cursor, reason, decided_at)


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
        words = reason or f"compared up to position {comparison.known_size}"
        ledger.recorder.open_to_recording(cursor, words, decided_at)
    return comparison


def _require_closed(ledger: Ledger) -> None:
    with ledger.recorder.cursor(write=False) as cursor:
        closure = last_closure(cursor)
    if closure is None or not closure.closed:
        raise Rejected.by("not_closed", msg("the store takes events already"))


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
    """Raise `Rejected` where an event of the backup differs; those after it are known to lack."""
    result = verify(ledger, witnesses, receipts)
    for difference in result.differences:
        place = difference.place
        if place is None or place.position <= comparison.size:
            raise Rejected([difference.problem])


# Copy ---------------------------------------------------------------------------------------------


def copy_store(
    ledger: Ledger,
    source: StorePlace,
    target: StorePlace,
    *,
    keep_open: str,
    advance: Progress = _ignore_progress,
) -> CopyResult:
    """Copy a store and its evidence to another database, and close the source to recording.

    With `keep_open`, a reason, the source goes on taking events; the two histories then part.
    Raises `Rejected` where another store is at the target, `StoreError` where the copy differs.
    """
    copy = StoreCopy(ledger, target.url)
    with copy.target:
        shown = sqlite_path(target.url) or target.url.rpartition("@")[2]
        decision = keep_open or "copied"
        closes_source = "" if keep_open else COPIED.format(place=shown)
        result = copy.run(decision, closes_source=closes_source, advance=advance)
    if target.evidence.folder != source.evidence.folder:
        for file in source.evidence.sound_files():
            target.evidence.put(file.name, file.read_bytes())
    return result
