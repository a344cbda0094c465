"""Which fields may also change on a later day, by an event of its own (spec 7).

A correction of such a field works back to the day of the fact. Where the world changed since, that
rewrites what earlier views rightly showed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from lifecycle.deciding.corrections import Correction, voided_corrections
from lifecycle.events import Event, FactCorrected, RecordedEvent
from lifecycle.events.county_events import TargetSet
from lifecycle.events.project_course_events import FollowedUp, InvestorChanged
from lifecycle.events.project_events import (
    AgreementAmended,
    AgreementSigned,
    InformationReported,
    LandAcquired,
    ProjectFiled,
    ScheduleSet,
)
from lifecycle.events.resource_events import CHANGEABLE, ResourceChanged, ResourceListed
from lifecycle.events.unit_events import UnitRegistered, UnitRegrouped, UnitRenamed

REPAIRED_WITHIN_DAYS: Final = 30
"""A slip of the hand is mostly noticed by then; what is put right later may have been right."""

_CONTRACT: Final = frozenset(("contract_investment", "contract_fixed_assets"))
_INVESTOR: Final = frozenset(("investor", "investor_code", "investor_traits", "outside_ratio"))
_STANDING: Final = frozenset(("sequence", "category"))
_PARCEL: Final = frozenset(("area_mu", "transfer_fee", "county_state_share"))

_CHANGES: Final[dict[type[Event], tuple[Collection[str], type[Event]]]] = {
    AgreementSigned: (_CONTRACT, AgreementAmended),
    AgreementAmended: (_CONTRACT, AgreementAmended),
    InformationReported: (_INVESTOR, InvestorChanged),
    InvestorChanged: (_INVESTOR, InvestorChanged),
    # More land and another filing are events of their own, beside the first.
    LandAcquired: (_PARCEL, LandAcquired),
    ProjectFiled: (frozenset(("project_code",)), ProjectFiled),
    ScheduleSet: (frozenset(("milestones",)), ScheduleSet),
    FollowedUp: (frozenset(("next_step", "next_on")), FollowedUp),
    UnitRegistered: (_STANDING, UnitRegrouped),
    UnitRegrouped: (_STANDING, UnitRegrouped),
    UnitRenamed: (frozenset(("name",)), UnitRenamed),
    ResourceListed: (frozenset(CHANGEABLE), ResourceChanged),
    ResourceChanged: (frozenset(CHANGEABLE), ResourceChanged),
    TargetSet: (frozenset(("amount",)), TargetSet),
}
"""The events whose fields may change on a later day: which fields, and by which event."""


class LateRepair(NamedTuple):
    """A correction that may have been a change: made long after its fact was recorded."""

    correction: RecordedEvent
    fact: RecordedEvent
    fields: tuple[str, ...]
    change: str
    """The event by which the fields change on a day."""


def change_instead(event: Event, replacement: Iterable[str]) -> str | None:
    """Return the event that records a change of these fields on a day, if there is one."""
    fields, change = _CHANGES.get(type(event), (frozenset(), None))
    if change is None or not any(name in fields for name in replacement):
        return None
    return change.__name__


def late_repairs(history: Iterable[RecordedEvent], day: date) -> Iterator[LateRepair]:
    """Yield the live corrections by a day that look like changes, in order."""
    recorded = {entry.version: entry for entry in history}
    voided = voided_corrections(_corrections(recorded.values()))
    for entry in recorded.values():
        event = entry.event
        if not isinstance(event, FactCorrected) or entry.version in voided or event.on > day:
            continue
        fact = recorded.get(event.corrects)
        change = None if fact is None else change_instead(fact.event, event.replacement or {})
        if fact is None or change is None or not _is_late(entry, fact):
            continue
        fields, _change = _CHANGES[type(fact.event)]
        changed = tuple(name for name in event.replacement or {} if name in fields)
        yield LateRepair(entry, fact, changed, change)


def _corrections(history: Iterable[RecordedEvent]) -> Iterator[Correction]:
    for entry in history:
        event = entry.event
        if isinstance(event, FactCorrected):
            yield Correction(entry.version, event.corrects, event.replacement)


def _is_late(correction: RecordedEvent, fact: RecordedEvent) -> bool:
    delay = correction.stamp.recorded_at - fact.stamp.recorded_at
    return delay.days > REPAIRED_WITHIN_DAYS
