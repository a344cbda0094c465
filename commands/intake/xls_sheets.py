"""Workbooks of older office programs and of WPS: xls and et."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import python_calamine

from commands.intake.compound_file import CompoundFile, MalformedFile
from commands.intake.workbook_parts import MAX_FILE
from commands.intake.workbook_structure import TooManyCells
from commands.intake.worksheet_cells import SheetContent, StoredCell, WorksheetRow
from commands.intake.xls_records import EncryptedWorkbook, XlsSheet, scan_workbook
from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg

_ENCRYPTED_PARTS: Final = ("EncryptedPackage", "EncryptionInfo")
# Excel 97 and later write Workbook, 5.0 and 95 write Book.
_WORKBOOK_STREAMS: Final = ("Workbook", "Book")
_ENCRYPTED: Final = msg(
    "{path} is encrypted: open it in Excel or WPS, remove its password, and save it again"
)
_UNREADABLE: Final = msg("{path} cannot be read as a workbook: {why}")


class NamedSheet(NamedTuple):
    """A sheet by its name; `is_hidden` from its readers."""

    name: str
    is_hidden: bool
    content: SheetContent


def read_xls(path: Path) -> list[NamedSheet]:
    """Read all sheets. Raises `StoreError` where it is damaged, encrypted or too large."""
    with open_regular(path) as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise _too_large(path, f"{len(content)} B", MAX_FILE)
    try:
        sheets = scan_workbook(_workbook_stream(path, content))
    except EncryptedWorkbook:
        raise StoreError(_ENCRYPTED, path=path) from None
    except TooManyCells as error:
        raise _too_large(path, str(error), error.most) from error
    except MalformedFile as error:
        raise StoreError(_UNREADABLE, path=path, why=error) from error
    return _read_cells(path, content, sheets)


def _workbook_stream(path: Path, content: bytes) -> bytes:
    compound = CompoundFile(content)
    if any(name in compound for name in _ENCRYPTED_PARTS):
        raise StoreError(_ENCRYPTED, path=path)
    for name in _WORKBOOK_STREAMS:
        if name in compound:
            return compound.stream(name)
    raise MalformedFile("Workbook")


def _too_large(
    path: Path,
    measure: str,
    most: int,
) -> StoreError:
    template = msg("{path} is too large to be read: {measure}; at most {most} are allowed")
    return StoreError(template, path=path, measure=measure, most=most)


def _read_cells(
    path: Path,
    content: bytes,
    sheets: list[XlsSheet],
) -> list[NamedSheet]:
    named_sheets = []
    try:
        with python_calamine.load_workbook(BytesIO(content)) as book:
            names = _worksheet_names(book)
            for sheet in sheets:
                name = names[sheet.name_place]
                # Empty rows and columns stay: places count from the corner of the sheet.
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                named_sheets.append(NamedSheet(name, sheet.is_hidden, _content(rows, sheet)))
    # A panic of the library is no `Exception`; it says so by its name alone.
    except BaseException as error:
        is_panic = type(error).__name__ == "PanicException"
        if not isinstance(error, Exception) and not is_panic:
            raise
        raise StoreError(_UNREADABLE, path=path, why=error) from error
    return named_sheets


def _worksheet_names(book: Any) -> list[str]:
    names = []
    for metadata in book.sheets_metadata:
        if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet:
            names.append(metadata.name)
    return names


def _content(rows: list[list[Any]], sheet: XlsSheet) -> SheetContent:
    content = SheetContent(merged=sheet.merged)
    last_row = max(len(rows), max(sheet.errors, default=-1) + 1)
    for number in range(last_row):
        values = rows[number] if number < len(rows) else []
        cells = _filled(values)
        # The library reads an error as an empty cell.
        cells.update(sheet.errors.get(number, {}))
        if cells:
            is_hidden = number in sheet.hidden_rows
            in_order = dict(sorted(cells.items()))
            content.rows.append(WorksheetRow(number + 1, is_hidden, in_order))
    return content


def _filled(values: list[Any]) -> dict[int, StoredCell]:
    cells: dict[int, StoredCell] = {}
    for column, value in enumerate(values):
        is_blank = isinstance(value, str) and not value.strip()
        if value is not None and not is_blank:
            cells[column] = value
    return cells
