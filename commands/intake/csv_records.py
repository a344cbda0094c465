"""Records as CSV: the columns of any event's fields, `event` among them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from commands.handlers.importing import FileRow
from commands.intake.column_checks import (
    first_repeated,
    stray_cells_problem,
    unusable_cell_problem,
)
from commands.intake.confirmations import confirmation_problem, take_confirmation
from commands.intake.csv_encoding import encoding_of_csv
from commands.intake.typed_fields import event_named
from commands.intake.workbook_cells import record_from_cells, understood_notes
from commands.words.event_words import FIELD_BY_CHINESE, FIELDS
from commands.words.workbook_words import CONFIRMED, ORDER, REASON
from lifecycle.rejections import Problem, StoreError, msg

MAX_ROW: Final = 1 << 20
"""Characters of one row: many times what all fields of an event may hold."""


def read_csv(path: Path) -> Iterator[FileRow]:
    """Yield a row for each line that is not empty. Raises `StoreError` if these are no events."""
    with path.open(encoding=encoding_of_csv(path), newline="") as file:
        lines = BoundedLines(path, file)
        reader = csv.reader(lines, strict=True)
        try:
            names = [_column_name(heading) for heading in next(reader, [])]
            _check_columns(path, names)
            # `line_num` counts lines and not rows: a quoted cell may hold a line break.
            for cells in reader:
                lines.begin_row()
                if any(cells):
                    yield _row(reader.line_num, names, [text.strip() for text in cells])
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


def _column_name(heading: str) -> str:
    heading = heading.strip()
    return FIELD_BY_CHINESE.get(heading, heading)


def _check_columns(path: Path, names: list[str]) -> None:
    allowed = {*FIELDS, ORDER, REASON, CONFIRMED, ""}
    unknown = [name for name in names if name not in allowed]
    if unknown or "event" not in names:
        template = msg(
            "{path}: the first line must name the columns, including event; unknown: "
            "{unknown}; allowed: the fields of the events"
        )
        raise StoreError(
            template,
            path=path,
            unknown=unknown,
        )
    repeated = first_repeated(names)
    if repeated:
        template = msg("{path}: the column {twice} appears twice")
        raise StoreError(
            template,
            path=path,
            twice=repeated,
        )


def _row(place: int, names: Sequence[str], cells: Sequence[str]) -> FileRow:
    row = dict(zip(names, cells, strict=False))
    problem = (
        stray_cells_problem(names, enumerate(cells))
        or _error_problem(place, names, cells)
        or confirmation_problem(row)
    )
    is_confirmed = take_confirmation(row)
    event = row.pop("event", "")
    kind = event_named(event)
    if kind is None:
        return FileRow(place, {**row, "event": event}, problem=problem)
    record = record_from_cells(kind, row)
    notes = understood_notes(kind, row, record)
    return FileRow(place, record, problem=problem, notes=notes, is_confirmed=is_confirmed)


def _error_problem(place: int, names: Sequence[str], cells: Sequence[str]) -> Problem | None:
    for column, (name, text) in enumerate(zip(names, cells, strict=False), start=1):
        problem = unusable_cell_problem(f"{place}:{column}", text, name)
        if problem is not None:
            return problem
    return None
