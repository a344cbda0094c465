"""What may be recorded: from the state of a stream, an event and a context to a yes or a rejection.

Deciding reads no store and no clock: what the rest of the ledger says is asked of the context.
"""

from __future__ import annotations

from collections.abc import Sequence

from lifecycle.deciding.correction_rules import correction_problem, target_of
from lifecycle.deciding.corrections import effective
from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.decision_state import DecisionState, evolve, fold
from lifecycle.deciding.proposal import Proposal
from lifecycle.deciding.rejection_rules import first_problem
from lifecycle.deciding.sheet_numbers import number_problem
from lifecycle.events import Event, FactCorrected, RecordedEvent, Stamp, Stream
from lifecycle.events.sheet_events import Sheet
from lifecycle.events.unit_events import UnitRegistered
from lifecycle.rejections import Problem, Rejected, msg


def decide(state: DecisionState, stream: Stream, event: Event, context: DecisionContext) -> None:
    """Allow an event other than a correction. Raises `Rejected`, naming the rule."""
    problem = first_problem(Proposal(state, stream, event, context))
    # A sheet that the rules reject uses up no number.
    if problem is None and isinstance(event, Sheet):
        problem = number_problem(event, context)
    if problem is not None:
        raise Rejected([problem])


def decide_correction(
    history: Sequence[RecordedEvent],
    stream: Stream,
    event: FactCorrected,
    stamp: Stamp,
    context: DecisionContext,
) -> DecisionState:
    """Allow a correction whose result the rules allow, and return the state that results.

    The corrected history is taken through the rules from its start. A rule that the history broke
    already, because it was tightened since, does not count against the correction: otherwise no
    old mistake could be corrected. Raises `Rejected`.
    """
    target = target_of(event, history, stream)
    problem = correction_problem(event, target, history)
    if problem is not None:
        raise Rejected([problem])
    correction = RecordedEvent(stream, len(history) + 1, event, stamp)
    corrected = effective([*history, correction])
    problem = _new_problem(effective(history), corrected, stream, context)
    if problem is None and event.replacement is None:
        problem = _unit_in_use(target.event, stream, context)
    if problem is not None:
        raise Rejected([problem])
    state = fold(corrected)
    # The fold has seen effective events alone; the stream counts its corrections too.
    state.version = correction.version
    return state


def _new_problem(
    before: Sequence[RecordedEvent],
    after: Sequence[RecordedEvent],
    stream: Stream,
    context: DecisionContext,
) -> Problem | None:
    """Return the first problem of a corrected history that the history before did not have."""
    known_problems = _problems(before, stream, context)
    for version, problem in _problems(after, stream, context).items():
        known = known_problems.get(version)
        # Of one version only the first problem is known, and values differ: the rule identifies it.
        if known is None or known.rule != problem.rule:
            return problem
    return None


def _problems(
    history: Sequence[RecordedEvent],
    stream: Stream,
    context: DecisionContext,
) -> dict[int, Problem]:
    """Map each version that the rules would reject after those before it to its problem."""
    state = DecisionState()
    problems: dict[int, Problem] = {}
    for recorded in history:
        problem = first_problem(Proposal(state, stream, recorded.event, context))
        if problem is not None:
            problems[recorded.version] = problem
        evolve(state, recorded.version, stream.name, recorded.event)
    return problems


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
