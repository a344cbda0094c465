"""Working days: the State Council's yearly arrangements, and what is certain without one.

The table of the arrangements known at the release is shipped. The ledger may add the arrangement of
a further year (`WorkingDaysArranged`). Of a year without an arrangement the statutory holidays
count as days off, and every count that runs into it is an estimate: which weekends are worked, and
which weekdays make up for a holiday on a weekend, is not known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

SATURDAY: Final = 5

# 全国年节及纪念日放假办法 (2024), article 2: the holidays whose day the moon does not decide.
_FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_LAW_IN_FORCE_FROM: Final = 2025


class WorkingDay(NamedTuple):
    """A working day, found by counting.

    `estimated` says that the count ran into a year whose arrangement is not known yet.
    """

    day: date
    estimated: bool


class Arrangement(NamedTuple):
    """One year's arrangement: the days off, and the weekend days that are worked instead."""

    year: int
    off: frozenset[date]
    worked: frozenset[date]
    source: str


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days that the yearly arrangements move, and the years that they arrange."""

    source: str
    made_on: date
    years: frozenset[int]
    off: frozenset[date]
    """Days from Monday to Friday that are holidays."""
    worked: frozenset[date]
    """Saturdays and Sundays that are worked."""

    @property
    def digest(self) -> str:
        """The SHA-256 over the known years and the moved days."""
        return working_day_digest(self.years, self.off, self.worked)

    @property
    def year_ranges(self) -> list[tuple[int, int]]:
        """The known years as ranges without gaps, from the first to the last."""
        ranges: list[tuple[int, int]] = []
        for year in sorted(self.years):
            if ranges and ranges[-1][1] == year - 1:
                ranges[-1] = (ranges[-1][0], year)
            else:
                ranges.append((year, year))
        return ranges

    def knows(self, day: date) -> bool:
        """Say whether the arrangement of the day's year is known."""
        return day.year in self.years

    def works(self, day: date) -> bool:
        """Say whether a day is worked.

        Outside the known years the weekday and the statutory holidays decide.
        """
        if day in self.worked:
            return True
        if day.weekday() >= SATURDAY or day in self.off:
            return False
        return self.knows(day) or not is_statutory_holiday(day)

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

    def arranged(self, arrangement: Arrangement) -> WorkingCalendar:
        """Return the calendar with a year arranged as the ledger says.

        The year's shipped days give way: an arrangement is complete, and one that the State Council
        revised replaces the one before.
        """
        weekdays_off = {day for day in arrangement.off if day.weekday() < SATURDAY}
        return replace(
            self,
            source=f"{self.source}; {arrangement.source}",
            years=self.years | {arrangement.year},
            off=_outside(self.off, arrangement.year) | weekdays_off,
            worked=_outside(self.worked, arrangement.year) | arrangement.worked,
        )


def _outside(days: frozenset[date], year: int) -> frozenset[date]:
    return frozenset(day for day in days if day.year != year)


def working_day_digest(
    years: Iterable[int],
    off: Iterable[date],
    worked: Iterable[date],
) -> str:
    """Return the SHA-256 over the known years and the moved days, one line each, in order.

    Years without a gap are one line, as the shipped table's digest has been from the start.
    """
    known = sorted(years)
    is_range = known == list(range(known[0], known[-1] + 1))
    lines = [f"years {known[0]} {known[-1]}"]
    if not is_range:
        lines = [f"year {year}" for year in known]
    lines += [f"off {day.isoformat()}" for day in sorted(off)]
    lines += [f"worked {day.isoformat()}" for day in sorted(worked)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# What is shipped ----------------------------------------------------------------------------------


def working_day_table() -> bytes:
    """Return the shipped table exactly as stored; a bundle contains it."""
    return _shipped_file("working-days.json")


@cache
def shipped_calendar() -> WorkingCalendar:
    """Return the shipped calendar of working days."""
    table = json.loads(working_day_table())
    return WorkingCalendar(
        source=table["source"],
        made_on=date.fromisoformat(table["made_on"]),
        years=frozenset(range(table["first_year"], table["last_year"] + 1)),
        off=_days(table["weekdays_off"]),
        worked=_days(table["weekends_worked"]),
    )


def is_statutory_holiday(day: date) -> bool:
    """Say whether a day is a holiday by law, whatever the year's arrangement moves.

    Spring Festival, 清明, 端午 and 中秋 follow the moon and the sun: a shipped table has their days
    up to its last year; later years count the fixed days alone.
    """
    if day.year < _LAW_IN_FORCE_FROM:
        return False
    return (day.month, day.day) in _FIXED_HOLIDAYS or day in _movable_holidays()


@cache
def _movable_holidays() -> frozenset[date]:
    return _days(json.loads(_shipped_file("statutory-holidays.json"))["days"])


def _shipped_file(name: str) -> bytes:
    return (files("lifecycle") / "calendars" / name).read_bytes()


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)
