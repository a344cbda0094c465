"""The rules on renaming, regrouping and dissolving units, and on facts of dissolved ones (spec 7).

They look at the unit's effective facts whatever the order of recording: a fact and a dissolution
that contradict each other are rejected, whichever comes second.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lifecycle.deciding.claims import UNIT_FIELDS
from lifecycle.deciding.proposal import Proposal
from lifecycle.events import Event, Monthly, RecordedEvent
from lifecycle.events.unit_events import (
    UnitChange,
    UnitDissolved,
    UnitRegrouped,
    UnitRenamed,
)
from lifecycle.rejections import EventName, Problem, msg


def name_is_free(proposal: Proposal[UnitRenamed]) -> Problem | None:
    """A name that is or was another unit's is not taken; one's own former name may be."""
    name = proposal.event.name
    holder = proposal.context.other_unit_alike(name, proposal.stream.name)
    if holder is None:
        return None
    return Problem(
        "name_taken",
        msg(
            "the name {name} is or was that of the unit {unit}, or cannot be told from it; "
            "choose another name"
        ),
        {"name": name, "unit": holder},
        "name",
    )


def unit_is_changed_before_dissolution(proposal: Proposal[UnitChange]) -> Problem | None:
    """A dissolved unit is not renamed, regrouped or dissolved again, whatever the day."""
    dissolution = proposal.state.dissolution
    if dissolution is None:
        return None
    return already_dissolved(proposal.stream.name, dissolution)


def already_dissolved(unit: str, dissolution: UnitDissolved) -> Problem:
    """Return the problem with changing a unit whose dissolution stands."""
    return Problem(
        "unit_dissolved",
        msg(
            "{unit} was dissolved on {day}: void its UnitDissolved (单位撤并) first, then "
            "record the change and the dissolution again"
        ),
        {"unit": unit, "day": dissolution.on},
        "unit",
    )


def corrected_change_problem(
    changed: Event,
    unit: str,
    dissolution: UnitDissolved | None,
) -> Problem | None:
    """Return the problem with correcting a renaming or regrouping while a dissolution stands."""
    if dissolution is None or not isinstance(changed, (UnitRenamed, UnitRegrouped)):
        return None
    return already_dissolved(unit, dissolution)


def unit_is_there(proposal: Proposal[Event]) -> Problem | None:
    """From the day of its dissolution a unit has no events, and no event names it."""
    event = proposal.event
    if proposal.stream.kind == "unit" and not isinstance(event, UnitDissolved):
        problem = _dissolved_by(proposal, proposal.stream.name, "unit")
        if problem is not None:
            return problem
    field = UNIT_FIELDS.get(type(event))
    name = None if field is None else getattr(event, field)
    if name is None:
        return None
    return _dissolved_by(proposal, name, field)


def _dissolved_by(proposal: Proposal[Event], unit: str, field: str | None) -> Problem | None:
    dissolution = proposal.context.dissolution_of(unit)
    if dissolution is None or day_that_counts(proposal.event) < dissolution.on:
        return None
    values: dict[str, object] = {"unit": unit, "day": dissolution.on}
    if dissolution.successor is None:
        template = msg(
            "{unit} was dissolved on {day} without a successor; only what came before that day "
            "(of a monthly figure, a month that began before it) may be recorded of it"
        )
    else:
        template = msg(
            "{unit} was dissolved on {day}; its successor is {successor}: name that unit for what "
            "is of that day or later (of a monthly figure, of a month that began then or later)"
        )
        values["successor"] = dissolution.successor
    return Problem("unit_dissolved", template, values, field)


def day_that_counts(event: Event) -> date:
    """Return the day by which an event lies before a dissolution: a month counts by its first."""
    if isinstance(event, Monthly):
        return date.fromisoformat(f"{event.month}-01")
    return event.on


def successor_is_another(proposal: Proposal[UnitDissolved]) -> Problem | None:
    """No unit succeeds itself."""
    if proposal.event.successor != proposal.stream.name:
        return None
    return Problem(
        "successor_is_itself",
        msg("{unit} cannot be its own successor; name another unit, or none"),
        {"unit": proposal.stream.name},
        "successor",
    )


def nothing_follows_dissolution(proposal: Proposal[UnitDissolved]) -> Problem | None:
    """A unit is not dissolved while facts of that day or later are its own or name it."""
    dissolved_on = proposal.event.on
    unit = proposal.stream.name
    first = min(_facts_from(proposal, dissolved_on), key=_place, default=None)
    if first is None:
        return None
    return Problem(
        "facts_after_dissolution",
        msg(
            "{unit} cannot be dissolved on {day}: {event} {ref} of {fact_day} is of that day or "
            "later; correct that event, or give a later day"
        ),
        {
            "unit": unit,
            "day": dissolved_on,
            "event": EventName(type(first.event).__name__),
            "ref": first.ref,
            "fact_day": first.event.on,
        },
        "occurred_on",
    )


def _facts_from(proposal: Proposal[UnitDissolved], day: date) -> Iterator[RecordedEvent]:
    for fact in proposal.context.facts_of_unit(proposal.stream.name):
        is_own_dissolution = fact.stream == proposal.stream and isinstance(
            fact.event, UnitDissolved
        )
        if not is_own_dissolution and day_that_counts(fact.event) >= day:
            yield fact


def _place(fact: RecordedEvent) -> tuple[date, str, int]:
    return fact.event.on, fact.stream.id, fact.version
