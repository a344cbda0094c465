"""Which recorded events hold idempotency keys: of those that took one, the one that is not void."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lifecycle.deciding.corrected_stream import CorrectedStream, FactChange
from lifecycle.deciding.drafts import Draft
from lifecycle.events import RecordedEvent, Stream, UnreadableEvent
from lifecycle.ledger.pending_appends import PendingAppends, RecordedKey
from lifecycle.rejections import Problem, Rejected, msg


class KeyHolders:
    """Answers who holds a key as the ledger and the pending events stand."""

    def __init__(
        self,
        pending: PendingAppends,
        corrected_stream: Callable[[Stream], CorrectedStream],
    ) -> None:
        self._pending = pending
        self._corrected_stream = corrected_stream

    def recorded_alike(self, draft: Draft, *, from_file: bool) -> RecordedKey | None:
        """Return the event that a record repeats, or whose key it would take.

        A record `from_file` repeats an event of the same content even where that event is void.
        """
        events = self._pending.recorded_under(draft.key)
        if from_file:
            for recorded in events:
                if recorded.digest == draft.digest:
                    return recorded
        return self._holder_of(events)

    def require_free_keys(
        self,
        corrected: CorrectedStream,
        correction: RecordedEvent,
        change: FactChange,
    ) -> None:
        """Raise `Rejected` where an event that would count again has lost its key to another."""
        for version in corrected.revived_by(correction, change):
            revived = corrected.recorded(version)
            if revived is None or isinstance(revived.event, UnreadableEvent):
                continue
            key = Draft(revived.stream, revived.event).key
            holder = self._holder_of(self._pending.recorded_under(key))
            if holder is not None:
                raise Rejected.by(
                    "key_conflict",
                    msg(
                        "the key {key} of event {version} was used again at position {position}; "
                        "void that event first"
                    ),
                    at="corrects",
                    key=key,
                    version=version,
                    position=holder.position,
                )

    def _holder_of(self, events: Sequence[RecordedKey]) -> RecordedKey | None:
        """Return the event among these that is not void."""
        for recorded in events:
            row = self._pending.row_at(recorded.position)
            # Where no event stands, the row was put there past the rules: `confirm` says so.
            if row is None or not self._corrected_stream(Stream.of(row[1])).is_void(row[2]):
                return recorded
        return None


def repetition_notes(draft: Draft, recorded: RecordedKey) -> Sequence[Problem]:
    """Return what to say of a record that is already recorded. Raises `Rejected` if it differs."""
    if recorded.digest != draft.digest:
        raise Rejected.by(
            "key_conflict",
            msg(
                "the key {key} is already recorded with different content at position "
                "{position}; use another key"
            ),
            at="key",
            key=draft.key,
            position=recorded.position,
        )
    if draft.event.key:
        return ()
    # Without a key of the clerk's own this may be a second fact.
    note = Problem(
        "already_recorded",
        msg(
            "the same content is already recorded; if this is a different fact with the "
            "same content, distinguish it by a key or a note"
        ),
    )
    return (note,)
