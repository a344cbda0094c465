"""Read a register by its map: the rows of one sheet, each with what it says of which event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from commands.handlers.register_rows import (
    MonthCell,
    PassedRow,
    Register,
    RegisterCell,
    RegisterRow,
    RowEvent,
    RowMonths,
    day_field,
)
from commands.handlers.register_subjects import FOUNDING_EVENTS
from commands.intake.confirmations import confirmation_problem, take_confirmation
from commands.intake.register_cells import CellReading, constant_cell, readable_text
from commands.intake.register_headings import (
    SheetHeadings,
    heading_key,
    sheet_with_headings,
)
from commands.intake.register_map import EventMapping, MonthsMapping, RegisterMap
from commands.intake.register_map_sources import FieldMapping
from commands.intake.register_meanings import require_map_unit
from commands.intake.register_merged_cells import ReadColumn, SharedCells
from commands.intake.register_months import (
    MonthColumn,
    figure_in,
    joined_months,
    month_of_column,
    months_of,
)
from commands.intake.register_running_month import at_running_month
from commands.intake.register_sheets import read_register_sheets
from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.intake.typed_forms import strict_text
from commands.intake.workbook_cells import cell_text
from commands.intake.worksheet_cells import WorksheetRow, cell_address
from commands.words.workbook_words import CONFIRMED
from lifecycle.events import Event
from lifecycle.events.project_events import InformationReported
from lifecycle.rejections import Problem, Rejected, msg

_HIDDEN: Final = msg("the row is hidden in the workbook and was read all the same")
_MONTH_NEEDED: Final = msg("the map has a column whose month changes: give it by --month 2024-05")
_NO_YEAR_IN: Final = msg("cell {cell} contains {text}, which names no year")
_YEAR: Final = re.compile(r"(?:19|20|21)[0-9]{2}", re.ASCII)
_SHARED_SHAPES: Final = ("choice", "choices", "truth")
_SHARED_FIELDS: Final = ("reporting_unit", "to_unit", "lead_person", "department")
"""Fields that one merged cell may give several rows; amounts, days and names it may not."""

CellOf = Callable[[WorksheetRow], RegisterCell]


class RegisterReader:
    """Reads the rows of a sheet by a map. Raises `Rejected` where the map does not fit."""

    def __init__(
        self, register_map: RegisterMap, headings: SheetHeadings, month: str | None
    ) -> None:
        self._map = register_map
        self._headings = headings
        self._columns: list[ReadColumn] = []
        self._event_cells: list[tuple[type[Event], dict[str, CellOf]]] = []
        for source in register_map.event:
            self._event_cells.append((source.kind, self._cells_of_event(source)))
        self._month_columns = self._months(month)
        self._code = self._code_cell()
        self._confirmed = headings.find(CONFIRMED)
        self._shared = SharedCells(headings, self._columns)

    def read(self) -> Register:
        """Read all rows below the headings."""
        rows: list[RegisterRow] = []
        passed: list[PassedRow] = []
        sheet = self._headings.sheet
        last_heading_row = self._headings.rows[-1]
        for row in sheet.content.rows:
            if row.number <= last_heading_row:
                continue
            passed_row = self._passed(row)
            if passed_row is None:
                rows.append(self._row(row))
            else:
                passed.append(passed_row)
        code = self._map.code
        code_heading = code.column
        # A code that is made depends on the column of its year, if on any.
        if code.make is not None:
            # A year in figures has no column.
            code_heading = code.year if isinstance(code.year, str) else None
        return Register(sheet.name, rows, passed, code.make, code_heading)

    # What the map reads -------------------------------------------------------------------------

    def _column(self, name: str, *, is_shared: bool = False) -> int:
        column = self._headings.column(name)
        self._columns.append(ReadColumn(column, is_shared))
        return column

    def _cells_of_event(self, source: EventMapping) -> dict[str, CellOf]:
        fields = {field.name: field for field in fields_of_kind(source.kind)}
        cells: dict[str, CellOf] = {}
        for name, field_source in source.fields.items():
            # A report's day follows from its moment, of which most ledgers hold only the day.
            is_report_day = source.kind is InformationReported and name == "occurred_on"
            target = "reported_at" if is_report_day else name
            if target not in cells:
                cells[target] = self._cell_of(fields[target], field_source)
        return cells

    def _cell_of(self, typed_field: TypedField, source: FieldMapping) -> CellOf:
        if source.column is None:
            constant = constant_cell(typed_field, source.value)
            return lambda _row: constant
        is_shared = typed_field.shape in _SHARED_SHAPES or typed_field.name in _SHARED_FIELDS
        column = self._column(source.column, is_shared=is_shared)
        if typed_field.form == "money" and source.unit is None:
            require_map_unit(self._headings.texts[column])
        unit = source.unit or self._map.unit
        reading = CellReading(typed_field, source.column, unit, source.words)

        def cell_of_row(row: WorksheetRow) -> RegisterCell:
            stored_cell = row.cells.get(column)
            return reading.read(stored_cell, _address(row, column))

        return cell_of_row

    def _months(self, month: str | None) -> list[tuple[MonthsMapping, list[MonthColumn]]]:
        months = []
        for source in self._map.months:
            fields = {field.name: field for field in fields_of_kind(source.kind)}
            columns = []
            figure_field = fields[source.field]
            unit = source.unit or self._map.unit
            for heading, named_month in months_of(source, month):
                reading = CellReading(figure_field, heading, unit, source.words)
                column = self._column(heading)
                if source.unit is None:
                    require_map_unit(self._headings.texts[column])
                columns.append(MonthColumn(column, named_month, heading, reading))
            # A map may name the months in any order.
            columns.sort(key=month_of_column)
            months.append((source, columns))
        return months

    def _code_cell(self) -> CellOf:
        source = self._map.code
        if source.column is not None:
            return self._typed_code_cell(source.column)
        # A year in figures holds for every row; any other text is the heading of a column.
        if isinstance(source.year, str) and not _YEAR.fullmatch(source.year):
            return self._year_cell(source.year)
        year = RegisterCell(str(source.year or ""), None)
        return lambda _row: year

    def _typed_code_cell(self, heading: str) -> CellOf:
        column = self._column(heading)

        def typed_code(row: WorksheetRow) -> RegisterCell:
            text = readable_text(row.cells.get(column), _address(row, column), heading)
            return RegisterCell(text or None, heading)

        return typed_code

    def _year_cell(self, heading: str) -> CellOf:
        column = self._column(heading)

        def year(row: WorksheetRow) -> RegisterCell:
            address = _address(row, column)
            text = readable_text(row.cells.get(column), address, heading)
            if not text:
                return RegisterCell(None, heading)
            # The column may hold whole days, of which the year comes first.
            match = _YEAR.match(strict_text("day", text))
            if match is None:
                values: dict[str, object] = {"cell": address, "text": text}
                raise Rejected([Problem("no_year", _NO_YEAR_IN, values, heading)])
            return RegisterCell(match[0], heading)

        return year

    # Rows ---------------------------------------------------------------------------------------

    def _passed(self, row: WorksheetRow) -> PassedRow | None:
        """Return why a row is passed over, None for one that is read."""
        first = min(row.cells)
        text = cell_text(row.cells[first]).strip()
        heading = self._headings.texts.get(first)
        text_key = heading_key(text)
        for beginning in self._map.skip:
            if text_key.startswith(heading_key(beginning)):
                return PassedRow(row.number, heading, text, is_skipped=True)
        # A remark below the table fills no column that the map reads.
        if not any(column.number in row.cells for column in self._columns):
            return PassedRow(row.number, heading, text, is_skipped=False)
        return None

    def _row(self, row: WorksheetRow) -> RegisterRow:
        problems: list[Problem] = []
        merged = self._shared.problem(row)
        if merged is not None:
            problems.append(merged)
        filled = self._shared.filled(row)
        code = _read(self._code, filled, problems)
        events = []
        for kind, cells_of in self._event_cells:
            cells = {name: _read(cell, filled, problems) for name, cell in cells_of.items()}
            if _says_anything(kind, cells):
                events.append(RowEvent(kind, cells))
        months = joined_months(self._read_months(filled, problems))
        is_confirmed = self._read_confirmation(filled, problems)
        notes = (Problem("hidden_row", _HIDDEN),) if row.is_hidden else ()
        return RegisterRow(row.number, code, events, months, problems, notes, is_confirmed)

    def _read_months(self, row: WorksheetRow, problems: list[Problem]) -> Iterator[RowMonths]:
        for source, columns in self._month_columns:
            cells = []
            for column in columns:
                # One unreadable month leaves the others to be checked in the same run.
                try:
                    figure = figure_in(column, row)
                except Rejected as rejected:
                    problems.extend(rejected.problems)
                    continue
                cells.append(MonthCell(column.month, figure, column.heading))
            yield RowMonths(source.kind, source.field, source.cumulative, cells)

    def _read_confirmation(self, row: WorksheetRow, problems: list[Problem]) -> bool:
        if not self._confirmed:
            return False
        column = self._confirmed[0]
        cells = {CONFIRMED: cell_text(row.cells.get(column))}
        problem = confirmation_problem(cells)
        if problem is not None:
            problems.append(problem)
        return take_confirmation(cells)


def read_register(path: Path, register_map: RegisterMap, month: str | None) -> Register:
    """Read the sheet that a map describes.

    `month` is that of the map's columns whose month changes. Raises `StoreError` where the file
    cannot be read, `Rejected` where the map does not fit it.
    """
    if register_map.needs_month and month is None:
        raise Rejected.by("month_missing", _MONTH_NEEDED)
    sheets = read_register_sheets(path)
    register_map, notes = at_running_month(register_map, sheets)
    columns = list(_named_columns(register_map))
    headings = sheet_with_headings(sheets, register_map.sheet, register_map.headings, columns)
    register = RegisterReader(register_map, headings, month).read()
    return replace(register, notes=notes, subject=register_map.subject)


def _named_columns(register_map: RegisterMap) -> Iterator[str]:
    code = register_map.code
    if code.column is not None:
        yield code.column
    for source in register_map.event:
        for field_source in source.fields.values():
            if field_source.column is not None:
                yield field_source.column
    for months in register_map.months:
        if months.column is not None:
            yield months.column
        yield from months.columns


def _address(row: WorksheetRow, column: int) -> str:
    return cell_address(row.number, column)


def _read(cell: CellOf, row: WorksheetRow, problems: list[Problem]) -> RegisterCell:
    """Read a cell; one that cannot be read is noted, and reads as empty."""
    try:
        return cell(row)
    except Rejected as rejected:
        problems.extend(rejected.problems)
        return RegisterCell(None, None)


def _says_anything(kind: type[Event], cells: Mapping[str, RegisterCell]) -> bool:
    """Return whether any cell of an event is filled, or can be; a founding event always is."""
    if kind in FOUNDING_EVENTS or cells[day_field(kind)].heading is not None:
        return True
    column_cells = [cell for cell in cells.values() if cell.heading is not None]
    # An event of constants alone is meant for every row.
    if not column_cells:
        return True
    return any(cell.value is not None for cell in column_cells)
