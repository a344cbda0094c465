"""The signs and words in which people type days, sums and yes or no."""

from __future__ import annotations

from typing import Final

DAY_SEPARATORS: Final = (("-", "-", ""), ("/", "/", ""), (".", ".", ""), ("年", "月", "日"))
"""What stands between year, month and day, and behind the day."""
MONTH_SEPARATORS: Final = (("-", ""), ("/", ""), (".", ""), ("年", "月"))
UNITS_OF_MONEY: Final = {"元": -4, "万元": 0, "亿": 4, "亿元": 4}
"""Each unit with its power of ten in 万元."""
SUMS_OF_MONEY: Final = (
    "planned_investment",
    "planned_fixed_assets",
    "contract_investment",
    "contract_fixed_assets",
    "transfer_fee",
    "county_state_share",
    "fixed_assets",
    "self_held",
    "self_held_state_share",
)
"""The fields in 万元."""
SHARES: Final = ("outside_ratio",)
"""The fields from 0 to 1, which are typed as percentages too."""
SIGNED_NUMBERS: Final = ("points",)
"""The fields whose numbers may be negative."""
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


def is_sum_of_money(event: str, field: str) -> bool:
    """Tell sums in ten thousand yuan from areas, points and other indicators."""
    # Other events have amounts of what their indicator counts.
    if field == "amount":
        return event == "TaxPaid"
    return field in SUMS_OF_MONEY
