"""Correct or void an earlier event; the original stays visible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.recording import record_event
from commands.words.screen_words import COUNTY_STREAM
from lifecycle.deciding.corrections import corrected_history
from lifecycle.events import COUNTY, RecordedEvent, Stream, StreamKind, UnreadableEvent
from lifecycle.events.codec import fields_of
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg

COUNTY_NAMES: Final = ("county", COUNTY_STREAM)
"""What the county's own stream may be called."""
# A project comes first: it has far more events to correct than a unit.
_NAMED_KINDS: Final[tuple[StreamKind, ...]] = ("project", "unit", "resource")


class CorrectionResult(NamedTuple):
    """A recorded correction with the event's fields before and after it; None after a void."""

    entry: LedgerEntry
    before: Mapping[str, object]
    after: Mapping[str, object] | None


def find_stream(ledger: Ledger, name: str) -> Stream:
    """Return the stream of a project's or resource's code, a unit's name, or `county`.

    Raises `Rejected` if there is none.
    """
    if name in COUNTY_NAMES:
        return COUNTY
    for kind in _NAMED_KINDS:
        stream = Stream(kind, name)
        if ledger.stored_history(stream):
            return stream
    raise Rejected.by(
        "unknown_stream",
        msg("there is no project, unit or resource {name}"),
        name=name,
    )


def find_event(
    ledger: Ledger,
    stream: Stream,
    version: int,
) -> RecordedEvent:
    """Return an event as it was recorded. Raises `Rejected` if the stream has no such version."""
    for item in ledger.stored_history(stream):
        if item.version == version:
            return item
    raise Rejected.by(
        "unknown_version",
        msg("{stream} has no event {version}"),
        stream=stream.name,
        version=version,
    )


def effective_event(ledger: Ledger, target: RecordedEvent) -> RecordedEvent | None:
    """Return an event as earlier corrections left it, None where they made it void."""
    # Read also beside events that cannot be read: this is how they are voided one by one.
    for item in corrected_history(ledger.stored_history(target.stream)).facts:
        if item.version == target.version:
            return item
    return None


def correct_event(
    ledger: Ledger,
    target: RecordedEvent,
    replacement: Mapping[str, Any] | None,
    author: Author,
    *,
    reason: str,
    approved_by: str,
    note: str | None = None,
    evidence: EvidenceIntake | None = None,
    confirm_unusual: bool = True,
) -> CorrectionResult:
    """Record a correction of an event: new fields, or a void where `replacement` is None.

    A field whose replacement is None is unset. Raises `Rejected`, and then nothing is stored.
    """
    stream = target.stream
    record: dict[str, Any] = {
        "event": "FactCorrected",
        "occurred_on": ledger.clock().date().isoformat(),
        "corrects": target.version,
        "replacement": replacement,
        "reason": reason,
        "approved_by": approved_by,
    }
    if note:
        record["note"] = note
    if stream != COUNTY:
        record[stream.kind] = stream.name
    entry = record_event(ledger, record, author, evidence, confirm_unusual=confirm_unusual)
    # Other corrections may lie over this one, so the outcome is read back from the history.
    changed = effective_event(ledger, target)
    after = None if changed is None else fields_of(changed.event)
    before = {} if isinstance(target.event, UnreadableEvent) else fields_of(target.event)
    return CorrectionResult(entry, before, after)
