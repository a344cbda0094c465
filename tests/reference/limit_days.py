"""When a time limit fell due, and how many days late it was met, from the spec alone (spec 6).

Nothing here knows projects: days go in, days come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import chinese_calendar

from .effective import Event
from .recognition import months_after

FRIDAY = 4
LIMIT_MEASURES = ("limits_kept", "limits_missed", "days_late")


class Due(NamedTuple):
    """A due day, and by how many days it was missed: 0 where it was kept."""

    day: date
    days_late: int


@dataclass(frozen=True)
class WorkingDays:
    """The years that the ledger arranges; others are as the State Council arranged them."""

    off: Mapping[int, frozenset[date]]
    worked: Mapping[int, frozenset[date]]

    def works(self, day: date) -> bool | None:
        """Whether a day is worked; None of a year that nobody has arranged."""
        # A notice for a year may move the last days of December before it.
        for year in (day.year + 1, day.year):
            if day in self.worked.get(year, ()):
                return True
            if day in self.off.get(year, ()) and day.weekday() <= FRIDAY:
                return False
        if day.year in self.off:
            return day.weekday() <= FRIDAY
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return None

    def after(self, day: date, number: int) -> date | None:
        """The so-manieth working day after a day; None where it cannot be known."""
        left = number
        while left:
            day += timedelta(days=1)
            works = self.works(day)
            if works is None:
                return None
            left -= works
        return day


def arranged(county: Iterable[Event]) -> WorkingDays:
    """The working days by what the county recorded."""
    off: dict[int, frozenset[date]] = {}
    worked: dict[int, frozenset[date]] = {}
    for event in county:
        if event.kind == "WorkingDaysArranged":
            year = int(event.fields["year"])
            off[year] = _days(event.fields["off"])
            worked[year] = _days(event.fields.get("worked", ()))
    return WorkingDays(off, worked)


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def events_of_cadence(limit: Mapping[str, Any]) -> list[str]:
    """The events that begin a cadence anew; one may stand without brackets."""
    return [limit["by"]] if isinstance(limit["by"], str) else list(limit["by"])


def length_after(
    limit: Mapping[str, Any],
    start: date,
    times: int,
    working_days: WorkingDays,
) -> date | None:
    """So many lengths of the limit after a day, counted from it at once."""
    if "days" in limit:
        return start + timedelta(days=times * int(limit["days"]))
    if "months" in limit:
        return months_after(start, times * int(limit["months"]))
    return working_days.after(start, times * int(limit["working_days"]))


def due_once(
    limit: Mapping[str, Any],
    start: date,
    met_on: date | None,
    over_on: date,
    working_days: WorkingDays,
) -> list[Due]:
    """The one due day before the day that all is over on: none, or kept, or missed."""
    due = length_after(limit, start, 1, working_days)
    if due is None or due >= over_on:
        return []
    late_until = over_on if met_on is None else min(met_on, over_on)
    kept = met_on is not None and met_on <= due
    return [Due(due, 0 if kept else (late_until - due).days)]


def due_again(
    limit: Mapping[str, Any],
    starts: Sequence[date],
    over_on: date,
    working_days: WorkingDays,
) -> list[Due]:
    """The due days of a cadence that begins, and begins anew, on these days."""
    by_day: dict[date, Due] = {}
    for start, anew in zip(starts, [*starts[1:], date.max], strict=True):
        for number in range(1, (over_on - start).days + 1):
            due = length_after(limit, start, number, working_days)
            if due is None or due >= over_on:
                break
            if number > 1 and anew <= due:
                break
            again = length_after(limit, start, number + 1, working_days)
            late_until = min(anew, over_on, date.max if again is None else again)
            # The later of two starts with one due day decides about it.
            by_day[due] = Due(due, 0 if anew <= due else (late_until - due).days)
            if anew <= due:
                break
    return list(by_day.values())
