"""The unit of work: load state, decide, gather events, append them together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from lifecycle.deciding.clerk_warnings import warnings_about
from lifecycle.deciding.corrected_stream import CorrectedStream, FactChange
from lifecycle.deciding.decide import decide, decide_correction
from lifecycle.deciding.decision_state import DecisionState
from lifecycle.deciding.drafts import Draft, normalised_replacement
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.deciding.understood_names import understood, understood_fields
from lifecycle.events import BY_NAME, COUNTY, FactCorrected, RecordedEvent, Stream
from lifecycle.events.codec import recorded_from, topic
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.key_holders import KeyHolders, repetition_notes
from lifecycle.ledger.ledger_context import LedgerContext
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.pending_appends import PendingAppends, RecordedKey
from lifecycle.ledger.proposed_fact import Examination, ProposedFact, take_as_it_is
from lifecycle.ledger.record_stamps import Author, RecordStamp, RecordStamps
from lifecycle.ledger.recorders.append_batch import AppendBatch
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_head import Head, read_head
from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder
from lifecycle.ledger.uniqueness import UniquenessIndex, asked_claims
from lifecycle.rejections import Problem, Rejected, msg

_FACTS: Final = frozenset(BY_NAME.values()) - {FactCorrected}
CLERK_VOIDS: Final = msg(
    "event {version} cannot be read: only a manager or the owner of the database voids what makes "
    "it so"
)


class UnitOfWork(LedgerContext):
    """Decides on the ledger as one cursor sees it, and appends the events together.

    `flush` appends through the cursor, which must hold the write lock; `commit` in a transaction of
    its own behind the cursor's. As the `DecisionContext` of its own decisions it sees its pending
    events.
    """

    def __init__(
        self,
        recorder: LedgerRecorder,
        cursor: Cursor,
        author: Author,
        now: datetime,
        *,
        head: Head | None = None,
        keep_recorded_at: bool = False,
    ) -> None:
        self.head: Head = head or read_head(cursor)
        """Where the ledger ended when this unit of work began."""
        self.end = self.head
        """Where it ended when events were last appended: what decisions see."""
        self._recorder = recorder
        self._cursor = cursor
        self._pending = PendingAppends(recorder, cursor, self.head)
        self._uniqueness = UniquenessIndex(recorder, cursor, self.head)
        super().__init__(self._uniqueness)
        last_moment = self.head.last_moment
        self._stamps = RecordStamps(author, now, last_moment, keep_recorded_at=keep_recorded_at)

    @property
    def today(self) -> date:
        """The Shanghai day of the clock, or of the time that a migrated record brings."""
        return self._stamps.today

    @property
    def now(self) -> datetime:
        """The clock's moment."""
        return self._stamps.now

    def move_clock(self, moment_within: Callable[[Cursor], datetime]) -> None:
        """Stamp later events by the clock again: a server rejects stamps far from its own."""
        self._stamps.now = moment_within(self._cursor).astimezone(SHANGHAI)

    @property
    def _holders(self) -> KeyHolders:
        # Not an attribute: the cycle would keep the states in memory until the next collection.
        return KeyHolders(self._pending, self._corrected_stream)

    @property
    def pending_count(self) -> int:
        """How many events are decided on but not appended; a long import flushes now and then."""
        return len(self._pending)

    # What came before ---------------------------------------------------------------------------

    @property
    def last_position(self) -> int:
        """The position of the last event, stored or pending."""
        return self._pending.position

    def _history(self, stream: Stream) -> list[RecordedEvent]:
        history: list[RecordedEvent] = []
        if not self._pending.is_new(stream.id):
            history = self._recorder.stored_history(self._cursor, stream)
        history.extend(recorded_from(*row) for row in self._pending.of_stream(stream.id))
        return history

    def _looked_up_state(self, stream: Stream) -> DecisionState:
        corrected = self._corrected.get(stream.id)
        if corrected is not None and corrected.unreadable:
            # Its corrections may be decided on; its other facts are not known.
            self._facts(self._history(stream))
        return super()._looked_up_state(stream)

    def record_time(self, position: int) -> datetime:
        """Return the moment at which the event at a position counts as recorded."""
        row = self._pending.at_position(position)
        if row is None:
            recorded = self._recorder.event_at(self._cursor, position)
        else:
            recorded = recorded_from(*row)
        return self._record_times().moment_of(recorded)

    def _record_times(self) -> RecordTimes:
        """Return the record times that count, with the corrections that are still pending."""
        stored = self._recorder.record_times(self._cursor).corrections
        pending = [recorded_from(*row) for row in self._pending.of_stream(COUNTY.id)]
        return RecordTimes.of([*stored, *pending])

    # Recording ----------------------------------------------------------------------------------

    def record(
        self,
        draft: Draft,
        examine: Examination = take_as_it_is,
        *,
        from_file: bool = False,
    ) -> LedgerEntry:
        """Decide on a record; an allowed event is pending until it is appended.

        What is already recorded under its key is not examined again. A key is free once its event
        is void, but a record `from_file` that is alike in content counts as recorded all the same:
        otherwise importing a file again would bring back what was voided.

        Raises `Rejected`, and then nothing has changed.
        """
        draft, notes = understood(draft, self)
        if type(draft.event) is FactCorrected:
            return self._correct(draft, draft.event, notes, examine, from_file=from_file)
        recorded = self._recorded_alike(draft, from_file=from_file)
        if recorded is not None:
            return self._already_recorded(draft, recorded, notes)
        stream, event = draft.stream, draft.event
        # Before deciding: a record that brings its own time moves `today`, which rules look at.
        stamp = self._stamps.of(draft)
        state = self._state(stream)
        decide(state, stream, event, self)
        if examine is not take_as_it_is:
            examine(ProposedFact(stream, event))
        warnings = [*notes, *warnings_about(stream, event, self)]
        self._evolve(state, stream, event, stamp.stamp)
        return self._add(draft, state.version, stamp, warnings)

    def _correct(
        self,
        draft: Draft,
        correction: FactCorrected,
        notes: list[Problem],
        examine: Examination,
        *,
        from_file: bool,
    ) -> LedgerEntry:
        stream = draft.stream
        corrected = self._corrected_stream(stream)
        # The key of a correction is that of its normalised content, which needs the target's types.
        correction = self._with_normalised_replacement(correction, corrected, notes)
        draft = replace(draft, event=correction)
        recorded = self._recorded_alike(draft, from_file=from_file)
        if recorded is not None:
            return self._already_recorded(draft, recorded, notes)
        stamp = self._stamps.of(draft)
        version = len(corrected) + 1
        next_event = RecordedEvent(stream, version, correction, stamp.stamp)
        change = decide_correction(corrected, next_event, correction, self)
        self._require_repair(stream, corrected, change)
        self._holders.require_free_keys(corrected, next_event, change)
        after = None if change.after is None else change.after.event
        examine(ProposedFact(stream, after, change.version))
        self._follow_correction(corrected, next_event, change)
        warnings = [*notes, *warnings_about(stream, correction, self)]
        return self._add(draft, version, stamp, warnings)

    def _recorded_alike(self, draft: Draft, *, from_file: bool) -> RecordedKey | None:
        """Return the event that a record repeats, or whose key it would take."""
        if not self._pending.is_taken(draft.key):
            return None
        return self._holders.recorded_alike(draft, from_file=from_file)

    def _already_recorded(
        self,
        draft: Draft,
        recorded: RecordedKey,
        notes: Sequence[Problem],
    ) -> LedgerEntry:
        self._pending.confirm(draft.key, recorded)
        warnings = (*notes, *repetition_notes(draft, recorded))
        return LedgerEntry(draft.stream.name, recorded.position, already=True, warnings=warnings)

    def _require_repair(
        self, stream: Stream, corrected: CorrectedStream, change: FactChange
    ) -> None:
        """Allow in a stream with unreadable events only what voids one, by who may.

        Raises `StoreError`, naming the event, for another correction, and `Rejected` for a login
        that may not.
        """
        if not corrected.unreadable:
            return
        if change.version not in corrected.unreadable:
            self._facts(self._history(stream))
        if self._recorder.rank(self._cursor) == "clerk":
            raise Rejected.by("reserved", CLERK_VOIDS, at="corrects", version=change.version)

    def _with_normalised_replacement(
        self,
        correction: FactCorrected,
        corrected: CorrectedStream,
        notes: list[Problem],
    ) -> FactCorrected:
        """Normalise a replacement by the types of the event that it corrects.

        Deciding rejects a correction without a target, or of another correction.
        """
        target = corrected.recorded(correction.corrects)
        if not correction.replacement or target is None or type(target.event) not in _FACTS:
            return correction
        kind = type(target.event)
        replacement = normalised_replacement(correction.replacement, kind)
        replacement, replacement_notes = understood_fields(kind, replacement, self)
        notes += replacement_notes
        return correction.model_copy(update={"replacement": replacement})

    def _add(
        self,
        draft: Draft,
        version: int,
        stamp: RecordStamp,
        warnings: Sequence[Problem] = (),
    ) -> LedgerEntry:
        self._stamps.mark_recorded(stamp)
        leaf = self._pending.add(
            draft.stream.id,
            version,
            topic(type(draft.event)),
            stamp.stored(draft),
            draft.key,
            draft.digest,
        )
        ref = f"{draft.stream.name}#{version}"
        return LedgerEntry(ref, self._pending.position, leaf.hex(), warnings=warnings)

    def keep_evidence(self, entry: LedgerEntry, digests: Iterable[str]) -> None:
        """Note which evidence files were stored with what was just recorded."""
        if not entry.already:
            self._pending.keep_evidence(digests)

    def prefetch(self, drafts: Collection[Draft]) -> None:
        """Look up at once what the decisions on many records ask of the store one by one.

        The unit of work has to hold the write lock.
        """
        # A correction's key is known only once its target is, see `_correct`.
        facts = [draft for draft in drafts if type(draft.event) is not FactCorrected]
        self._pending.prefetch(draft.key for draft in facts)
        self._pending.prefetch_streams({draft.stream.id for draft in drafts} - self._states.keys())
        self._uniqueness.prefetch(claim for draft in facts for claim in asked_claims(draft))

    # Appending ----------------------------------------------------------------------------------

    def flush(self) -> None:
        """Append the pending events through this unit of work's own write transaction."""
        self._append(self._recorder.append)

    def finish(self) -> None:
        """Append the pending events; nothing else is done in the transaction, which may end."""
        self._append(self._recorder.append_last)

    def commit(self) -> None:
        """Append in a transaction behind the reading one. Raises `Conflict` after a lost race."""
        self._append(self._recorder.append_decided)

    def _append(self, append: Callable[[Cursor, AppendBatch, Head], Head]) -> None:
        batch = self._pending.batch(self._stamps.last_text, self._uniqueness.take_changes())
        if batch.rows:
            self.end = append(self._cursor, batch, self.end)
        self._pending.forget()
        self._uniqueness.go_on_behind(self.end)
        self._drop_old_states()
        self._stamps.forget()
