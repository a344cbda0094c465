"""The day, the year and the position that a result stands on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from lifecycle.rulebook import shipped
from projections.facts.county_facts import county_facts
from projections.scoring.result_view import View, county_of, view_of_month
from tests.given import World, unit

VIEW: Final = View(2025, date(2025, 2, 10), 7, shipped("kaihua-2024"))


@pytest.mark.parametrize(
    ("month", "year", "as_of"),
    [
        ("2024-12", 2024, date(2024, 12, 31)),
        ("2025-01", 2025, date(2025, 1, 31)),
        ("2025-02", 2025, date(2025, 2, 10)),  # the month's end is later than the view's day
    ],
)
def test_a_month_is_seen_from_its_end_or_from_the_day_of_the_view(
    month: str, year: int, as_of: date
) -> None:
    assert view_of_month(VIEW, month) == replace(VIEW, year=year, as_of=as_of)


def test_the_county_is_read_once_for_a_view_and_again_for_another_position(tmp_path: Path) -> None:
    world = World(tmp_path).given(unit(), unit("乙镇"))
    county = county_facts(world.ledger, 2)
    view = replace(VIEW, position=2, county=county)

    assert county_of(world.ledger, view) is county
    assert county_of(world.ledger, replace(view, position=1)).position == 1
    assert county_of(world.ledger, replace(view, county=None)).position == 2
    world.ledger.close()
