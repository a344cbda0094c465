"""Working days follow the State Council's arrangements; of later years the law alone is certain."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from lifecycle.calendar import calendar_digest
from lifecycle.working_days import (
    Arrangement,
    is_statutory_holiday,
    shipped_calendar,
    working_day_digest,
)

HOLIDAYS = Path(__file__).parents[2] / "lifecycle/calendars/statutory-holidays.json"
TABLE = Path(__file__).parents[2] / "lifecycle/calendars/working-days.json"


def test_every_day_known_is_the_arrangements() -> None:
    table = shipped_calendar()
    day = date(min(table.years), 1, 1)
    while day.year in table.years:
        assert table.works(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_table_names_its_source_and_its_digest_covers_its_days() -> None:
    data = json.loads(TABLE.read_text(encoding="utf-8"))
    assert data["digest"] == working_day_digest(
        range(data["first_year"], data["last_year"] + 1),
        [date.fromisoformat(day) for day in data["weekdays_off"]],
        [date.fromisoformat(day) for day in data["weekends_worked"]],
    )
    table = shipped_calendar()
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
        ("2026-12-25", "2027-01-04", True),  # New Year is off by law, the rest is not arranged yet
        ("2003-12-25", "2004-01-02", True),
    ],
)
def test_five_working_days_after_issue(issued: str, expected: str, estimated: bool) -> None:
    deadline = shipped_calendar().after(date.fromisoformat(issued), 5)
    assert (deadline.day.isoformat(), deadline.estimated) == (expected, estimated)


def days(*texts: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def test_the_table_of_movable_holidays_holds_seven_days_of_every_year() -> None:
    """Spring Festival's four days in a row from late January on, 清明, 端午, 中秋."""
    table = json.loads(HOLIDAYS.read_text(encoding="utf-8"))
    by_year: dict[int, list[date]] = {}
    for text in table["days"]:
        by_year.setdefault(int(text[:4]), []).append(date.fromisoformat(text))
    assert sorted(by_year) == list(range(table["first_year"], table["last_year"] + 1))
    for year, holidays in by_year.items():
        *spring, tomb_sweeping, dragon_boat, mid_autumn = holidays
        assert [day - spring[0] for day in spring] == [timedelta(days=n) for n in range(4)]
        assert date(year, 1, 20) <= spring[0] <= date(year, 2, 20)
        assert date(year, 4, 4) <= tomb_sweeping <= date(year, 4, 6)
        assert date(year, 5, 27) <= dragon_boat <= date(year, 6, 26)
        assert date(year, 9, 7) <= mid_autumn <= date(year, 10, 9)
        # The fifth day of the fifth month and the fifteenth of the eighth, by the moon.
        assert 97 <= (mid_autumn - dragon_boat).days <= 129


def test_holidays_by_law_are_off_in_every_arrangement_published_under_it() -> None:
    """A holiday on a weekend is made up for elsewhere; on a weekday it is always off."""
    table = shipped_calendar()
    holidays = [
        day
        for offset in range(730)
        if is_statutory_holiday(day := date(2025, 1, 1) + timedelta(days=offset))
    ]
    assert len(holidays) == 2 * 13
    assert not [day for day in holidays if table.works(day)]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2027-01-01", False),
        ("2027-01-04", True),
        ("2027-02-05", False),  # New Year's Eve of the lunar year
        ("2027-02-08", False),
        ("2027-02-09", True),
        ("2027-04-05", False),
        ("2027-06-09", False),
        ("2027-09-15", False),
        ("2027-10-01", False),
        ("2027-10-04", True),
        ("2050-09-30", False),
        ("2051-05-02", False),
        ("2051-02-13", True),  # beyond the table only the fixed days are known
        ("2003-05-01", True),  # before the law of 2025
    ],
)
def test_a_year_without_an_arrangement_has_the_holidays_by_law(day: str, works: bool) -> None:
    assert date.fromisoformat(day).weekday() < 5 or not works
    assert shipped_calendar().works(date.fromisoformat(day)) is works


ARRANGED_2027 = Arrangement(
    2027,
    off=days("2027-01-01", "2027-01-02", "2027-01-03", "2027-02-08", "2027-02-09"),
    worked=days("2026-12-27", "2027-02-14"),
    source="国办发明电〔2026〕7号",
)


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ("2026-12-24", "2026-12-30"),  # Sunday 27 December is worked
        ("2026-12-28", "2027-01-05"),
        ("2027-02-05", "2027-02-15"),  # 8 and 9 February are off, Sunday 14 is worked
    ],
)
def test_an_arrangement_counts_and_is_no_estimate(issued: str, expected: str) -> None:
    deadline = shipped_calendar().arranged(ARRANGED_2027).after(date.fromisoformat(issued), 5)
    assert (deadline.day.isoformat(), deadline.estimated) == (expected, False)


def test_an_arrangement_replaces_the_shipped_one_of_its_year_alone() -> None:
    revised = Arrangement(2024, days("2024-01-02"), frozenset(), "revised")
    calendar = shipped_calendar().arranged(revised)
    assert calendar.works(date(2024, 10, 1))
    assert not calendar.works(date(2024, 1, 2))
    assert calendar.works(date(2025, 1, 2)) == shipped_calendar().works(date(2025, 1, 2))


def test_the_digest_names_years_with_a_gap_one_by_one() -> None:
    far = shipped_calendar().arranged(Arrangement(2030, days("2030-01-01"), frozenset(), "far"))
    assert far.year_ranges == [(2004, 2026), (2030, 2030)]
    near = shipped_calendar().arranged(ARRANGED_2027)
    assert near.year_ranges == [(2004, 2027)]
    assert len({far.digest, near.digest, shipped_calendar().digest}) == 3
