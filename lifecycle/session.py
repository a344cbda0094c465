"""One decision, or many, on one view of the ledger: load the state, decide, gather, append together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from eventsourcing.persistence import StoredEvent
from rapidfuzz import fuzz, process

from lifecycle import decisions
from lifecycle.claims import ClaimIndex
from lifecycle.corrections import effective
from lifecycle.decisions import NUMBER, Holder
from lifecycle.events import Event, FactCorrected, Recorded, Stamp, Stream, project, sheets
from lifecycle.events.county import RulebookAdopted
from lifecycle.recorders.base import Cursor, Head, LedgerRecorder, leaf_of, read_head
from lifecycle.records import Draft, normalised, stored_form
from lifecycle.refusals import Conflict, Problem, Refused, msg
from lifecycle.rulebook import adoption_problem
from lifecycle.streams import State, claims_of, evolve, fold, identity, normalised_name
from lifecycle.values import SHANGHAI

_STATES: Final = 4_000
_SIMILAR: Final = 88
_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class Who:
    """Who enters: the login, for whom, and whether the records bring their own clerk (an import)."""

    login: str
    on_behalf_of: str | None = None
    importing: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a record: its event's name `stream#version`, its position and leaf hash, what to look at.

    `already` says that the same content stood under the same key, so that nothing was recorded.
    """

    ref: str
    position: int
    leaf: str = ""
    already: bool = False
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An event that is decided on and not yet appended."""

    stored: StoredEvent
    leaf: bytes
    key: str
    digest: str
    recorded_at: str


class Session:
    """Decides on the view of one cursor; appends by `flush` through the same, or by `commit` through a later one.

    It is the `Context` that decisions ask.
    """

    def __init__(
        self, recorder: LedgerRecorder, cursor: Cursor, who: Who, now: datetime, *, keep_recorded_at: bool = False
    ) -> None:
        self._recorder = recorder
        self._cursor = cursor
        self._who = who
        self._keep = keep_recorded_at
        self._head = read_head(cursor)
        self._now = now.astimezone(SHANGHAI)
        # Record times never fall: a clock that was set back does not take the ledger back.
        self._last = datetime.fromisoformat(self._head.recorded_at) if self._head.recorded_at else None
        self._at = self._now if self._last is None else max(self._now, self._last)
        self._position = self._head.position
        self._states: OrderedDict[str, State] = OrderedDict()
        self._waiting: list[_Waiting] = []
        self._waiting_streams: set[str] = set()
        self._keys: dict[str, tuple[str, int] | None] = {}
        self._claims = ClaimIndex(recorder, cursor)
        self._units: set[str] | None = None
        self._names: dict[str, str] | None = None

    # Recording --------------------------------------------------------------------------------------------------------

    def record(self, draft: Draft) -> Entry:
        """Decide on a record; what is allowed waits to be appended. Raises `Refused`, and then nothing has changed."""
        stream, event = draft.stream, draft.event
        history: list[Recorded] = []
        if isinstance(event, FactCorrected):
            history = self._history(stream)
            event = _with_normalised_replacement(event, history)
            draft = replace(draft, event=event)
        digest = draft.digest
        key = event.key or digest
        if (known := self._known(key)) is not None:
            return _already(known, key, digest, stream, event)
        stamp = self._stamp(draft)
        found: tuple[Problem, ...] = ()
        version = self._state(stream).version + 1
        if isinstance(event, FactCorrected):
            self._replace_state(stream, decisions.decide_correction(history, stream, event, stamp, self))
        else:
            decisions.decide(self._state(stream), stream, event, self)
            found = tuple(decisions.warnings(stream, event, self))
            self._evolve(stream, version, event)
        return self._wait(Recorded(stream, version, event, stamp), draft, key, found)

    def _stamp(self, draft: Draft) -> Stamp:
        by = draft.recorded_by if self._who.importing and draft.recorded_by else self._who.login
        imported_by = self._who.login if self._who.importing else None
        if not self._keep:
            return Stamp(self._at, by, self._who.on_behalf_of, imported_by)
        at = draft.recorded_at
        if at is None:
            raise Refused.by("recorded_at_missing", msg("is missing; with --keep-recorded-at every record brings it"), at="recorded_at")
        if at > self._now or (self._last is not None and at < self._last):
            raise Refused.by(
                "recorded_at_order",
                msg("{at_} is out of order; it may not lie before the last recorded, {last}, nor in the future, after {now}"),
                at="recorded_at", at_=at, last=self._last or "—", now=self._now,
            )  # fmt: skip
        self._at = at
        return Stamp(at, by, self._who.on_behalf_of, imported_by, migrated_at=self._now)

    def _wait(self, recorded: Recorded, draft: Draft, key: str, found: tuple[Problem, ...]) -> Entry:
        stored, digest = stored_form(recorded, draft.fields), draft.digest
        self._waiting_streams.add(recorded.stream.id)
        self._last = recorded.stamp.recorded_at
        self._position += 1
        self._keys[key] = (digest, self._position)
        leaf = leaf_of(stored, self._head)
        self._waiting.append(_Waiting(stored, leaf, key, digest, recorded.stamp.recorded_at.isoformat()))
        return Entry(recorded.ref, self._position, leaf.hex(), warnings=found)

    @property
    def waiting(self) -> int:
        """How many decided events are not appended yet; a long import flushes now and then."""
        return len(self._waiting)

    # Appending --------------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Append what waits, through the session's own write transaction."""
        if self._waiting:
            events = [waiting.stored for waiting in self._waiting]
            leaves = [waiting.leaf for waiting in self._waiting]
            positions = self._recorder.append(self._cursor, events, leaves, self._waiting[-1].recorded_at)
            self._cursor.executemany(
                self._recorder.sql("INSERT INTO ledger_keys VALUES (?, ?, ?, ?)"),
                [(waiting.key, waiting.digest, position, waiting.leaf) for waiting, position in zip(self._waiting, positions, strict=True)],
            )
            self._waiting.clear()
            self._waiting_streams.clear()
            self._keys.clear()
        self._claims.flush(self._cursor)
        while len(self._states) > _STATES:
            self._states.popitem(last=False)

    def commit(self, cursor: Cursor) -> None:
        """Append through a write transaction begun after deciding. Raises `Conflict` if anybody recorded since."""
        if not self._waiting:
            return
        if read_head(cursor).position != self._head.position:
            raise Conflict(msg("another process recorded first"))
        self._cursor = cursor
        self.flush()

    # State ------------------------------------------------------------------------------------------------------------

    def _history(self, stream: Stream) -> list[Recorded]:
        if stream.id in self._waiting_streams:
            self.flush()
        return self._recorder.history(self._cursor, stream)

    def _state(self, stream: Stream) -> State:
        state = self._states.get(stream.id)
        if state is None:
            history = self._history(stream)
            state = self._states[stream.id] = fold(effective(history))
            state.version = len(history)
        else:
            self._states.move_to_end(stream.id)
        return state

    def _evolve(self, stream: Stream, version: int, event: Event) -> None:
        state = self._state(stream)
        for claim in claims_of(event, stream.name):
            if claim not in state.claims:
                self._claims.add(claim, stream.id, self._position + 1)
        evolve(state, version, stream.name, event)
        if isinstance(event, sheets.Sheet) and (match := NUMBER.fullmatch(event.number)):
            self._claims.number_given(event.sign, event.on.year, int(match["counter"]))
        if stream.kind == "unit" and self._units is not None:
            self._units.add(stream.name)
        if isinstance(event, project.InformationReported) and self._names is not None:
            self._names[stream.id] = normalised_name(event.name)

    def _replace_state(self, stream: Stream, after: State) -> None:
        before = self._state(stream).claims
        for claim in before - after.claims:
            self._claims.remove(claim, stream.id)
        for claim in after.claims - before:
            self._claims.add(claim, stream.id, self._position + 1)
        self._states[stream.id] = after
        self._units = self._names = None

    # Keys -------------------------------------------------------------------------------------------------------------

    def prefetch(self, drafts: Iterable[Draft]) -> None:
        """Look up many keys at once; corrections are left for later, as their content needs its target."""
        wanted = [
            draft.event.key or draft.digest
            for draft in drafts
            if not isinstance(draft.event, FactCorrected)
        ]
        unknown = {key: None for key in wanted if key not in self._keys}
        self._keys.update(unknown)
        self._keys.update(self._recorder.known_keys(self._cursor, list(unknown)))

    def _known(self, key: str) -> tuple[str, int] | None:
        if key not in self._keys:
            self._keys[key] = self._recorder.known_keys(self._cursor, [key]).get(key)
        return self._keys[key]

    # The context of decisions -----------------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """Where the ledger ended when this session began: what its decisions saw."""
        return self._head

    @property
    def today(self) -> date:
        """The Shanghai day of the record time."""
        return self._at.date()

    def _registered(self) -> set[str]:
        if self._units is None:
            self._units = {claim.value for claim in self._claims.of_kind("unit")}
        return self._units

    def is_unit(self, name: str) -> bool:
        """Whether a unit of this name is registered."""
        return name in self._registered()

    def nearest_units(self, name: str) -> Sequence[str]:
        """The registered units whose names are nearest."""
        return [match[0] for match in process.extract(name, sorted(self._registered()), scorer=fuzz.WRatio, limit=_NEAREST)]

    def is_project(self, code: str) -> bool:
        """Whether a project of this code has been reported."""
        return self._state(Stream("project", code)).information is not None

    def holder(self, kind: str, value: str, other_than: str) -> Holder | None:
        """The first other project that holds the claim."""
        stream_id = self._claims.holder(kind, value, other_than)
        return None if stream_id is None else self._holder(stream_id)

    def _holder(self, stream_id: str) -> Holder | None:
        stream = Stream.of(stream_id)
        information = self._state(stream).information
        return None if information is None else Holder(stream.name, information)

    def similar(self, information: project.InformationReported, stream_id: str) -> Sequence[Holder]:
        """Other projects whose names are similar, most similar first."""
        if self._names is None:
            self._names = {stream: claim.value.partition("\t")[2] for claim, stream in self._claims.pairs("identity")}
        near = process.extract(normalised_name(information.name), self._names, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=_NEAREST + 1)
        own = identity(information)
        holders = [self._holder(found[2]) for found in near if found[2] != stream_id]
        return [holder for holder in holders if holder and identity(holder.information) != own][:_NEAREST]

    def names_unit(self, name: str) -> str | None:
        """A stream whose facts name this unit."""
        return self._claims.holder("names", name, "")

    def last_number(self, sign: str, year: int) -> int:
        """The counter of the last sheet of this sign and year, 0 without any."""
        return self._claims.last_number(sign, year)

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """What is wrong with a rulebook that is to be adopted."""
        return adoption_problem(event)


def _with_normalised_replacement(event: FactCorrected, history: Sequence[Recorded]) -> FactCorrected:
    target = next((item.event for item in history if item.version == event.corrects), None)
    if not event.replacement or target is None or isinstance(target, FactCorrected):
        return event
    return event.model_copy(update={"replacement": normalised(event.replacement, type(target))})


def _already(known: tuple[str, int], key: str, digest: str, stream: Stream, event: Event) -> Entry:
    if known[0] != digest:
        raise Refused.by(
            "key_conflict", msg("the key {key} was recorded with other content, at position {position}; use another key"),
            at="key", key=key, position=known[1],
        )  # fmt: skip
    told = () if event.key else (
        Problem(
            "already_recorded",
            msg("the same content is recorded already; if this is another fact alike in everything, tell them apart by a key or a note"),
        ),
    )  # fmt: skip
    return Entry(stream.name, known[1], already=True, warnings=told)
