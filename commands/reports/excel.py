"""Workbooks by XlsxWriter, row by row in bounded memory.

No text becomes a formula, a link or a number, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from math import ceil
from pathlib import Path
from typing import Final, NamedTuple

from commands.intake.workbook_files import new_workbook
from commands.reports.content import DocumentColumn
from commands.reports.excel_cells import (
    CellFormat,
    Worksheet,
    write_cell,
    write_text_row,
)
from commands.reports.foot import DocumentFoot
from commands.words import foot_words, report_words
from lifecycle.zip_headers import unify_zip_headers

_NUMBER_FORMATS: Final = {
    "count": "0",
    "points": "0.00",
    "amount": "#,##0.00",
    "quantity": "#,##0.00",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
    "text": "@",
}
# What stands in the row of units above a column, by its shape.
UNITS: Final = {
    "points": report_words.POINTS_UNIT,
    "amount": report_words.TEN_THOUSAND_YUAN,
    "count": "",
    # Each row's indicator names its unit.
    "quantity": "",
    "share": "%",
    "date": "",
    "text": "",
}

_TEXT_SIZE: Final = 10
# What every cell of a table has in common.
_CELL: Final = {
    "font_name": report_words.BODY_FONT,
    "font_size": _TEXT_SIZE,
    "border": 1,
    "valign": "vcenter",
}
# Characters that the name of a worksheet must not have.
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
# Excel takes 31 characters; three are left for a number that makes the name unique.
_LONGEST_NAME: Final = 28

# How much wider a character of a title is than one of a cell; the height of its line.
_TITLE_TO_TEXT: Final = 2
_TITLE_HEIGHT: Final = 28
_HEADING_HEIGHT: Final = 15
# A Chinese character of a heading is as wide as two Latin ones, by which Excel measures columns.
_CHARACTER_WIDTH: Final = 2.1
# What fits across an upright A4 page at full size, in Latin characters.
_UPRIGHT_WIDTH: Final = 90
# Of a column of sentences, in Latin characters.
TEXT_WIDTH: Final = 100
# In characters. Excel shows #### for a number or day that is wider than its column.
_LEAST_WIDTHS: Final = {
    "count": 5,
    "points": 8,
    "amount": 11,
    "quantity": 11,
    "share": 8,
    "date": 10.5,
    "text": 6,
}
# Title, headings and units stand above the first row of values.
FIRST_ROW: Final = 3
# Excel's numbers of the sizes of paper.
PAPERS: Final = {"A3": 8, "A4": 9}
# Between the margins of a page across, in points; and the width of a Latin character.
_PRINTED_WIDTHS: Final = {"A3": 1147, "A4": 798}
_POINTS_OF_CHARACTER: Final = 5.6


class PageLayout(NamedTuple):
    """How a table is printed, one page wide: the paper, and the headings that are shown.

    `shown` is None for all columns. The others are hidden and not left out, so that the file
    holds the same cells.
    """

    paper: str = "A4"
    shown: frozenset[str] | None = None


STANDARD_LAYOUT: Final = PageLayout()


class WorkbookWriter:
    """A workbook being written, with a format for every shape of value."""

    def __init__(self, path: Path, dated: date) -> None:
        self._path = path
        # The document's own day and not that of the run.
        created = datetime.combine(dated, time())
        self.book = new_workbook(path, created, in_constant_memory=True)
        self.cells = self._cell_formats()
        self.heading = self._format(
            _CELL,
            font_name=report_words.HEADING_FONT,
            align="center",
            text_wrap=True,
            bg_color="#E7E6E6",
        )
        self.unit = self._format(
            _CELL,
            font_size=9,
            align="center",
            font_color="#595959",
        )
        self.title = self._format(
            {},
            font_name=report_words.TITLE_FONT,
            font_size=16,
            align="center",
            valign="vcenter",
            text_wrap=True,
        )
        self.plain = self._format(
            {},
            font_name=report_words.BODY_FONT,
            font_size=10,
            text_wrap=True,
            valign="top",
        )
        self._names: set[str] = set()

    def _cell_formats(self) -> dict[str, CellFormat]:
        """A format for each shape of value."""
        formats = {}
        for shape, number_format in _NUMBER_FORMATS.items():
            formats[shape] = self._format(
                _CELL,
                num_format=number_format,
                text_wrap=shape == "text",
            )
        formats["count"].set_align("center")
        return formats

    def _format(self, base: Mapping[str, object], **properties: object) -> CellFormat:
        return self.book.add_format({**base, **properties})

    def add_sheet(self, name: str) -> Worksheet:
        """Add a worksheet on A4 across, one page wide, under a name that Excel accepts."""
        sheet = self.book.add_worksheet(self._unused_name(name))
        sheet.set_paper(PAPERS["A4"])
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.3, 0.3, 0.6, 0.7)
        sheet.set_footer(report_words.PAGE_FOOTER)
        return sheet

    def _unused_name(self, name: str) -> str:
        """The name, shortened, with a number if another worksheet has it, whatever its case."""
        base = name.translate(_NOT_IN_NAMES).strip("'")[:_LONGEST_NAME] or "_"
        unused = base
        number = 2
        while unused.casefold() in self._names:
            unused = f"{base}{number}"
            number += 1
        self._names.add(unused.casefold())
        return unused

    def add_foot(self, foot: DocumentFoot) -> None:
        """Add the last worksheet: what the workbook rests on, and its code."""
        sheet = self.add_sheet(foot_words.FOOT_WORKSHEET)
        sheet.set_column(0, 0, TEXT_WIDTH)
        for row, text in enumerate((*foot.lines(), foot.code)):
            write_text_row(sheet, row, text, self.plain)

    def close(self) -> None:
        """Write the file out."""
        self.book.close()
        with self._path.open("r+b") as file:
            unify_zip_headers(file)


def add_table_sheet(
    book: WorkbookWriter,
    name: str,
    title: str,
    columns: Sequence[DocumentColumn],
    units: Sequence[str],
    layout: PageLayout = STANDARD_LAYOUT,
) -> Worksheet:
    """Add a worksheet with title, headings and units, upright where that is wide enough.

    All three stay in sight and are printed on every page.
    """
    sheet = book.add_sheet(name)
    widths = column_widths(columns)
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        is_hidden = layout.shown is not None and column.heading not in layout.shown
        sheet.set_column(place, place, width, None, {"hidden": is_hidden})
    sheet.set_paper(PAPERS[layout.paper])
    sheet.center_horizontally()
    if sum(widths) <= _UPRIGHT_WIDTH:
        sheet.set_portrait()
    sheet.set_row(1, _HEADING_HEIGHT * _heading_lines(columns, widths))
    whole_width = sum(column.width for column in columns)
    # A title is larger than the text below it, and a narrow table shows it in two lines or more.
    lines = -(-len(title) * _TITLE_TO_TEXT // whole_width)
    sheet.set_row(0, _TITLE_HEIGHT * lines)
    sheet.merge_range(0, 0, 0, len(columns) - 1, "", book.title)
    sheet.write_string(0, 0, title, book.title)
    for place, column in enumerate(columns):
        sheet.write_string(1, place, column.heading, book.heading)
    for place, unit in enumerate(units):
        write_cell(sheet, 2, place, unit, book.unit)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.repeat_rows(0, FIRST_ROW - 1)
    return sheet


def column_widths(columns: Sequence[DocumentColumn]) -> list[float]:
    """The widths of columns in Latin characters, as Excel measures them."""
    return [max(column.width * 1.7 + 1, _LEAST_WIDTHS[column.shape]) for column in columns]


def printed_size(columns: Sequence[DocumentColumn], layout: PageLayout) -> float:
    """The size in points at which a table's text is printed, one page wide."""
    widths = zip(columns, column_widths(columns), strict=True)
    shown_widths = []
    for column, width in widths:
        if layout.shown is None or column.heading in layout.shown:
            shown_widths.append(width)
    whole_width = sum(shown_widths) * _POINTS_OF_CHARACTER
    return min(1, _PRINTED_WIDTHS[layout.paper] / whole_width) * _TEXT_SIZE


def _heading_lines(columns: Sequence[DocumentColumn], widths: Sequence[float]) -> int:
    """The lines of the tallest heading: no program fits the row of headings when it prints."""
    lines = 1
    for column, width in zip(columns, widths, strict=True):
        lines = max(lines, ceil(len(column.heading) * _CHARACTER_WIDTH / width))
    return lines


def finish_table_sheet(
    sheet: Worksheet,
    columns: Sequence[DocumentColumn],
    last_row: int,
    *,
    rows_below: int = 0,
) -> None:
    """Set the filter and the printed area, once the last row is known.

    Rows below it, such as sums, are printed and not filtered.
    """
    # An empty table keeps one row, as neither can end above where it begins.
    last = max(last_row, FIRST_ROW)
    sheet.autofilter(FIRST_ROW - 1, 0, last, len(columns) - 1)
    sheet.print_area(0, 0, last + rows_below, len(columns) - 1)
