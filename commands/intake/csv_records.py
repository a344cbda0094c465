"""Records as CSV: the columns of any event's fields, `event` among them."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Final

from commands.handlers.importing import FileRow
from commands.intake.column_checks import (
    first_repeated,
    stray_cells_problem,
    unusable_cell_problem,
)
from commands.intake.typed_fields import event_named
from commands.intake.workbook_cells import record_from_cells
from commands.words.event_words import FIELD_BY_CHINESE, FIELDS
from commands.words.workbook_words import ORDER, REASON
from lifecycle.rejections import Problem, StoreError, msg

_PIECE: Final = 1 << 20
# Chinese offices save CSV in GB18030. UTF-8 comes first: most of its texts are valid GB18030 too,
# and wrong.
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_csv(path: Path) -> Iterator[FileRow]:
    """Yield a row for each line that is not empty. Raises `StoreError` if these are no events."""
    with _open_text(path) as file:
        reader = csv.reader(file, strict=True)
        try:
            names = [_column_name(heading) for heading in next(reader, [])]
            _check_columns(path, names)
            # `line_num` counts lines and not rows: a quoted cell may hold a line break.
            for cells in reader:
                if any(cells):
                    yield _row(reader.line_num, names, [text.strip() for text in cells])
        except csv.Error as error:
            template = msg("{path} cannot be read as CSV: {why}")
            raise StoreError(
                template,
                path=path,
                why=error,
            ) from error


def _open_text(path: Path) -> IO[str]:
    for encoding in _ENCODINGS:
        if _decodes(path, encoding):
            return path.open(encoding=encoding, newline="")
    raise StoreError(msg("{path} is neither UTF-8 nor GB18030 text"), path=path)


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is text in an encoding, read piece by piece as it may be long."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for piece in iter(partial(file.read, _PIECE), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _column_name(heading: str) -> str:
    heading = heading.strip()
    return FIELD_BY_CHINESE.get(heading, heading)


def _check_columns(path: Path, names: list[str]) -> None:
    allowed = {*FIELDS, ORDER, REASON, ""}
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
    problem = stray_cells_problem(names, enumerate(cells)) or _error_problem(place, names, cells)
    event = row.pop("event", "")
    kind = event_named(event)
    record = {**row, "event": event} if kind is None else record_from_cells(kind, row)
    return FileRow(place, record, problem=problem)


def _error_problem(place: int, names: Sequence[str], cells: Sequence[str]) -> Problem | None:
    for column, (name, text) in enumerate(zip(names, cells, strict=False), start=1):
        problem = unusable_cell_problem(f"{place}:{column}", text, name)
        if problem is not None:
            return problem
    return None
