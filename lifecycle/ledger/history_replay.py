"""Take a ledger's history through the rules again, as `record` took each event when it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from lifecycle.deciding.corrected_stream import CorrectedStream, FactChange
from lifecycle.deciding.corrections import corrected_history
from lifecycle.deciding.decide import decide, decide_correction
from lifecycle.deciding.decision_state import DecisionState
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import (
    FactCorrected,
    RecordedEvent,
    Stream,
    StreamKind,
    UnreadableEvent,
)
from lifecycle.events.county_events import RecordTimeCorrected, RulebookAdopted
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.claim_index import ReplayedIndex
from lifecycle.ledger.ledger_context import LedgerContext
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.rejections import Problem, Rejected

VERSION_RULE: Final = "version"
"""The rule of an event that does not follow the one before it in its stream."""
KEY_RULE: Final = "key_conflict"
"""The rule of an event whose key another event bears that is not void."""
_ADDED: Final = frozenset({"facts_after_termination"})
"""The rules that version 0.1 did not have: what it recorded may break them."""
_TIGHTENED: Final = "rulebook_unsound"
"""The checks of rulebooks grow with each version; an adopted rulebook passed those of its day."""


class _Bearer(NamedTuple):
    """An event that bears an idempotency key."""

    stream: Stream
    version: int


class HistoryReplay(LedgerContext):
    """Decides on each event of the ledger by the events before it.

    It is itself the `DecisionContext` of these decisions. States are folded again from the store
    when they were dropped, so that memory does not grow with the ledger. `strict_after` is the last
    position that an earlier version of the program may have recorded: facts taken under its rules
    stay lawful.
    """

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        strict_after: int,
        repeated_keys: Collection[str] = (),
    ) -> None:
        self.index = ReplayedIndex()
        super().__init__(self.index)
        self._recorder = recorder
        self._cursor = cursor
        self._strict_after = strict_after
        self._repeated_keys = repeated_keys
        self._bearers: defaultdict[str, list[_Bearer]] = defaultdict(list)
        """The events so far that bear a key which more than one event bears."""
        self._now = datetime.min.replace(tzinfo=SHANGHAI)
        self._position = 0
        self._time_corrections: list[RecordedEvent] = []

    # The events ---------------------------------------------------------------------------------

    def broken_rule(self, recorded: RecordedEvent, key: str | None = None) -> str | None:
        """Take the ledger's next event, and return the rule by which `record` would reject it.

        `key` is its idempotency key. The event counts for those after it all the same, as it did
        when they were recorded. Raises `LedgerError` where its stream cannot be read.
        """
        self._position = recorded.position
        self._now = recorded.stamp.recorded_at.astimezone(SHANGHAI)
        if recorded.version == 1:
            # Nothing to fold: a stream's first event needs no look at the store.
            self._states.setdefault(recorded.stream.id, DecisionState())
        if recorded.version != self._state(recorded.stream).version + 1:
            return VERSION_RULE
        if isinstance(recorded.event, UnreadableEvent):
            self._corrected_stream(recorded.stream).add_unreadable(recorded)
            return None
        key_rule = None if key is None else self._key_rule(recorded, key)
        if isinstance(recorded.event, FactCorrected):
            return self._correction_rule(recorded, recorded.event) or key_rule
        return self._fact_rule(recorded) or key_rule

    def _key_rule(self, recorded: RecordedEvent, key: str) -> str | None:
        """Return the rule that an event breaks whose key another bears that is not void."""
        if key not in self._repeated_keys:
            return None
        is_taken = self._is_borne(self._bearers[key])
        self._bearers[key].append(_Bearer(recorded.stream, recorded.version))
        return KEY_RULE if is_taken else None

    def _is_borne(self, bearers: Iterable[_Bearer]) -> bool:
        for stream, version in bearers:
            if not self._corrected_stream(stream).is_void(version):
                return True
        return False

    def _revival_rule(
        self, corrected: CorrectedStream, recorded: RecordedEvent, change: FactChange
    ) -> str | None:
        """Return the rule that a correction breaks which revives an event without its key."""
        for version in corrected.revived_by(recorded, change):
            revived = _Bearer(recorded.stream, version)
            for bearers in self._bearers.values():
                if revived in bearers and self._is_borne(bearers):
                    return KEY_RULE
        return None

    def is_void(self, recorded: RecordedEvent) -> bool:
        """Return whether an event that cannot be read is void by the events so far."""
        stream = recorded.stream
        history = self._recorder.stored_history(self._cursor, stream, self._position)
        return recorded.version not in CorrectedStream(stream, history).unreadable

    def end_chunk(self) -> None:
        """Drop what is not likely to be needed again."""
        self._drop_old_states()

    def _fact_rule(self, recorded: RecordedEvent) -> str | None:
        stream, event = recorded.stream, recorded.event
        state = self._state(stream)
        rule: str | None = None
        try:
            decide(state, stream, event, self)
        except Rejected as rejection:
            rule = self._rule_of_its_day(rejection)
        self._evolve(state, stream, event, recorded.stamp)
        if isinstance(event, RecordTimeCorrected):
            self._time_corrections.append(recorded)
        return rule

    def _correction_rule(self, recorded: RecordedEvent, event: FactCorrected) -> str | None:
        corrected = self._corrected_stream(recorded.stream)
        try:
            change = decide_correction(corrected, recorded, event, self)
        except Rejected as rejection:
            self._follow_unlawful(corrected, recorded, event)
            return self._rule_of_its_day(rejection)
        rule = self._revival_rule(corrected, recorded, change)
        self._follow_correction(corrected, recorded, change)
        return rule

    def _rule_of_its_day(self, rejection: Rejected) -> str | None:
        """Return the rule of a rejection, None if the event was recorded before there was one."""
        rule = rejection.problems[0].rule
        is_earlier = self._position <= self._strict_after
        return None if is_earlier and rule in _ADDED else rule

    def _follow_unlawful(
        self,
        corrected: CorrectedStream,
        recorded: RecordedEvent,
        event: FactCorrected,
    ) -> None:
        """Follow a correction that a rule rejects, as far as it corrects anything."""
        if corrected.recorded(event.corrects) is None:
            corrected.add_without_effect(recorded)
            return
        try:
            change = corrected.change_by(recorded)
        except Rejected:
            corrected.add_without_effect(recorded)
            return
        self._follow_correction(corrected, recorded, change)

    # The context --------------------------------------------------------------------------------

    @property
    def last_position(self) -> int:
        """The position before the event that is decided on."""
        return self._position - 1

    @property
    def now(self) -> datetime:
        """The moment at which the event was recorded."""
        return self._now

    @property
    def today(self) -> date:
        """The day on which the event was recorded."""
        return self._now.date()

    def _history(self, stream: Stream) -> list[RecordedEvent]:
        return self._recorder.stored_history(self._cursor, stream, self.last_position)

    def _facts(self, history: list[RecordedEvent]) -> list[RecordedEvent]:
        # Each event that cannot be read is named on its own: the others are decided on without it.
        return corrected_history(history).facts

    def record_time(self, position: int) -> datetime:
        """Return the moment at which the event at a position counts as recorded."""
        recorded = self._recorder.event_at(self._cursor, position)
        return RecordTimes(tuple(self._time_corrections)).moment_of(recorded)

    def nearest_units(self, name: str) -> list[str]:  # noqa: ARG002 -- the context's signature
        """Return no names: no clerk reads what a replay rejects."""
        return []

    def alike(self, kind: StreamKind, name: str) -> str | None:
        """Return a name that folds to this one; version 0.1 let both in."""
        return super().alike(kind, name) if self._position > self._strict_after else None

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """Return what is wrong with an adopted rulebook, but for checks that came later."""
        problem = super().rulebook_problem(event)
        is_earlier = self._position <= self._strict_after
        if problem is not None and problem.rule == _TIGHTENED and is_earlier:
            return None
        return problem
