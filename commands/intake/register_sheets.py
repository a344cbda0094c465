"""The sheets of a register, whatever program wrote the file: xlsx, xls, et, ods or CSV."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from commands.intake.csv_encoding import encoding_of_csv
from commands.intake.csv_records import BoundedLines
from commands.intake.ods_sheets import read_ods
from commands.intake.workbook_reading import WorkbookFile
from commands.intake.worksheet_cells import (
    MAX_CELLS,
    SheetContent,
    StoredCell,
    WorksheetRow,
    cell_address,
)
from commands.intake.xls_sheets import read_xls
from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg

_ZIP: Final = b"PK\x03\x04"
# What .xls is, and .et of WPS; a workbook with a password becomes one, whatever its name.
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# OpenDocument wants its media type first in the archive and uncompressed.
_ODS_MARK: Final = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_FILE_ENDINGS: Final = (".xlsx", ".xls", ".et", ".ods", ".csv")
_TEXT_ENDING: Final = ".csv"


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """A sheet with its filled cells; a sheet of a CSV file does not say which cells are merged."""

    name: str
    is_hidden: bool
    content: SheetContent
    knows_merged: bool = True


def read_register_sheets(path: Path) -> list[RegisterSheet]:
    """Read the sheets of a file by what it holds, whatever its name ends in.

    Raises `StoreError` where it is no table, is encrypted, damaged or too large.
    """
    with open_regular(path) as file:
        beginning = file.read(128)
    if beginning.startswith(_ZIP):
        return _read_zip(path, beginning)
    if beginning.startswith(_COMPOUND_FILE):
        return [RegisterSheet(*sheet) for sheet in read_xls(path)]
    if path.suffix.lower() == _TEXT_ENDING:
        return [_read_csv(path)]
    template = msg(
        "{path} is not a table that can be read: its name ends in {ending}, its content is that "
        "of no workbook; allowed: {allowed}"
    )
    raise StoreError(template, path=path, ending=path.suffix or "—", allowed=list(_FILE_ENDINGS))


def is_office_open(path: Path) -> bool:
    """Whether a file is an .xlsx workbook by what it holds, or nothing else that is known."""
    with open_regular(path) as file:
        beginning = file.read(128)
    return not beginning.startswith(_COMPOUND_FILE) and _ODS_MARK not in beginning


def _read_zip(path: Path, beginning: bytes) -> list[RegisterSheet]:
    if _ODS_MARK in beginning:
        return [RegisterSheet(*sheet) for sheet in read_ods(path)]
    sheets = []
    with WorkbookFile(path) as book:
        visible = book.visible_sheet_names
        for name in book.sheet_names:
            sheets.append(RegisterSheet(name, name not in visible, book.sheet(name)))
    return sheets


def _read_csv(path: Path) -> RegisterSheet:
    content = SheetContent()
    cell_count = 0
    with path.open(encoding=encoding_of_csv(path), newline="") as file:
        lines = BoundedLines(path, file)
        reader = csv.reader(lines, strict=True)
        try:
            for number, texts in enumerate(reader, start=1):
                lines.begin_row()
                cells = _filled(texts)
                cell_count += len(cells)
                if cell_count > MAX_CELLS:
                    raise _too_large(path, number)
                if cells:
                    content.rows.append(WorksheetRow(number, False, cells))  # noqa: FBT003
        except csv.Error as error:
            template = msg("{path}, line {line}, cannot be read as CSV: {why}")
            raise StoreError(template, path=path, line=reader.line_num, why=error) from error
    return RegisterSheet(path.stem, is_hidden=False, content=content, knows_merged=False)


def _filled(texts: list[str]) -> dict[int, StoredCell]:
    cells: dict[int, StoredCell] = {}
    for column, text in enumerate(texts):
        if text.strip():
            cells[column] = text.strip()
    return cells


def _too_large(path: Path, number: int) -> StoreError:
    template = msg("{path} is too large to be read: {measure}; at most {most} are allowed")
    return StoreError(template, path=path, measure=cell_address(number, 0), most=MAX_CELLS)
