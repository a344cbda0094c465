"""The months, quarters and years that reports are about, each with the period before it in the same year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from lifecycle.events import last_day
from lifecycle.rejections import Rejected, msg

_PERIOD: Final = {
    "month": (re.compile(r"((?:19|20|21)\d\d)-(0[1-9]|1[0-2])", re.ASCII), "2024-05"),
    "quarter": (re.compile(r"((?:19|20|21)\d\d)-Q([1-4])", re.ASCII), "2024-Q2"),
    "year": (re.compile(r"((?:19|20|21)\d\d)", re.ASCII), "2024"),
}
_LENGTH: Final = {"month": 1, "quarter": 3}


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A period: its kind, its name such as 2024-Q2, its year, its last day, and the last day of the one before, if in the same year."""

    kind: str
    name: str
    year: int
    end: date
    before: date | None

    @property
    def chinese(self) -> str:
        """As a title says it: 2024年5月, 2024年第二季度, 2024年度."""
        if self.kind == "year":
            return f"{self.year}年度"
        if self.kind == "month":
            return f"{self.year}年{self.end.month}月"
        return f"{self.year}年第{'一二三四'[self.end.month // 3 - 1]}季度"


def period_of(kind: str, name: str) -> ReportPeriod:
    """A period by its name. Raises `Rejected`, which shows an example."""
    pattern, example = _PERIOD[kind]
    found = pattern.fullmatch(name.strip())
    if found is None:
        raise Rejected.by(
            "period",
            msg("{name} is no such period; one is written {example}"),
            name=name,
            example=example,
        )
    year = int(found[1])
    if kind == "year":
        return ReportPeriod(kind, name.strip(), year, date(year, 12, 31), None)
    months = _LENGTH[kind]
    last = int(found[2]) * months
    before = last_day(f"{year}-{last - months:02}") if last > months else None
    return ReportPeriod(kind, name.strip(), year, last_day(f"{year}-{last:02}"), before)
