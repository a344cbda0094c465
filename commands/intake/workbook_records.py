"""Records of a ledger workbook: a sheet for each event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from commands.handlers.importing import FileRow
from commands.intake.column_checks import (
    first_repeated,
    stray_cells_problem,
    unusable_cell_problem,
)
from commands.intake.confirmations import confirmation_problem, take_confirmation
from commands.intake.merged_cells import merged_cells_problem, merged_ranges_by_row
from commands.intake.typed_fields import event_named, fields_of_kind
from commands.intake.workbook_cells import (
    cell_text,
    may_have_lost_digits,
    record_from_cells,
    understood_notes,
)
from commands.intake.workbook_layout import SHEET_EVENTS, column_headings, in_sheet_order
from commands.intake.workbook_reading import WorkbookFile
from commands.intake.worksheet_cells import SheetContent, WorksheetRow, cell_address
from commands.words.event_words import EVENTS
from commands.words.workbook_words import NOTES_SHEET, ORDER, UNREADABLE_SHEET, WORD_LIST_SHEET
from lifecycle.events import Event
from lifecycle.rejections import Problem, Rejected, msg

_DATED_FORMS: Final = ("day", "month", "moment")
_IGNORED_SHEETS: Final = (WORD_LIST_SHEET, UNREADABLE_SHEET, NOTES_SHEET)


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
    with WorkbookFile(path) as book:
        for name in in_sheet_order(book.sheet_names):
            # What an ignored sheet holds, and how much of it, makes no difference.
            if name not in _IGNORED_SHEETS:
                ordered_rows.extend(_sheet_rows(book.sheet(name), name))
    # A workbook of ours numbers its rows; one filled in by hand is read sheet by sheet.
    if all(entry.order is not None for entry in ordered_rows):
        ordered_rows.sort(key=lambda entry: entry.order or 0)
    return (entry.row for entry in ordered_rows)


def _sheet_rows(content: SheetContent, sheet: str) -> Iterator[OrderedRow]:
    kind = event_named(sheet)
    if kind is None:
        # An empty sheet of Excel's own, such as Sheet1, is no mistake.
        if content.rows:
            raise _unknown_sheet(sheet)
        return
    rows = content.rows
    headings: list[str] = []
    if rows and rows[0].number == 1:
        headings = _headings(rows[0])
        rows = rows[1:]
    fields = column_headings(kind)
    _check_headings(sheet, headings, fields)
    names = [fields.get(heading, heading) for heading in headings]
    covering_ranges = merged_ranges_by_row(rows, content.merged)
    for row in rows:
        # A row with a problem is yielded all the same, so that it is reported at its place.
        problem = (
            merged_cells_problem(covering_ranges.get(row.number))
            or stray_cells_problem(headings, row.cells.items())
            or _unusable_cell_problem(row, names)
            or _lost_digits_problem(row, names)
            or _fraction_problem(row, names, kind)
        )
        cells = _cells_by_name(row, names)
        problem = problem or confirmation_problem(cells)
        is_confirmed = take_confirmation(cells)
        order = cells.pop(ORDER, "")
        if any(cells.values()) or problem:
            notes = (_hidden_row_note(),) if row.is_hidden else ()
            yield _ordered_row(
                kind, FileRow(row.number, cells, sheet, problem, notes, is_confirmed), order
            )


def _headings(row: WorksheetRow) -> list[str]:
    headings = [""] * (max(row.cells) + 1)
    for column, value in row.cells.items():
        headings[column] = cell_text(value)
    return headings


def _cells_by_name(row: WorksheetRow, names: Sequence[str]) -> dict[str, str]:
    cells = {}
    for column, name in enumerate(names):
        if name:
            cells[name] = cell_text(row.cells.get(column))
    return cells


def _hidden_row_note() -> Problem:
    return Problem("hidden_row", msg("the row is hidden in the workbook and was read all the same"))


def _ordered_row(kind: type[Event], row: FileRow, order: str) -> OrderedRow:
    """Turn the cells of a row into a record, and its number into one to sort by."""
    number = int(order) if order.isascii() and order.isdigit() else None
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


def _check_headings(sheet: str, headings: list[str], fields: dict[str, str]) -> None:
    unknown = [heading for heading in headings if heading and heading not in fields]
    if unknown:
        raise Rejected.by(
            "unknown_heading",
            msg("sheet {name} has unknown headings {unknown}; allowed: {allowed}"),
            name=sheet,
            unknown=unknown,
            allowed=list(fields),
        )
    repeated = first_repeated(headings)
    if repeated:
        template = msg("sheet {name} has the heading {twice} twice")
        raise Rejected.by(
            "heading_twice",
            template,
            name=sheet,
            twice=repeated,
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
