"""Working days follow the State Council's arrangements; later years count weekdays, marked so."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from lifecycle.calendar import calendar_digest, half_year, working_calendar, working_day_digest

TABLE = Path(__file__).parents[2] / "lifecycle/calendars/working-days.json"


def test_every_day_known_is_the_arrangements() -> None:
    table = working_calendar()
    day = date(table.first_year, 1, 1)
    while day.year <= table.last_year:
        assert table.works(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_table_names_its_source_and_its_digest_covers_its_days() -> None:
    data = json.loads(TABLE.read_text(encoding="utf-8"))
    assert data["digest"] == working_day_digest(
        data["first_year"], data["last_year"], data["weekdays_off"], data["weekends_worked"]
    )
    table = working_calendar()
    assert (table.digest, table.source, table.made_on.isoformat()) == (
        data["digest"],
        data["source"],
        data["made_on"],
    )
    assert all(date.fromisoformat(day).weekday() < 5 for day in data["weekdays_off"])
    assert all(date.fromisoformat(day).weekday() >= 5 for day in data["weekends_worked"])
    assert calendar_digest() != table.digest  # scoring uses rules alone


@pytest.mark.parametrize(
    ("issued", "expected", "estimated"),
    [
        ("2024-04-26", "2024-05-07", False),  # Sunday 28 April is worked, 1 to 5 May are off
        ("2024-09-30", "2024-10-12", False),  # that week is off, Saturday 12 October is worked
        (
            "2024-02-09",
            "2024-02-22",
            False,
        ),  # the Spring Festival: Saturday 10 to 17 February off, Sunday 18 worked
        ("2026-02-13", "2026-02-27", False),  # Saturday 14 February is worked, 15 to 23 are off
        ("2024-05-24", "2024-05-31", False),
        ("2026-12-24", "2026-12-31", False),
        ("2026-12-25", "2027-01-01", True),  # surely a holiday, but not arranged yet
        ("2003-12-25", "2004-01-02", True),
    ],
)
def test_five_working_days_after_issue(issued: str, expected: str, estimated: bool) -> None:
    deadline = working_calendar().after(date.fromisoformat(issued), 5)
    assert (deadline.day.isoformat(), deadline.estimated) == (expected, estimated)


def test_half_years() -> None:
    assert [
        half_year(date(2024, month, day)).name for month, day in ((1, 1), (6, 30), (7, 1), (12, 31))
    ] == ["2024-H1", "2024-H1", "2024-H2", "2024-H2"]
