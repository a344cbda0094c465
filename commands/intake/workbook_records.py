"""Records of a ledger workbook: a sheet for each event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from commands.handlers.file_rows import ExtraCell, FileRow, NumberFormat
from commands.intake.column_checks import stray_cells_problem, unusable_cell_problem
from commands.intake.confirmations import confirmation_problem, take_confirmation
from commands.intake.merged_cells import merged_cells_problem, merged_ranges_by_row
from commands.intake.office_tables import (
    TableColumns,
    event_of_sheet,
    extra_columns_note,
    passed_over,
    prefilled_only,
    renamed_sheet_note,
    table_columns,
)
from commands.intake.register_sheets import RegisterSheet, is_office_open, read_register_sheets
from commands.intake.typed_fields import fields_of_kind
from commands.intake.workbook_cells import (
    cell_text,
    may_have_lost_digits,
    record_from_cells,
    understood_notes,
)
from commands.intake.workbook_layout import SHEET_EVENTS, column_headings, in_sheet_order
from commands.intake.workbook_reading import WorkbookFile
from commands.intake.worksheet_cells import WorksheetRow, cell_address
from commands.words.event_words import EVENTS
from commands.words.workbook_words import (
    GUIDE_SHEET,
    NOTES_SHEET,
    ORDER,
    UNREADABLE_SHEET,
    WORD_LIST_SHEET,
)
from lifecycle.events import Event
from lifecycle.rejections import Problem, Rejected, msg

_DATED_FORMS: Final = ("day", "month", "moment")
IGNORED_SHEETS: Final = (WORD_LIST_SHEET, UNREADABLE_SHEET, NOTES_SHEET, GUIDE_SHEET)
"""The sheets of our own workbooks that hold no records."""


class OrderedRow(NamedTuple):
    """A row with its number in the column 序号, None where it has none."""

    order: int | None
    row: FileRow


def read_workbook(path: Path) -> Iterator[FileRow]:
    """Return the rows of all sheets, by 序号 if every row has one, else sheet by sheet.

    Raises `StoreError` if the file is no workbook or too large, `Rejected` for an unknown sheet
    or heading.
    """
    ordered_rows: list[OrderedRow] = []
    for sheet in _sheets(path):
        ordered_rows.extend(_sheet_rows(sheet))
    # A workbook of ours numbers its rows; one filled in by hand is read sheet by sheet.
    records = [entry for entry in ordered_rows if entry.row.passed_over is None]
    if all(entry.order is not None for entry in records):
        ordered_rows.sort(key=lambda entry: entry.order or 0)
    return (entry.row for entry in ordered_rows)


def _sheets(path: Path) -> Iterator[RegisterSheet]:
    """Yield the sheets that hold records, in the order in which their events depend on each other.

    What an ignored sheet of an .xlsx file holds, and how much of it, makes no difference.
    """
    if not is_office_open(path):
        sheets = {sheet.name: sheet for sheet in read_register_sheets(path)}
        for name in in_sheet_order(sheets):
            if name not in IGNORED_SHEETS:
                yield sheets[name]
        return
    with WorkbookFile(path) as book:
        visible = book.visible_sheet_names
        for name in in_sheet_order(book.sheet_names):
            if name not in IGNORED_SHEETS:
                yield RegisterSheet(name, name not in visible, book.sheet(name))


def _sheet_rows(sheet: RegisterSheet) -> Iterator[OrderedRow]:
    rows = sheet.content.rows
    kind = event_of_sheet(sheet.name, rows)
    if kind is None:
        # An empty sheet of Excel's own, such as Sheet1, is no mistake.
        if rows:
            raise _unknown_sheet(sheet.name)
        return
    columns = table_columns(sheet.name, rows, column_headings(kind))
    rows = rows[columns.row_place + 1 :]
    covering_ranges = merged_ranges_by_row(rows, sheet.content.merged)
    # What holds for the whole sheet is said at its first row.
    sheet_notes = _sheet_notes(sheet, kind, columns)
    for row in rows:
        reason = passed_over(row, columns)
        if reason is not None:
            yield _passed_row(sheet.name, row, reason)
            continue
        # A row with a problem is yielded all the same, so that it is reported at its place.
        problem = (
            merged_cells_problem(covering_ranges.get(row.number))
            or stray_cells_problem(columns.headings, row.cells.items())
            or _unusable_cell_problem(row, columns.names)
            or _lost_digits_problem(row, columns.names)
            or _fraction_problem(row, columns.names, kind)
        )
        cells = _cells_by_name(row, columns)
        problem = problem or confirmation_problem(cells)
        is_confirmed = take_confirmation(cells)
        order = cells.pop(ORDER, "")
        reason = prefilled_only(kind, cells)
        if reason is not None and problem is None:
            yield _passed_row(sheet.name, row, reason)
        elif any(cells.values()) or problem:
            notes = sheet_notes + ((_hidden_row_note(),) if row.is_hidden else ())
            sheet_notes = ()
            file_row = FileRow(row.number, cells, sheet.name, problem, notes, is_confirmed)
            extra = _extra_cells(row, columns)
            formats = _formats_by_name(row, columns)
            yield _ordered_row(kind, file_row._replace(order=order, extra=extra, formats=formats))


def _passed_row(
    sheet: str,
    row: WorksheetRow,
    reason: Problem,
) -> OrderedRow:
    return OrderedRow(None, FileRow(row.number, {}, sheet, passed_over=reason))


def _sheet_notes(
    sheet: RegisterSheet,
    kind: type[Event],
    columns: TableColumns,
) -> tuple[Problem, ...]:
    notes = []
    if sheet.is_hidden:
        template = msg("the sheet {name} is hidden in the workbook and was read all the same")
        notes.append(Problem("hidden_sheet", template, {"name": sheet.name}))
    for note in (
        renamed_sheet_note(sheet.name, kind),
        extra_columns_note(columns.headings, columns.names),
    ):
        if note is not None:
            notes.append(note)
    return tuple(notes)


def _cells_by_name(row: WorksheetRow, columns: TableColumns) -> dict[str, str]:
    cells = {}
    for column, name in enumerate(columns.names):
        if name:
            text = cell_text(row.cells.get(column))
            # The unit of the heading stands behind each of its figures.
            if text and column in columns.units and text[-1].isdigit():
                text += columns.units[column]
            cells[name] = text
    return cells


def _extra_cells(row: WorksheetRow, columns: TableColumns) -> tuple[ExtraCell, ...]:
    """Return the filled cells of columns that are no fields."""
    extra = []
    named_headings = zip(columns.headings, columns.names, strict=True)
    for column, (heading, name) in enumerate(named_headings):
        text = cell_text(row.cells.get(column))
        if heading and text and not name:
            extra.append(ExtraCell(heading, text, row.formats.get(column)))
    return tuple(extra)


def _formats_by_name(row: WorksheetRow, columns: TableColumns) -> Mapping[str, NumberFormat]:
    """Return how the numbers and days of a row's fields are displayed."""
    formats = {}
    for column, number_format in row.formats.items():
        name = columns.names[column] if column < len(columns.names) else ""
        if name:
            formats[name] = number_format
    return formats


def _hidden_row_note() -> Problem:
    return Problem("hidden_row", msg("the row is hidden in the workbook and was read all the same"))


def _ordered_row(kind: type[Event], row: FileRow) -> OrderedRow:
    """Turn the cells of a row into a record, and its number into one to sort by."""
    order = row.order
    number = None
    if order.isascii() and order.isdigit():
        number = int(order)
    record = record_from_cells(kind, row.record)
    notes = row.notes + understood_notes(kind, row.record, record)
    return OrderedRow(number, row._replace(record=record, notes=notes))


def _unknown_sheet(name: str) -> Rejected:
    known = [EVENTS[event].chinese for event in SHEET_EVENTS]
    # A misspelled sheet would otherwise be left out in silence, with all of its rows.
    nearest, _score, _place = process.extractOne(name, known, scorer=fuzz.WRatio)
    return Rejected.by(
        "unknown_sheet",
        msg("unknown sheet {name}; sheets are named after the events; most similar: {nearest}"),
        name=name,
        nearest=nearest,
    )


def _unusable_cell_problem(row: WorksheetRow, names: Sequence[str]) -> Problem | None:
    for column, value in row.cells.items():
        name = names[column] if column < len(names) else ""
        problem = unusable_cell_problem(cell_address(row.number, column), value, name)
        if problem is not None:
            return problem
    return None


def _fraction_problem(
    row: WorksheetRow,
    names: Sequence[str],
    kind: type[Event],
) -> Problem | None:
    """Return a problem if a decimal stands for a day or month: 2024.1 may be October."""
    dated = {field.name for field in fields_of_kind(kind) if field.form in _DATED_FORMS}
    for column, value in row.cells.items():
        is_fraction = isinstance(value, float) and not value.is_integer()
        if is_fraction and names[column] in dated:
            template = msg(
                "cell {cell} contains the number {value}, which may mean more than one month: "
                "format the cell as text and write it as 2024-10"
            )
            address = cell_address(row.number, column)
            values: dict[str, object] = {"cell": address, "value": cell_text(value)}
            return Problem("number_as_date", template, values, names[column])
    return None


def _lost_digits_problem(row: WorksheetRow, names: Sequence[str]) -> Problem | None:
    for column, value in row.cells.items():
        if may_have_lost_digits(value):
            template = msg(
                "the cell contains the number {value}, but Excel keeps only 15 digits: "
                "format the cell as text and type the number again"
            )
            return Problem("digits_lost", template, {"value": cell_text(value)}, names[column])
    return None
