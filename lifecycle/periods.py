"""In which month or quarter a day, month `2024-05`, quarter `2024-Q2` or year `2024` lies."""

from __future__ import annotations

from datetime import date
from typing import Final

_MONTH_LENGTH: Final = len("2024-05")
_YEAR_LENGTH: Final = len("2024")


def period_of(when: date | str | None, each: str) -> str | None:
    """The month or quarter that something lies in; None where it is not known so finely.

    A quarter's figure lies in no month, and a year's in no quarter.
    """
    # A difference to a number, for one, lies in no period.
    if when is None:
        return None
    text = when if isinstance(when, str) else f"{when:%Y-%m}"
    if "Q" in text:
        return None if each == "month" else text
    if len(text) != _MONTH_LENGTH:
        return None
    if each == "month":
        return text
    quarter = (int(text[5:]) + 2) // 3
    return f"{text[:4]}-Q{quarter}"


def is_whole_year(period: str) -> bool:
    """Whether a period is a year and none within it."""
    return len(period) == _YEAR_LENGTH


def first_day_of(period: str) -> date:
    """The first day of a month or quarter."""
    year, part = int(period[:4]), period[5:]
    if part.startswith("Q"):
        return date(year, 3 * int(part[1]) - 2, 1)
    return date(year, int(part), 1)
