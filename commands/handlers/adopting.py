"""Adopt a rulebook: record its whole text and digest as an event of the county (spec 6)."""

from __future__ import annotations

from datetime import date
from typing import Final

from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.recording import record_event
from commands.handlers.rulebook_fitness import fitness_findings
from lifecycle.events import COUNTY
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.rulebook_review import ReviewFinding, has_errors


class UnfitRulebook(Rejected):
    """A rulebook with errors, or with doubts that nobody has read yet; carries the findings."""

    def __init__(self, findings: list[ReviewFinding]) -> None:
        super().__init__([finding.problem for finding in findings])
        self.findings: Final = findings


def adopt_rulebook(
    ledger: Ledger,
    book: LoadedRulebook,
    occurred_on: date | str,
    author: Author,
    *,
    source_ref: str | None = None,
    evidence: EvidenceIntake | None = None,
    doubts_read: bool = False,
) -> LedgerEntry:
    """Record the adoption; past scores keep the rulebook they were computed by.

    `occurred_on` may be text as typed: it is validated like any event's day. `evidence` holds the
    files that were named, such as the policy's text. Raises `Rejected`, or
    `UnfitRulebook` for what `rulebook check` finds; `doubts_read` takes the doubts as read.
    """
    _require_fit(ledger, book, doubts_read=doubts_read)
    record: dict[str, object] = {
        "event": "RulebookAdopted",
        "occurred_on": str(occurred_on),
        "rulebook_id": book.id,
        "digest": book.digest,
        "content": book.content,
    }
    if source_ref:
        record["source_ref"] = source_ref
    if evidence is not None and evidence.named:
        record["evidence"] = evidence.named
    return record_event(ledger, record, author, evidence)


def _require_fit(
    ledger: Ledger,
    book: LoadedRulebook,
    *,
    doubts_read: bool,
) -> None:
    # What was adopted stays what it was: a digest adopted before is adopted again as it is.
    if book.digest in _adopted_digests(ledger):
        return
    findings = fitness_findings(book)
    if has_errors(findings) or (findings and not doubts_read):
        raise UnfitRulebook(findings)


def _adopted_digests(ledger: Ledger) -> set[str]:
    events = [recorded.event for recorded in ledger.history(COUNTY)]
    return {event.digest for event in events if isinstance(event, RulebookAdopted)}
