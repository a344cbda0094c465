"""One decision, or many, on one view of the ledger: load the state, decide, gather, append together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from lifecycle.deciding import decide as decisions
from lifecycle.deciding.corrections import effective
from lifecycle.deciding.decide import NUMBER, SHEETS
from lifecycle.deciding.decision_context import ClaimHolder
from lifecycle.deciding.decision_state import (
    DecisionState,
    claims_of,
    evolve,
    fold,
    identity,
    normalised_name,
)
from lifecycle.deciding.drafts import Draft, normalised_replacement
from lifecycle.events import (
    Event,
    FactCorrected,
    RecordedEvent,
    Stamp,
    Stream,
    project_events as project,
)
from lifecycle.events.codec import recorded_from, stamp_fields, state_of, topic
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.pending_appends import PendingAppends
from lifecycle.ledger.recorders.ledger_recorder import Cursor, Head, LedgerRecorder, read_head
from lifecycle.ledger.uniqueness import ClaimIndex
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook import adoption_problem

_STATES: Final = 20_000
"""How many streams' states are kept, of some 6 KB each; one that was let go is folded anew from its history."""
_SIMILAR: Final = 0.88
_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class Author:
    """Who enters: the login, for whom, and whether the records bring their own clerk (an import)."""

    login: str
    on_behalf_of: str | None = None
    importing: bool = False


class LedgerEntry(NamedTuple):
    """What became of a record: its event's name `stream#version`, its position and leaf hash, what to look at.

    `already` says that the same content stood under the same key, so that nothing was recorded.
    """

    ref: str
    position: int
    leaf: str = ""
    already: bool = False
    warnings: Sequence[Problem] = ()


class UnitOfWork:
    """Decides on the view of one cursor; appends by `flush` through the same, or by `commit` through a later one.

    It is the `DecisionContext` that decisions ask.
    """

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        who: Author,
        now: datetime,
        *,
        keep_recorded_at: bool = False,
    ) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._who = who
        self._keep = keep_recorded_at
        self._head = read_head(cursor)
        self._now = now.astimezone(SHANGHAI)
        # Record times never fall: a clock that was set back does not take the ledger back.
        self._last = (
            datetime.fromisoformat(self._head.recorded_at) if self._head.recorded_at else None
        )
        self._at = self._now if self._last is None else max(self._now, self._last)
        self.today = self._at.date()
        """The Shanghai day of the record time."""
        self._stamps: dict[str, tuple[Stamp, dict[str, object]]] = {}
        self._states: OrderedDict[str, DecisionState] = OrderedDict()
        self._pending = PendingAppends(recorder, cursor, self._head)
        self._claims = ClaimIndex(recorder, cursor)
        self._units: set[str] | None = None
        self._names: dict[str, str] | None = None

    # Recording --------------------------------------------------------------------------------------------------------

    def record(self, draft: Draft) -> LedgerEntry:
        """Decide on a record; what is allowed waits to be appended. Raises `Rejected`, and then nothing has changed."""
        stream, event = draft.stream, draft.event
        if type(event) is FactCorrected:
            return self._correct(draft, event)
        if (known := self._pending.known(draft.key)) is not None:
            return _already(known, draft)
        _, stamped = self._stamp(draft)
        state = self._state(stream)
        decisions.decide(state, stream, event, self)
        found = decisions.warnings(stream, event, self)
        self._evolve(state, stream, event)
        return self._wait(draft, state.version, stamped, found)

    def _correct(self, draft: Draft, event: FactCorrected) -> LedgerEntry:
        stream = draft.stream
        history = self._history(stream)
        event = _with_normalised_replacement(event, history)
        draft = replace(draft, event=event)
        if (known := self._pending.known(draft.key)) is not None:
            return _already(known, draft)
        stamp, stamped = self._stamp(draft)
        after = decisions.decide_correction(history, stream, event, stamp, self)
        self._replace_state(stream, after)
        return self._wait(draft, after.version, stamped)

    def _stamp(self, draft: Draft) -> tuple[Stamp, dict[str, object]]:
        """By whom and when, as such and as stored; the same for all that a clerk enters at one moment."""
        by = draft.recorded_by if self._who.importing and draft.recorded_by else self._who.login
        if self._keep:
            self._at = self._brought(draft.recorded_at)
            self.today = self._at.date()
            self._stamps.clear()
        if by not in self._stamps:
            imported_by = self._who.login if self._who.importing else None
            stamp = Stamp(
                self._at,
                by,
                self._who.on_behalf_of,
                imported_by,
                migrated_at=self._now if self._keep else None,
            )
            self._stamps[by] = stamp, stamp_fields(stamp)
        return self._stamps[by]

    def _brought(self, at: datetime | None) -> datetime:
        if at is None:
            raise Rejected.by(
                "recorded_at_missing",
                msg("is missing; with --keep-recorded-at every record brings it"),
                at="recorded_at",
            )
        if at > self._now or (self._last is not None and at < self._last):
            raise Rejected.by(
                "recorded_at_order",
                msg(
                    "{at_} is out of order; it may not lie before the last recorded, {last}, nor in the future, after {now}"
                ),
                at="recorded_at",
                at_=at,
                last=self._last or "—",
                now=self._now,
            )
        return at

    def _wait(
        self,
        draft: Draft,
        version: int,
        stamped: Mapping[str, object],
        found: Sequence[Problem] = (),
    ) -> LedgerEntry:
        stream = draft.stream
        self._last = self._at
        state = state_of(draft.fields, stamped)
        leaf = self._pending.add(
            stream.id, version, topic(type(draft.event)), state, draft.key, draft.digest
        )
        return LedgerEntry(
            f"{stream.name}#{version}", self._pending.position, leaf.hex(), warnings=found
        )

    @property
    def waiting(self) -> int:
        """How many decided events are not appended yet; a long import flushes now and then."""
        return len(self._pending)

    # Appending --------------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Append what waits, through the session's own write transaction."""
        self._pending.flush(self._cursor, self._last.isoformat() if self._last else "")
        self._claims.flush(self._cursor)
        self._stamps.clear()
        while len(self._states) > _STATES:
            self._states.popitem(last=False)

    def commit(self, cursor: Cursor) -> None:
        """Append through a write transaction begun after deciding. Raises `Conflict` if anybody recorded since."""
        if self._pending:
            self._cursor = cursor
            self.flush()

    # State ------------------------------------------------------------------------------------------------------------

    def _history(self, stream: Stream) -> list[RecordedEvent]:
        return self._recorder.history(self._cursor, stream) + [
            recorded_from(*row) for row in self._pending.of_stream(stream.id)
        ]

    def _state(self, stream: Stream) -> DecisionState:
        state = self._states.get(stream.id)
        if state is None:
            history = self._history(stream)
            state = self._states[stream.id] = fold(effective(history))
            state.version = len(history)
        else:
            self._states.move_to_end(stream.id)
        return state

    def _evolve(self, state: DecisionState, stream: Stream, event: Event) -> None:
        for claim in claims_of(event, stream.name):
            if claim not in state.claims:
                self._claims.add(claim, stream.id, self._pending.position + 1)
        evolve(state, state.version + 1, stream.name, event)
        if type(event) in SHEETS:
            self._number_given(event)
        if stream.kind == "unit" and self._units is not None:
            self._units.add(stream.name)
        if type(event) is project.InformationReported and self._names is not None:
            self._names[stream.id] = normalised_name(event.name)

    def _number_given(self, sheet: Any) -> None:
        if match := NUMBER.fullmatch(sheet.number):
            self._claims.number_given(sheet.sign, sheet.on.year, int(match["counter"]))

    def _replace_state(self, stream: Stream, after: DecisionState) -> None:
        before = self._state(stream).claims
        for claim in before - after.claims:
            self._claims.remove(claim, stream.id)
        for claim in after.claims - before:
            self._claims.add(claim, stream.id, self._pending.position + 1)
        self._states[stream.id] = after
        self._units = self._names = None

    def prefetch(self, drafts: Iterable[Draft]) -> None:
        """Look up many keys at once; corrections are left for later, as their content needs its target."""
        self._pending.prefetch(
            draft.key for draft in drafts if type(draft.event) is not FactCorrected
        )

    # The context of decisions -----------------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """Where the ledger ended when this session began: what its decisions saw."""
        return self._head

    def _registered(self) -> set[str]:
        if self._units is None:
            self._units = {claim.value for claim in self._claims.of_kind("unit")}
        return self._units

    def is_unit(self, name: str) -> bool:
        """Whether a unit of this name is registered."""
        return name in self._registered()

    def nearest_units(self, name: str) -> Sequence[str]:
        """The registered units whose names are nearest."""
        return [
            match[0]
            for match in process.extract(
                name, sorted(self._registered()), scorer=fuzz.WRatio, limit=_NEAREST
            )
        ]

    def is_project(self, code: str) -> bool:
        """Whether a project of this code has been reported."""
        return self._state(Stream("project", code)).information is not None

    def holder(self, kind: str, value: str, other_than: str) -> ClaimHolder | None:
        """The first other project that holds the claim."""
        stream_id = self._claims.holder(kind, value, other_than)
        return None if stream_id is None else self._holder(stream_id)

    def _holder(self, stream_id: str) -> ClaimHolder | None:
        stream = Stream.of(stream_id)
        information = self._state(stream).information
        return None if information is None else ClaimHolder(stream.name, information)

    def similar(
        self, information: project.InformationReported, stream_id: str
    ) -> Sequence[ClaimHolder]:
        """Other projects whose names are similar, most similar first."""
        if self._names is None:
            self._names = {
                stream: claim.value.partition("\t")[2]
                for claim, stream in self._claims.pairs("identity")
            }
        near = process.extract(
            normalised_name(information.name),
            self._names,
            scorer=Indel.normalized_similarity,
            score_cutoff=_SIMILAR,
            limit=_NEAREST + 1,
        )
        own = identity(information)
        holders = [self._holder(found[2]) for found in near if found[2] != stream_id]
        return [holder for holder in holders if holder and identity(holder.information) != own][
            :_NEAREST
        ]

    def names_unit(self, name: str) -> str | None:
        """A stream whose facts name this unit."""
        return self._claims.holder("names", name, "")

    def last_number(self, sign: str, year: int) -> int:
        """The counter of the last sheet of this sign and year, 0 without any."""
        return self._claims.last_number(sign, year)

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """What is wrong with a rulebook that is to be adopted."""
        return adoption_problem(event)


def _with_normalised_replacement(
    event: FactCorrected, history: Sequence[RecordedEvent]
) -> FactCorrected:
    target = next((item.event for item in history if item.version == event.corrects), None)
    if not event.replacement or target is None or isinstance(target, FactCorrected):
        return event
    return event.model_copy(
        update={"replacement": normalised_replacement(event.replacement, type(target))}
    )


def _already(known: tuple[str, int], draft: Draft) -> LedgerEntry:
    digest, position = known
    if digest != draft.digest:
        raise Rejected.by(
            "key_conflict",
            msg(
                "the key {key} was recorded with other content, at position {position}; use another key"
            ),
            at="key",
            key=draft.key,
            position=position,
        )
    told = (
        ()
        if draft.event.key
        else (
            Problem(
                "already_recorded",
                msg(
                    "the same content is recorded already; if this is another fact alike in everything, tell them apart by a key or a note"
                ),
            ),
        )
    )
    return LedgerEntry(draft.stream.name, position, already=True, warnings=told)
