"""Dates and moments as Chinese documents and pages write them."""

from __future__ import annotations

from datetime import date, datetime


def chinese_date(day: date) -> str:
    """The date as a sentence has it: 2024年5月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_moment(moment: datetime) -> str:
    """The moment to the minute, as it is written: 2024年6月30日 14:05."""
    return f"{chinese_date(moment)} {moment:%H:%M}"
