"""What receipts prove, from the few nodes of the stored tree that lie on their way to the root."""

from __future__ import annotations

from collections.abc import Sequence

from lifecycle.ledger.audit_chunk import event_place
from lifecycle.ledger.audit_expectations import (
    FOREIGN_SIGNATURE,
    INVENTED,
    NAME,
    ORIGIN,
    SIGNED_RECEIPT,
    UNSIGNED_RECEIPT,
    AuditFindings,
    DifferenceTemplates,
    EventPlace,
    LedgerDifference,
)
from lifecycle.ledger.checkpoints import Signer, open_checkpoint, read_signers
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.proofs import is_consistent
from lifecycle.log.receipts import Receipt, Receipts
from lifecycle.log.signed_notes import Checkpoint, NoteError
from lifecycle.rejections import Problem


def templates_of(receipts: Receipts) -> DifferenceTemplates:
    """Return the sentences for what does not fit: anybody can invent an unsigned receipt."""
    return UNSIGNED_RECEIPT if receipts.checkpoint is None else SIGNED_RECEIPT


def receipt_problem(
    name: str,
    receipts: Receipts,
    head: Head,
    keys: Sequence[Signer],
) -> Problem | None:
    """Return why a receipt file proves nothing of this store, before the store is read."""
    values: dict[str, object] = {"source": name}
    if (receipts.origin, receipts.tree_hash) != (head.origin, head.tree_hash):
        values |= {"found": receipts.origin, "origin": head.origin}
        return Problem("origin", ORIGIN, values)
    # The signature comes first: what nobody of the store signed says nothing about the store.
    if receipts.checkpoint is not None:
        try:
            open_checkpoint(receipts.checkpoint, keys)
        except NoteError as error:
            return Problem("signer", FOREIGN_SIGNATURE, {**values, "why": error})
    invented = receipts.first_invented()
    if invented is not None:
        return Problem("invented", INVENTED, {**values, "ref": invented.ref})
    return None


def check_receipts(
    ledger: Ledger,
    name: str,
    receipts: Receipts,
) -> list[LedgerDifference]:
    """Prove from the stored tree that each event of the receipts stands.

    Returns what cannot be proved. Costs a few node reads for each event, however long the ledger.
    """
    findings = AuditFindings()
    with ledger.recorder.cursor(write=False, is_snapshot=True) as cursor:
        head = read_head(cursor)
        problem = receipt_problem(name, receipts, head, read_signers(ledger, cursor, head))
        if problem is not None:
            return [LedgerDifference(problem)]
        proof = _ReceiptProof(ledger, cursor, name, receipts, findings)
        proof.check_events()
        proof.check_tree(head)
    return findings.differences


class _ReceiptProof:
    """Compares one receipt file with the stored tree, and notes what differs."""

    def __init__(
        self,
        ledger: Ledger,
        cursor: Cursor,
        name: str,
        receipts: Receipts,
        findings: AuditFindings,
    ) -> None:
        self._recorder = ledger.recorder
        self._cursor = cursor
        self._tree = StoredTree(ledger.recorder, cursor)
        self._name = name
        self._receipts = receipts
        self._findings = findings
        self._templates = templates_of(receipts)

    def check_events(self) -> None:
        """Compare each event's leaf and name with what stands at its position."""
        for receipt in self._receipts.events:
            # Read to the end: a server's scan that is left open bars the next one.
            rows = [*self._recorder.between(self._cursor, receipt.position, receipt.position)]
            row = rows[0] if rows else None
            if row is None or self._tree.leaf(receipt.position) != receipt.leaf:
                self._report_leaf(receipt)
                continue
            event = event_place(row, receipt.position).ref
            if event != receipt.ref:
                self._findings.differ(
                    "event_name",
                    NAME,
                    EventPlace(receipt.position),
                    source=self._name,
                    position=receipt.position,
                    ref=receipt.ref,
                    event=event,
                )

    def _report_leaf(self, receipt: Receipt) -> None:
        self._findings.differ(
            "leaf",
            self._templates.leaf,
            EventPlace(receipt.position),
            source=f"{self._name}, {receipt.ref}",
            position=receipt.position,
        )

    def check_tree(self, head: Head) -> None:
        """Compare the tree that the receipts name with the one that the store keeps."""
        tree = self._receipts.tree
        if tree is None:
            return
        if tree.size > head.position:
            self._findings.differ(
                "never",
                self._templates.never,
                EventPlace(head.position + 1),
                source=self._name,
                size=tree.size,
                held=head.position,
            )
        elif not self._is_continued(tree, head):
            self._findings.differ(
                "root", self._templates.root, source=self._name, size=tree.size, first=1
            )

    def _is_continued(self, tree: Checkpoint, head: Head) -> bool:
        """Return whether today's tree begins with the receipts' tree (RFC 6962, 2.1.2)."""
        return is_consistent(
            tree.size,
            tree.root,
            head.position,
            head.tree().root(),
            self._tree.consistency_proof(tree.size, head.position),
            self._tree.hash_,
        )
