"""The signs and words in which people type days, sums and yes or no."""

from __future__ import annotations

from typing import Final

DAY_SEPARATORS: Final = (("-", "-", ""), ("/", "/", ""), (".", ".", ""), ("年", "月", "日"))
"""What stands between year, month and day, and behind the day."""
MONTH_SEPARATORS: Final = (("-", ""), ("/", ""), (".", ""), ("年", "月"))
UNITS_OF_MONEY: Final = {"元": -4, "万元": 0, "亿": 4, "亿元": 4}
"""Each unit with its power of ten in 万元."""
TRUTH_SIGNS: Final = {
    "√": "true",
    "✓": "true",
    "有": "true",
    "×": "false",
    "无": "false",
}
