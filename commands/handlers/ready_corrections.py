"""A changed row of what is recorded already, as the correction that it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from lifecycle.deciding.decision_state import parcel_of
from lifecycle.deciding.drafts import Draft
from lifecycle.deciding.understood_names import understood
from lifecycle.events import Event, FactCorrected, RecordedEvent, Stream
from lifecycle.events.codec import fields_of
from lifecycle.events.project_events import LandAcquired
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem

_ALREADY_THERE: Final = (
    "second",
    "second_figure",
    "second_registration",
    "second_arrangement",
    "code_taken",
    "already_passed",
    "key_conflict",
)
"""The rules by which a fact is rejected because the stream has one like it."""
_NOT_CHANGED: Final = ("key",)
_PLACE_FIELDS: Final = (
    "month",
    "project_code",
    "milestone",
    "item",
    "board",
    "indicator",
    "period",
    "year",
)
"""What tells facts of one kind in one stream apart; a row that changes it is another fact."""


class ReadyCorrection(NamedTuple):
    """The version that a row means and the fields that it says otherwise; None unsets one."""

    stream: Stream
    version: int
    event: str
    """The stored name of what it corrects."""
    replacement: Mapping[str, object]
    before: Mapping[str, object]


def ready_correction(
    work: UnitOfWork, draft: Draft, problems: list[Problem]
) -> ReadyCorrection | None:
    """Return the correction that a rejected row means, None where it means no recorded fact."""
    if not any(problem.rule in _ALREADY_THERE for problem in problems):
        return None
    draft, _notes = understood(draft, work)
    recorded = _recorded_fact(work, draft)
    if recorded is None:
        return None
    before = fields_of(recorded.event)
    replacement: dict[str, object] = {}
    for name in {**before, **draft.fields}:
        if name not in _NOT_CHANGED and before.get(name) != draft.fields.get(name):
            replacement[name] = draft.fields.get(name)
    if not replacement:
        return None
    present = {name: before.get(name) for name in replacement}
    event_name = type(recorded.event).__name__
    return ReadyCorrection(draft.stream, recorded.version, event_name, replacement, present)


def _recorded_fact(work: UnitOfWork, draft: Draft) -> RecordedEvent | None:
    """Return the effective fact that stands in the draft's place, if it alone does."""
    event = draft.event
    if isinstance(event, FactCorrected):
        return None
    facts = []
    for fact in work.effective_history(draft.stream):
        is_stored = fact.position <= work.head.position
        if is_stored and type(fact.event) is type(event) and _has_same_place(fact.event, event):
            facts.append(fact)
    # Of several nobody knows which is meant.
    return facts[0] if len(facts) == 1 else None


def _has_same_place(recorded: Event, event: Event) -> bool:
    """Whether two events of one kind stand for one fact: by key, month, parcel or filing code."""
    if event.key is not None and event.key == recorded.key:
        return True
    if isinstance(event, LandAcquired) and isinstance(recorded, LandAcquired):
        return parcel_of(event) == parcel_of(recorded)
    for name in _PLACE_FIELDS:
        if getattr(event, name, None) != getattr(recorded, name, None):
            return False
    return True
