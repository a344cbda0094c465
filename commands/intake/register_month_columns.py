"""Which columns of a register are monthly figures, of which year, and whether they add up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from commands.intake.register_headings import SheetHeadings, heading_key
from commands.intake.register_meanings import heading_unit, is_figure, last_part
from commands.intake.workbook_cells import cell_text
from commands.words import register_words as words
from commands.words.register_words import MapUnit

MONTH: Final = re.compile(words.MONTH_HEADING)
_UNTIL: Final = re.compile(words.UNTIL_MONTH)
_YEAR: Final = re.compile(words.TITLE_YEAR)


@dataclass(slots=True)
class ProposedMonths:
    """The columns of monthly investment; with one alone its month is told at each import."""

    columns: dict[str, int] = field(default_factory=dict)
    column: str | None = None
    year: int | None = None
    cumulative: str = "no"
    is_sure: bool = False
    unit: MapUnit | None = None
    """The unit that the headings say; None where that of the whole sheet counts."""


def proposed_months(headings: SheetHeadings) -> ProposedMonths | None:
    """Return the columns of monthly figures: twelve, or one whose month changes."""
    months = ProposedMonths()
    for text in headings.texts.values():
        lowest_heading = last_part(text)
        match = MONTH.fullmatch(lowest_heading)
        is_plan = any(mark in text for mark in words.PLANNED_MARKS)
        if match is None or is_plan:
            continue
        month = int(match["month"])
        # Of two columns for a month the first is taken.
        if month in months.columns.values():
            continue
        months.columns[text] = month
        if words.CUMULATIVE_MARK in text or _UNTIL.fullmatch(lowest_heading):
            months.cumulative = "year"
    if months.columns:
        months.year = _year(headings, list(months.columns))
        months.is_sure = months.year is not None
        months.unit = heading_unit(next(iter(months.columns)))
        return months
    return _single_month(headings)


def _single_month(headings: SheetHeadings) -> ProposedMonths | None:
    for text in headings.texts.values():
        is_invested = any(mark in text for mark in words.INVESTED_MARKS)
        if not is_invested or not is_figure(heading_key(text)):
            continue
        if words.CUMULATIVE_MARK not in text:
            return ProposedMonths(column=text, unit=heading_unit(text))
        # 累计 alone counts from the project's beginning, 本年累计 from January.
        is_of_year = any(mark in text for mark in words.OF_YEAR_MARKS)
        cumulative = "year" if is_of_year else "all"
        return ProposedMonths(column=text, cumulative=cumulative, unit=heading_unit(text))
    return None


def _year(headings: SheetHeadings, columns: Sequence[str]) -> int | None:
    """Return the year that the headings, a line above them or the sheet's name says."""
    texts = [*columns, headings.sheet.name]
    for row in headings.sheet.content.rows:
        if row.number < headings.rows[0]:
            texts.extend(cell_text(value) for value in row.cells.values())
    for text in texts:
        match = _YEAR.search(text)
        if match is not None:
            return int(match["year"])
    return None
