"""The parts of an .xlsx file, read piece by piece and within bounds.

A file of some kilobytes may say that it expands to gigabytes. Every bound is checked before the
memory is taken, and on the bytes that really come out, not only on what the file declares.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg
from lifecycle.zip_headers import require_members_within

MIB: Final = 1 << 20
MAX_FILE: Final = 64 * MIB
MAX_EXPANDED: Final = 256 * MIB
MAX_PARTS: Final = 2_000
MAX_RATIO: Final = 200
_NO_WORKBOOK: Final = msg(
    "{path} is no workbook, whatever its name ends in: open it in Excel or WPS and save it as .xlsx"
)
_PIECE: Final = 64 * 1024
# Sheets of one repeated value compress well; a ratio says something about large parts only.
_RATIO_COUNTS_FROM: Final = 16 * MIB
_DIRECTORY_END: Final = b"PK\x05\x06"
_ZIP64_LOCATOR: Final = b"PK\x06\x07"
_LONGEST_END: Final = 22 + 0xFFFF + 20
# A directory entry takes 46 bytes and its name.
_MAX_DIRECTORY: Final = MAX_PARTS * 512
_ENCRYPTED: Final = 0x1

# What `zipfile` raises for damaged archives.
_DAMAGE: Final = (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


class WorkbookParts:
    """An open .xlsx file by its parts. Raises `StoreError` if it is damaged or too large."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = open_regular(path)
        try:
            self._check_size(self._file)
            self._zip = ZipFile(self._file)
            require_members_within(self._zip)
            self._infos = self._checked_infos()
            # A file that is damaged in one place is not trusted in another.
            damaged = self._zip.testzip()
            if damaged is not None:
                raise BadZipFile(damaged)
        except _DAMAGE as error:
            self._file.close()
            raise self.unreadable(error) from error
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Return the open file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        """Whether the file has a part of this name."""
        return name.lower() in self._infos

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part. Raises `StoreError` if it is missing or damaged."""
        info = self._infos.get(name.lower())
        if info is None:
            raise self.unreadable(name)
        try:
            with self._zip.open(info) as part:
                # `zipfile` ends at the declared size, which was bounded, and checks the CRC there.
                while piece := part.read(_PIECE):
                    yield piece
        except _DAMAGE as error:
            raise self.unreadable(error) from error

    def unreadable(self, reason: object) -> StoreError:
        """Return the error that says why the file is no workbook."""
        template = msg("{path} cannot be read as a workbook: {why}")
        return StoreError(template, path=self._path, why=reason)

    def too_large(self, measure: str, most: int) -> StoreError:
        """Return the error that says which bound the file exceeds."""
        template = msg("{path} is too large to be read: {measure}; at most {most} are allowed")
        return StoreError(template, path=self._path, measure=measure, most=most)

    def _check_size(self, file: IO[bytes]) -> None:
        size = file.seek(0, os.SEEK_END)
        if size > MAX_FILE:
            raise self.too_large(f"{size} B", MAX_FILE)
        file.seek(max(0, size - _LONGEST_END))
        tail = file.read()
        place = tail.rfind(_DIRECTORY_END)
        # `zipfile` makes an object for each entry of the directory, so that its size is checked
        # first. Zip64 is for archives of gigabytes.
        if place < 0 or _ZIP64_LOCATOR in tail[max(0, place - 20) : place]:
            raise StoreError(_NO_WORKBOOK, path=self._path)
        directory_size = int.from_bytes(tail[place + 12 : place + 16], "little")
        if directory_size > _MAX_DIRECTORY:
            raise self.too_large(f"zip directory {directory_size} B", _MAX_DIRECTORY)

    def _checked_infos(self) -> dict[str, ZipInfo]:
        infos: dict[str, ZipInfo] = {}
        expanded = 0
        for info in self._zip.infolist():
            # Part names are compared without case (ECMA-376, part 2).
            name = info.filename.replace("\\", "/").lower().removeprefix("/")
            if name in infos:
                raise BadZipFile(f"{info.filename} twice")
            if info.flag_bits & _ENCRYPTED or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise BadZipFile(f"{info.filename}: encrypted or compressed in an unusual way")
            infos[name] = info
            expanded += info.file_size
            self._check_ratio(info)
        if len(infos) > MAX_PARTS:
            raise self.too_large(f"{len(infos)} zip entries", MAX_PARTS)
        if expanded > MAX_EXPANDED:
            raise self.too_large(f"{expanded} B unzipped", MAX_EXPANDED)
        return infos

    def _check_ratio(self, info: ZipInfo) -> None:
        if info.file_size < _RATIO_COUNTS_FROM:
            return
        ratio = info.file_size // max(info.compress_size, 1)
        if ratio > MAX_RATIO:
            raise self.too_large(f"{info.filename} unzips to {ratio} times", MAX_RATIO)
