"""Records of a ledger workbook: a sheet for each event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from python_calamine import CalamineError, load_workbook
from rapidfuzz import fuzz, process

from commands.handlers.importing import FileRow
from commands.intake.column_checks import first_repeated, stray_cells_problem
from commands.intake.typed_fields import event_named
from commands.intake.workbook_cells import cell_text, may_have_lost_digits, record_from_cells
from commands.intake.workbook_layout import SHEET_EVENTS, column_headings, in_sheet_order
from commands.words.event_words import EVENTS
from commands.words.workbook_words import NOTES_SHEET, ORDER, UNREADABLE_SHEET, WORD_LIST_SHEET
from lifecycle.events import Event
from lifecycle.rejections import Problem, Rejected, StoreError, msg

_IGNORED_SHEETS: Final = (WORD_LIST_SHEET, UNREADABLE_SHEET, NOTES_SHEET)


class OrderedRow(NamedTuple):
    """A row with its number in the column 序号, None where it has none."""

    order: int | None
    row: FileRow


def read_workbook(path: Path) -> Iterator[FileRow]:
    """Return the rows of all sheets, by 序号 if every row has one, else sheet by sheet.

    Raises `StoreError` if the file is no workbook, `Rejected` for an unknown sheet or heading.
    """
    ordered_rows: list[OrderedRow] = []
    try:
        with path.open("rb") as file:
            book = load_workbook(file)
            for name in in_sheet_order(book.sheet_names):
                ordered_rows.extend(_sheet_rows(book.get_sheet_by_name(name).iter_rows(), name))
    except (CalamineError, ValueError) as error:
        template = msg("{path} cannot be read as a workbook: {why}")
        raise StoreError(
            template,
            path=path,
            why=error,
        ) from error
    # A workbook of ours numbers its rows; one filled in by hand is read sheet by sheet.
    if all(entry.order is not None for entry in ordered_rows):
        ordered_rows.sort(key=lambda entry: entry.order or 0)
    return (entry.row for entry in ordered_rows)


def _sheet_rows(rows: Iterator[Sequence[Any]], sheet: str) -> Iterator[OrderedRow]:
    kind = event_named(sheet)
    headings = [cell_text(value) for value in next(rows, [])]
    if kind is None:
        # An empty sheet of Excel's own, such as Sheet1, is no mistake.
        if sheet not in _IGNORED_SHEETS and any(headings):
            raise _unknown_sheet(sheet)
        return
    fields = column_headings(kind)
    _check_headings(sheet, headings, fields)
    names = [fields.get(heading, heading) for heading in headings]
    for place, values in enumerate(rows, start=2):
        # A row with a problem is yielded all the same, so that it is reported at its place.
        problem = stray_cells_problem(headings, values) or _lost_digits_problem(names, values)
        cells = _cells_by_name(names, values)
        order = cells.pop(ORDER, "")
        if any(cells.values()) or problem:
            yield _ordered_row(kind, FileRow(place, cells, sheet, problem), order)


def _cells_by_name(names: Sequence[str], values: Sequence[Any]) -> dict[str, str]:
    cells = {}
    for name, value in zip(names, values, strict=False):
        if name:
            cells[name] = cell_text(value)
    return cells


def _ordered_row(kind: type[Event], row: FileRow, order: str) -> OrderedRow:
    """Turn the cells of a row into a record, and its number into one to sort by."""
    number = int(order) if order.isascii() and order.isdigit() else None
    return OrderedRow(number, row._replace(record=record_from_cells(kind, row.record)))


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


def _lost_digits_problem(names: Sequence[str], values: Sequence[object]) -> Problem | None:
    for name, value in zip(names, values, strict=False):
        if may_have_lost_digits(value):
            template = msg(
                "the cell contains the number {value}, but Excel keeps only 15 digits: "
                "format the cell as text and type the number again"
            )
            return Problem("digits_lost", template, {"value": cell_text(value)}, name)
    return None
