"""What the store keeps beside its events, recomputed from them in the audit pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import repeat
from typing import Any, Final, NamedTuple

import orjson

from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import RecordedEvent, UnreadableEvent
from lifecycle.events.codec import recorded_or_unreadable
from lifecycle.ledger.audit_chunk import AuditChunk, event_place
from lifecycle.ledger.audit_expectations import AuditFindings, EventPlace
from lifecycle.ledger.chunk_keys import KeysOfChunk
from lifecycle.ledger.history_replay import VERSION_RULE, HistoryReplay
from lifecycle.ledger.recorded_keys import EventKey, key_of_fields
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.recorders.name_index import NAME_KINDS, name_in_identity, near_claims
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.session_logins import SessionLogins
from lifecycle.rejections import EventName, LedgerError, Problem, msg

TIME_ORDER: Final = msg(
    "the event at position {position} was recorded at {recorded_at}, earlier than the one before "
    "it, {before}: record times never fall"
)
UNREADABLE: Final = msg(
    "the event at position {position} cannot be read, so claims, numbers and keys cannot be "
    "recomputed ({why})"
)
UNREADABLE_VOID: Final = msg(
    "the event at position {position}, {ref}, cannot be read ({why}): it was voided and counts "
    "for nothing"
)
UNREADABLE_UNVOIDED: Final = msg(
    "the event at position {position}, {ref}, cannot be read ({why}); if nothing else differs it "
    "was recorded like this: a manager voids it with `lifecycle correct {name} {version} --void`"
)
UNLAWFUL: Final = msg(
    "the event at position {position}, {event} ({ref}), breaks the rule {rule}: `record` would "
    "have rejected it"
)
UNLAWFUL_MORE: Final = msg(
    "{count} more events break a rule by which `record` would have rejected them"
)
UNLAWFUL_NAMED: Final = 10_000
"""So many are named one by one: a ledger of others' making may hold nothing else."""
_SELECT_KEYS: Final = (
    "SELECT key, digest, position, leaf FROM ledger_keys WHERE position BETWEEN 1 AND ?"
    " ORDER BY position, key"
)
_DECODE_ERRORS: Final = (LedgerError, ValueError, KeyError, TypeError, AttributeError)


class KeyRow(NamedTuple):
    """A row of `ledger_keys`: a key, the digest of its record, and the event's place and leaf."""

    key: str
    digest: str
    position: int
    leaf: bytes


class ClaimRow(NamedTuple):
    """A row of `ledger_claims`."""

    kind: str
    value: str
    stream: str
    position: int


def comparable_claim(kind: str, value: str, stream: str, position: int) -> ClaimRow:
    """Return a claim as it is compared: of the rows that find names no position counts."""
    return ClaimRow(kind, value, stream, 0 if kind in NAME_KINDS else position)


class StoredKeys:
    """The rows of `ledger_keys` in the order of positions, read beside the events."""

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        last: int,
    ) -> None:
        statement = recorder.sql(_SELECT_KEYS)
        self._rows: Iterator[Any] = recorder.stream_rows(cursor, statement, (last,))
        self._next = self._fetch()

    def _fetch(self) -> KeyRow | None:
        row = next(self._rows, None)
        if row is None:
            return None
        key, digest, position, leaf = row
        return KeyRow(key, digest, position, bytes(leaf))

    def upto(self, position: int) -> list[KeyRow]:
        """Return the rows up to a position that were not returned before."""
        rows: list[KeyRow] = []
        while self._next is not None and self._next.position <= position:
            rows.append(self._next)
            self._next = self._fetch()
        return rows


class DerivedPlaces:
    """Claims, sheet numbers, idempotency keys and the last record time, by the events alone.

    The events come in chunks, in the order of positions; `stored_keys` are compared on the way,
    because there are as many of them as events.
    """

    def __init__(
        self,
        stored_keys: StoredKeys,
        record_times: RecordTimes,
        replay: HistoryReplay,
        logins: SessionLogins,
        findings: AuditFindings,
    ) -> None:
        self._stored_keys = stored_keys
        self._logins = logins
        self._replay = replay
        self._record_times = record_times
        self._findings = findings
        self.is_readable = True
        """Whether every event could be read; nothing is recomputed from the others alone."""
        self.recorded_at = ""
        """The last event's record time as it is stored, empty without events."""
        self._moment: datetime | None = None
        self._was_corrected = False
        self._times_fall = False
        self.missing_keys: list[KeyRow] = []
        """Rows that the events yield and the store lacks."""
        self.invented_keys: list[KeyRow] = []
        """Rows in the store that the events do not yield."""
        self._unlawful_events = 0
        self._unreadable_events: list[RecordedEvent] = []
        self._expected_keys: list[KeyRow] = []
        """The keys that the events of the present chunk yield."""

    def add(self, chunk: AuditChunk, keys: KeysOfChunk = None) -> None:
        """Take the next events and their leaf hashes; `keys` are theirs if they are known."""
        known_keys: Iterable[EventKey | None] = repeat(None, len(chunk.rows))
        if keys is not None and len(keys) == len(chunk.rows):
            known_keys = keys
        self._expected_keys = []
        for row, leaf, key in zip(chunk.rows, chunk.leaves, known_keys, strict=True):
            try:
                self._add_event(row, leaf, key)
            except _DECODE_ERRORS as error:
                self.note_unreadable(row, error)
        self._compare_keys(chunk.last)
        self._replay.end_chunk()

    def note_unreadable(self, row: StoredRow, error: Exception) -> None:
        """Note the first event of which not even the stamp can be read."""
        if not self.is_readable:
            return
        self.is_readable = False
        place = event_place(row, row[0])
        # Our own errors say what is wrong, such as an event of a newer version.
        why = error if isinstance(error, LedgerError) else type(error).__name__
        self._findings.differ("unreadable", UNREADABLE, place, position=row[0], why=why)

    def _add_event(
        self,
        row: StoredRow,
        leaf: bytes,
        event_key: EventKey | None,
    ) -> None:
        fields = orjson.loads(row[4])
        self._check_time(row, fields["recorded_at"])
        recorded = recorded_or_unreadable(*row)
        key: str | None = None
        if isinstance(recorded.event, UnreadableEvent):
            # Its key follows from fields that cannot be read.
            self._unreadable_events.append(recorded)
        else:
            key, digest = event_key or key_of_fields(row, fields)
            self._expected_keys.append(KeyRow(key, digest, row[0], leaf))
        self._logins.check(row, fields)
        if self.is_readable:
            self._replay_event(row, recorded, key)

    def _replay_event(self, row: StoredRow, recorded: RecordedEvent, key: str | None) -> None:
        rule = self._replay.broken_rule(recorded, key)
        if rule is None:
            return
        self._unlawful_events += 1
        if self._unlawful_events <= UNLAWFUL_NAMED:
            self._findings.differ(
                "unlawful",
                UNLAWFUL,
                event_place(row, row[0]),
                position=row[0],
                ref=recorded.ref,
                event=EventName(type(recorded.event).__name__),
                rule=rule,
            )
        if rule == VERSION_RULE:
            # Without the stream's earlier events nothing can be said of its later ones.
            self.is_readable = False

    def _check_time(self, row: StoredRow, recorded_at: str) -> None:
        corrected = self._record_times.corrected(row[0])
        if recorded_at == self.recorded_at and corrected is None and not self._was_corrected:
            return  # an import stamps thousands of events alike
        moment = corrected or datetime.fromisoformat(recorded_at)
        if self._moment is not None and moment < self._moment and not self._times_fall:
            self._times_fall = True
            self._findings.differ(
                "time_order",
                TIME_ORDER,
                event_place(row, row[0]),
                position=row[0],
                recorded_at=moment.isoformat(),
                before=self._moment.isoformat(),
            )
        self._moment = moment
        self._was_corrected = corrected is not None
        self.recorded_at = recorded_at

    def _compare_keys(self, last: int) -> None:
        """Compare the stored keys up to a position with those that the chunk's events yield."""
        stored = self._stored_keys.upto(last)
        if stored == self._expected_keys:
            return  # nearly always: one comparison for the whole chunk
        stored_by_position: defaultdict[int, list[KeyRow]] = defaultdict(list)
        for row in stored:
            stored_by_position[row.position].append(row)
        for expected in self._expected_keys:
            rows = stored_by_position[expected.position]
            if expected not in rows:
                self.missing_keys.append(expected)
            self.invented_keys += [row for row in rows if row != expected]

    def note_end(self) -> None:
        """Name the events that cannot be read; say how many unlawful ones were not named."""
        for recorded in self._unreadable_events:
            self._note_unreadable_fields(recorded)
        unnamed = self._unlawful_events - UNLAWFUL_NAMED
        if unnamed > 0:
            self._findings.differ("unlawful", UNLAWFUL_MORE, count=unnamed)

    def _note_unreadable_fields(self, recorded: RecordedEvent) -> None:
        event = recorded.event
        assert isinstance(event, UnreadableEvent)
        values: dict[str, object] = {
            "position": recorded.position,
            "ref": recorded.ref,
            "name": recorded.stream.name,
            "version": recorded.version,
            "why": event.reason,
        }
        if self._is_void(recorded):
            self._findings.notes.append(Problem("unreadable_void", UNREADABLE_VOID, values))
            return
        self.is_readable = False
        place = EventPlace(
            recorded.position,
            recorded.stream.id,
            recorded.version,
            recorded.stamp.recorded_at.isoformat(),
        )
        self._findings.differ("unreadable", UNREADABLE_UNVOIDED, place, **values)

    def _is_void(self, recorded: RecordedEvent) -> bool:
        try:
            return self._replay.is_void(recorded)
        except LedgerError:
            # An event of its stream is missing, which the pass itself names.
            return False

    @property
    def numbers(self) -> dict[tuple[str, int], int]:
        """The last counter of each sign and year."""
        return self._replay.index.numbers

    def claims(self) -> set[ClaimRow]:
        """Return the claims of every stream, but for the signatures of names."""
        claims: set[ClaimRow] = set()
        for kind, values in self._replay.index.claims.items():
            for value, holders in values.items():
                for stream_id, position in holders.items():
                    claims.add(comparable_claim(kind, value, stream_id, position))
        return claims

    def near_names(self) -> Iterator[tuple[str, str]]:
        """Yield the signatures of names with the streams that they find.

        There are a dozen for each project, so that they are not held in memory.
        """
        names: defaultdict[str, set[str]] = defaultdict(set)
        for value, holders in self._replay.index.claims["identity"].items():
            for stream_id in holders:
                names[stream_id].add(name_in_identity(value))
        for stream_id, names_of_project in names.items():
            # A project that had two investors claims its name twice.
            claims = {claim for name in names_of_project for claim in near_claims(name)}
            for claim in claims:
                yield claim.value, stream_id
