"""Ask again before a fact is recorded that is most likely a slip of the hand (spec 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commands.words.vocabulary_words import chinese_word
from commands.words.workbook_words import CONFIRMED
from lifecycle.deciding.unusual_facts import UNUSUAL, UsualFacts, unusual_problems
from lifecycle.events import Event, Stream
from lifecycle.ledger.proposed_fact import ProposedFact
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, Rejected, msg

_HOW_TO_CONFIRM: Final = msg(
    "if it is right, confirm it: --confirm-unusual, or {yes} in the column {column} of a file"
)


class Plausibility:
    """Examines the facts that one unit of work proposes. It records and decides nothing."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._usual: dict[str, UsualFacts] = {}
        """What is usual in the streams that facts were proposed for, by stream id."""

    def examine(self, proposed: ProposedFact) -> None:
        """Raise `Rejected` by the rule `unusual`, naming everything that is unlikely."""
        if proposed.stream.kind != "project" or proposed.event is None:
            self.forget(proposed.stream)
            return
        problems = list(unusual_problems(proposed.event, self._beside(proposed)))
        if problems:
            raise Rejected([*problems, _how_to_confirm()])
        self.follow(proposed)

    def follow(self, proposed: ProposedFact) -> None:
        """Take in a fact that is recorded, examined or confirmed."""
        usual = self._usual.get(proposed.stream.id)
        if proposed.replaces is not None:
            # The changed fact takes the place of an earlier one: read the stream again.
            self.forget(proposed.stream)
        elif usual is not None and proposed.event is not None:
            usual.follow(proposed.event)

    def forget(self, stream: Stream) -> None:
        """Let a stream be read again when a fact is next proposed for it."""
        self._usual.pop(stream.id, None)

    def _beside(self, proposed: ProposedFact) -> UsualFacts:
        """Return what the other effective events of the project make usual."""
        stream = proposed.stream
        if proposed.replaces is not None:
            return UsualFacts.of(self._events(stream, proposed.replaces))
        usual = self._usual.get(stream.id)
        if usual is None:
            usual = UsualFacts.of(self._events(stream, None))
            self._usual[stream.id] = usual
        return usual

    def _events(self, stream: Stream, left_out: int | None) -> list[Event]:
        events = []
        for fact in self._work.effective_history(stream):
            if fact.version != left_out:
                events.append(fact.event)
        return events


def _how_to_confirm() -> Problem:
    values: dict[str, object] = {"yes": chinese_word("true"), "column": CONFIRMED}
    return Problem(UNUSUAL, _HOW_TO_CONFIRM, values)


def is_unusual(rejected: Rejected) -> bool:
    """Return whether a record was rejected only because it is unlikely."""
    return all(problem.rule == UNUSUAL for problem in rejected.problems)


def without_advice(problems: Sequence[Problem]) -> list[Problem]:
    """Leave out how to confirm, which a person who is asked does not need."""
    return [problem for problem in problems if problem.template != _HOW_TO_CONFIRM]
