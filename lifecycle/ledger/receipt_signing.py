"""Receipts of what was recorded: made from the stored events, and signed by the store's key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lifecycle.ledger.checkpoints import (
    checkpoint_of,
    read_signers,
    require_continued_tree,
    require_signer,
)
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.stored_rows import StoredRow, stored_bytes
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.log.merkle_tree import leaf_input
from lifecycle.log.receipts import Receipt, Receipts
from lifecycle.rejections import Rejected, msg


def unsigned_receipts(ledger: Ledger, entries: Iterable[LedgerEntry], reason: str) -> Receipts:
    """Return the receipts of what was just recorded; `reason` says why nobody signed them."""
    head = ledger.head()
    recorded = {entry.position: entry for entry in entries if not entry.already}
    receipts: list[Receipt] = []
    with ledger.recorder.cursor(write=False) as cursor:
        for row in _rows_at(ledger, cursor, recorded):
            entry = recorded[row[0]]
            leaf = bytes.fromhex(entry.leaf)
            receipts.append(Receipt(entry.ref, entry.position, leaf, entry=_entry_text(row)))
    return Receipts(head.origin, head.tree_hash, tuple(receipts), unsigned=reason)


def sign_receipts(ledger: Ledger, receipts: Receipts, key: SigningKey) -> Receipts:
    """Return the receipts with a proof for each event and one signed checkpoint over all.

    The checkpoint is of the tree as it is now and is not kept in the store. Raises `Rejected`
    unless the key signs for the store, the stored tree continues the last checkpoint, and each
    event stands where its receipt says: then nothing is signed.
    """
    with ledger.recorder.cursor(write=False) as cursor:
        ledger.recorder.hold_snapshot(cursor)
        require_signer(read_signers(ledger, cursor), key)
        head = read_head(cursor)
        tree = StoredTree(ledger.recorder, cursor)
        require_continued_tree(ledger, cursor, tree, head)
        proved = [_proved(tree, receipt, head.position) for receipt in receipts.events]
        checkpoint = checkpoint_of(head)
    return replace(
        receipts,
        events=tuple(proved),
        checkpoint=key.sign(checkpoint.text),
        unsigned=None,
        tree=checkpoint,
    )


def _proved(
    tree: StoredTree,
    receipt: Receipt,
    size: int,
) -> Receipt:
    position = receipt.position
    if position > size or tree.leaf(position) != receipt.leaf:
        raise Rejected.by(
            "leaf",
            msg("another event stands at position {position} than {ref}, so nothing was signed"),
            position=position,
            ref=receipt.ref,
        )
    return replace(receipt, proof=tuple(tree.inclusion_proof(position, size)))


def _rows_at(
    ledger: Ledger,
    cursor: Cursor,
    positions: Iterable[int],
) -> Iterator[StoredRow]:
    """Iterate over the rows at positions that mostly follow each other."""
    run: list[int] = []
    for position in sorted(positions):
        if run and position != run[-1] + 1:
            yield from ledger.recorder.between(cursor, run[0], run[-1])
            run = []
        run.append(position)
    if run:
        yield from ledger.recorder.between(cursor, run[0], run[-1])


def _entry_text(row: StoredRow) -> str:
    """Return the text whose hash is the event's leaf."""
    _position, stream, version, topic, _state = row
    return leaf_input(stream, version, topic, stored_bytes(row)).decode()
