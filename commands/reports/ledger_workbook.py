"""台账: the project ledger as offices keep it, a row for each project, written as it is read."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

from commands.reports.content import (
    ColumnShape,
    ContentDigest,
    DocumentColumn,
    TableRow,
    row_statement,
)
from commands.reports.excel import (
    FIRST_ROW,
    STANDARD_LAYOUT,
    PageLayout,
    WorkbookWriter,
    add_table_sheet,
    finish_table_sheet,
)
from commands.reports.excel_cells import row_height, write_cell
from commands.reports.foot import DocumentFoot
from commands.reports.ledger_rows import ledger_rows
from commands.reports.resource_sheet import ResourceSheet
from commands.words import ledger_words, report_words
from commands.words.vocabulary_words import word
from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from projections.views.resource_view import resource_details

# A column: heading, shape, width in Chinese characters, and what stands in the row of units.
_Heading = tuple[str, ColumnShape, int, str]

_STAGE_HEADINGS: Final = tuple((word(stage), "date", 5, ledger_words.DATE_UNIT) for stage in STAGES)
_HEADINGS: Final[tuple[_Heading, ...]] = (
    (ledger_words.NUMBER, "count", 3, ""),
    (report_words.PROJECT_CODE, "text", 7, ""),
    (report_words.PROJECT_NAME, "text", 11, ""),
    (ledger_words.INVESTOR, "text", 9, ""),
    (ledger_words.SECTOR, "text", 4, ""),
    (ledger_words.CHAINS, "text", 5, ""),
    (ledger_words.TOTAL_INVESTMENT, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.FIXED_ASSETS, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.REPORTING_UNIT, "text", 6, ""),
    (ledger_words.CREDITED_UNIT, "text", 6, ""),
    (ledger_words.REACHED_NODE, "text", 4, ""),
    *_STAGE_HEADINGS,
    (ledger_words.LAND_AREA, "points", 4, ledger_words.AREA_UNIT),
    (ledger_words.FILING_CODE, "text", 7, ""),
    (ledger_words.IN_STATISTICS, "text", 3, ""),
    (ledger_words.MONTH_INVESTMENT, "amount", 5, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.YEAR_INVESTMENT, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.WHOLE_INVESTMENT, "amount", 6, report_words.TEN_THOUSAND_YUAN),
    (ledger_words.PERIOD_END, "date", 5, ledger_words.LAST_DAY_UNIT),
    (ledger_words.WARNING, "text", 10, ""),
    (ledger_words.OPEN_SHEETS, "text", 8, ""),
    (ledger_words.PROBLEMS, "text", 10, ""),
    (ledger_words.REMARK, "text", 6, ""),
)
COLUMNS: Final = tuple(
    DocumentColumn(heading, shape, width) for heading, shape, width, _unit in _HEADINGS
)
_UNITS: Final = tuple(unit for _heading, _shape, _width, unit in _HEADINGS)
_SUMMED_PLACES: Final = tuple(
    place for place, column in enumerate(COLUMNS) if column.shape in ("amount", "points")
)
# 合计 stands under the project's code.
_SUM_PLACE: Final = 1
# A hidden column makes no row high.
_HIDDEN_WIDTH: Final = 1_000_000


def write_ledger(
    path: Path,
    ledger: Ledger,
    view: View,
    foot: DocumentFoot,
    layout: PageLayout = STANDARD_LAYOUT,
) -> DocumentFoot:
    """Write the workbook in one pass over history, and return its foot with the digest.

    It has a worksheet for all projects, one for each sequence, and one for resources, if there are
    any.
    """
    book = WorkbookWriter(path, foot.request.dated)
    county = report_words.county_name(view.rulebook.rulebook.issuer)
    title = ledger_words.ledger_title(county, view.as_of.isoformat())
    all_projects = _LedgerSheet(book, ledger_words.ALL_PROJECTS, title, layout)
    sheets = {ledger_words.ALL_PROJECTS: all_projects}
    for unit in units_at(ledger, view).values():
        if unit.sequence not in sheets:
            sheets[unit.sequence] = _sequence_sheet(book, unit.sequence, title, layout)
    digest = ContentDigest()
    resource_sheet = ResourceSheet(resource_details(ledger, view))
    # The running number is written by the worksheet, so rows and widths begin after it.
    widths = _shown_widths(layout)[1:]
    for sequence, row in ledger_rows(ledger, view):
        resource_sheet.name_project(row)
        digest.add(row_statement(row))
        height = row_height(row, widths)
        sheets[ledger_words.ALL_PROJECTS].add(row, height)
        if sequence not in sheets:
            sheets[sequence] = _sequence_sheet(book, sequence, title, layout)
        sheets[sequence].add(row, height)
    for sheet in sheets.values():
        sheet.finish()
    for resource_row in resource_sheet.write(book, view, layout.paper):
        digest.add(row_statement(resource_row))
    foot = foot.with_digest(digest.short())
    book.add_foot(foot)
    book.close()
    return foot


def _shown_widths(layout: PageLayout) -> list[int]:
    """The widths of the columns, by which rows are made high enough for their texts."""
    widths = []
    for column in COLUMNS:
        is_shown = layout.shown is None or column.heading in layout.shown
        widths.append(column.width if is_shown else _HIDDEN_WIDTH)
    return widths


def _sequence_sheet(
    book: WorkbookWriter,
    sequence: str,
    title: str,
    layout: PageLayout,
) -> _LedgerSheet:
    return _LedgerSheet(book, sequence, f"{title}：{sequence}", layout)


class _LedgerSheet:
    """A worksheet that grows row by row."""

    def __init__(
        self,
        book: WorkbookWriter,
        name: str,
        title: str,
        layout: PageLayout,
    ) -> None:
        self._sheet = add_table_sheet(book, name, title, COLUMNS, _UNITS, layout)
        self._cell_formats = [book.cells[column.shape] for column in COLUMNS]
        self._count = 0
        self._sums = dict.fromkeys(_SUMMED_PLACES, Fraction(0))

    def add(self, row: TableRow, height: int | None) -> None:
        """Add a project's row, numbered."""
        number = FIRST_ROW + self._count
        self._count += 1
        # Constant memory: a row's height is set before its cells, and rows follow in order.
        self._sheet.set_row(number, height)
        numbered_row = (self._count, *row)
        cells = zip(numbered_row, self._cell_formats, strict=True)
        for place, (value, cell_format) in enumerate(cells):
            write_cell(self._sheet, number, place, value, cell_format)
            if place in self._sums and isinstance(value, Fraction):
                self._sums[place] += value

    def finish(self) -> None:
        """Write the sums, and set the filter and the printed area."""
        last_row = FIRST_ROW - 1 + self._count
        if self._count == 0:
            finish_table_sheet(self._sheet, COLUMNS, last_row)
            return
        for place, cell_format in enumerate(self._cell_formats):
            value = self._sums.get(place)
            write_cell(self._sheet, last_row + 1, place, value, cell_format)
        write_cell(self._sheet, last_row + 1, _SUM_PLACE, ledger_words.SUM, self._cell_formats[1])
        finish_table_sheet(self._sheet, COLUMNS, last_row, rows_below=1)
