"""The decision states of the streams that were touched, moved along with each event."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict, defaultdict
from typing import Final

from lifecycle.deciding.claims import (
    CLAIMING_EVENTS,
    Claim,
    changed_claims,
    claims_of,
    normalised_name,
)
from lifecycle.deciding.corrected_stream import CorrectedStream, FactChange
from lifecycle.deciding.corrections import corrected_history, effective
from lifecycle.deciding.decision_state import DecisionState, evolve, fold
from lifecycle.deciding.sheet_numbers import SHEET_NUMBER, is_sheet
from lifecycle.events import Event, FactCorrected, RecordedEvent, Stamp, Stream
from lifecycle.events.codec import UnreadableError
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import InformationReported
from lifecycle.events.sheet_events import Sheet
from lifecycle.events.unit_events import UnitRegistered, UnitRenamed
from lifecycle.ledger.claim_index import ClaimIndex
from lifecycle.rulebook.declared_words import DeclaredWord

_MOST_STATES: Final = 20_000
"""Decision states in memory, of some 6 KB each.

One that was dropped is folded again from its history.
"""
_MOST_CORRECTED_EVENTS: Final = 100_000
"""Events in memory of streams that were corrected, of some 2 KB each."""


def _name_of(state: DecisionState) -> str | None:
    """Return the normalised name of a project; None where its report is void."""
    return None if state.information is None else normalised_name(state.information.name)


def carried_sheet(code: str, number: str) -> Claim:
    """Return the claim of a sheet that its project brings along to another code."""
    return Claim("carried", f"{code}\t{number}")


class LedgerStates(ABC):
    """The states of streams for whoever takes events one after another, recording or replaying.

    It moves the states and the uniqueness index with each event, so that the next decision sees the
    events that came before it. States not used for long are dropped, and folded again when needed.
    """

    def __init__(self, index: ClaimIndex) -> None:
        self._index = index
        self._states: OrderedDict[str, DecisionState] = OrderedDict()
        self._corrected: OrderedDict[str, CorrectedStream] = OrderedDict()
        self._corrected_events = 0
        # Read once when first asked for, then moved along with each event.
        self._unit_names: set[str] | None = None
        self._project_names: dict[str, str] | None = None
        self._folded_units: defaultdict[str, set[str]] | None = None
        self._words: tuple[DeclaredWord, ...] = ()
        self._words_at: int | None = None
        """The version of the county's stream by which the declared words were read."""

    def go_on_from(self, earlier: LedgerStates) -> None:
        """Take over the states of another that followed the same history to its end.

        The other must not be used any more: both would move them. Names are read from the index
        again, whose rows do not follow from the head.
        """
        self._states = earlier._states
        self._corrected = earlier._corrected
        self._corrected_events = earlier._corrected_events
        self._words = earlier._words
        self._words_at = earlier._words_at
        self._drop_old_states()

    # What came before ---------------------------------------------------------------------------

    @property
    @abstractmethod
    def last_position(self) -> int:
        """The position of the last event before the one that is decided on."""

    @abstractmethod
    def _history(self, stream: Stream) -> list[RecordedEvent]:
        """Return a stream's events up to the last position, corrections included.

        Those that cannot be read are among them.
        """

    def _state(self, stream: Stream) -> DecisionState:
        # Each decision asks for several states, nearly all of them in memory and uncorrected.
        state = self._states.get(stream.id)
        if state is None or stream.id in self._corrected:
            return self._looked_up_state(stream)
        self._states.move_to_end(stream.id)
        return state

    def _looked_up_state(self, stream: Stream) -> DecisionState:
        """Return the state of a stream that was corrected, or is not in memory."""
        state = self._states.get(stream.id)
        if state is not None:
            self._states.move_to_end(stream.id)
            return state
        corrected = self._corrected.get(stream.id)
        if corrected is not None:
            self._states[stream.id] = corrected.state
            return corrected.state
        history = self._history(stream)
        state = fold(self._facts(history))
        state.version = len(history)
        self._states[stream.id] = state
        return state

    def _founding_state(self, stream: Stream) -> DecisionState:
        """Return a stream's state for the question whether it was founded.

        An event of it that cannot be read keeps nobody from naming the stream, or from voiding it.
        """
        try:
            return self._state(stream)
        except UnreadableError:
            history = self._history(stream)
            state = fold(corrected_history(history).facts)
            state.version = len(history)
            return state

    def is_founded(self, stream: Stream) -> bool:
        """Return whether a project is reported, a unit registered or a resource listed.

        Of a resource any event counts, those that were voided included.
        """
        state = self._founding_state(stream)
        if stream.kind == "project":
            return state.information is not None
        if stream.kind == "unit":
            return state.registration is not None
        return state.version > 0

    def is_held(self, stream: Stream) -> bool:
        """Return whether a stream has any event, those that were voided included."""
        return self._founding_state(stream).version > 0

    def effective_history(self, stream: Stream) -> list[RecordedEvent]:
        """Return a stream's facts as corrections left them, up to the last position."""
        corrected = self._corrected.get(stream.id)
        if corrected is not None:
            return corrected.effective_facts()
        # A stream that begins now needs no look into the store.
        return self._facts(self._history(stream)) if self.is_held(stream) else []

    def _facts(self, history: list[RecordedEvent]) -> list[RecordedEvent]:
        """Return the effective facts. Raises `StoreError` for one that cannot be read."""
        return effective(history)

    def _corrected_stream(self, stream: Stream) -> CorrectedStream:
        """Return a stream with its corrections, which more corrections are likely to follow."""
        corrected = self._corrected.get(stream.id)
        if corrected is not None:
            self._corrected.move_to_end(stream.id)
            return corrected
        corrected = CorrectedStream(stream, self._history(stream))
        self._corrected[stream.id] = corrected
        self._states[stream.id] = corrected.state
        self._corrected_events += len(corrected)
        return corrected

    # Moving with each event ---------------------------------------------------------------------

    def _evolve(
        self,
        state: DecisionState,
        stream: Stream,
        event: Event,
        stamp: Stamp,
    ) -> None:
        """Move the state and the indexes by an event that was allowed."""
        if type(event) in CLAIMING_EVENTS:
            self._take_claims(state, stream, event)
        evolve(state, state.version + 1, stream.name, event)
        corrected = self._corrected.get(stream.id)
        if corrected is not None:
            corrected.add_fact(RecordedEvent(stream, state.version, event, stamp))
            self._corrected_events += 1
        if is_sheet(event):
            self._take_number(event)
        elif type(event) is InformationReported:
            self._take_project_name(stream, event)
        elif stream.kind == "unit":
            self._take_unit_name(stream, event)

    def _take_project_name(self, stream: Stream, event: InformationReported) -> None:
        name = normalised_name(event.name)
        self._index.add_name(name, stream.id, self.last_position + 1)
        if self._project_names is not None:
            self._project_names[stream.id] = name

    def _take_unit_name(self, stream: Stream, event: Event) -> None:
        if self._unit_names is not None:
            self._unit_names.add(stream.name)
        if self._folded_units is not None:
            if type(event) is UnitRegistered:
                self._folded_units[folded_name(stream.name)].add(stream.name)
            if type(event) is UnitRenamed:
                self._folded_units[folded_name(event.name)].add(stream.name)

    def _take_claims(self, state: DecisionState, stream: Stream, event: Event) -> None:
        claims = [*claims_of(event, stream.name), *changed_claims(event, state.information)]
        for claim in claims:
            if claim not in state.claims:
                self._index.add(claim, stream.id, self.last_position + 1)

    def _take_number(self, sheet: Sheet) -> None:
        match = SHEET_NUMBER.fullmatch(sheet.number)
        if match is None:
            return
        counter = int(match["counter"])
        # A sheet that moves with its project was counted when it was issued.
        if counter > self._index.last_number(sheet.sign, sheet.on.year):
            self._index.set_last_number(sheet.sign, sheet.on.year, counter)

    def _carry_number(self, recorded: RecordedEvent, change: FactChange) -> None:
        """Note a sheet that is voided because its project moves: it keeps its number there."""
        correction = recorded.event
        if not isinstance(correction, FactCorrected) or correction.moved_to is None:
            return
        if change.before is None or not isinstance(change.before.event, Sheet):
            return
        claim = carried_sheet(correction.moved_to, change.before.event.number)
        if recorded.stream.id not in self._index.holders(claim):
            self._index.add(claim, recorded.stream.id, self.last_position + 1)

    def _follow_correction(
        self,
        corrected: CorrectedStream,
        recorded: RecordedEvent,
        change: FactChange,
    ) -> None:
        """Move the stream by a correction that was allowed, and the claims by the difference."""
        self._carry_number(recorded, change)
        before = corrected.state.claims
        name_before = _name_of(corrected.state)
        corrected.add_correction(recorded, change)
        self._follow_name(recorded.stream.id, name_before, _name_of(corrected.state))
        self._corrected_events += 1
        after = corrected.state.claims
        stream_id = recorded.stream.id
        for claim in before - after:
            self._index.remove(claim, stream_id)
        for claim in after - before:
            self._index.add(claim, stream_id, self.last_position + 1)
        if after != before:
            # The claims hold the names; they are read again when next asked for.
            self._unit_names = None
            self._project_names = None
            self._folded_units = None

    def _follow_name(self, stream_id: str, before: str | None, after: str | None) -> None:
        if before == after:
            return
        if before is not None:
            self._index.remove_name(before, stream_id)
        if after is not None:
            self._index.add_name(after, stream_id, self.last_position + 1)

    def _drop_old_states(self) -> None:
        """Forget the states that were not used for long, and the streams not corrected for long."""
        while len(self._states) > _MOST_STATES:
            self._states.popitem(last=False)
        while self._corrected_events > _MOST_CORRECTED_EVENTS:
            stream_id, corrected = self._corrected.popitem(last=False)
            self._states.pop(stream_id, None)
            self._corrected_events -= len(corrected)
