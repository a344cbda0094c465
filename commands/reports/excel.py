"""Excel by XlsxWriter, row by row in bounded memory: no text becomes a formula, a link or a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from commands.reports.content import CellValue, DocumentColumn, Notice, Table
from commands.reports.foot import Foot
from projections.scoring.rounding import decimal_text

LONGEST: Final = 32_000
"""A cell holds a little more."""
EXACT_DIGITS: Final = 15
"""Excel keeps no more of a number; a longer one stays text, so that no digit is lost."""
PLACES: Final = 10
_EXACT: Final = 10**PLACES
"""A fraction of small terms that ends within these places is what its quotient says."""
_FORMATS: Final = {
    "count": "0",
    "points": "0.00",
    "amount": "#,##0.00",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
    "text": "@",
}
_BAD: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
FOOT: Final = "核验"
ACROSS: Final = 20
"""More columns than these are printed two pages wide, the first three on both."""
_LINE: Final = 14
_MOST_LINES: Final = 8
_LEAST: Final = {"count": 5, "points": 8, "amount": 11, "share": 8, "date": 10.5, "text": 6}


class WorkbookWriter:
    """A workbook being written, with the formats of every shape of value."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        common = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
        self.cells = {
            shape: self.book.add_format(
                {**common, "num_format": text, "text_wrap": shape == "text"}
            )
            for shape, text in _FORMATS.items()
        }
        self.cells["count"].set_align("center")
        self.heading = self.book.add_format(
            {
                **common,
                "font_name": "黑体",
                "align": "center",
                "text_wrap": True,
                "bg_color": "#E7E6E6",
            }
        )
        self.unit = self.book.add_format(
            {**common, "font_size": 9, "align": "center", "font_color": "#595959"}
        )
        self.title = self.book.add_format(
            {"font_name": "方正小标宋简体", "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.plain = self.book.add_format(
            {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top"}
        )
        self._names: set[str] = set()

    def sheet(self, name: str) -> Any:
        """A worksheet on A4 across, one page wide; its name made one that Excel takes."""
        base = name.translate(_BAD).strip("'")[:28] or "_"
        chosen, number = base, 2
        while chosen.casefold() in self._names:
            chosen, number = f"{base}{number}", number + 1
        self._names.add(chosen.casefold())
        sheet = self.book.add_worksheet(chosen)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.7, 0.7)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        return sheet

    def foot(self, foot: Foot, sentences: Iterable[str] = ()) -> None:
        """The last sheet: what the workbook rests on, the code."""
        sheet = self.sheet(FOOT)
        sheet.set_column(0, 0, 100)
        for row, text in enumerate((*foot.lines(), foot.code, *sentences)):
            put(sheet, row, 0, text, self.plain)

    def close(self) -> None:
        """Write it out."""
        self.book.close()


def height(values: Sequence[CellValue], widths: Sequence[int]) -> int | None:
    """How high a row must be for its longest text; None for a row of one line."""
    # A Chinese character is three bytes in UTF-8 and takes the place of two Latin ones: half of bytes and characters is what it takes.
    lines = max(
        (
            -(-(len(value.encode()) + len(value)) // (4 * width))
            for value, width in zip(values, widths, strict=True)
            if isinstance(value, str)
        ),
        default=1,
    )
    return _LINE * min(lines, _MOST_LINES) if lines > 1 else None


def put(sheet: Any, row: int, column: int, value: CellValue, form: Any) -> None:
    """A cell: numbers as numbers, days as days, texts as texts."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST], form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, form)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, form)
    else:
        _put_exact(sheet, row, column, value, form)


def _put_exact(sheet: Any, row: int, column: int, value: Fraction, form: Any) -> None:
    if abs(value.numerator) < _EXACT and _EXACT % value.denominator == 0:
        sheet.write_number(row, column, value.numerator / value.denominator, form)
        return
    text = decimal_text(value, PLACES)
    if len(text.strip("-").replace(".", "").lstrip("0")) > EXACT_DIGITS and value.denominator == 1:
        sheet.write_string(row, column, text, form)
    else:
        sheet.write_number(row, column, float(text), form)


def headed(
    book: WorkbookWriter,
    name: str,
    title: str,
    columns: Sequence[DocumentColumn],
    units: Sequence[str],
) -> Any:
    """A sheet with title, headings and the row of units, which stay in sight and are printed on every page."""
    sheet = book.sheet(name)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, max(column.width * 1.7 + 1, _LEAST[column.shape]))
    if len(columns) > ACROSS:
        sheet.fit_to_pages(2, 0)
        sheet.print_across()
        sheet.repeat_columns(0, 2)
    sheet.set_row(0, 28)
    sheet.merge_range(0, 0, 0, len(columns) - 1, "", book.title)
    sheet.write_string(0, 0, title, book.title)
    for place, column in enumerate(columns):
        sheet.write_string(1, place, column.heading, book.heading)
    for place, unit in enumerate(units):
        put(sheet, 2, place, unit, book.unit)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(0, 2)
    return sheet


def finish(sheet: Any, columns: Sequence[DocumentColumn], last: int) -> None:
    """What is known once the last row is: the filter and the printed area."""
    sheet.autofilter(2, 0, max(last, 3), len(columns) - 1)
    sheet.print_area(0, 0, max(last, 3), len(columns) - 1)


UNITS: Final = {"points": "分", "amount": "万元", "count": "", "share": "%", "date": "", "text": ""}


def write_notice(path: Path, notice: Notice, foot: Foot) -> None:
    """A report as a workbook: a sheet for what it says, one for each table, one for the foot."""
    book = WorkbookWriter(path)
    _said(book, notice, foot)
    for section in notice.sections:
        for table in section.tables:
            _table(book, table, "".join(notice.title))
    book.foot(foot)
    book.close()


def _said(book: WorkbookWriter, notice: Notice, foot: Foot) -> None:
    sheet = book.sheet("通报")
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, "".join(notice.title), book.title)
    lines = [foot.number, notice.opening]
    for section in notice.sections:
        lines += [section.heading, *section.sentences]
    for row, text in enumerate((*lines, notice.issuer, str(foot.dated)), start=1):
        put(sheet, row, 0, text, book.plain)


def _table(book: WorkbookWriter, table: Table, title: str) -> None:
    columns = table.columns
    sheet = headed(
        book,
        table.name,
        f"{title}：{table.name}",
        columns,
        [UNITS[column.shape] for column in columns],
    )
    forms = [book.cells[column.shape] for column in columns]
    widths = [column.width for column in columns]
    for number, row in enumerate(table.rows, start=3):
        sheet.set_row(number, height(row, widths))
        for place, (value, form) in enumerate(zip(row, forms, strict=True)):
            put(sheet, number, place, value, form)
    finish(sheet, columns, 2 + len(table.rows))
