"""A stream as its corrections leave it, moved along event by event.

One more event costs the same however many came before it: folding a stream of thousands of
corrections again for each of them would take hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from lifecycle.deciding.claims import changed_claims
from lifecycle.deciding.corrections import (
    VOID,
    Change,
    Correction,
    amended,
    amended_where_lawful,
    amendments,
    voided_corrections,
)
from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.decision_state import DecisionState, evolve, fold
from lifecycle.deciding.effective_facts import EffectiveFacts
from lifecycle.deciding.proposal import Proposal
from lifecycle.deciding.rejection_rules import first_problem
from lifecycle.deciding.rule_topics import (
    Topic,
    kind_topic,
    moved_topics,
)
from lifecycle.deciding.topic_state import restore_topic
from lifecycle.events import Event, FactCorrected, RecordedEvent, Stream
from lifecycle.events.codec import UnreadableError
from lifecycle.events.project_course_events import InvestorChanged
from lifecycle.rejections import Problem, Rejected

E = TypeVar("E", bound=Event)


class FactChange(NamedTuple):
    """What a correction makes of the fact that it is about in the end; None where it is void."""

    version: int
    before: RecordedEvent | None
    after: RecordedEvent | None
    change: Change


class CorrectedStream:
    """The effective facts of a stream, its decision state, and what each rule may look at."""

    def __init__(self, stream: Stream, history: Iterable[RecordedEvent]) -> None:
        self._stream = stream
        self._recorded: list[RecordedEvent] = []
        self._roots: dict[int, int] = {}
        """The fact that each correction is about in the end, by the correction's version."""
        self._corrections: defaultdict[int, list[Correction]] = defaultdict(list)
        """The corrections about each fact, directly or through another correction."""
        self._changes: dict[int, Change] = {}
        self._facts = EffectiveFacts(stream.name)
        self.unreadable: set[int] = set()
        """The versions that are neither void nor a fact, because they cannot be read."""
        self._load(history)
        self.state: DecisionState = fold(self._facts)
        self.state.version = len(self._recorded)

    def _load(self, history: Iterable[RecordedEvent]) -> None:
        """Take in a whole history at once: each fact is amended once, by all its corrections."""
        for recorded in history:
            self._recorded.append(recorded)
            if isinstance(recorded.event, FactCorrected):
                self._link(_correction(recorded))
        self._changes = amendments(
            correction for corrections in self._corrections.values() for correction in corrections
        )
        for recorded in self._recorded:
            change = self._changes.get(recorded.version, {})
            if change is not VOID and not isinstance(recorded.event, FactCorrected):
                self._enter_if_readable(recorded, change)

    def _enter_if_readable(self, recorded: RecordedEvent, change: dict[str, object]) -> None:
        try:
            self._facts.enter(amended_where_lawful(recorded, change))
        except UnreadableError:
            self.unreadable.add(recorded.version)

    def __len__(self) -> int:
        return len(self._recorded)

    def recorded(self, version: int) -> RecordedEvent | None:
        """Return the event of a version as it was recorded, if there is one."""
        return self._recorded[version - 1] if 1 <= version <= len(self._recorded) else None

    def effective_facts(self) -> list[RecordedEvent]:
        """Return the facts that no correction voids, as corrections left them, by version."""
        return list(self._facts)

    def is_effective(self, version: int) -> bool:
        """Return whether a version is a fact that no correction voids."""
        return version in self._facts.versions

    def is_void(self, version: int) -> bool:
        """Return whether a live correction voids a version, which may be a correction itself."""
        root = self._roots.get(version)
        if root is None:
            return self._changes.get(version, {}) is VOID
        return version in voided_corrections(self._corrections[root])

    def standing_beside(self, version: int) -> list[int]:
        """Return the versions of the other facts that no correction voids, readable or not."""
        return sorted((self._facts.versions | self.unreadable) - {version})

    def revived_by(self, recorded: RecordedEvent, change: FactChange) -> list[int]:
        """Return the versions that the stream's next event, a correction, makes count again."""
        correction = _correction(recorded)
        corrections = self._corrections.get(change.version, [])
        before = voided_corrections(corrections)
        revived = before - voided_corrections([*corrections, correction])
        if self.is_void(change.version) and change.change is not VOID:
            revived.add(change.version)
        return sorted(revived)

    def last_of(self, kind: type[E]) -> E | None:
        """Return the last recorded effective fact of a kind."""
        versions = self._facts.deciding(kind_topic(kind))
        event = self._facts[versions[-1]].event if versions else None
        return event if isinstance(event, kind) else None

    # Facts and corrections ----------------------------------------------------------------------

    def add_fact(self, recorded: RecordedEvent) -> None:
        """Take the stream's next event, which is no correction; the state follows it already."""
        self._recorded.append(recorded)
        self._facts.enter(recorded)

    def change_by(self, recorded: RecordedEvent) -> FactChange:
        """Return what the stream's next event, a correction, makes of a fact.

        Nothing is changed yet. Raises `Rejected` where the fact would break its own fields' rules;
        one that cannot be read as it is, may stay so: it takes a void for each thing that broke it.
        """
        correction = _correction(recorded)
        root = self._roots.get(correction.corrects, correction.corrects)
        if self.recorded(root) is None:
            # It voids a correction of nothing, which somebody put there past the rules.
            return FactChange(root, None, None, VOID)
        if correction.corrects in self._roots:
            # It voids a correction, which may revive any earlier one about the same fact.
            about_root = [*self._corrections[root], correction]
            change = amendments(about_root).get(root, {})
        else:
            change = _after(self._changes.get(root, {}), correction)
        before = self._facts.get(root)
        after = None if change is VOID else self._amended(root, change)
        return FactChange(root, before, after, change)

    def _amended(self, version: int, change: dict[str, object]) -> RecordedEvent | None:
        try:
            return amended(self._recorded[version - 1], change)
        except UnreadableError:
            return None
        except Rejected:
            if version in self.unreadable:
                return None
            raise

    def add_correction(self, recorded: RecordedEvent, change: FactChange) -> None:
        """Take the stream's next event, a correction, and let the facts and the state follow."""
        self._recorded.append(recorded)
        self._link(_correction(recorded))
        self._changes[change.version] = change.change
        self._facts.exchange(change.version, change.after)
        self.unreadable.discard(change.version)
        if change.after is None and change.change is not VOID:
            self.unreadable.add(change.version)
        self._restore_state(change)

    def add_unreadable(self, recorded: RecordedEvent) -> None:
        """Take the stream's next event, which cannot be read: it has no effect."""
        self._recorded.append(recorded)
        self.unreadable.add(recorded.version)
        self.state.version = len(self._recorded)

    def add_without_effect(self, recorded: RecordedEvent) -> None:
        """Take a correction that corrects nothing, which no rule allows."""
        self._recorded.append(recorded)
        self.state.version = len(self._recorded)

    def _link(self, correction: Correction) -> None:
        root = self._roots.get(correction.corrects, correction.corrects)
        self._roots[correction.version] = root
        self._corrections[root].append(correction)

    def _restore_state(self, change: FactChange) -> None:
        self.state.version = len(self._recorded)
        for topic in _topics_of(change.before) | _topics_of(change.after):
            facts = [self._facts[version].event for version in self._facts.deciding(topic)]
            restore_topic(self.state, topic, facts, self._facts.moving(topic))
        claims = self._facts.claims()
        for version in self._facts.moving(kind_topic(InvestorChanged)):
            claims.update(changed_claims(self._facts[version].event, self.state.information))
        self.state.claims = claims

    # Rules --------------------------------------------------------------------------------------

    def new_problem(self, change: FactChange, context: DecisionContext) -> Problem | None:
        """Return the first rule that the stream breaks after a change and did not break before.

        A rule that was broken already, because it was tightened since, does not count: otherwise
        no old mistake could be corrected.
        """
        self._facts.exchange(change.version, change.after)
        try:
            touched = self._touched(change)
            problems = {version: self._problem(version, context) for version in touched}
        finally:
            self._facts.exchange(change.version, change.before)
        for version, problem in problems.items():
            if problem is None:
                continue
            # Of one version only the first problem is known, and values differ: the rule
            # identifies it.
            known = self._problem(version, context)
            if known is None or known.rule != problem.rule:
                return problem
        return None

    def _touched(self, change: FactChange) -> list[int]:
        """Return the versions whose rules may say something else after a change, in order."""
        before = {} if change.before is None else moved_topics(change.before.event)
        after = {} if change.after is None else moved_topics(change.after.event)
        touched = {change.version} & self._facts.versions
        for topic in {*before, *after}:
            if before.get(topic) != after.get(topic):
                touched.update(self._facts.readers(topic, change.version))
        return sorted(touched)

    def _problem(self, version: int, context: DecisionContext) -> Problem | None:
        fact = self._facts.get(version)
        if fact is None:
            return None
        state = DecisionState()
        for earlier in self._facts.looked_at(fact):
            evolve(state, earlier, self._stream.name, self._facts[earlier].event)
        proposal = Proposal(state, self._stream, fact.event, context, version)
        problem = first_problem(proposal)
        return None if problem is None else problem.of_event(type(fact.event).__name__)


def _correction(recorded: RecordedEvent) -> Correction:
    event = recorded.event
    if not isinstance(event, FactCorrected):
        raise TypeError(type(event).__name__)
    return Correction(recorded.version, event.corrects, event.replacement)


def _after(change: Change, correction: Correction) -> Change:
    """Return a fact's change after one more live correction: the newest applies last."""
    if change is VOID or correction.replacement is VOID:
        return VOID
    return {**change, **correction.replacement}


def _topics_of(fact: RecordedEvent | None) -> set[Topic]:
    return set() if fact is None else {*moved_topics(fact.event)}
