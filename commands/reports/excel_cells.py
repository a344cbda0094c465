"""Cells of a workbook: numbers exact where Excel keeps them, and rows as high as their text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, Final

from commands.reports.content import CellValue
from lifecycle.rounding import decimal_text

# XlsxWriter's worksheet; the library has no type hints.
Worksheet = Any
# XlsxWriter's format of a cell.
CellFormat = Any

# A cell holds 32,767 characters.
_LONGEST_TEXT: Final = 32_000
# Excel keeps no more digits of a number; a longer one stays text, so that none is lost.
_EXACT_DIGITS: Final = 15
_PLACES: Final = 10
# A fraction of small terms that ends within these places equals its quotient as a float.
_EXACT: Final = 10**_PLACES

_LINE_HEIGHT: Final = 14
# Chinese characters in a line of a column of sentences, with room for wider fonts.
_CHARACTERS_OF_TEXT: Final = 46
_MOST_LINES: Final = 8
_PART_FOR_TEXT: Final = 0.85


def row_height(values: Sequence[CellValue], widths: Sequence[int]) -> int | None:
    """How high a row must be for its longest text; None for a row of one line."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            lines = max(lines, _lines_of_text(value, width))
    if lines == 1:
        return None
    return _LINE_HEIGHT * min(lines, _MOST_LINES)


def _lines_of_text(text: str, width: int) -> int:
    # A cell's own margins and wider fonts take a part of the column.
    # A Chinese character has three bytes in UTF-8 and is as wide as two Latin ones:
    # half of bytes and characters together is the width in Latin characters.
    twice_the_width = len(text.encode()) + len(text)
    return ceil(twice_the_width / (4 * width * _PART_FOR_TEXT))


def write_text_row(
    sheet: Worksheet,
    row: int,
    text: str,
    cell_format: CellFormat,
) -> None:
    """Write a row that is one text, as high as its lines: no program fits it when it prints."""
    lines = _lines_of_text(text, _CHARACTERS_OF_TEXT)
    # Set before the cell: in constant memory a row is written out by the next one.
    sheet.set_row(row, _LINE_HEIGHT * max(lines, 1))
    write_cell(sheet, row, 0, text, cell_format)


def write_cell(
    sheet: Worksheet,
    row: int,
    column: int,
    value: CellValue,
    cell_format: CellFormat,
) -> None:
    """Write a cell: numbers as numbers, days as days, texts as texts."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, cell_format)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:_LONGEST_TEXT], cell_format)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, cell_format)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, cell_format)
    else:
        _write_fraction(sheet, row, column, value, cell_format)


def _write_fraction(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Fraction,
    cell_format: CellFormat,
) -> None:
    has_small_terms = abs(value.numerator) < _EXACT
    if has_small_terms and _EXACT % value.denominator == 0:
        sheet.write_number(row, column, value.numerator / value.denominator, cell_format)
        return
    text = decimal_text(value, _PLACES)
    digits = text.strip("-").replace(".", "").lstrip("0")
    if len(digits) > _EXACT_DIGITS and value.denominator == 1:
        sheet.write_string(row, column, text, cell_format)
    else:
        sheet.write_number(row, column, float(text), cell_format)
