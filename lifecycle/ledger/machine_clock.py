"""The machine's clock, and when a clock is too unlikely to record by (spec 4, Clocks)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lifecycle import RELEASED
from lifecycle.events.field_types import SHANGHAI
from lifecycle.rejections import Problem, msg

CLOCK_RULE: Final = "clock"
"""The rule by which recording is rejected until somebody says that the clock is right."""
_LONGEST_PAUSE: Final = timedelta(days=31)
_YEARS_OF_USE: Final = 5
# The years of `lifecycle.events.field_types`.
_FIRST_MOMENT: Final = datetime(1900, 1, 1, tzinfo=SHANGHAI)
_LAST_MOMENT: Final = datetime(2199, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
_TOO_EARLY: Final = msg(
    "the clock says {now}, before this version was released ({allowed}): set the clock, or pass "
    "--clock-is-right"
)
_TOO_LATE_AFTER_LAST: Final = msg(
    "the clock says {now}, {days} days after the last event was recorded ({last}); up to "
    "{allowed} days are not asked about: set the clock, or pass --clock-is-right"
)
_TOO_LATE_FOR_EMPTY: Final = msg(
    "the clock says {now}, and this version was released on {released}; an empty store is not "
    "asked about for {allowed} years: set the clock, or pass --clock-is-right"
)
_BEHIND: Final = msg(
    "the last recorded time, {last}, lies after the clock, {now}: until the clock reaches it, "
    "events are recorded at that time; if a wrong clock gave it, correct it by RecordTimeCorrected"
)


def machine_time() -> datetime:
    """Return the machine's present moment in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


def within_calendar(moment: datetime) -> datetime:
    """Return a clock's moment, at the nearest end of the calendar where it lies beyond.

    Events hold days of these years alone. A month or a week added to a day past them may leave
    Python's calendar, and every page with it.
    """
    return min(max(moment, _FIRST_MOMENT), _LAST_MOMENT)


@dataclass(frozen=True, slots=True)
class RecordedUntil:
    """What a clock is held against: the time the ledger last witnessed, and whether it is empty.

    Times that an import brought are not witnessed; None where there is no other.
    """

    last_witnessed: datetime | None
    is_empty: bool


def clock_problem(now: datetime, until: RecordedUntil) -> Problem | None:
    """Return why nothing should be recorded by a clock that says `now`, None where it may be."""
    today = now.astimezone(SHANGHAI).date()
    if today < RELEASED:
        return Problem(CLOCK_RULE, _TOO_EARLY, {"now": _shown(now), "allowed": RELEASED})
    last = until.last_witnessed
    if last is not None and now - last > _LONGEST_PAUSE:
        values: dict[str, object] = {
            "now": _shown(now),
            "days": (now - last).days,
            "last": _shown(last),
            "allowed": _LONGEST_PAUSE.days,
        }
        return Problem(CLOCK_RULE, _TOO_LATE_AFTER_LAST, values)
    # A year's own day, not a span of days: five years later means the same day of the year.
    if until.is_empty and today > RELEASED.replace(year=RELEASED.year + _YEARS_OF_USE):
        values = {"now": _shown(now), "released": RELEASED, "allowed": _YEARS_OF_USE}
        return Problem(CLOCK_RULE, _TOO_LATE_FOR_EMPTY, values)
    return None


def behind_problem(now: datetime, last_recorded_at: datetime | None) -> Problem | None:
    """Return the warning for a last record time that lies after the clock."""
    if last_recorded_at is None or last_recorded_at <= now:
        return None
    values: dict[str, object] = {"last": _shown(last_recorded_at), "now": _shown(now)}
    return Problem("clock_behind", _BEHIND, values)


def _shown(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
