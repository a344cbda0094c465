"""The calendar of the policy: months, quarters and half-years."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple

_FEBRUARY: Final = 2
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


def same_day_last_year(day: date) -> date:
    """Return the day a year before; the end of February is that of the other February.

    So a year of 366 days and one of 365 are compared by the same months.
    """
    year = day.year - 1
    if day.month == _FEBRUARY and day.day == monthrange(day.year, _FEBRUARY)[1]:
        return date(year, _FEBRUARY, monthrange(year, _FEBRUARY)[1])
    return date(year, day.month, day.day)


def first_day(day: date, period: str) -> date:
    """Return the first day of the month, quarter, half-year or year that a day lies in."""
    months = _MONTHS_IN[period]
    month = (day.month - 1) // months * months + 1
    return date(day.year, month, 1)


def period_ends(year: int, period: str) -> list[date]:
    """Return the last days of a year's months, quarters or half-years."""
    months = _MONTHS_IN[period]
    ends = []
    for month in range(months, 13, months):
        last_day_of_month = monthrange(year, month)[1]
        ends.append(date(year, month, last_day_of_month))
    return ends


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
    # Every version so far has the same rules. Those of an earlier one would be kept here.
    return RULES if digest == calendar_digest() else None
