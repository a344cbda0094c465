"""The months, quarters and years that reports are about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from commands.intake.typed_forms import strict_text
from commands.words import report_words
from commands.words.messages import _
from commands.words.typed_advice import EXAMPLES_BY_FORM
from lifecycle.events import last_day
from lifecycle.rejections import Rejected, msg

# ASCII: without it `\d` also takes full-width digits, and one month would have two names.
_PATTERNS: Final = {
    "month": re.compile(r"((?:19|20|21)\d\d)-(0[1-9]|1[0-2])", re.ASCII),
    "quarter": re.compile(r"((?:19|20|21)\d\d)-Q([1-4])", re.ASCII),
    "half_year": re.compile(r"((?:19|20|21)\d\d)-H([12])", re.ASCII),
    "year": re.compile(r"((?:19|20|21)\d\d)", re.ASCII),
}
_EXAMPLES: Final = {
    "month": EXAMPLES_BY_FORM["month"],
    "quarter": msg("2024-Q2 or 2024年第二季度"),
    "half_year": msg("2024-H1 or 2024年上半年"),
    "year": msg("2024 or 2024年"),
    "meeting": msg("2024-05, 2024-Q2, 2024-H1, 2024 or 2024年5月"),
}
_TYPED_YEAR: Final = re.compile(report_words.TYPED_YEAR, re.ASCII)
_TYPED_FORMS: Final = (
    (re.compile(report_words.TYPED_QUARTER, re.ASCII), "Q"),
    (re.compile(report_words.TYPED_QUARTER_NAME, re.ASCII), "Q"),
    (re.compile(report_words.TYPED_HALF_YEAR, re.ASCII), "H"),
    (re.compile(report_words.TYPED_HALF_YEAR_NAME, re.ASCII), "H"),
)
_MONTHS: Final = {
    "month": 1,
    "quarter": 3,
    "half_year": 6,
}


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A period: its kind, its name such as 2024-Q2, its year and its last day.

    `before` is the last day of the period before it in the same year, None if it is the first.
    """

    kind: str
    name: str
    year: int
    end: date
    before: date | None

    @property
    def last_day_before(self) -> date:
        """The last day before the period, which the first one of a year has too."""
        return self.before or date(self.year - 1, 12, 31)

    @property
    def chinese(self) -> str:
        """As a title has it: 2024年5月, 2024年第二季度, 2024年度."""
        if self.kind == "year":
            return report_words.year_name(self.year)
        if self.kind == "month":
            return report_words.month_name(self.year, self.end.month)
        if self.kind == "half_year":
            return report_words.half_year_name(self.year, self.end.month // 6)
        return report_words.quarter_name(self.year, self.end.month // 3)


def require_begun(period: ReportPeriod, day: date) -> None:
    """Reject a day before the period: what it reports on has not begun. Raises `Rejected`."""
    if day > period.last_day_before:
        return
    raise Rejected.by(
        "period",
        msg("{name} has not begun on {day}: choose a later day, or an earlier period"),
        name=period.name,
        day=day.isoformat(),
    )


def _kind_of_name(name: str) -> str | None:
    """The kind of period that a name is one of; no name is one of two."""
    for kind, pattern in _PATTERNS.items():
        if pattern.fullmatch(name):
            return kind
    return None


def report_period(kind: str, text: str) -> ReportPeriod:
    """Read a period by its name. Raises `Rejected`, which shows examples.

    `meeting` takes a period of any kind: each has its own meeting.
    """
    name = _period_name(text)
    kind_of_name = _kind_of_name(name) if kind == "meeting" else kind
    match = None if kind_of_name is None else _PATTERNS[kind_of_name].fullmatch(name)
    if kind_of_name is None or match is None:
        raise Rejected.by(
            "period",
            msg("{name} is not a valid period; write {examples}"),
            name=text,
            examples=_(_EXAMPLES[kind]),
        )
    year = int(match[1])
    if kind_of_name == "year":
        return ReportPeriod(kind_of_name, name, year, date(year, 12, 31), None)
    months = _MONTHS[kind_of_name]
    last_month = int(match[2]) * months
    before = None
    # Points start from zero each year: its first period has none to be compared with.
    if last_month > months:
        before = last_day(f"{year}-{last_month - months:02}")
    return ReportPeriod(kind_of_name, name, year, last_day(f"{year}-{last_month:02}"), before)


def _period_name(text: str) -> str:
    """Return a period as it is named, however people write it; no form is of two kinds."""
    month = strict_text("month", text)
    if month != text:
        return month
    narrow = unicodedata.normalize("NFKC", text).strip()
    for pattern, letter in _TYPED_FORMS:
        match = pattern.fullmatch(narrow)
        if match is not None:
            part = match["part"]
            number = report_words.NUMBER_OF_PART.get(part, part)
            return f"{match['year']}-{letter}{number}"
    year = _TYPED_YEAR.fullmatch(narrow)
    return narrow if year is None else year["year"]
