"""Who records an event and when: the author, and the stamps of one unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from lifecycle.events import Stamp
from lifecycle.events.codec import stamp_fields, state_of
from lifecycle.events.county_events import RecordTimeCorrected
from lifecycle.events.field_types import SHANGHAI
from lifecycle.events.stamped_state import StampValues, stamp_values, stamped_state
from lifecycle.rejections import Rejected, msg

if TYPE_CHECKING:
    from lifecycle.deciding.drafts import Draft


@dataclass(frozen=True, slots=True)
class Author:
    """Who records: the login, for whom, and whether the records name their clerk (an import)."""

    login: str
    on_behalf_of: str | None = None
    importing: bool = False


@dataclass(frozen=True, slots=True)
class RecordStamp:
    """A stamp, and the same as the fields that are stored."""

    stamp: Stamp
    fields: dict[str, object]
    values: StampValues | None
    """The same as bytes, for an import's events, of which the rest is written already."""

    def stored(self, draft: Draft) -> bytes:
        """Return the bytes that are stored of a record's event."""
        if self.values is None or draft.state_parts is None:
            return state_of(draft.fields, self.fields)
        return stamped_state(draft.state_parts, self.values)


class RecordStamps:
    """The stamps of one unit of work. Record times never fall, in whatever order events come in.

    `now` is the clock's moment, `last_recorded_at` the time of the last event in the ledger.
    With `keep_recorded_at` each record brings its own time: a migration from an older system.
    """

    def __init__(
        self,
        author: Author,
        now: datetime,
        last_recorded_at: datetime | None,
        *,
        keep_recorded_at: bool,
    ) -> None:
        self.now = now.astimezone(SHANGHAI)
        """The clock's moment."""
        self._author = author
        self._keep_recorded_at = keep_recorded_at
        self._stamps: dict[str, RecordStamp] = {}
        self._own_time: datetime | None = None
        """The time that the present record brings, where the records bring theirs."""
        self.last_recorded_at = last_recorded_at
        """The time of the last event that is stored or pending."""

    @property
    def today(self) -> date:
        """The Shanghai day of the clock, or of the time that a record brings."""
        # Not the stamp's day: one wrong clock would let everybody after it date facts ahead.
        return (self._own_time or self.now).date()

    def of(self, draft: Draft) -> RecordStamp:
        """Return the stamp for a record.

        Raises `Rejected` where its own record time is not allowed.
        """
        if type(draft.event) is RecordTimeCorrected:
            # The way back to the clock: its own time may lie before those that it corrects.
            self._own_time = None
            return self._new_stamp(self._recorded_by(draft), self.now)
        recorded_at = self._next_recorded_at()
        if self._keep_recorded_at:
            recorded_at = self._own_recorded_at(draft.recorded_at)
            self._own_time = recorded_at
        recorded_by = self._recorded_by(draft)
        stamp = self._stamps.get(recorded_by)
        if stamp is None or stamp.stamp.recorded_at != recorded_at:
            migrated_at = self.now if self._keep_recorded_at else None
            stamp = self._new_stamp(recorded_by, recorded_at, migrated_at)
            self._stamps[recorded_by] = stamp
        return stamp

    def _next_recorded_at(self) -> datetime:
        """Return the clock's moment; a clock that was set back must not take the ledger back."""
        if self.last_recorded_at is None:
            return self.now
        return max(self.now, self.last_recorded_at)

    def _recorded_by(self, draft: Draft) -> str:
        if self._author.importing and draft.recorded_by:
            return draft.recorded_by
        return self._author.login

    def _new_stamp(
        self,
        recorded_by: str,
        recorded_at: datetime,
        migrated_at: datetime | None = None,
    ) -> RecordStamp:
        stamp = Stamp(
            recorded_at,
            recorded_by,
            self._author.on_behalf_of,
            self._author.login if self._author.importing else None,
            migrated_at=migrated_at,
        )
        fields = stamp_fields(stamp)
        return RecordStamp(stamp, fields, stamp_values(fields))

    def _own_recorded_at(self, recorded_at: datetime | None) -> datetime:
        """Return the time that a migrated record brings, if it is in order."""
        if recorded_at is None:
            raise Rejected.by(
                "recorded_at_missing",
                msg("is missing; with --keep-recorded-at every record needs its own"),
                at="recorded_at",
            )
        is_early = self.last_recorded_at is not None and recorded_at < self.last_recorded_at
        if is_early or recorded_at > self.now:
            raise Rejected.by(
                "recorded_at_order",
                msg(
                    "{at_} is out of order; it may not be earlier than the last recorded, {last}, "
                    "nor later than now, {now}"
                ),
                at="recorded_at",
                at_=recorded_at,
                last=self.last_recorded_at or "—",
                now=self.now,
            )
        return recorded_at

    def mark_recorded(self, stamp: RecordStamp) -> None:
        """Note that an event got this stamp: later ones may not be earlier."""
        self.last_recorded_at = stamp.stamp.recorded_at

    @property
    def last_text(self) -> str:
        """That time as it is stored; empty where nothing was recorded."""
        return "" if self.last_recorded_at is None else self.last_recorded_at.isoformat()

    def forget(self) -> None:
        """Drop the stamps of the events that were appended; a long import has many clerks."""
        self._stamps.clear()
