"""A stream moved along by corrections says what folding its whole history again would say."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import given, strategies as st

from lifecycle.deciding.corrected_stream import CorrectedStream
from lifecycle.deciding.corrections import effective
from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.decision_state import DecisionState, evolve, fold
from lifecycle.deciding.proposal import Proposal
from lifecycle.deciding.rejection_rules import first_problem
from lifecycle.events import FactCorrected, RecordedEvent, Stream
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected
from tests.ledgers import CLERK, fill, new_ledger
from tests.reference.histories import histories
from tests.soak import examples

Change = dict[str, object] | None


def candidate_changes(event: object, others: Sequence[object]) -> Iterator[Change]:
    """Changes that may break a rule, here or later: voids, and fields of the others' values."""
    yield None
    if isinstance(event, FactCorrected):
        return
    for name in (
        "occurred_on",
        "month",
        "outcome",
        "about",
        "parcel",
        "project_code",
        "milestone",
        "investor",
        "name",
        "note",
    ):
        values = {str(getattr(other, name)) for other in others if getattr(other, name, None)}
        for value in sorted(values | {"note"} if name == "note" else values):
            if name in type(event).model_fields:  # type: ignore[attr-defined]
                yield {name: value}


def problems(
    history: Sequence[RecordedEvent], stream: Stream, context: DecisionContext
) -> dict[int, str]:
    """The rule that each version breaks after those before it, by folding everything."""
    state = DecisionState()
    rules: dict[int, str] = {}
    for recorded in history:
        # Pauses alone are judged beside those recorded later: they alternate by their days.
        others = [other for other in history if other.version != recorded.version]
        state.pauses = fold(others).pauses
        problem = first_problem(Proposal(state, stream, recorded.event, context, recorded.version))
        if problem is not None:
            rules[recorded.version] = problem.rule
        state.pauses = []
        evolve(state, recorded.version, stream.name, recorded.event)
    return rules


def first_new_rule(before: dict[int, str], after: dict[int, str]) -> str | None:
    for version, rule in after.items():
        if before.get(version) != rule:
            return rule
    return None


def rule_of(problem: Problem | None) -> str | None:
    return None if problem is None else problem.rule


@examples(25)
@given(data=st.data())
def test_a_correction_is_judged_and_followed_as_by_folding_all(data: st.DataObject) -> None:
    records = data.draw(histories())
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        with ledger.recorder.cursor(write=False) as cursor:
            context = UnitOfWork(ledger.recorder, cursor, CLERK, ledger.clock())
            for stream_id in ledger.changed_streams(0):
                _check_stream(data, context, ledger.history(Stream.of(stream_id)))


def _check_stream(data: st.DataObject, context: UnitOfWork, history: list[RecordedEvent]) -> None:
    stream = history[0].stream
    target = data.draw(st.sampled_from(history))
    others = [recorded.event for recorded in history]
    for replacement in candidate_changes(target.event, others):
        corrected = CorrectedStream(stream, history)
        event = FactCorrected.model_validate(
            {
                "occurred_on": "2024-06-01",
                "corrects": target.version,
                "replacement": replacement,
                "reason": "误录",
                "approved_by": "余敏",
            }
        )
        recorded = RecordedEvent(stream, len(history) + 1, event, target.stamp)
        try:
            change = corrected.change_by(recorded)
        except Rejected:  # against the fact's own fields, so it is never recorded
            continue
        after = effective([*history, recorded])
        expected = first_new_rule(
            problems(effective(history), stream, context), problems(after, stream, context)
        )
        assert rule_of(corrected.new_problem(change, context)) == expected
        assert corrected.state == _folded(effective(history), len(history))
        corrected.add_correction(recorded, change)
        assert corrected.state == _folded(after, recorded.version)
        assert corrected.is_effective(target.version) == (
            target.version in {fact.version for fact in after}
        )


def _folded(facts: list[RecordedEvent], version: int) -> DecisionState:
    state = fold(facts)
    state.version = version
    return state


def test_the_state_knows_every_field_of_the_facts() -> None:
    """A field added to the state must be restored by corrections too: see `topic_state`."""
    assert {*DecisionState.__dataclass_fields__} == {
        "version",
        "information",
        "registration",
        "dissolution",
        "consultation_passed",
        "kinds",
        "figures",
        "terminated_on",
        "signed_on",
        "has_schedule",
        "arranged_years",
        "parcels",
        "filing_codes",
        "milestones",
        "pauses",
        "resource_entries",
        "tasks",
        "claims",
    }
