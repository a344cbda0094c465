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
ARRANGEMENT_WORDS: Final = {
    "放假": "off",
    "休": "off",
    "休息": "off",
    "上班": "worked",
    "补班": "worked",
    "班": "worked",
}
"""What a table of days off says of a day; `off` and `worked` are understood too."""
