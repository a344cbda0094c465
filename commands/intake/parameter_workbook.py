"""A rulebook's parameters as a workbook: written for an office to fill in, and read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from commands.intake.column_checks import unusable_cell_problem
from commands.intake.workbook_cells import cell_text
from commands.intake.workbook_files import new_workbook
from commands.intake.workbook_reading import WorkbookFile
from commands.intake.worksheet_cells import WorksheetRow, cell_address
from commands.words import parameter_words as words
from lifecycle.rejections import Rejected, StoreError, msg
from lifecycle.rulebook.rulebook_parameters import Parameter, ParameterEntry
from lifecycle.zip_headers import unify_zip_headers

_COLUMNS: Final = {
    "place": 38,
    "chinese": 22,
    "value": 16,
    "clause": 14,
    "basis": 12,
    "note": 50,
    "document": 24,
}
"""The fields of a parameter in the sheet's order, with the widths of their columns."""
_FILLED_IN: Final = ("value", "document")
_READ_BACK: Final = ("place", "value", "document")


class ParameterWorkbook(NamedTuple):
    """A workbook that was read.

    The id of the rulebook it was exported from (empty if it doesn't say), and the entries.
    """

    rulebook_id: str
    entries: list[ParameterEntry]


def write_parameter_workbook(
    path: Path,
    rulebook_id: str,
    parameters: Sequence[Parameter],
) -> None:
    """Write the parameters, one a row, with the columns to fill in coloured."""
    with new_workbook(path) as workbook:
        _write_parameters(workbook, parameters)
        about = workbook.add_worksheet(words.ABOUT_SHEET)
        about.write_string(0, 0, words.RULEBOOK)
        about.write_string(0, 1, rulebook_id)
        about.write_string(1, 0, words.INSTRUCTION)
    with path.open("r+b") as file:
        unify_zip_headers(file)


def _write_parameters(
    workbook: Any,
    parameters: Sequence[Parameter],
) -> None:
    sheet = workbook.add_worksheet(words.PARAMETER_SHEET)
    bold = workbook.add_format({"bold": True, "bottom": 1})
    # "@" keeps what is typed as text, so that Excel does not turn 0.10 into a binary float.
    to_fill_in = workbook.add_format({"bg_color": "#FFF4CC", "num_format": "@"})
    for column, (name, width) in enumerate(_COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(
            0,
            column,
            words.COLUMNS[name],
            bold,
        )
    for row, parameter in enumerate(parameters, start=1):
        for column, name in enumerate(_COLUMNS):
            text = str(getattr(parameter, name))
            sheet.write_string(
                row,
                column,
                text,
                to_fill_in if name in _FILLED_IN else None,
            )
    sheet.freeze_panes(1, 1)


def read_parameter_workbook(path: Path) -> ParameterWorkbook:
    """Read the entries of a workbook.

    Raises `StoreError` where the file is no workbook with a sheet of parameters, `Rejected` where a
    column is missing.
    """
    with WorkbookFile(path) as workbook:
        if words.PARAMETER_SHEET not in workbook.sheet_names:
            template = msg("{path}: the workbook has no sheet {name}")
            raise StoreError(template, path=path, name=words.PARAMETER_SHEET)
        rows = workbook.sheet(words.PARAMETER_SHEET).rows
        about_rows: list[WorksheetRow] = []
        if words.ABOUT_SHEET in workbook.sheet_names:
            about_rows = workbook.sheet(words.ABOUT_SHEET).rows
    return ParameterWorkbook(_exported_from(about_rows), _entries(path, rows))


def _exported_from(about_rows: Sequence[WorksheetRow]) -> str:
    for row in about_rows:
        if row.cells.get(0) == words.RULEBOOK:
            return cell_text(row.cells.get(1))
    return ""


def _entries(path: Path, rows: Sequence[WorksheetRow]) -> list[ParameterEntry]:
    columns: dict[str, int] = {}
    if rows and rows[0].number == 1:
        for column, heading in rows[0].cells.items():
            columns[cell_text(heading)] = column
    missing = [words.COLUMNS[name] for name in _READ_BACK if words.COLUMNS[name] not in columns]
    if missing:
        raise Rejected.by(
            "heading_missing",
            msg("{path}: the sheet 参数 has no column {missing}"),
            path=path,
            missing=missing,
        )
    entries = []
    for row in rows[1:]:
        texts = [_cell_of(row, columns[words.COLUMNS[name]]) for name in _READ_BACK]
        entry = ParameterEntry(*texts)
        if entry.place:
            entries.append(entry)
    return entries


def _cell_of(row: WorksheetRow, column: int) -> str:
    """Return a cell's text. Raises `Rejected` where it has no value."""
    value = row.cells.get(column)
    address = f"{words.PARAMETER_SHEET}!{cell_address(row.number, column)}"
    problem = unusable_cell_problem(address, value, "")
    if problem is not None:
        raise Rejected([problem])
    return cell_text(value)
