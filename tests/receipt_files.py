"""Receipt files of either version, as the product writes or wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.receipt_signing import sign_receipts, unsigned_receipts
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.receipts import Receipts


def signed(ledger: Ledger, entries: Iterable[LedgerEntry], key: SigningKey) -> Receipts:
    """Receipts under one signature."""
    return sign_receipts(ledger, unsigned(ledger, entries), key)


def unsigned(ledger: Ledger, entries: Iterable[LedgerEntry]) -> Receipts:
    """Receipts that a clerk without the key gets."""
    return unsigned_receipts(ledger, entries, "钥匙不在")


def first_version(ledger: Ledger, entries: Iterable[LedgerEntry]) -> bytes:
    """A receipt file as version 0.1.0 wrote it: a tree's size and root, and no signature."""
    head = ledger.head()
    events = [
        {"event": entry.ref, "position": entry.position, "leaf": entry.leaf} for entry in entries
    ]
    document = {
        "format": "lifecycle-receipt/1",
        "origin": head.origin,
        "tree_hash": head.tree_hash,
        "tree_size": head.position,
        "root": head.tree().root().hex(),
        "events": events,
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
