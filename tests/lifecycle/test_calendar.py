"""Months, quarters and half-years of the policy."""

from __future__ import annotations

from datetime import date

from lifecycle.calendar import half_year


def test_half_years() -> None:
    assert [
        half_year(date(2024, month, day)).name for month, day in ((1, 1), (6, 30), (7, 1), (12, 31))
    ] == ["2024-H1", "2024-H1", "2024-H2", "2024-H2"]
