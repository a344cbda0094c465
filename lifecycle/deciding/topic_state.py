"""Restore one topic of a decision state from the facts that move it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from lifecycle.deciding.decision_state import DecisionState, TaskChange, opens, pause_change
from lifecycle.deciding.resource_course import ResourceEntry
from lifecycle.deciding.rule_topics import (
    ARRANGEMENT,
    CONSULTATION,
    COURSE,
    DISSOLUTION,
    FIGURE,
    FILING,
    INFORMATION,
    KIND,
    MILESTONE,
    PARCEL,
    PAUSES,
    PROJECT_NAME,
    REGISTRATION,
    RESOURCE,
    SCHEDULE,
    SIGNING,
    TASK,
    TERMINATION,
    Topic,
)
from lifecycle.events import BY_NAME, Event


def restore_topic(
    state: DecisionState,
    topic: Topic,
    facts: Sequence[Event],
    versions: Sequence[int],
) -> None:
    """Set what a state says of a topic by the facts that settle it, with their versions.

    These are all changes of a task, all pauses, all events of a resource; of any other topic the
    last event that moves it.
    """
    match topic:
        case (str(field), str(number)) if field == TASK:
            _restore_task(state, number, facts, versions)
        case _ if topic == PAUSES:
            _restore_pauses(state, facts, versions)
        case _ if topic == RESOURCE:
            _restore_resource(state, facts, versions)
        case (str(field), kind, month) if field == FIGURE:
            _restore_entry(state.figures, (kind, month), is_held=bool(facts))
        case (str(field), str(year)) if field == ARRANGEMENT:
            _restore_entry(state.arranged_years, int(year), is_held=bool(facts))
        case (str(field), str(parcel)) if field == PARCEL:
            _restore_parcel(state, parcel, facts)
        case (str(field), str(milestone)) if field == MILESTONE:
            _restore_entry(state.milestones, milestone, is_held=bool(facts))
        case (str(field), str(code)) if field == FILING:
            _restore_entry(state.filing_codes, code, is_held=bool(facts))
        case (str(field), str(name)) if field == KIND:
            _restore_entry(state.kinds, BY_NAME[name], is_held=bool(facts))
        case _:
            last: Any = facts[-1] if facts else None
            _RESTORERS[topic](state, last)


def _restore_entry(entries: set[Any], entry: object, *, is_held: bool) -> None:
    if is_held:
        entries.add(entry)
    else:
        entries.discard(entry)


def _restore_parcel(state: DecisionState, parcel: str, facts: Sequence[Any]) -> None:
    """Hold a parcel by the name that its last acquisition gives it."""
    if facts:
        state.parcels[parcel] = facts[-1].parcel or ""
    else:
        state.parcels.pop(parcel, None)


def _restore_task(
    state: DecisionState,
    number: str,
    facts: Sequence[Any],
    versions: Sequence[int],
) -> None:
    changes = [
        TaskChange(fact.on, version, opens(fact))
        for fact, version in zip(facts, versions, strict=True)
    ]
    if changes:
        state.tasks[number] = sorted(changes)
    else:
        state.tasks.pop(number, None)


def _restore_pauses(
    state: DecisionState,
    facts: Sequence[Any],
    versions: Sequence[int],
) -> None:
    changes = zip(facts, versions, strict=True)
    state.pauses = sorted(pause_change(fact, version) for fact, version in changes)


def _restore_resource(
    state: DecisionState,
    facts: Sequence[Any],
    versions: Sequence[int],
) -> None:
    changes = zip(facts, versions, strict=True)
    entries = [ResourceEntry(fact.on, version, fact) for fact, version in changes]
    state.resource_entries = sorted(entries)


def _restore_information(state: DecisionState, last: Any) -> None:
    state.information = last


def _restore_registration(state: DecisionState, last: Any) -> None:
    state.registration = last


def _restore_termination(state: DecisionState, last: Any) -> None:
    state.terminated_on = None if last is None else last.on


def _restore_signing(state: DecisionState, last: Any) -> None:
    state.signed_on = None if last is None else last.on


def _restore_nothing(_state: DecisionState, _last: Any) -> None:
    """The state does not hold the topic."""


def _restore_dissolution(state: DecisionState, last: Any) -> None:
    state.dissolution = last


def _restore_consultation(state: DecisionState, last: Any) -> None:
    state.consultation_passed = last is not None


def _restore_schedule(state: DecisionState, last: Any) -> None:
    state.has_schedule = last is not None


_RESTORERS: Final[dict[Topic, Callable[[DecisionState, Any], None]]] = {
    INFORMATION: _restore_information,
    PROJECT_NAME: _restore_information,
    REGISTRATION: _restore_registration,
    TERMINATION: _restore_termination,
    CONSULTATION: _restore_consultation,
    SCHEDULE: _restore_schedule,
    SIGNING: _restore_signing,
    DISSOLUTION: _restore_dissolution,
    COURSE: _restore_nothing,
}
