"""Which periods lie in what is assessed, and in which period a day lies (spec 6)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from .effective import last_of_month

if TYPE_CHECKING:
    from .projects import YearFacts

MONTHS_IN_PERIOD = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def assessed_length(year_facts: YearFacts) -> str:
    """What is assessed: a year, half-year, quarter or month."""
    return str(year_facts.book.get("assessed", {}).get("period", "year"))


def period_of(
    text: str,
    each: str,
) -> str | None:
    """The month, quarter or half-year that a day, or a period, lies in.

    None for a year, for a period by finer ones, and for what has no day.
    """
    if len(text) < len("2024-01"):
        return None
    length = {"H": 6, "Q": 3}.get(text[5], 1)
    if length > MONTHS_IN_PERIOD[each]:
        return None
    if each == "month":
        return text[:7]
    month = first_month(text)
    if each == "half_year":
        return f"{text[:4]}-H{1 if month <= 6 else 2}"
    return f"{text[:4]}-Q{(month - 1) // 3 + 1}"


def is_assessed(
    year_facts: YearFacts,
    period: str,
) -> bool:
    """Whether a period is of what is assessed; a year's figure is not of a quarter."""
    if not period.startswith(str(year_facts.year)):
        return False
    if year_facts.same_day is not None and last_day_of_period(period) > year_facts.same_day:
        return False
    length = assessed_length(year_facts)
    if length == "year":
        return True
    if "of_module" in year_facts.book["assessed"]:
        return period_of(period, length) == period_of(year_facts.day.isoformat(), length)
    return _begins_within(year_facts, period)


def _begins_within(year_facts: YearFacts, period: str) -> bool:
    if len(period) == len("2024"):
        return False
    if "H" in period and year_facts.book["assessed"]["period"] != "half_year":
        return False
    begins = date(year_facts.year, first_month(period), 1)
    return year_facts.first <= begins <= year_facts.day


def last_day_of_period(period: str) -> date:
    """The last day of a year, half-year, quarter or month."""
    if len(period) == len("2024"):
        return date(int(period), 12, 31)
    months = {"H": 6, "Q": 3}.get(period[5], 1)
    return last_of_month(date(int(period[:4]), first_month(period) + months - 1, 1))


def first_month(period: str) -> int:
    if "H" in period:
        return {"1": 1, "2": 7}[period[-1]]
    if "Q" in period:
        return 3 * int(period[6]) - 2
    return int(period[5:7])
