"""A rulebook's data moved to another year: the draft of next year's policy."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Any, Final

_YEARS_OF_REFERENCE: Final = "information_years"
_IN_A_YEAR: Final = re.compile(
    r"([0-9]{4})((-(0[1-9]|1[0-2])(-[0-9]{2}(T.*)?)?|-Q[1-4]|-H[12])?)", re.ASCII
)
"""A day, a moment, a month, another period or a year, as facts have them."""
_TIMES_OF_FACTS: Final = frozenset(
    {"on", "occurred_on", "reported_at", "month", "period", "due_on", "year", "as_of"}
)


def moved_to_year(data: dict[str, Any], year: int) -> dict[str, Any]:
    """Return the data with its time in force, its title and its years of reference moved.

    A policy of 2024 that looks back at 2021 to 2023 looks back at 2023 to 2025 in 2026.
    """
    old_year = data["effective_from"].year
    moved: dict[str, Any] = _moved_references(data, year - old_year)
    if "case" in moved:
        moved["case"] = [_moved_times(case, year - old_year) for case in moved["case"]]
    moved["title"] = moved["title"].replace(str(old_year), str(year))
    # The whole calendar year, whenever the policy is issued within it (附则2).
    moved["effective_from"] = date(year, 1, 1)
    moved["effective_to"] = date(year, 12, 31)
    return moved


def _moved_references(value: Any, years: int) -> Any:
    if isinstance(value, list):
        return [_moved_references(entry, years) for entry in value]
    if not isinstance(value, dict):
        return value
    moved = {}
    for name, entry in value.items():
        if name == _YEARS_OF_REFERENCE:
            moved[name] = [reference + years for reference in entry]
        else:
            moved[name] = _moved_references(entry, years)
    return moved


def _moved_times(value: Any, years: int, field: str = "") -> Any:
    """Move the days and periods of a case: its points stay those that were worked by hand."""
    if isinstance(value, dict):
        moved = {}
        for name, entry in value.items():
            moved[name] = _moved_times(entry, years, name)
        return moved
    if isinstance(value, list):
        return [_moved_times(entry, years, field) for entry in value]
    # A number of four digits may as well be an amount.
    if field not in _TIMES_OF_FACTS:
        return value
    if isinstance(value, date):
        moved_day = _moved_text(value.isoformat(), years)
        return date.fromisoformat(moved_day)
    if isinstance(value, int):
        return value + years
    return _moved_text(value, years)


def _moved_text(text: str, years: int) -> str:
    within_year = _IN_A_YEAR.fullmatch(text)
    if within_year is None:
        return text
    year = int(within_year[1]) + years
    rest = within_year[2]
    if rest.startswith("-02-29") and not calendar.isleap(year):
        rest = rest.replace("-02-29", "-02-28")
    return f"{year}{rest}"
