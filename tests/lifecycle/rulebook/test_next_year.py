"""The draft of another year's rulebook: its cases move with it, and keep their points."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from commands.handlers.rulebook_cases import case_problems
from lifecycle.rulebook import parse, shipped, shipped_ids
from lifecycle.rulebook.next_year import moved_to_year
from lifecycle.rulebook.rulebook_toml import derive_toml


def moved(*facts: dict[str, Any], year: int = 2025, **case: Any) -> Any:
    """The only case of a rulebook of 2024 in the draft of another year."""
    head = {"title": "2024年度", "effective_from": date(2024, 1, 1)}
    return moved_to_year(head | {"case": [{"facts": list(facts), **case}]}, year)["case"][0]


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("on", "2024-03-31", "2025-03-31"),
        ("on", date(2024, 3, 31), date(2025, 3, 31)),
        ("on", "2024-02-29", "2025-02-28"),
        ("on", "2023-12-31", "2024-12-31"),
        ("reported_at", "2024-02-29T09:00:00+08:00", "2025-02-28T09:00:00+08:00"),
        ("month", "2024-02", "2025-02"),
        ("period", "2024", "2025"),
        ("period", "2024-Q4", "2025-Q4"),
        ("period", "2023-H2", "2024-H2"),
        ("year", 2024, 2025),
        ("actual", "2024", "2024"),
        ("amount", 2024, 2024),
        ("project_code", "2024-330824-04-01-000001", "2024-330824-04-01-000001"),
        ("period", "全年", "全年"),
    ],
)
def test_days_and_periods_of_facts_move_and_amounts_do_not(
    field: str, before: Any, after: Any
) -> None:
    assert moved({field: before})["facts"] == [{field: after}]


def test_a_leap_day_stays_in_a_leap_year() -> None:
    assert moved({"on": "2024-02-29"}, year=2028)["facts"] == [{"on": "2028-02-29"}]


def test_the_day_and_year_of_a_case_move() -> None:
    case = moved(as_of=date(2024, 6, 30), year_of=1, points={"甲镇": "2024"})
    assert (case["as_of"], case["points"]) == (date(2025, 6, 30), {"甲镇": "2024"})


@pytest.mark.parametrize("rulebook_id", shipped_ids())
def test_the_cases_of_a_shipped_rulebook_hold_in_its_draft(rulebook_id: str) -> None:
    book = shipped(rulebook_id)
    if not book.rulebook.case:
        return
    # A leap year, so that the facts of no day are moved.
    draft = derive_toml(book.content, moved_to_year(book.data(), 2028))
    assert case_problems(parse(draft)) == []
