"""Write the table of movable statutory holidays.

`uv run --with lunar-python python -m tools.statutory_holidays`; the package is needed for nothing
else, and has no wheel.

By 全国年节及纪念日放假办法 (revised 2024, in force from 2025): Spring Festival from New Year's Eve
to the third day, 清明, 端午 and 中秋. New Year, Labour Day and National Day need no table.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

from lunar_python import Lunar, Solar

TABLE = Path(__file__).parents[1] / "lifecycle" / "calendars" / "statutory-holidays.json"
FIRST_YEAR, LAST_YEAR = 2025, 2050


def movable_holidays(year: int) -> Iterator[date]:
    """Yield the holidays of a year whose days the moon or the sun decides."""
    new_year = _lunar(year, 1, 1)
    for offset in (-1, 0, 1, 2):
        yield new_year + timedelta(days=offset)
    # Any day of spring knows the solar terms of its year.
    terms = Solar.fromYmd(year, 4, 1).getLunar().getJieQiTable()
    yield date.fromisoformat(terms["清明"].toYmd())
    yield _lunar(year, 5, 5)
    yield _lunar(year, 8, 15)


def _lunar(year: int, month: int, day: int) -> date:
    return date.fromisoformat(Lunar.fromYmd(year, month, day).getSolar().toYmd())


def table() -> dict[str, object]:
    """The table as it is stored."""
    days = [day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in movable_holidays(year)]
    return {
        "title": "全国年节及纪念日放假办法（2024年修订）：春节、清明节、端午节、中秋节",
        "source": f"lunar_python {version('lunar_python')}",
        "first_year": FIRST_YEAR,
        "last_year": LAST_YEAR,
        "days": [day.isoformat() for day in sorted(days)],
    }


if __name__ == "__main__":
    text = json.dumps(table(), ensure_ascii=False, indent=1)
    TABLE.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{TABLE.name}\n")
