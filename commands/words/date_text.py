"""Dates as Chinese documents write them."""

from __future__ import annotations

from datetime import date


def chinese_date(day: date) -> str:
    """The date as a sentence has it: 2024年5月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
