"""Verifying a store: the tree made again from the stored bytes, against everything that says what it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lifecycle.events import COUNTY
from lifecycle.events.county_events import Publication
from lifecycle.ledger import checkpoints
from lifecycle.ledger.audit_pass import (
    LEAF,
    NEVER,
    ROOT,
    AuditExpectations,
    AuditPass,
    EventPlace,
    ExpectedLeaf,
    ExpectedRoot,
    LedgerDifference,
)
from lifecycle.ledger.receipts import Receipt, Receipts
from lifecycle.ledger.recorders.ledger_recorder import MAX_POSITION, Head
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log import witness_file as witness
from lifecycle.log.proofs import inclusion_root, is_consistent
from lifecycle.log.signed_notes import Checkpoint, NoteError
from lifecycle.rejections import LedgerError, Problem, StoreError, msg

_ORIGIN: Final = msg("{source} is of another store, {found}; this one is {origin}")


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What was found: the size and root of the tree as made again, what was checked, what differs, first place first."""

    size: int
    root: bytes
    checked: dict[str, int]
    differences: list[LedgerDifference]


def verify(
    ledger: Ledger,
    witnesses: Sequence[Path] = (),
    receipts: Sequence[tuple[str, Receipts]] = (),
    advance: Callable[[int], None] = lambda _count: None,
) -> VerificationResult:
    """Make the tree again and compare it with all that is known of it."""
    expected = AuditExpectations()
    head = ledger.head()
    _own_words(ledger, head, expected)
    for path in witnesses:
        _witnessed(path, head, expected)
    for name, found in receipts:
        _receipted(name, found, head, expected)
    with ledger.recorder.cursor(write=False) as cursor, ledger.recorder.cursor(write=False) as side:
        walk = AuditPass(ledger.recorder, cursor, side, expected)
        walk.run(advance)
    expected.count("events", walk.tree.size)
    differences = sorted(
        expected.differences,
        key=lambda found: found.place.position if found.place else MAX_POSITION,
    )
    return VerificationResult(walk.tree.size, walk.tree.root(), expected.checked, differences)


# What is known -------------------------------------------------------------------------------------------------------


def _own_words(ledger: Ledger, head: Head, expected: AuditExpectations) -> None:
    """The store's own checkpoints and publications; a tampered store may have lost or rewritten them."""
    try:
        keys = [signer.key for signer in checkpoints.signers(ledger)]
        for note in checkpoints.stored_checkpoints(ledger):
            key = note.verified_by(*keys)
            _checkpoint(Checkpoint.parse(note.text), f"checkpoint {key.name}", head, expected)
            expected.count("checkpoints")
    except (NoteError, StoreError) as error:
        expected.differences.append(_unusable("checkpoint", error))
    try:
        history = ledger.history(COUNTY)
    except StoreError as error:
        expected.differences.append(_unusable("unreadable", error))
        return
    for item in history:
        if isinstance(item.event, Publication):
            expected.roots.append(
                ExpectedRoot(
                    item.event.tree_size, bytes.fromhex(item.event.root), f"publication {item.ref}"
                )
            )
            expected.count("publications")


def _unusable(rule: str, error: LedgerError) -> LedgerDifference:
    return LedgerDifference(Problem(rule, error.template, error.values))


def _checkpoint(found: Checkpoint, source: str, head: Head, expected: AuditExpectations) -> None:
    if (found.origin, found.tree_hash) != (head.origin, head.tree_hash):
        expected.differences.append(
            LedgerDifference(
                Problem(
                    "origin",
                    _ORIGIN,
                    {"source": source, "found": found.origin, "origin": head.origin},
                )
            )
        )
    else:
        expected.roots.append(ExpectedRoot(found.size, found.root, source))


def _witnessed(path: Path, head: Head, expected: AuditExpectations) -> None:
    for number, line in enumerate(witness.read_witness_file(path), 1):
        source = f"{path.name}:{number}"
        before = len(expected.roots)
        _checkpoint(line.checkpoint, source, head, expected)
        if len(expected.roots) > before:
            expected.lines.append((line, source))
        expected.count("witnessed")


def _receipted(name: str, found: Receipts, head: Head, expected: AuditExpectations) -> None:
    _checkpoint(
        Checkpoint(found.origin, found.tree_size, found.root, found.tree_hash), name, head, expected
    )
    if found.origin == head.origin:
        expected.leaves += [
            ExpectedLeaf(receipt.position, receipt.leaf, name) for receipt in found.events
        ]
    expected.count("receipts", len(found.events))


# Receipts, without a walk --------------------------------------------------------------------------------------------


def check_receipts(ledger: Ledger, name: str, found: Receipts) -> list[LedgerDifference]:
    """Show by proofs from the stored tree that each event of the receipts stands; gives what cannot be shown."""
    head = ledger.head()
    expected = AuditExpectations()
    _checkpoint(
        Checkpoint(found.origin, found.tree_size, found.root, found.tree_hash), name, head, expected
    )
    if expected.differences:
        return expected.differences
    if found.tree_size > head.position:
        problem = Problem(
            "never", NEVER, {"source": name, "size": found.tree_size, "held": head.position}
        )
        return [LedgerDifference(problem, EventPlace(head.position + 1))]
    with ledger.recorder.cursor(write=False) as cursor:
        tree = StoredTree(ledger.recorder, cursor)
        differences = [_receipt(tree, name, found, receipt) for receipt in found.events]
        if not _continues(tree, found, head):
            problem = Problem("root", ROOT, {"source": name, "size": found.tree_size, "first": 1})
            differences.append(LedgerDifference(problem))
    return [difference for difference in differences if difference is not None]


def _continues(tree: StoredTree, found: Receipts, head: Head) -> bool:
    """Whether today's tree begins with the receipt's (RFC 6962, 2.1.2)."""
    path = tree.consistency(found.tree_size, head.position)
    return is_consistent(
        found.tree_size, found.root, head.position, head.tree().root(), path, tree.hash_
    )


def _receipt(
    tree: StoredTree, name: str, found: Receipts, receipt: Receipt
) -> LedgerDifference | None:
    """Whether the event as stored now is in the receipt's tree (RFC 6962, 2.1.1)."""
    leaf = tree.leaf(receipt.position)
    path = tree.inclusion(receipt.position, found.tree_size)
    root = inclusion_root(leaf, receipt.position - 1, found.tree_size, path, tree.hash_)
    if leaf == receipt.leaf and root == found.root:
        return None
    problem = Problem(
        "leaf", LEAF, {"source": f"{name}, {receipt.ref}", "position": receipt.position}
    )
    return LedgerDifference(problem, EventPlace(receipt.position))
