"""Records as JSONL: an object a line, envelope and fields side by side (spec 5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from commands.handlers.importing import FileRow
from lifecycle.rejections import Problem, msg

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_jsonl(path: Path) -> Iterator[FileRow]:
    """Yield a row for each line that is not blank; one that is no object has a problem."""
    with path.open("rb") as file:
        # The file is read line by line in bytes: one wrong byte spoils its own line and no other.
        for place, raw_line in enumerate(file, start=1):
            # Windows editors write a byte order mark, which JSON does not allow.
            line = raw_line.removeprefix(_BYTE_ORDER_MARK) if place == 1 else raw_line
            if line.strip():
                yield _row(place, line)


def _row(place: int, line: bytes) -> FileRow:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _unreadable_row(place, line, error.msg)
    if not isinstance(record, dict):
        return _unreadable_row(place, line, type(record).__name__)
    return FileRow(place, record)


def _unreadable_row(place: int, line: bytes, reason: str) -> FileRow:
    try:
        text = line.decode().strip()
    except UnicodeDecodeError:
        problem = Problem("encoding", msg("is not UTF-8 text: save the file as UTF-8"))
        return FileRow(place, {"line": line.decode(errors="replace").strip()}, problem=problem)
    problem = Problem("json", msg("is not a JSON object: {why}"), {"why": reason})
    return FileRow(place, {"line": text}, problem=problem)


def write_jsonl(path: Path, records: Iterator[Mapping[str, Any]]) -> None:
    """Write records, one a line."""
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
