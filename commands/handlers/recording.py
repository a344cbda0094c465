"""Record one event, or several together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.plausibility import Plausibility
from lifecycle.deciding.drafts import read_record
from lifecycle.events import Event
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork


def record_event(
    ledger: Ledger,
    record: Mapping[str, Any],
    author: Author,
    evidence: EvidenceIntake | None = None,
    *,
    confirm_unusual: bool = True,
) -> LedgerEntry:
    """Decide on a plain record and append its event.

    Without `confirm_unusual` a fact that is most likely a slip of the hand is rejected too.

    `record` holds the envelope and the event's fields side by side, as a JSONL line does. Raises
    `Rejected`, and then neither the event nor its evidence is stored.
    """
    entries = record_events(ledger, [record], author, evidence, confirm_unusual=confirm_unusual)
    return entries[0]


def preview_event(
    ledger: Ledger,
    record: Mapping[str, Any],
    author: Author,
) -> Event:
    """Return the event of a plain record that may be recorded; nothing is. Raises `Rejected`."""
    draft = read_record(record)
    ledger.preview(lambda work: work.record(draft), author)
    return draft.event


def record_events(
    ledger: Ledger,
    records: Sequence[Mapping[str, Any]],
    author: Author,
    evidence: EvidenceIntake | None = None,
    *,
    confirm_unusual: bool = True,
) -> list[LedgerEntry]:
    """Decide on plain records in their order and append their events together, or none of them."""
    drafts = [read_record(record) for record in records]

    def decide(work: UnitOfWork) -> list[LedgerEntry]:
        examinations = () if confirm_unusual else (Plausibility(work).examine,)
        entries = []
        for draft in drafts:
            entry = work.record(draft, *examinations)
            # The decision may run again after a lost race; storing evidence twice is harmless, as
            # its name is its digest.
            if evidence is not None:
                work.keep_evidence(entry, evidence.store())
            entries.append(entry)
        return entries

    return ledger.execute(decide, author)
