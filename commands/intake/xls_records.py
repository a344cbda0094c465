"""What a workbook's records say before a library reads it ([MS-XLS]): bounds, errors, hidden rows.

The library reserves memory for the whole used range, and reads an error as an empty cell.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final, NamedTuple

from commands.intake.compound_file import MalformedFile
from commands.intake.workbook_structure import TooManyCells
from commands.intake.worksheet_cells import MAX_CELLS, MergedRange, UnusableCell, cell_address

_MAX_AREA: Final = 4_000_000
"""Cells of the used range: as many rows as there are, of sixty columns."""
_BEGIN: Final = 0x809
_END: Final = 0x0A
_PASSWORD: Final = 0x2F
_SHEET: Final = 0x85
_DIMENSIONS: Final = 0x200
_ROW: Final = 0x208
_FORMULA: Final = 0x06
_TRUTH_OR_ERROR: Final = 0x205
_MERGED: Final = 0xE5
# FORMULA, BOOLERR, NUMBER, LABEL, RK, LABELSST and RSTRING: one cell each.
_SINGLE_CELLS: Final = frozenset((_FORMULA, _TRUTH_OR_ERROR, 0x203, 0x204, 0x27E, 0xFD, 0xD6))
_NUMBERS: Final = 0xBD
_HIDDEN_ROW: Final = 0x20
_ERROR_RESULT: Final = 2
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class EncryptedWorkbook(ValueError):  # noqa: N818 -- a fault of the file
    """The workbook has a password."""


class XlsRecord(NamedTuple):
    """A record by its kind and content."""

    kind: int
    content: bytes


@dataclass(slots=True)
class XlsSheet:
    """What the library does not say of a sheet's cells."""

    name_place: int
    is_hidden: bool
    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[int, dict[int, UnusableCell]] = field(default_factory=dict)
    """The cells with errors by row and column, both from 0 on."""
    merged: list[MergedRange] = field(default_factory=list)
    cell_count: int = 0
    last_row: int = 0
    last_column: int = 0


def scan_workbook(stream: bytes) -> list[XlsSheet]:
    """Return what the records say of each sheet, in the workbook's order.

    Raises `EncryptedWorkbook`, `TooManyCells`, `MalformedFile`.
    """
    sheets: list[XlsSheet] = []
    starts: list[int] = []
    try:
        for record in _records(stream, 0):
            if record.kind == _PASSWORD:
                raise EncryptedWorkbook
            if record.kind == _SHEET:
                start, state, kind = unpack_from("<IBB", record.content)
                # Charts and macro sheets have no cells.
                if kind == 0:
                    # State 1 is hidden, 2 hidden from all but macros.
                    sheets.append(XlsSheet(len(starts), bool(state & 3)))
                    starts.append(start)
        total = 0
        for sheet, start in zip(sheets, starts, strict=True):
            _scan_sheet(sheet, stream, start)
            total += sheet.cell_count
            if total > MAX_CELLS:
                raise TooManyCells(f"{total} cells", MAX_CELLS)
    except struct.error as error:
        raise MalformedFile(str(error)) from error
    return sheets


def _records(stream: bytes, start: int) -> Iterator[XlsRecord]:
    """Yield the records of one part of the stream, nested charts left out."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, start)
        content = stream[start + 4 : start + 4 + length]
        start += 4 + length
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield XlsRecord(kind, content)


def _scan_sheet(
    sheet: XlsSheet,
    stream: bytes,
    start: int,
) -> None:
    for kind, content in _records(stream, start):
        if kind in _SINGLE_CELLS:
            row, column = unpack_from("<HH", content)
            _note_cells(sheet, row, column, 1)
            _note_error(sheet, kind, row, column, content)
        elif kind == _NUMBERS:
            row, first = unpack_from("<HH", content)
            last = unpack_from("<H", content, len(content) - 2)[0]
            _note_cells(sheet, row, last, last - first + 1)
        elif kind == _ROW:
            row = unpack_from("<H", content)[0]
            if unpack_from("<H", content, 12)[0] & _HIDDEN_ROW:
                sheet.hidden_rows.add(row)
        elif kind == _MERGED:
            _note_merged(sheet, content)
        elif kind == _DIMENSIONS:
            _first_row, end_row, _first_column, end_column = unpack_from("<IIHH", content)
            _require_area(end_row, end_column)


def _note_cells(
    sheet: XlsSheet,
    row: int,
    column: int,
    count: int,
) -> None:
    sheet.cell_count += count
    sheet.last_row = max(sheet.last_row, row)
    sheet.last_column = max(sheet.last_column, column)
    # The used range may say less than the cells do.
    _require_area(sheet.last_row + 1, sheet.last_column + 1)


def _require_area(rows: int, columns: int) -> None:
    if rows * columns > _MAX_AREA:
        raise TooManyCells(f"{rows} × {columns} cells", _MAX_AREA)


def _note_error(
    sheet: XlsSheet,
    kind: int,
    row: int,
    column: int,
    content: bytes,
) -> None:
    code: int | None = None
    if kind == _TRUTH_OR_ERROR and content[7]:
        code = content[6]
    # A result that is no number ends in FFFF and begins with its kind.
    elif kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == _ERROR_RESULT:
        code = content[8]
    if code is not None:
        errors_of_row = sheet.errors.setdefault(row, {})
        errors_of_row[column] = UnusableCell("error", _ERRORS.get(code, f"#{code:#x}"))


def _note_merged(sheet: XlsSheet, content: bytes) -> None:
    count = unpack_from("<H", content)[0]
    for number in range(count):
        top, bottom, left, right = unpack_from("<4H", content, 2 + 8 * number)
        address = f"{cell_address(top + 1, left)}:{cell_address(bottom + 1, right)}"
        sheet.merged.append(MergedRange(top + 1, bottom + 1, address))
