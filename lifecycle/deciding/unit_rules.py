"""The rules on units, on events that name one, and on the county's own events (spec 1)."""

from __future__ import annotations

from lifecycle.deciding.claims import UNIT_FIELDS
from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.project_rules import alike_problem
from lifecycle.deciding.proposal import Proposal
from lifecycle.events import Event
from lifecycle.events.county_events import RulebookAdopted, WorkingDaysArranged
from lifecycle.events.folded_text import folded_name
from lifecycle.events.unit_events import UnitRegistered
from lifecycle.rejections import Problem, msg


def registration_comes_first(proposal: Proposal[Event]) -> Problem | None:
    """Only a registered unit has events of its own."""
    if proposal.state.registration is not None:
        return None
    return _unregistered(proposal.stream.name, "unit", proposal.context)


def unit_is_new(proposal: Proposal[UnitRegistered]) -> Problem | None:
    """A unit is registered once."""
    if proposal.state.registration is None:
        return _name_is_taken(proposal)
    return Problem(
        "second_registration",
        msg("the unit {unit} is already registered"),
        {"unit": proposal.stream.name},
        "unit",
    )


def _name_is_taken(proposal: Proposal[UnitRegistered]) -> Problem | None:
    name = proposal.stream.name
    holder = proposal.context.other_unit_alike(name, name)
    if holder is None or folded_name(holder) == folded_name(name):
        return alike_problem(proposal, "second_registration", "unit")
    # By a renaming: nothing about the two identities looks alike, so the other reason is given.
    return Problem(
        "second_registration",
        msg(
            "the name {name} is or was that of the unit {unit}, or cannot be told from it; "
            "choose another name"
        ),
        {"name": name, "unit": holder},
        "unit",
    )


def named_unit_is_registered(proposal: Proposal[Event]) -> Problem | None:
    """A unit that an event names in a field is registered, whichever stream the event is in."""
    field = UNIT_FIELDS[type(proposal.event)]
    name = getattr(proposal.event, field)
    # A transfer or a target may name no unit: the zone or the county takes its place.
    if name is None or proposal.context.is_unit(name):
        return None
    return _unregistered(name, field, proposal.context)


def rulebook_is_sound(proposal: Proposal[RulebookAdopted]) -> Problem | None:
    """Only a rulebook that passes its own checks is adopted (spec 6)."""
    return proposal.context.rulebook_problem(proposal.event)


def year_is_not_arranged(proposal: Proposal[WorkingDaysArranged]) -> Problem | None:
    """A year has one arrangement; one that the State Council revised corrects it."""
    year = proposal.event.year
    if year not in proposal.state.arranged_years:
        return None
    return Problem(
        "second_arrangement",
        msg("the working days of {year} are already arranged; correct that event instead"),
        {"year": year},
        "year",
    )


def _unregistered(name: str, field: str, context: DecisionContext) -> Problem:
    return Problem(
        "unit_not_registered",
        msg("the unit {unit} is not registered; most similar registered units: {allowed}"),
        {"unit": name, "allowed": list(context.nearest_units(name))},
        field,
    )
