"""The day, the year and the position that a result stands on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from lifecycle.rulebook import shipped
from projections.scoring.result_view import View, view_of_month

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
