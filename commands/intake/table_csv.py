"""Rows as CSV in which no text can become a spreadsheet's formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from io import StringIO
from typing import Final

# East Asian spreadsheets take the full-width signs for formulas too.
_FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
# No program computes with these signs: -10, -3（共3次）, -2 × 1.5.
_NEGATIVE_POINTS: Final = re.compile(r"-[0-9][0-9.× （）\u4e00-\u9fff]*", re.ASCII)
# Excel reads UTF-8 only behind this mark.
BYTE_ORDER_MARK: Final = "\ufeff"


def csv_text(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[bool],
) -> str:
    """The text of a CSV file; `numbers` says which columns hold numbers."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        cells = []
        for cell, is_number in zip(row, numbers, strict=True):
            is_plain = is_number and _NUMBER.fullmatch(cell)
            cells.append(cell if is_plain else _neutralised(cell))
        writer.writerow(cells)
    return text.getvalue()


def _neutralised(text: str) -> str:
    if text.startswith(_FORMULA_STARTS) and not _NEGATIVE_POINTS.fullmatch(text):
        # A spreadsheet would run such a text as a formula; a leading apostrophe makes it a text.
        return f"'{text}"
    return text
