"""Verify a store: rebuild its tree from the stored bytes, compare it with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from pathlib import Path
from typing import Final

from lifecycle.deciding.record_times import RecordTimes
from lifecycle.ledger.audit_expectations import (
    AuditExpectations,
    AuditFindings,
    LedgerDifference,
)
from lifecycle.ledger.audit_pass import CHUNK_SIZE, AuditPass
from lifecycle.ledger.chunk_keys import KeysOfChunk, keys_of_chunks
from lifecycle.ledger.derived_differences import DerivedRows, compare_derived
from lifecycle.ledger.derived_places import DerivedPlaces, StoredKeys
from lifecycle.ledger.history_replay import HistoryReplay
from lifecycle.ledger.known_facts import NO_KEYS, KnownFacts, TrustedKeys
from lifecycle.ledger.progress import Progress, ignore_progress
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.ledger.session_logins import SessionLogins
from lifecycle.ledger.store import Ledger
from lifecycle.log.receipts import Receipts
from lifecycle.log.witness_file import (
    WitnessLine,
    read_witness_file,
    require_witnessed_events,
)
from lifecycle.part_engine import EngineChoice, this_process
from lifecycle.rejections import Problem, StoreError, msg


class Verdict(StrEnum):
    """What a verification can show.

    VERIFIED: everything fits, and something outside the store vouches for it. CONSISTENT:
    everything fits, and nothing vouches. DIFFERS: something does not fit.
    """

    VERIFIED = "VERIFIED"
    CONSISTENT = "CONSISTENT"
    DIFFERS = "DIFFERS"


COST_OF_VERIFYING: Final = 7
"""How many times as long as scoring it takes to verify a ledger: processes pay sooner."""
NOTHING_VOUCHES: Final = msg(
    "nothing outside the store vouches for it, so whoever can write the whole store could have "
    "invented it: give --key, --cosigner, --witness or --receipt"
)
EVENTS_BEHIND: Final = msg(
    "events behind position {position} that nothing outside the store vouches for: {count}"
)


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The rebuilt tree's size and root, what was checked, the differences by position."""

    size: int
    root: bytes
    checked: dict[str, int]
    differences: list[LedgerDifference]
    vouched_up_to: int
    """The last position up to which something from outside the store says the same."""
    not_shown: list[Problem]

    @property
    def verdict(self) -> Verdict:
        """What the verification showed, as a word."""
        if self.differences:
            return Verdict.DIFFERS
        # The empty tree is the same in every store, so a signature on it vouches for nothing.
        return Verdict.VERIFIED if self.vouched_up_to else Verdict.CONSISTENT


def verify(
    ledger: Ledger,
    witnesses: Sequence[Path] = (),
    receipts: Sequence[tuple[str, Receipts]] = (),
    advance: Progress = ignore_progress,
    *,
    keys: TrustedKeys = NO_KEYS,
    accept_empty_witness: bool = False,
    choose_engine: EngineChoice = this_process,
) -> VerificationResult:
    """Rebuild the tree and compare it with witness files, receipts and the store's own records.

    `keys` vouch for the store's checkpoints that they signed. `receipts` come with the name of
    their file. `choose_engine` is asked for as many events as it takes as long to score: what it
    returns computes idempotency keys meanwhile, and what is found is the same. Raises `StoreError`
    for a witness file that cannot be used, and for one without a checkpoint of any event unless
    `accept_empty_witness` is set.
    """
    # Of a ledger that is open for long, most would come from memory, whatever the file says now.
    ledger.recorder.forget_pages()
    expected = AuditExpectations()
    findings = AuditFindings()
    head = ledger.head()
    known = KnownFacts(head, expected, findings)
    lines_by_file = _lines_by_file(witnesses, accept_empty=accept_empty_witness)
    known.add_store_records(ledger, keys, _witnessed_keys(lines_by_file.values()))
    _add_evidence(known, lines_by_file, receipts)
    recorder = ledger.recorder
    # Claims and numbers change with each event: they are compared in the events' own state.
    engine = choose_engine(head.position * COST_OF_VERIFYING)
    with (
        closing(keys_of_chunks(ledger, CHUNK_SIZE, engine)) as chunk_keys,
        recorder.cursor(write=False, is_snapshot=True) as cursor,
    ):
        audit, _derived = run_pass(recorder, cursor, expected, findings, advance, chunk_keys)
    findings.count("events", audit.tree.size)
    return _result_of(audit, known, findings, _sm3_not_checked(ledger))


def _result_of(
    audit: AuditPass,
    known: KnownFacts,
    findings: AuditFindings,
    limits: Sequence[Problem],
) -> VerificationResult:
    return VerificationResult(
        size=audit.tree.size,
        root=audit.tree.root(),
        checked=findings.checked,
        differences=sorted(findings.differences, key=_position),
        vouched_up_to=audit.vouched_size,
        not_shown=[
            *known.not_shown,
            *findings.notes,
            *_events_not_shown(audit.vouched_size, audit.tree.size),
            *limits,
        ],
    )


def _lines_by_file(
    witnesses: Sequence[Path],
    *,
    accept_empty: bool,
) -> dict[Path, list[WitnessLine]]:
    return {path: _witness_lines(path, accept_empty=accept_empty) for path in witnesses}


def _witness_lines(path: Path, *, accept_empty: bool) -> list[WitnessLine]:
    """Return a witness file's lines. Raises `StoreError` where it cannot be used, or has none."""
    lines = read_witness_file(path)
    if not accept_empty:
        require_witnessed_events(path, lines)
    return lines


def _add_evidence(
    known: KnownFacts,
    lines_by_file: Mapping[Path, list[WitnessLine]],
    receipts: Sequence[tuple[str, Receipts]],
) -> None:
    for path, lines in lines_by_file.items():
        known.add_witness_file(path, lines)
    for name, file in receipts:
        known.add_receipts(name, file)


def _witnessed_keys(lines_of_files: Iterable[list[WitnessLine]]) -> set[str]:
    """Return the keys that signed any line of these witness files."""
    keys: set[str] = set()
    for lines in lines_of_files:
        keys.update(str(line.key) for line in lines)
    return keys


def _sm3_not_checked(ledger: Ledger) -> list[Problem]:
    """Return what a store cannot show because this machine has no SM3."""
    return [limit for limit in ledger.recorder.limits() if limit.rule == "sm3"]


def _events_not_shown(position: int, size: int) -> list[Problem]:
    """Return what nothing outside the store vouches for."""
    if not position:
        return [Problem("nothing_vouches", NOTHING_VOUCHES)]
    if position < size:
        values: dict[str, object] = {"count": size - position, "position": position}
        return [Problem("events_behind", EVENTS_BEHIND, values)]
    return []


def run_pass(
    recorder: LedgerRecorder,
    cursor: Cursor,
    expected: AuditExpectations,
    findings: AuditFindings,
    advance: Progress = ignore_progress,
    keys: Iterator[KeysOfChunk] | None = None,
) -> tuple[AuditPass, DerivedRows | None]:
    """Read every event once, and compare it and what is derived from all of them.

    Returns the pass, and the derived rows that differ; None where an event is missing or cannot be
    read. `cursor` must see one state throughout. `keys` are those of its chunks, where others have
    computed them.
    """
    derived_rows: DerivedRows | None = None
    with (
        recorder.cursor(write=False) as side,
        recorder.cursor(write=False) as key_cursor,
        recorder.cursor(write=False) as history_cursor,
    ):
        head = read_head(cursor)
        # Keys are never changed, so a later state has those of this one.
        last_position = recorder.last_position(cursor)
        stored_keys = StoredKeys(recorder, key_cursor, last_position)
        replay = HistoryReplay(
            recorder,
            history_cursor,
            recorder.upgraded_at(cursor),
            recorder.repeated_keys(side),
        )
        logins = SessionLogins(recorder.login_ranges(cursor), findings)
        times = _record_times(recorder, side)
        derived = DerivedPlaces(stored_keys, times, replay, logins, findings)
        audit = AuditPass(recorder, cursor, side, expected, findings, derived, keys or repeat(None))
        audit.run(advance)
        derived.note_end()
        logins.note_end(last_position)
        if audit.is_whole:
            derived_rows = compare_derived(recorder, cursor, head, last_position, derived, findings)
    return audit, derived_rows


def _record_times(recorder: LedgerRecorder, cursor: Cursor) -> RecordTimes:
    """Return the record times that count; what cannot be read is named by the pass itself."""
    try:
        return recorder.record_times(cursor)
    except StoreError:
        return RecordTimes()


def _position(difference: LedgerDifference) -> int:
    return MAX_POSITION if difference.place is None else difference.place.position
