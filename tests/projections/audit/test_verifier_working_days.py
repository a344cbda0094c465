"""The standalone verifier's working days: published ones, and what a ledger says of a year."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from projections.audit.verifier import verify_bundle as verifier

OF_2024: dict[str, Any] = {"year": 2024, "off": ["2024-03-04", "2024-03-09"]}


def after(day: str, count: int, *arranged: dict[str, Any]) -> str | None:
    """The count-th working day after a day, by what the ledger arranged besides."""
    days = verifier.WorkingDays()
    for fields in arranged:
        days.arrange(fields)
    found = days.after(date.fromisoformat(day), count)
    return None if found is None else found.isoformat()


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2024-03-04", 0, "2024-03-04"),
        ("2024-03-04", 1, "2024-03-05"),
        ("2024-03-08", 1, "2024-03-11"),  # over a weekend
        ("2024-03-08", 6, "2024-03-18"),
        # In 2024, 1 to 7 October were off, 29 September and 12 October were worked.
        ("2024-09-27", 1, "2024-09-29"),
        ("2024-09-30", 1, "2024-10-08"),
        ("2024-10-11", 1, "2024-10-12"),
        ("2024-12-31", 1, "2025-01-02"),  # New Year's Day of the next year is off
    ],
)
def test_days_off_and_days_worked_are_those_published(day: str, count: int, expected: str) -> None:
    assert after(day, count) == expected


def test_no_day_is_known_behind_the_last_year_published() -> None:
    last = max(verifier.WorkingDays().years)
    assert after(f"{last}-12-30", 1) == f"{last}-12-31"
    assert after(f"{last}-12-31", 1) is None
    assert after(f"{last}-12-30", 2) is None


@pytest.mark.parametrize(
    ("day", "fields", "expected"),
    [
        ("2024-03-01", OF_2024, "2024-03-05"),
        ("2024-03-08", OF_2024, "2024-03-11"),
        ("2024-03-08", OF_2024 | {"worked": ["2024-03-10"]}, "2024-03-10"),
        # What was published of the year holds no longer; of the next year it does.
        ("2024-09-27", OF_2024, "2024-09-30"),
        ("2024-09-30", OF_2024, "2024-10-01"),
        ("2024-12-31", OF_2024, "2025-01-02"),
        # And of the year before: 1 May 2023 was off, 6 May, a Saturday, was worked.
        ("2023-04-28", OF_2024, "2023-05-04"),
        ("2023-05-05", OF_2024, "2023-05-06"),
    ],
)
def test_what_a_ledger_arranges_takes_the_place_of_its_year(
    day: str, fields: dict[str, Any], expected: str
) -> None:
    assert after(day, 1, fields) == expected


def test_a_year_that_nobody_published_may_be_arranged() -> None:
    year = max(verifier.WorkingDays().years) + 1
    fields = {"year": year, "off": [f"{year}-01-01"]}
    assert after(f"{year - 1}-12-31", 1) is None
    assert after(f"{year - 1}-12-31", 1, fields) is not None


def test_of_several_arrangements_the_one_recorded_last_by_the_day_and_position_holds() -> None:
    # Of 5 January, 1 February and, recorded last, of 20 January; a meeting stands between them.
    arranged = [
        ("WorkingDaysArranged", "2024-01-05", "2024-03-04"),
        ("MeetingHeld", "2024-01-06", None),
        ("WorkingDaysArranged", "2024-02-01", "2024-03-05"),
        ("WorkingDaysArranged", "2024-01-20", "2024-03-06"),
    ]
    county = []
    for version, (kind, on, off) in enumerate(arranged, start=1):
        fields = {"occurred_on": on, "year": 2024, "off": [] if off is None else [off]}
        state = json.dumps(fields).encode()
        county.append(verifier.StoredEvent(version, "county", version, f"{kind}/1", state))

    def day_off(day: str, position: int) -> list[str]:
        days = verifier.working_days_of(county, date.fromisoformat(day), position)
        return sorted(off.isoformat() for off in days.off if off.month == 3)

    assert day_off("2024-01-04", 4) == []
    assert day_off("2024-01-05", 4) == ["2024-03-04"]
    assert day_off("2024-02-01", 4) == ["2024-03-06"]
    assert day_off("2024-01-31", 4) == ["2024-03-06"]
    assert day_off("2024-02-01", 3) == ["2024-03-05"]
    assert day_off("2024-02-01", 2) == ["2024-03-04"]
