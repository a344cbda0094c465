"""The calendar of the policy: months, quarters, half-years, and the working days of the State Council's arrangements."""

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
_IN_EVERY_MONTH: Final = 28


def add_months(anchor: date, months: int) -> date:
    """The corresponding day so many months later, or that month's last day where there is none (民法典 202)."""
    years, month = divmod(anchor.month - 1 + months, 12)
    year = anchor.year + years
    day = (
        anchor.day
        if anchor.day <= _IN_EVERY_MONTH
        else min(anchor.day, monthrange(year, month + 1)[1])
    )
    return date(year, month + 1, day)


def first_day(day: date, period: str) -> date:
    """The first day of the month, quarter, half year or year that a day lies in."""
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def ends_of(year: int, period: str) -> list[date]:
    """The last days of a year's months, quarters or half years."""
    months = {"month": 1, "quarter": 3, "half_year": 6}[period]
    return [date(year, month, monthrange(year, month)[1]) for month in range(months, 13, months)]


def quarter_ends(year: int) -> tuple[date, date, date, date]:
    """The last days of the four quarters."""
    return date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)


class HalfYear(NamedTuple):
    """Half a year: its name such as `2024-H1`, first day, last day."""

    name: str
    first: date
    last: date


def half_year(day: date) -> HalfYear:
    """The half-year that the day lies in."""
    if day.month < _JULY:
        return HalfYear(f"{day.year}-H1", date(day.year, 1, 1), date(day.year, 6, 30))
    return HalfYear(f"{day.year}-H2", date(day.year, 7, 1), date(day.year, 12, 31))


RULES: Final = "months: the corresponding day, else the month's last (民法典 202); quarters: end of March, June, September, December"
"""What scores take from the calendar: rules alone, no table of days."""


def digest() -> str:
    """SHA-256 over what scores take from the calendar; a publication names it.

    The table of working days is not part of it: no score looks at it, so that next year's table leaves every publication
    verifiable. Sheets, which do look at it, name the table's own digest.
    """
    return hashlib.sha256(RULES.encode()).hexdigest()


# Working days ---------------------------------------------------------------------------------------------------------


class Reckoned(NamedTuple):
    """A day found by counting working days; estimated where the count ran into a year without a known arrangement."""

    day: date
    estimated: bool


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days that the State Council's arrangements move, from the first to the last year known, and their digest."""

    source: str
    made_on: date
    first_year: int
    last_year: int
    digest: str
    off: frozenset[date]
    worked: frozenset[date]

    def knows(self, day: date) -> bool:
        """Whether the arrangement of the day's year is known."""
        return self.first_year <= day.year <= self.last_year

    def works(self, day: date) -> bool:
        """Whether it is a working day; of a year that is not known by its place in the week alone."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def after(self, day: date, count: int) -> Reckoned:
        """The count-th working day after a day, which itself does not count (民法典 201)."""
        estimated = False
        while count:
            day += timedelta(days=1)
            count -= self.works(day)
            estimated = estimated or not self.knows(day)
        return Reckoned(day, estimated)


def digest_of_days(first: int, last: int, off: Iterable[str], worked: Iterable[str]) -> str:
    """SHA-256 over the years known and the days moved: a line each, in order."""
    lines = [
        f"years {first} {last}",
        *(f"off {day}" for day in sorted(off)),
        *(f"worked {day}" for day in sorted(worked)),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def table() -> bytes:
    """The table that comes with the product, as it is stored; a bundle holds it."""
    return (files("lifecycle") / "calendars" / "working-days.json").read_bytes()


@cache
def working_days() -> WorkingDays:
    """The table that comes with the product."""
    data = json.loads(table())
    return WorkingDays(
        data["source"],
        date.fromisoformat(data["made_on"]),
        data["first_year"],
        data["last_year"],
        data["digest"],
        frozenset(map(date.fromisoformat, data["weekdays_off"])),
        frozenset(map(date.fromisoformat, data["weekends_worked"])),
    )
