"""What an audit pass compares a store with: its own records, and evidence from outside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lifecycle.events import COUNTY
from lifecycle.events.county_events import Publication
from lifecycle.ledger import checkpoints
from lifecycle.ledger.audit_expectations import (
    FOREIGN_SIGNATURE,
    KEY_COSIGNED_NOTHING,
    KEY_REPLACED,
    KEY_SIGNED_NOTHING,
    ORIGIN,
    AuditExpectations,
    AuditFindings,
    ExpectedLeaf,
    ExpectedLine,
    ExpectedRoot,
    LedgerDifference,
)
from lifecycle.ledger.checkpoints import Signer
from lifecycle.ledger.cosignature_store import cosigner_keys
from lifecycle.ledger.receipt_checks import receipt_problem, templates_of
from lifecycle.ledger.recorders.ledger_head import Head
from lifecycle.ledger.store import Ledger
from lifecycle.log.cosignatures import CosignerKey, cosignature_of
from lifecycle.log.receipts import Receipts
from lifecycle.log.signed_notes import Checkpoint, Note, NoteError, VerifierKey
from lifecycle.log.witness_file import WitnessLine
from lifecycle.rejections import LedgerError, Problem, StoreError, msg

UNSIGNED_RECEIPT_ALONE: Final = msg(
    "{source} is unsigned ({why}), so it vouches for its own events and for no others"
)


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """Public keys that were kept outside the store.

    `given` are those that the auditor named, `noted` those beside the signing keys with the files
    that hold them, `unlocked` those of signing keys at hand, `cosigners` those of other parties
    that the auditor named.
    """

    given: Sequence[VerifierKey] = ()
    noted: Sequence[tuple[Path, VerifierKey]] = ()
    unlocked: Sequence[VerifierKey] = ()
    cosigners: Sequence[CosignerKey] = ()

    def written(self) -> set[str]:
        """Return all of them as they are written."""
        keys = [*self.given, *self.unlocked]
        keys.extend(key for _path, key in self.noted)
        return {str(key) for key in keys}


NO_KEYS: Final = TrustedKeys()


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
        self._signers: list[Signer] = []
        self.not_shown: list[Problem] = []
        """What the evidence cannot show."""

    def add_store_records(
        self,
        ledger: Ledger,
        keys: TrustedKeys = NO_KEYS,
        witnessed_keys: Collection[str] = (),
    ) -> None:
        """Add the store's own checkpoints and publications.

        They prove nothing against someone who rewrote the store as a whole; witness files do, and
        checkpoints that trusted keys signed.
        """
        try:
            self._signers = checkpoints.signers(ledger)
            self._add_checkpoints(ledger, keys, witnessed_keys)
            self._add_cosignatures(ledger, keys.cosigners)
        except (NoteError, StoreError) as error:
            self._cannot_use("checkpoint", error)
        try:
            self._add_publications(ledger)
        except StoreError as error:
            self._cannot_use("unreadable", error)

    def _cannot_use(self, rule: str, error: LedgerError) -> None:
        problem = Problem(rule, error.template, error.values)
        self._findings.differences.append(LedgerDifference(problem))

    def _add_checkpoints(
        self,
        ledger: Ledger,
        keys: TrustedKeys,
        witnessed_keys: Collection[str],
    ) -> None:
        trusted = keys.written() | set(witnessed_keys)
        vouched = checkpoints.vouched_signers(self._signers, trusted)
        signed: list[Signer] = []
        for note in checkpoints.stored_checkpoints(ledger):
            try:
                checkpoint, signer = checkpoints.open_checkpoint(note, self._signers)
            except NoteError as error:
                self._cannot_use("checkpoint", error)
                continue
            source = f"checkpoint {signer.key.name}"
            self._add_checkpoint(checkpoint, source, vouches=signer in vouched)
            self._findings.count("checkpoints")
            signed.append(signer)
        self._check_trusted_keys(keys, signed)

    def _add_cosignatures(self, ledger: Ledger, given: Sequence[CosignerKey]) -> None:
        """Check the cosignatures of the store's cosigners and of those that the auditor named."""
        notes = checkpoints.stored_checkpoints(ledger)
        # A key inside the store vouches for nothing, but what it signed has to be whole.
        for key in dict.fromkeys([*given, *cosigner_keys(ledger)]):
            count = self._add_cosignatures_of(key, notes, vouches=key in given)
            if key in given and not count:
                self._findings.differ("cosigner", KEY_COSIGNED_NOTHING, key=key)

    def _add_cosignatures_of(
        self,
        key: CosignerKey,
        notes: Sequence[Note],
        *,
        vouches: bool,
    ) -> int:
        """Expect the roots that a cosigner signed; return how many."""
        count = 0
        for note in notes:
            try:
                cosignature = cosignature_of(note, key)
            except NoteError as error:
                self._cannot_use("cosignature", error)
                continue
            if cosignature is not None:
                checkpoint = Checkpoint.parse(note.text)
                self._add_checkpoint(checkpoint, f"cosignature {key.name}", vouches=vouches)
                self._findings.count("cosignatures")
                count += 1
        return count

    def _check_trusted_keys(self, keys: TrustedKeys, signed: Sequence[Signer]) -> None:
        """Compare the keys that were kept outside with those of the store."""
        for key in keys.given:
            vouched = checkpoints.vouched_signers(self._signers, [str(key)])
            if not any(signer in vouched for signer in signed):
                self._findings.differ("signer", KEY_SIGNED_NOTHING, key=key)
        store_keys = [signer.key for signer in self._signers]
        for path, key in keys.noted:
            # Who may write the head can put a key of their own in the place of the first.
            if key not in store_keys:
                self._findings.differ("signer", KEY_REPLACED, source=path)

    def _add_publications(self, ledger: Ledger) -> None:
        for recorded in ledger.history(COUNTY):
            event = recorded.event
            if isinstance(event, Publication):
                source = f"publication {recorded.ref}"
                root = ExpectedRoot(event.tree_size, bytes.fromhex(event.root), source)
                self._expected.roots.append(root)
                self._findings.count("publications")

    def _add_checkpoint(self, checkpoint: Checkpoint, source: str, *, vouches: bool) -> bool:
        """Expect a checkpoint's root. Returns False where it is of another store."""
        if (checkpoint.origin, checkpoint.tree_hash) != (self._head.origin, self._head.tree_hash):
            self._findings.differ(
                "origin", ORIGIN, source=source, found=checkpoint.origin, origin=self._head.origin
            )
            return False
        root = ExpectedRoot(checkpoint.size, checkpoint.root, source, vouches=vouches)
        self._expected.roots.append(root)
        return True

    def add_witness_file(self, path: Path, lines: Sequence[WitnessLine]) -> None:
        """Add each line's root and leaf hashes' prefixes; compare the key that signed it."""
        for number, line in enumerate(lines, start=1):
            source = f"{path.name}:{number}"
            self._findings.count("witnessed")
            if not self._add_checkpoint(line.checkpoint, source, vouches=True):
                continue
            self._expected.lines.append(ExpectedLine(line, source))
            try:
                checkpoints.open_checkpoint(line.note, self._signers)
            except NoteError as error:
                self._findings.differ("signer", FOREIGN_SIGNATURE, source=source, why=error)

    def add_receipts(self, name: str, receipts: Receipts) -> None:
        """Add the root, and the events' leaf hashes and names."""
        self._findings.count("receipts", len(receipts.events))
        problem = receipt_problem(name, receipts, self._head, self._signers)
        if problem is not None:
            self._findings.differences.append(LedgerDifference(problem))
            return
        templates = templates_of(receipts)
        if receipts.tree is None:
            values: dict[str, object] = {"source": name, "why": receipts.unsigned}
            self.not_shown.append(Problem("unsigned_receipt", UNSIGNED_RECEIPT_ALONE, values))
        else:
            tree = receipts.tree
            root = ExpectedRoot(tree.size, tree.root, name, templates, vouches=True)
            self._expected.roots.append(root)
        self._expected.leaves.extend(
            ExpectedLeaf(receipt.position, receipt.leaf, name, receipt.ref, templates)
            for receipt in receipts.events
        )
