"""A file of records, by its ending: JSONL, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from commands.handlers.file_rows import FileRow
from commands.intake.csv_records import read_csv
from commands.intake.jsonl_records import read_jsonl
from commands.intake.workbook_records import read_workbook
from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg

_READERS: Final[dict[str, Callable[[Path], Iterator[FileRow]]]] = {
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".xlsx": read_workbook,
    ".xls": read_workbook,
    ".et": read_workbook,
    ".ods": read_workbook,
}
_TEXT_ENDINGS: Final = (".jsonl", ".csv")
_PIECE: Final = 1 << 20


class RecordFile:
    """The rows of a file with their places; each iteration reads it from its beginning."""

    def __init__(self, path: Path, read: Callable[[Path], Iterator[FileRow]]) -> None:
        self._path = path
        self._read = read
        # A workbook says what is wrong with it here, before anything is locked.
        self._unread: Iterator[FileRow] | None = read(path)

    def __iter__(self) -> Iterator[FileRow]:
        """Yield the rows. Raises `StoreError` if the file is malformed."""
        rows = self._unread or self._read(self._path)
        self._unread = None
        return rows


def rows_of_file(path: Path) -> RecordFile:
    """Return the rows of a file. Raises `StoreError` if it is malformed."""
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise StoreError(
            msg("{path}: the name of an import file must end in one of {allowed}"),
            path=path,
            allowed=list(_READERS),
        )
    return RecordFile(path, read)


def line_count(path: Path) -> int | None:
    """Return how many lines a text file has; a workbook does not say before it is read."""
    if path.suffix.lower() not in _TEXT_ENDINGS:
        return None
    with open_regular(path) as file:
        # Counting newlines piece by piece takes no memory for a file of gigabytes.
        pieces = iter(partial(file.read, _PIECE), b"")
        return sum(piece.count(b"\n") for piece in pieces)
