"""In which month, quarter or half-year a day, or a period as finely known, lies.

Periods are written `2024-05`, `2024-Q2`, `2024-H1` and `2024`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

_MONTH_LENGTH: Final = len("2024-05")
_YEAR_LENGTH: Final = len("2024")
_MONTHS_IN: Final = {"month": 1, "quarter": 3, "half_year": 6}
_LETTERS: Final = {"quarter": "Q", "half_year": "H"}
_MONTHS_OF_LETTER: Final = {"Q": 3, "H": 6}


def period_of(when: date | str | None, each: str) -> str | None:
    """The month, quarter or half-year that something lies in; None where it is known less finely.

    A half-year's figure lies in no quarter, a quarter's in no month, and a year's in none of them.
    """
    # A difference to a number, for one, lies in no period.
    if when is None:
        return None
    text = when if isinstance(when, str) else f"{when:%Y-%m}"
    if len(text) != _MONTH_LENGTH:
        return None
    months = _MONTHS_IN[each]
    if _months_in(text) > months:
        return None
    if each == "month":
        return text
    number = (_first_month(text) - 1) // months + 1
    return f"{text[:4]}-{_LETTERS[each]}{number}"


def is_whole_year(period: str) -> bool:
    """Whether a period is a year and none within it."""
    return len(period) == _YEAR_LENGTH


def is_half_year(period: str) -> bool:
    """Whether a period is half a year, such as `2024-H1`."""
    return "H" in period


def first_day_of(period: str) -> date:
    """The first day of a month, quarter or half-year."""
    return date(int(period[:4]), _first_month(period), 1)


def last_day_of(period: str) -> date:
    """The last day of a month, quarter, half-year or year."""
    year = int(period[:4])
    month = 12
    if not is_whole_year(period):
        month = _first_month(period) + _months_in(period) - 1
    return date(year, month, monthrange(year, month)[1])


def _months_in(period: str) -> int:
    """How many months a period within a year has."""
    return _MONTHS_OF_LETTER.get(period[5], 1)


def _first_month(period: str) -> int:
    months = _months_in(period)
    if months == 1:
        return int(period[5:])
    return months * (int(period[6]) - 1) + 1
