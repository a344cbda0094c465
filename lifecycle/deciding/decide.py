"""What may be recorded: from the state of a stream, an event and a context to a yes or a rejection.

Deciding reads no store and no clock: what the rest of the ledger says is asked of the context.
"""

from __future__ import annotations

from lifecycle.deciding.corrected_stream import CorrectedStream, FactChange
from lifecycle.deciding.correction_rules import (
    correction_problem,
    revival_problem,
    target_of,
)
from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.decision_state import DecisionState
from lifecycle.deciding.proposal import Proposal
from lifecycle.deciding.rejection_rules import first_problem
from lifecycle.deciding.sheet_numbers import is_sheet, number_problem
from lifecycle.deciding.unit_change_rules import corrected_change_problem
from lifecycle.deciding.word_rules import words_in_use
from lifecycle.events import Event, FactCorrected, RecordedEvent, Stream
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.unit_events import UnitRegistered
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook.declared_words import DeclaredWord, words_declared_in


def decide(state: DecisionState, stream: Stream, event: Event, context: DecisionContext) -> None:
    """Allow an event other than a correction. Raises `Rejected`, naming the rule."""
    problem = first_problem(Proposal(state, stream, event, context, state.version + 1))
    # A sheet that the rules reject uses up no number.
    if problem is None and is_sheet(event):
        problem = number_problem(event, stream, context)
    if problem is not None:
        raise Rejected([problem.of_event(type(event).__name__)])


def decide_correction(
    corrected: CorrectedStream,
    recorded: RecordedEvent,
    event: FactCorrected,
    context: DecisionContext,
) -> FactChange:
    """Allow a correction whose result the rules allow, and return what it changes.

    `recorded` is the correction as the stream's next event. Raises `Rejected`.
    """
    stream = recorded.stream
    target = target_of(event, corrected, stream)
    problem = correction_problem(event, target, corrected)
    if problem is not None:
        raise Rejected([problem])
    change = corrected.change_by(recorded)
    problem = (
        _problem_with_change_of_dissolved_unit(corrected, change, context)
        or revival_problem(change, corrected)
        or _facts_of_voided_unit(corrected, change)
        or corrected.new_problem(change, context)
    )
    if problem is None and event.replacement is None:
        problem = _unit_in_use(target.event, stream, context)
    if problem is None:
        problem = _words_in_use(corrected, change, context)
    if problem is not None:
        raise Rejected([problem])
    return change


def _problem_with_change_of_dissolved_unit(
    corrected: CorrectedStream,
    change: FactChange,
    context: DecisionContext,
) -> Problem | None:
    """A correction may void or revive the renaming through another correction (spec 7)."""
    root = corrected.recorded(change.version)
    if root is None or root.stream.kind != "unit":
        return None
    unit = root.stream.name
    return corrected_change_problem(root.event, unit, context.dissolution_of(unit))


def _words_in_use(
    corrected: CorrectedStream,
    change: FactChange,
    context: DecisionContext,
) -> Problem | None:
    """The adoption that alone declares a word in use cannot be voided or replaced (spec 6)."""
    if change.before is None or not isinstance(change.before.event, RulebookAdopted):
        return None
    facts = [fact for fact in corrected.effective_facts() if fact.version != change.version]
    if change.after is not None:
        facts.append(change.after)
    remaining: list[DeclaredWord] = []
    for fact in facts:
        if isinstance(fact.event, RulebookAdopted):
            remaining.extend(words_declared_in(fact.event.content))
    return words_in_use(change.before, remaining, context)


def _facts_of_voided_unit(corrected: CorrectedStream, change: FactChange) -> Problem | None:
    """A registration is voided after the unit's own facts, which would be of nobody."""
    if change.before is None or change.after is not None:
        return None
    if not isinstance(change.before.event, UnitRegistered):
        return None
    versions = [fact.version for fact in corrected.effective_facts()]
    versions.remove(change.version)
    if not versions:
        return None
    return Problem(
        "unit_not_registered",
        msg(
            "the registration of {unit} is voided only once no other event of it stands; "
            "standing are the versions {versions}: void them first, or correct the "
            "registration's fields"
        ),
        {"unit": change.before.stream.name, "versions": versions},
        "corrects",
    )


def _unit_in_use(voided: Event, stream: Stream, context: DecisionContext) -> Problem | None:
    """A registration that other streams rely on cannot be voided."""
    if not isinstance(voided, UnitRegistered):
        return None
    user = context.names_unit(stream.name)
    if user is None:
        return None
    return Problem(
        "unit_in_use",
        msg("the unit {unit} is referenced by {user} and cannot be voided"),
        {"unit": stream.name, "user": user},
    )
