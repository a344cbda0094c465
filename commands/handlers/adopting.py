"""Adopt a rulebook: record its whole text and digest as an event of the county (spec 6)."""

from __future__ import annotations

from datetime import date

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry
from lifecycle.rulebook import LoadedRulebook


def adopt_rulebook(
    ledger: Ledger,
    book: LoadedRulebook,
    occurred_on: date | str,
    author: Author,
    *,
    source_ref: str | None = None,
) -> LedgerEntry:
    """Record the adoption; past scores keep the rulebook they were computed by.

    `occurred_on` may be text as typed: it is validated like any event's day. Raises `Rejected`.
    """
    record: dict[str, object] = {
        "event": "RulebookAdopted",
        "occurred_on": str(occurred_on),
        "rulebook_id": book.id,
        "digest": book.digest,
        "content": book.content,
    }
    if source_ref:
        record["source_ref"] = source_ref
    return ledger.record(read_record(record), author)
