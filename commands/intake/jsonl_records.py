"""Records as JSONL: an object a line, envelope and fields side by side (spec 5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import orjson

from commands.handlers.file_rows import FileRow
from commands.intake.repeated_fields import is_read_whole, repeated_field
from lifecycle.regular_file import open_regular
from lifecycle.rejections import Problem, msg

MAX_LINE: Final = 4 << 20
"""Bytes of one line: an adopted rulebook with its text is the longest record."""
_MAX_SHOWN: Final = 32_767
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_jsonl(path: Path) -> Iterator[FileRow]:
    """Yield a row for each line that is not blank; one that is no object has a problem."""
    with open_regular(path) as file:
        # The file is read line by line in bytes: one wrong byte spoils its own line and no other.
        place = 0
        while raw_line := file.readline(MAX_LINE + 1):
            place += 1
            if len(raw_line) > MAX_LINE:
                _skip_line(file, raw_line)
                template = msg("is too long: a line has at most {most} bytes")
                problem = Problem("line_length", template, {"most": MAX_LINE})
                yield FileRow(place, {"line": _shown(raw_line)}, problem=problem)
                continue
            # Windows editors write a byte order mark, which JSON does not allow.
            line = raw_line.removeprefix(_BYTE_ORDER_MARK) if place == 1 else raw_line
            if line.strip():
                yield _row(place, line)


def _skip_line(file: IO[bytes], piece: bytes) -> None:
    while piece and not piece.endswith(b"\n"):
        piece = file.readline(MAX_LINE)


def _row(place: int, line: bytes) -> FileRow:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _unreadable_row(place, line, error.msg)
    if not isinstance(record, dict):
        return _unreadable_row(place, line, type(record).__name__)
    try:
        repeated = None if is_read_whole(line, record) else repeated_field(line.decode())
    except RecursionError:
        return _unreadable_row(place, line, "nested too deeply")
    if repeated is not None:
        template = msg("the field is given more than once")
        problem = Problem("field_twice", template, field=repeated)
        return FileRow(place, {"line": _shown(line)}, problem=problem)
    return FileRow(place, record, is_strict=True)


def _unreadable_row(
    place: int,
    line: bytes,
    reason: str,
) -> FileRow:
    record = {"line": _shown(line)}
    try:
        line.decode()
    except UnicodeDecodeError:
        problem = Problem("encoding", msg("is not UTF-8 text: save the file as UTF-8"))
        return FileRow(place, record, problem=problem)
    problem = Problem("json", msg("is not a JSON object: {why}"), {"why": reason})
    return FileRow(place, record, problem=problem)


def _shown(line: bytes) -> str:
    """Return the beginning of a line that was rejected; a file may hold many long ones."""
    return line[:_MAX_SHOWN].decode(errors="replace").strip()


def write_jsonl(path: Path, records: Iterator[Mapping[str, Any]]) -> None:
    """Write records, one a line."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
