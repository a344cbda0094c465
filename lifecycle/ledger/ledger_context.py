"""What decisions ask of the ledger, answered from streams' histories and an index over them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from lifecycle import rulebook
from lifecycle.deciding.claims import (
    UNIT_FIELDS,
    Claim,
    changed_claims,
    claims_of,
    identity,
    is_same_investor,
    normalised_name,
)
from lifecycle.deciding.corrected_stream import CorrectedStream, FactChange
from lifecycle.deciding.corrections import corrected_history, effective
from lifecycle.deciding.decision_context import ClaimHolder
from lifecycle.deciding.decision_state import DecisionState, evolve, fold
from lifecycle.deciding.near_names import are_near
from lifecycle.deciding.sheet_numbers import SHEET_NUMBER
from lifecycle.events import Event, FactCorrected, RecordedEvent, Stamp, Stream, StreamKind
from lifecycle.events.codec import UnreadableError
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_events import InformationReported
from lifecycle.events.sheet_events import Sheet
from lifecycle.events.unit_events import UnitDissolved, UnitRegistered, UnitRenamed
from lifecycle.ledger.claim_index import ClaimIndex
from lifecycle.ledger.recorders.name_index import code_claim
from lifecycle.rejections import Problem

_MOST_STATES: Final = 20_000
"""Decision states in memory, of some 6 KB each.

One that was dropped is folded again from its history.
"""
_MOST_CORRECTED_EVENTS: Final = 100_000
"""Events in memory of streams that were corrected, of some 2 KB each."""
_MOST_ANSWERS: Final = 3


class _SimilarProject(NamedTuple):
    """A project with a near name. Projects sort by what tells most: the investor, the name."""

    has_other_investor: bool
    unlikeness: float
    code: str
    holder: ClaimHolder


def _likeness_of(project: _SimilarProject) -> tuple[bool, float, str]:
    return project.has_other_investor, project.unlikeness, project.code


def _name_of(state: DecisionState) -> str | None:
    """Return the normalised name of a project; None where its report is void."""
    return None if state.information is None else normalised_name(state.information.name)


class LedgerContext(ABC):
    """The `DecisionContext` of whoever takes events one after another, recording or replaying them.

    It holds the decision states of the streams that were touched, and moves them and the uniqueness
    index with each event, so that the next decision sees the events that came before it.
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

    # State --------------------------------------------------------------------------------------

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

    def _evolve(
        self,
        state: DecisionState,
        stream: Stream,
        event: Event,
        stamp: Stamp,
    ) -> None:
        """Move the state and the indexes by an event that was allowed."""
        claims = [*claims_of(event, stream.name), *changed_claims(event, state.information)]
        for claim in claims:
            if claim not in state.claims:
                self._index.add(claim, stream.id, self.last_position + 1)
        evolve(state, state.version + 1, stream.name, event)
        corrected = self._corrected.get(stream.id)
        if corrected is not None:
            corrected.add_fact(RecordedEvent(stream, state.version, event, stamp))
            self._corrected_events += 1
        if isinstance(event, Sheet):
            self._take_number(event)
        if stream.kind == "unit" and self._unit_names is not None:
            self._unit_names.add(stream.name)
        if type(event) is UnitRegistered and self._folded_units is not None:
            self._folded_units[folded_name(stream.name)].add(stream.name)
        if isinstance(event, UnitRenamed) and self._folded_units is not None:
            self._folded_units[folded_name(event.name)].add(stream.name)
        if type(event) is InformationReported:
            name = normalised_name(event.name)
            self._index.add_name(name, stream.id, self.last_position + 1)
            if self._project_names is not None:
                self._project_names[stream.id] = name

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
        claim = _carried(correction.moved_to, change.before.event.number)
        if recorded.stream.id not in self._index.holders(claim):
            self._index.add(claim, recorded.stream.id, self.last_position + 1)

    def carries_number(self, stream: Stream, number: str) -> bool:
        """Return whether a sheet of this number was voided because its project moves here."""
        for stream_id in self._index.holders(_carried(stream.name, number)):
            if self._left_with_number(Stream.of(stream_id), stream.name, number):
                facts = self.effective_history(stream)
                return not any(getattr(fact.event, "number", "") == number for fact in facts)
        return False

    def _left_with_number(self, stream: Stream, destination: str, number: str) -> bool:
        """Return whether the stream's own history says that the sheet left it."""
        corrected = self._corrected_stream(stream)
        for recorded in self._history(stream):
            event = recorded.event
            if not isinstance(event, FactCorrected) or event.moved_to != destination:
                continue
            sheet = corrected.recorded(event.corrects)
            is_left = sheet is not None and getattr(sheet.event, "number", "") == number
            if is_left and corrected.is_void(event.corrects):
                return True
        return False

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

    # Questions ----------------------------------------------------------------------------------

    def registered_units(self) -> set[str]:
        """Return the names with which units are registered, which stay their identities."""
        if self._unit_names is None:
            unit_ids = {stream_id for _name, stream_id in self._index.pairs("unit")}
            self._unit_names = {Stream.of(unit_id).name for unit_id in unit_ids}
        return self._unit_names

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

    def is_unit(self, name: str) -> bool:
        """Return whether a unit of this name is registered, by the unit's own history."""
        return self._founding_state(Stream("unit", name)).registration is not None

    def sequence_of(self, unit: str) -> str | None:
        """Return the sequence in which a unit is registered, None where it is not registered."""
        registration = self._founding_state(Stream("unit", unit)).registration
        return None if registration is None else registration.sequence

    def unit_called(self, name: str) -> str | None:
        """Return the unit that has or had a name by a renaming."""
        claim = Claim("unit", name)
        for unit_id in self._index.holders(claim):
            unit = Stream.of(unit_id)
            if unit.name != name and claim in self._founding_state(unit).claims:
                return unit.name
        return None

    def dissolution_of(self, name: str) -> UnitDissolved | None:
        """Return a unit's effective dissolution, whatever its day."""
        unit = Stream("unit", name)
        corrected = self._corrected.get(unit.id)
        # While a correction is decided on, the stream stands as the correction would leave it.
        if corrected is not None:
            return corrected.last_of(UnitDissolved)
        return self._founding_state(unit).dissolution

    def facts_of_unit(self, name: str) -> Iterator[RecordedEvent]:
        """Yield the effective facts in a unit's stream, and those elsewhere that name the unit."""
        unit = Stream("unit", name)
        yield from self.effective_history(unit)
        for stream_id in self._index.holders(Claim("names", name)):
            stream = Stream.of(stream_id)
            for fact in self.effective_history(stream):
                field = UNIT_FIELDS.get(type(fact.event))
                if field is not None and getattr(fact.event, field) == name:
                    yield fact

    def listed_resources(self) -> list[str]:
        """Return the codes of the listed resources, sorted."""
        return sorted(
            {Stream.of(stream_id).name for _code, stream_id in self._index.pairs("resource")}
        )

    def nearest_units(self, name: str) -> Sequence[str]:
        """Return the registered units whose names are nearest, nearest first."""
        names = sorted(self.registered_units())
        matches = process.extract(name, names, scorer=fuzz.WRatio, limit=_MOST_ANSWERS)
        # A row that no registration confirms would be proposed to whoever it just failed.
        return [match[0] for match in matches if self.is_unit(match[0])]

    def is_held(self, stream: Stream) -> bool:
        """Return whether a stream has any event, those that were voided included."""
        return self._founding_state(stream).version > 0

    def is_project(self, code: str) -> bool:
        """Return whether a project of this code has been reported."""
        return self._founding_state(Stream("project", code)).information is not None

    def holder(
        self,
        kind: str,
        value: str,
        other_than: str,
    ) -> ClaimHolder | None:
        """Return the first project, other than this stream, that holds the claim."""
        claim = Claim(kind, value)
        for stream_id in self._index.holders(claim):
            # A row that the stream's own history does not confirm locks nobody out.
            if stream_id != other_than and claim in self._state(Stream.of(stream_id)).claims:
                return self.named_project(stream_id)
        return None

    def named_project(self, stream_id: str) -> ClaimHolder | None:
        """Return a project's code and report by its stream id; None where the report is void."""
        stream = Stream.of(stream_id)
        information = self._state(stream).information
        if information is None:
            return None
        return ClaimHolder(stream.name, information)

    def similar(self, information: InformationReported, stream_id: str) -> Sequence[ClaimHolder]:
        """Return other projects whose names are similar but not equal, most similar first."""
        name = normalised_name(information.name)
        own_identity = identity(information)
        similar: list[_SimilarProject] = []
        for near_id in self._index.near(name):
            holder = None if near_id == stream_id else self.named_project(near_id)
            # An equal identity is a rule's business, not a warning's.
            if holder is None or identity(holder.information) == own_identity:
                continue
            other_name = normalised_name(holder.information.name)
            if are_near(name, other_name):
                likeness = Indel.normalized_similarity(name, other_name)
                is_same = is_same_investor(information, holder.information)
                similar.append(_SimilarProject(not is_same, -likeness, holder.code, holder))
        similar.sort(key=_likeness_of)
        return [entry.holder for entry in similar[:_MOST_ANSWERS]]

    def names_of_projects(self) -> dict[str, str]:
        """Return each project's normalised name by stream id, from its claim to an identity."""
        if self._project_names is None:
            self._project_names = {}
            for identity_value, stream_id in self._index.pairs("identity"):
                _investor, _tab, name = identity_value.partition("\t")
                self._project_names[stream_id] = name
        return self._project_names

    def alike(self, kind: StreamKind, name: str) -> str | None:
        """Return another project or unit with a code or name that folds to this one."""
        return min(self._held_alike(kind, name) - {name}, default=None)

    def other_unit_alike(self, name: str, unit: str) -> str | None:
        """Return a unit other than `unit` that has or had a name that folds to this one."""
        return min(self._held_alike("unit", name) - {unit}, default=None)

    def only_alike(self, kind: StreamKind, name: str) -> str | None:
        """Return the one project or unit with a code or name that folds to this one.

        None among several.
        """
        held_names = self._held_alike(kind, name)
        return min(held_names) if len(held_names) == 1 else None

    def _held_alike(self, kind: StreamKind, name: str) -> set[str]:
        """Return the projects with a code, or units that have or had a name, that folds to this."""
        if kind == "project":
            claim = code_claim(Stream(kind, name).id)
            return {Stream.of(stream_id).name for stream_id in self._index.holders(claim)}
        if kind == "resource":
            listed = Claim("resource", folded_name(name))
            return {Stream.of(stream_id).name for stream_id in self._index.holders(listed)}
        if self._folded_units is None:
            self._folded_units = defaultdict(set)
            for unit_name, stream_id in self._index.pairs("unit"):
                self._folded_units[folded_name(unit_name)].add(Stream.of(stream_id).name)
        return self._folded_units.get(folded_name(name), set())

    def names_unit(self, name: str) -> str | None:
        """Return a stream whose facts name this unit."""
        claim = Claim("names", name)
        for stream_id in self._index.holders(claim):
            if claim in self._state(Stream.of(stream_id)).claims:
                return stream_id
        return None

    def last_number(self, sign: str, year: int) -> int:
        """Return the counter of the last sheet of this sign and year, 0 where there is none."""
        return self._index.last_number(sign, year)

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """Return what is wrong with a rulebook that is to be adopted."""
        return rulebook.adoption_problem(event)


def _carried(code: str, number: str) -> Claim:
    """Return the claim of a sheet that its project brings along to another code."""
    return Claim("carried", f"{code}\t{number}")
