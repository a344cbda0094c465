"""Reading a file of records: JSONL, CSV or XLSX, one record after another, each with its place in the file."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import orjson

from commands.handlers.importing import FileRow
from commands.intake.event_workbook import (
    ORDER,
    REASON,
    SHEETS,
    UNREADABLE,
    cell,
    from_cells,
    headings,
    lost_digits,
    sheet_order,
)
from commands.intake.typed_fields import event_named
from commands.words.event_words import EVENTS, FIELD_BY_CHINESE, FIELDS
from lifecycle.rejections import Problem, Rejected, StoreError, msg

KINDS: Final = (".jsonl", ".csv", ".xlsx")
_PIECE: Final = 1 << 20


def rows_of_file(path: Path) -> Iterator[FileRow]:
    """The records of a file. Raises `StoreError` where the file cannot be read as what its name says."""
    readers = {".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise StoreError(
            msg("{path}: the name of an import file must end in one of {allowed}"),
            path=path,
            allowed=list(KINDS),
        )
    return reader(path)


def line_count(path: Path) -> int | None:
    """How many lines a text file has; a workbook does not say beforehand."""
    if path.suffix.lower() == ".xlsx":
        return None
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(partial(file.read, _PIECE), b""))


def _jsonl(path: Path) -> Iterator[FileRow]:
    with path.open("rb") as file:
        for place, raw in enumerate(file, start=1):
            text = raw.removeprefix(b"\xef\xbb\xbf") if place == 1 else raw
            if text.strip():
                yield _json_line(place, text)


def _json_line(place: int, raw: bytes) -> FileRow:
    try:
        record = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return FileRow(
            place, {"line": raw.decode(errors="replace").strip()}, problem=_no_json(raw, error.msg)
        )
    if not isinstance(record, dict):
        return FileRow(
            place, {"line": raw.decode().strip()}, problem=_no_json(raw, type(record).__name__)
        )
    return FileRow(place, record)


def _no_json(raw: bytes, why: str) -> Problem:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return Problem("encoding", msg("is not UTF-8 text: save the file as UTF-8"))
    return Problem("json", msg("is not a JSON object: {why}"), {"why": why})


def _csv(path: Path) -> Iterator[FileRow]:
    with _opened(path) as file:
        reader = csv.reader(file, strict=True)
        try:
            names = [_column(heading) for heading in next(reader, [])]
            _known(path, names)
            for row in reader:
                if any(row):
                    yield _csv_line(reader.line_num, names, [text.strip() for text in row])
        except csv.Error as error:
            raise StoreError(
                msg("{path} cannot be read as CSV: {why}"), path=path, why=error
            ) from error


def _opened(path: Path) -> IO[str]:
    """UTF-8, or GB18030, in which Chinese offices save CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(path, encoding):
            return path.open(encoding=encoding, newline="")
    raise StoreError(msg("{path} is neither UTF-8 nor GB18030 text"), path=path)


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is text in an encoding, read piece by piece: it may be long."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for piece in iter(partial(file.read, _PIECE), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _column(heading: str) -> str:
    heading = heading.strip()
    return FIELD_BY_CHINESE.get(heading, heading)


def _known(path: Path, names: list[str]) -> None:
    unknown = [name for name in names if name not in FIELDS and name not in (ORDER, REASON, "")]
    if unknown or "event" not in names:
        raise StoreError(
            msg(
                "{path}: the first line must name the columns, including event; unknown: "
                "{unknown}; allowed: the fields of the events"
            ),
            path=path,
            unknown=unknown,
        )
    if twice := _twice(names):
        raise StoreError(msg("{path}: the column {twice} appears twice"), path=path, twice=twice)


def _twice(names: Sequence[str]) -> str | None:
    return next((name for place, name in enumerate(names) if name and name in names[:place]), None)


def _csv_line(place: int, names: list[str], cells: list[str]) -> FileRow:
    row = dict(zip(names, cells, strict=False))
    name = row.pop("event", "")
    kind = event_named(name)
    record = {**row, "event": name} if kind is None else from_cells(kind, row)
    return FileRow(place, record, problem=_beyond(names, cells))


def _beyond(names: Sequence[str], cells: Sequence[object]) -> Problem | None:
    """A cell without a heading is not left out in silence: a comma too many may have moved the others."""
    stray = [
        str(value)
        for place, value in enumerate(cells)
        if cell(value) and not (place < len(names) and names[place])
    ]
    return (
        Problem("no_heading", msg("{cells} is in a column without a heading"), {"cells": stray})
        if stray
        else None
    )


def _xlsx(path: Path) -> Iterator[FileRow]:
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 -- only a workbook pays for it

    try:
        with path.open("rb") as file:
            book = load_workbook(file)
            gathered = [
                entry for name in sheet_order(book.sheet_names) for entry in _sheet(book, name)
            ]
    except (CalamineError, ValueError) as error:
        raise StoreError(
            msg("{path} cannot be read as a workbook: {why}"), path=path, why=error
        ) from error
    if gathered and all(order is not None for order, _line in gathered):
        gathered.sort(key=lambda entry: entry[0] or 0)
    return (line for _order, line in gathered)


def _sheet(book: Any, name: str) -> Iterator[tuple[int | None, FileRow]]:
    """A sheet's rows, each with the number in its column 序号."""
    kind = event_named(name)
    rows = iter(book.get_sheet_by_name(name).iter_rows())
    first = [cell(value) for value in next(rows, [])]
    if kind is None:
        if name not in ("词表", UNREADABLE, "说明") and any(first):
            raise Rejected.by(
                "unknown_sheet",
                msg(
                    "unknown sheet {name}; sheets are named after the events; most "
                    "similar: {nearest}"
                ),
                name=name,
                nearest=_nearest(name),
            )
        return
    known = headings(kind)
    if unknown := [heading for heading in first if heading and heading not in known]:
        raise Rejected.by(
            "unknown_heading",
            msg("sheet {name} has unknown headings {unknown}; allowed: {allowed}"),
            name=name,
            unknown=unknown,
            allowed=list(known),
        )
    if twice := _twice(first):
        raise Rejected.by(
            "heading_twice",
            msg("sheet {name} has the heading {twice} twice"),
            name=name,
            twice=twice,
        )
    for place, row in enumerate(rows, start=2):
        cells = {
            known[heading]: cell(value)
            for heading, value in zip(first, row, strict=False)
            if heading
        }
        order = cells.pop(ORDER, "")
        problem = _beyond(first, row) or _inexact(
            [known.get(heading, heading) for heading in first], row
        )
        if any(cells.values()) or problem:
            yield (
                int(order) if order.isascii() and order.isdigit() else None,
                FileRow(place, from_cells(kind, cells), name, problem),
            )


def _nearest(name: str) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- only a wrong sheet pays for it

    return str(
        process.extractOne(name, [EVENTS[known].chinese for known in SHEETS], scorer=fuzz.WRatio)[0]
    )


def _inexact(names: Sequence[str], row: Sequence[object]) -> Problem | None:
    for name, value in zip(names, row, strict=False):
        if lost_digits(value):
            template = msg(
                "the cell contains the number {value}, but Excel keeps only 15 digits: "
                "format the cell as text and type the number again"
            )
            return Problem("digits_lost", template, {"value": cell(value)}, name)
    return None


def write_jsonl(path: Path, records: Iterator[Mapping[str, Any]]) -> None:
    """Records as JSONL."""
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
