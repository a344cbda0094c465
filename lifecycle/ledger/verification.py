"""Verify a store: rebuild its tree from the stored bytes, compare it with what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import COUNTY
from lifecycle.events.county_events import Publication
from lifecycle.ledger import checkpoints
from lifecycle.ledger.audit_expectations import (
    LEAF,
    NEVER,
    ORIGIN,
    ROOT,
    AuditExpectations,
    AuditFindings,
    EventPlace,
    ExpectedLeaf,
    ExpectedLine,
    ExpectedRoot,
    LedgerDifference,
)
from lifecycle.ledger.audit_pass import AuditPass
from lifecycle.ledger.derived_differences import DerivedRows, compare_derived
from lifecycle.ledger.derived_places import DerivedPlaces, StoredKeys
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.proofs import inclusion_root, is_consistent
from lifecycle.log.receipts import Receipt, Receipts
from lifecycle.log.signed_notes import Checkpoint, NoteError
from lifecycle.log.witness_file import read_witness_file, require_witnessed_events
from lifecycle.rejections import LedgerError, Problem, StoreError


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The rebuilt tree's size and root, what was checked, the differences by position."""

    size: int
    root: bytes
    checked: dict[str, int]
    differences: list[LedgerDifference]


def _ignore_progress(_events: int) -> None:
    """Show no progress."""


def verify(
    ledger: Ledger,
    witnesses: Sequence[Path] = (),
    receipts: Sequence[tuple[str, Receipts]] = (),
    advance: Callable[[int], None] = _ignore_progress,
    *,
    accept_empty_witness: bool = False,
) -> VerificationResult:
    """Rebuild the tree and compare it with witness files, receipts and the store's own records.

    `receipts` come with the name of their file. Raises `StoreError` for a witness file that cannot
    be used, and for one without a checkpoint of any event unless `accept_empty_witness` is set.
    """
    expected = AuditExpectations()
    findings = AuditFindings()
    known = KnownFacts(ledger.head(), expected, findings)
    known.add_store_records(ledger)
    for path in witnesses:
        known.add_witness_file(path, accept_empty=accept_empty_witness)
    for name, file in receipts:
        known.add_receipts(name, file)
    recorder = ledger.recorder
    with recorder.cursor(write=False) as cursor:
        # Claims and numbers change with each event: they are compared in the events' own state.
        recorder.hold_snapshot(cursor)
        audit, _derived = run_pass(recorder, cursor, expected, findings, advance)
    findings.count("events", audit.tree.size)
    differences = sorted(findings.differences, key=_position)
    return VerificationResult(audit.tree.size, audit.tree.root(), findings.checked, differences)


def run_pass(
    recorder: LedgerRecorder,
    cursor: Cursor,
    expected: AuditExpectations,
    findings: AuditFindings,
    advance: Callable[[int], None] = _ignore_progress,
) -> tuple[AuditPass, DerivedRows | None]:
    """Read every event once, and compare it and what is derived from all of them.

    Returns the pass, and the derived rows that differ; None where an event is missing or cannot be
    read. `cursor` must see one state throughout.
    """
    derived_rows: DerivedRows | None = None
    with recorder.cursor(write=False) as side, recorder.cursor(write=False) as key_cursor:
        head = read_head(cursor)
        # Keys are never changed, so a later state has those of this one.
        stored_keys = StoredKeys(recorder, key_cursor, head.position)
        derived = DerivedPlaces(stored_keys, _record_times(recorder, side), findings)
        audit = AuditPass(recorder, cursor, side, expected, findings, derived)
        audit.run(advance)
        if audit.is_whole:
            derived_rows = compare_derived(recorder, cursor, head, derived, findings)
    return audit, derived_rows


def _record_times(recorder: LedgerRecorder, cursor: Cursor) -> RecordTimes:
    """Return the record times that count; what cannot be read is named by the pass itself."""
    try:
        return recorder.record_times(cursor)
    except StoreError:
        return RecordTimes()


def _position(difference: LedgerDifference) -> int:
    return MAX_POSITION if difference.place is None else difference.place.position


class KnownFacts:
    """Collects what is known of a store into expectations.

    What cannot be used becomes a difference.
    """

    def __init__(
        self,
        head: Head,
        expected: AuditExpectations,
        findings: AuditFindings,
    ) -> None:
        self._head = head
        self._expected = expected
        self._findings = findings

    def add_store_records(self, ledger: Ledger) -> None:
        """Add the store's own checkpoints and publications.

        They prove nothing against someone who rewrote the store as a whole; witness files do.
        """
        try:
            self._add_checkpoints(ledger)
        except (NoteError, StoreError) as error:
            self._cannot_use("checkpoint", error)
        try:
            self._add_publications(ledger)
        except StoreError as error:
            self._cannot_use("unreadable", error)

    def _cannot_use(self, rule: str, error: LedgerError) -> None:
        problem = Problem(rule, error.template, error.values)
        self._findings.differences.append(LedgerDifference(problem))

    def _add_checkpoints(self, ledger: Ledger) -> None:
        keys = [signer.key for signer in checkpoints.signers(ledger)]
        for note in checkpoints.stored_checkpoints(ledger):
            key = note.verify(*keys)
            self._add_checkpoint(Checkpoint.parse(note.text), f"checkpoint {key.name}")
            self._findings.count("checkpoints")

    def _add_publications(self, ledger: Ledger) -> None:
        for recorded in ledger.history(COUNTY):
            event = recorded.event
            if isinstance(event, Publication):
                source = f"publication {recorded.ref}"
                root = ExpectedRoot(event.tree_size, bytes.fromhex(event.root), source)
                self._expected.roots.append(root)
                self._findings.count("publications")

    def _add_checkpoint(self, checkpoint: Checkpoint, source: str) -> bool:
        """Expect a checkpoint's root. Returns False where it is of another store."""
        if (checkpoint.origin, checkpoint.tree_hash) != (self._head.origin, self._head.tree_hash):
            self._findings.differ(
                "origin", ORIGIN, source=source, found=checkpoint.origin, origin=self._head.origin
            )
            return False
        self._expected.roots.append(ExpectedRoot(checkpoint.size, checkpoint.root, source))
        return True

    def add_witness_file(self, path: Path, *, accept_empty: bool) -> None:
        """Add each line's root and leaf hashes' prefixes."""
        lines = read_witness_file(path)
        if not accept_empty:
            require_witnessed_events(path, lines)
        for number, line in enumerate(lines, start=1):
            source = f"{path.name}:{number}"
            if self._add_checkpoint(line.checkpoint, source):
                self._expected.lines.append(ExpectedLine(line, source))
            self._findings.count("witnessed")

    def add_receipts(self, name: str, receipts: Receipts) -> None:
        """Add the root and the events' leaf hashes."""
        self._add_checkpoint(_checkpoint_of(receipts), name)
        if receipts.origin == self._head.origin:
            self._expected.leaves.extend(
                ExpectedLeaf(receipt.position, receipt.leaf, name) for receipt in receipts.events
            )
        self._findings.count("receipts", len(receipts.events))


def _checkpoint_of(receipts: Receipts) -> Checkpoint:
    return Checkpoint(receipts.origin, receipts.tree_size, receipts.root, receipts.tree_hash)


# Receipts, without an audit pass ----------------------------------------------------------------


def check_receipts(
    ledger: Ledger,
    name: str,
    receipts: Receipts,
) -> list[LedgerDifference]:
    """Prove from the stored tree that each event of the receipts stands.

    Returns what cannot be proved. Costs a few node reads for each event, however long the ledger.
    """
    head = ledger.head()
    findings = AuditFindings()
    if (receipts.origin, receipts.tree_hash) != (head.origin, head.tree_hash):
        findings.differ("origin", ORIGIN, source=name, found=receipts.origin, origin=head.origin)
    elif receipts.tree_size > head.position:
        findings.differ(
            "never",
            NEVER,
            EventPlace(head.position + 1),
            source=name,
            size=receipts.tree_size,
            held=head.position,
        )
    else:
        with ledger.recorder.cursor(write=False) as cursor:
            tree = StoredTree(ledger.recorder, cursor)
            _prove_events(tree, name, receipts, findings)
            if not _is_continued(tree, receipts, head):
                findings.differ("root", ROOT, source=name, size=receipts.tree_size, first=1)
    return findings.differences


def _prove_events(
    tree: StoredTree,
    name: str,
    receipts: Receipts,
    findings: AuditFindings,
) -> None:
    for receipt in receipts.events:
        if not _is_included(tree, receipts, receipt):
            findings.differ(
                "leaf",
                LEAF,
                EventPlace(receipt.position),
                source=f"{name}, {receipt.ref}",
                position=receipt.position,
            )


def _is_included(
    tree: StoredTree,
    receipts: Receipts,
    receipt: Receipt,
) -> bool:
    """Return whether the event as stored now is in the receipt's tree (RFC 6962, 2.1.1)."""
    leaf = tree.leaf(receipt.position)
    path = tree.inclusion_proof(receipt.position, receipts.tree_size)
    root = inclusion_root(leaf, receipt.position - 1, receipts.tree_size, path, tree.hash_)
    return leaf == receipt.leaf and root == receipts.root


def _is_continued(
    tree: StoredTree,
    receipts: Receipts,
    head: Head,
) -> bool:
    """Return whether today's tree begins with the receipts' tree (RFC 6962, 2.1.2)."""
    return is_consistent(
        receipts.tree_size,
        receipts.root,
        head.position,
        head.tree().root(),
        tree.consistency_proof(receipts.tree_size, head.position),
        tree.hash_,
    )
