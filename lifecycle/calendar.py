"""The calendar of the policy: months, quarters, half-years and the State Council's working days."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

SATURDAY: Final = 5
_JULY: Final = 7
_SHORTEST_MONTH: Final = 28
_MONTHS_IN: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def add_months(anchor: date, months: int) -> date:
    """Return the same day of the month that many months later, or that month's last (民法典 202).

    Always add to the original day: 31 January, one month on and one more, would drift to the 28th.
    """
    years, month_index = divmod(anchor.month - 1 + months, 12)
    year = anchor.year + years
    month = month_index + 1
    # Only the last three days of a month may be missing in another.
    day = anchor.day
    if day > _SHORTEST_MONTH:
        day = min(day, monthrange(year, month)[1])
    return date(year, month, day)


def first_day(day: date, period: str) -> date:
    """Return the first day of the month, quarter, half-year or year that a day lies in."""
    months = _MONTHS_IN[period]
    month = (day.month - 1) // months * months + 1
    return date(day.year, month, 1)


def period_ends(year: int, period: str) -> list[date]:
    """Return the last days of a year's months, quarters or half-years."""
    months = _MONTHS_IN[period]
    last_months = range(months, 13, months)
    return [date(year, month, monthrange(year, month)[1]) for month in last_months]


class HalfYear(NamedTuple):
    """Half a year: its name such as `2024-H1`, its first and its last day."""

    name: str
    first: date
    last: date


def half_year(day: date) -> HalfYear:
    """Return the half-year that a day lies in."""
    if day.month < _JULY:
        return HalfYear(f"{day.year}-H1", date(day.year, 1, 1), date(day.year, 6, 30))
    return HalfYear(f"{day.year}-H2", date(day.year, 7, 1), date(day.year, 12, 31))


# Publications hold the digest of this text: a changed character would break their verification.
RULES: Final = (
    "months: the corresponding day, else the month's last (民法典 202); "
    "quarters: end of March, June, September, December"
)
"""What scores take from the calendar: rules alone, no table of days."""


def calendar_digest() -> str:
    """Return the SHA-256 over what scores take from the calendar; a publication names it.

    The table of working days is no part of it. No score reads that table, so next year's table
    leaves every publication verifiable. Sheets do read it, and name its own digest.
    """
    return hashlib.sha256(RULES.encode()).hexdigest()


def calendar_rules(digest: str) -> str | None:
    """Return what scores take from the calendar of a digest; None for one that is not known."""
    # Every version so far has the same rules. Those of a former calendar are to be kept here.
    return RULES if digest == calendar_digest() else None


# Working days -------------------------------------------------------------------------------------


class WorkingDay(NamedTuple):
    """A working day, found by counting.

    `estimated` says that the count ran into a year whose arrangement is not known yet.
    """

    day: date
    estimated: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days that the State Council's yearly arrangements move, with the digest of the table."""

    source: str
    made_on: date
    first_year: int
    last_year: int
    digest: str
    off: frozenset[date]
    """Days from Monday to Friday that are holidays."""
    worked: frozenset[date]
    """Saturdays and Sundays that are worked."""

    def knows(self, day: date) -> bool:
        """Say whether the arrangement of the day's year is known."""
        return self.first_year <= day.year <= self.last_year

    def works(self, day: date) -> bool:
        """Say whether a day is worked; outside the known years its weekday alone decides."""
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.off

    def after(self, day: date, count: int) -> WorkingDay:
        """Return the count-th working day after a day, which itself does not count (民法典 201)."""
        estimated = False
        remaining = count
        while remaining:
            day += timedelta(days=1)
            if self.works(day):
                remaining -= 1
            # One unknown day on the way makes the result uncertain, wherever the count ends.
            if not self.knows(day):
                estimated = True
        return WorkingDay(day, estimated)


def working_day_digest(
    first_year: int,
    last_year: int,
    off: Iterable[str],
    worked: Iterable[str],
) -> str:
    """Return the SHA-256 over the known years and the moved days, one line each, in order."""
    lines = [f"years {first_year} {last_year}"]
    lines += [f"off {day}" for day in sorted(off)]
    lines += [f"worked {day}" for day in sorted(worked)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def working_day_table() -> bytes:
    """Return the shipped table exactly as stored; a bundle contains it."""
    return (files("lifecycle") / "calendars" / "working-days.json").read_bytes()


@cache
def working_calendar() -> WorkingCalendar:
    """Return the shipped calendar of working days."""
    table = json.loads(working_day_table())
    return WorkingCalendar(
        source=table["source"],
        made_on=date.fromisoformat(table["made_on"]),
        first_year=table["first_year"],
        last_year=table["last_year"],
        digest=table["digest"],
        off=_days(table["weekdays_off"]),
        worked=_days(table["weekends_worked"]),
    )


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)
