"""Records as CSV: the columns of any event's fields, `event` among them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple

from commands.handlers.file_rows import ExtraCell, FileRow
from commands.intake.column_checks import (
    first_repeated,
    stray_cells_problem,
    unusable_cell_problem,
)
from commands.intake.confirmations import confirmation_problem, take_confirmation
from commands.intake.csv_encoding import encoding_of_csv
from commands.intake.office_tables import extra_columns_note, is_misspelled, passed_over_text
from commands.intake.typed_fields import event_named
from commands.intake.workbook_cells import record_from_cells, understood_notes
from commands.words.event_words import FIELD_BY_CHINESE, FIELDS
from commands.words.workbook_words import CONFIRMED, ORDER, ORIGINAL_ROW, ORIGINAL_SHEET, REASON
from lifecycle.rejections import Problem, StoreError, msg

_LOOKED_AT: Final = 10
"""How far below the top the line may stand that names the columns."""
MAX_ROW: Final = 1 << 20
"""Characters of one row: many times what all fields of an event may hold."""


class CsvColumns(NamedTuple):
    """The columns' headings and fields; "" where a column is no field and is passed over."""

    headings: list[str]
    names: list[str]


def read_csv(path: Path) -> Iterator[FileRow]:
    """Yield a row for each line that is not empty. Raises `StoreError` if these are no events."""
    # Line ends stay as they are: one within a quoted cell belongs to the cell.
    with path.open(encoding=encoding_of_csv(path), newline="") as file:
        lines = BoundedLines(path, file)
        reader = csv.reader(lines, strict=True)
        try:
            headings = _headings(reader)
            columns = _columns(path, headings)
            # What holds for the whole file is said at its first row.
            file_note = extra_columns_note(columns.headings, columns.names)
            # `line_num` counts lines and not rows: a quoted cell may hold a line break.
            for cells in reader:
                lines.begin_row()
                if any(cells):
                    row = _row(reader.line_num, columns, [text.strip() for text in cells])
                    if file_note is not None and row.passed_over is None:
                        row = row._replace(notes=(file_note, *row.notes))
                        file_note = None
                    yield row
        except csv.Error as error:
            template = msg("{path}, line {line}, cannot be read as CSV: {why}")
            raise StoreError(
                template,
                path=path,
                line=reader.line_num,
                why=error,
            ) from error


class BoundedLines:
    """The lines of a file, as long as a row of them stays within `MAX_ROW` characters.

    A quoted cell, and with it a row, may run over any number of lines.
    """

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path = path
        self._file = file
        self._number = 0
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._length += len(line)
        if self._length > MAX_ROW:
            template = msg("{path}, line {line}, is too long: a row has at most {most} characters")
            raise StoreError(
                template,
                path=self._path,
                line=self._number,
                most=MAX_ROW,
            )
        return line

    def begin_row(self) -> None:
        """Start counting anew, as a row has been read."""
        self._length = 0


def _headings(reader: Iterator[list[str]]) -> list[str]:
    """Return the line that names the columns; titles and `sep=` may stand above it."""
    first: list[str] = []
    for cells in islice(reader, _LOOKED_AT):
        headings = [text.strip() for text in cells]
        if "event" in [_column_name(heading) for heading in headings]:
            return headings
        first = first or headings
    return first


def _column_name(heading: str) -> str:
    return FIELD_BY_CHINESE.get(heading, heading)


def _columns(path: Path, headings: list[str]) -> CsvColumns:
    """Return the columns. Raises `StoreError` where they are not those of events."""
    allowed = {*FIELDS, ORDER, REASON, CONFIRMED, ORIGINAL_SHEET, ORIGINAL_ROW, ""}
    names = [_column_name(heading) for heading in headings]
    unknown = [name for name in names if name not in allowed]
    misspelled = [name for name in unknown if is_misspelled(name, FIELD_BY_CHINESE, names)]
    if misspelled or "event" not in names:
        template = msg(
            "{path}: the first line must name the columns, including event; unknown: "
            "{unknown}; allowed: the fields of the events"
        )
        raise StoreError(
            template,
            path=path,
            unknown=misspelled or unknown,
        )
    repeated = first_repeated(names)
    if repeated:
        template = msg("{path}: the column {twice} appears twice")
        raise StoreError(
            template,
            path=path,
            twice=repeated,
        )
    return CsvColumns(headings, ["" if name in unknown else name for name in names])


def _row(
    place: int,
    columns: CsvColumns,
    cells: Sequence[str],
) -> FileRow:
    reason = passed_over_text(cells)
    if reason is not None:
        return FileRow(place, {}, passed_over=reason)
    row = dict(zip(columns.names, cells, strict=False))
    # Columns that are no fields share the empty name.
    row.pop("", None)
    problem = (
        stray_cells_problem(columns.headings, enumerate(cells))
        or _error_problem(place, columns.names, cells)
        or confirmation_problem(row)
    )
    is_confirmed = take_confirmation(row)
    extra = []
    for heading, name, text in zip(columns.headings, columns.names, cells, strict=False):
        if heading and text and not name:
            extra.append(ExtraCell(heading, text))
    file_row = FileRow(
        place,
        row,
        problem=problem,
        order=row.get(ORDER, ""),
        extra=tuple(extra),
    )
    event = row.pop("event", "")
    kind = event_named(event)
    if kind is None:
        return file_row._replace(record={**row, "event": event})
    record = record_from_cells(kind, row)
    notes = understood_notes(kind, row, record)
    return file_row._replace(record=record, notes=notes, is_confirmed=is_confirmed)


def _error_problem(
    place: int,
    names: Sequence[str],
    cells: Sequence[str],
) -> Problem | None:
    for column, (name, text) in enumerate(zip(names, cells, strict=False), start=1):
        problem = unusable_cell_problem(f"{place}:{column}", text, name)
        if problem is not None:
            return problem
    return None
