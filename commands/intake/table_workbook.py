"""Rows as a workbook: headings, filter, and cells that can never become formulas."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.cells import cell_len

from commands.intake.workbook_files import new_workbook
from lifecycle.atomic_file import build_atomically
from lifecycle.zip_headers import unify_zip_headers

_LONGEST_CELL: Final = 32_000
_WIDEST_COLUMN: Final = 60
# Excel keeps no more digits of a number.
_EXACT_DIGITS: Final = 15


def write_table_workbook(
    output: Path | None,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[bool],
) -> None:
    """Write a workbook of one sheet to a file, or to standard output where `output` is None."""
    write = partial(build_table_workbook, headings=headings, rows=rows, numbers=numbers)
    if output is not None:
        build_atomically(output, write)
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        write(path)
        sys.stdout.buffer.write(path.read_bytes())


def build_table_workbook(
    path: Path,
    *,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[bool],
) -> None:
    """Write a workbook of one sheet at a path; `numbers` says which columns hold numbers."""
    with new_workbook(path) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
            cells = [heading, *(row[column] for row in rows)]
            width = max(cell_len(cell) for cell in cells) + 2
            sheet.set_column(column, column, min(width, _WIDEST_COLUMN))
        for line, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                if numbers[column] and _is_exact(text):
                    sheet.write_number(line, column, float(text))
                elif text:
                    sheet.write_string(line, column, text[:_LONGEST_CELL])
        sheet.freeze_panes(1, 0)
        if headings:
            sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    with path.open("r+b") as file:
        unify_zip_headers(file)


def _is_exact(text: str) -> bool:
    """Whether a number is kept by Excel digit by digit; another one stays text."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and len(digits) <= _EXACT_DIGITS
