"""A rulebook's data moved to another year: the draft of next year's policy."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

_YEARS_OF_REFERENCE: Final = "information_years"


def moved_to_year(data: dict[str, Any], year: int) -> dict[str, Any]:
    """Return the data with its time in force, its title and its years of reference moved.

    A policy of 2024 that looks back at 2021 to 2023 looks back at 2023 to 2025 in 2026.
    """
    old_year = data["effective_from"].year
    moved: dict[str, Any] = _moved_references(data, year - old_year)
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
