"""The streams of a compound file, in which older office programs keep a workbook ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from struct import Struct, unpack_from
from typing import Final

_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_SIZE: Final = 512
_HEADER_FAT_SECTORS: Final = 109
_LAST_SECTOR: Final = 0xFFFFFFFA
_ENTRY_SIZE: Final = 128
_STREAM: Final = 2
_ROOT: Final = 5
_SECTOR_NUMBER: Final = Struct("<I")
_SECTOR_SHIFTS: Final = (9, 12)


class MalformedFile(ValueError):  # noqa: N818 -- a fault of the file
    """The file is no compound file, or a chain of its sectors has no end."""


class CompoundFile:
    """A compound file in memory. Raises `MalformedFile`."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._read_header()
            self._sector_after = self._read_allocation()
            self._read_directory()
        except (struct.error, IndexError) as error:
            raise MalformedFile(str(error)) from error

    def _read_header(self) -> None:
        if len(self._content) < _HEADER_SIZE or not self._content.startswith(_SIGNATURE):
            raise MalformedFile("signature")
        sector_shift, mini_shift = unpack_from("<HH", self._content, 30)
        if sector_shift not in _SECTOR_SHIFTS or mini_shift > sector_shift:
            raise MalformedFile("sector size")
        self._sector_size = 1 << sector_shift
        self._mini_size = 1 << mini_shift
        self._first_directory = self._number(48)
        self._mini_limit = self._number(56)
        self._first_mini_allocation = self._number(60)
        self._first_extension = self._number(68)

    def _number(self, offset: int) -> int:
        number: int = _SECTOR_NUMBER.unpack_from(self._content, offset)[0]
        return number

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_size
        return self._content[start : start + self._sector_size]

    def _read_allocation(self) -> list[int]:
        """Return for each sector the one that follows it."""
        # The header has the first allocation sectors; a chain of extensions has the rest.
        sectors = list(unpack_from(f"<{_HEADER_FAT_SECTORS}I", self._content, 76))
        extension = self._first_extension
        per_sector = self._sector_size // 4
        visited: set[int] = set()
        while extension < _LAST_SECTOR:
            # A damaged chain may return to itself.
            if extension in visited:
                raise MalformedFile("a chain without end")
            visited.add(extension)
            numbers = unpack_from(f"<{per_sector}I", self._sector(extension))
            # The last number of an extension is that of the next one.
            sectors.extend(numbers[:-1])
            extension = numbers[-1]
        following: list[int] = []
        for sector in sectors:
            if sector < _LAST_SECTOR:
                following.extend(unpack_from(f"<{per_sector}I", self._sector(sector)))
        return following

    def _chain(self, first: int, following: list[int]) -> Iterator[int]:
        """Yield the sectors of a stream; each stands in one chain, once."""
        left = len(following)
        while first < _LAST_SECTOR:
            left -= 1
            if left < 0:
                raise MalformedFile("a chain without end")
            yield first
            first = following[first]

    def _read_chain(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in self._chain(first, self._sector_after))

    def _read_directory(self) -> None:
        self._entries: dict[str, tuple[int, int]] = {}
        self._mini_stream = b""
        directory = self._read_chain(self._first_directory)
        for offset in range(0, len(directory) - _ENTRY_SIZE + 1, _ENTRY_SIZE):
            name_length, kind = unpack_from("<HB", directory, offset + 64)
            first, size = unpack_from("<II", directory, offset + 116)
            if kind == _ROOT:
                self._mini_stream = self._read_chain(first)[:size]
            elif kind == _STREAM:
                # The length counts the two bytes of a closing zero.
                encoded = directory[offset : offset + max(name_length - 2, 0)]
                self._entries[encoded.decode("utf-16-le", errors="replace").casefold()] = (
                    first,
                    size,
                )

    def __contains__(self, name: str) -> bool:
        """Whether the file has a stream of this name, in whatever folder."""
        return name.casefold() in self._entries

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream. Raises `MalformedFile`, `KeyError` if there is none."""
        first, size = self._entries[name.casefold()]
        try:
            # Small streams lie in pieces of their own, within the stream of the root.
            if size >= self._mini_limit:
                return self._read_chain(first)[:size]
            return self._read_mini(first)[:size]
        except (struct.error, IndexError) as error:
            raise MalformedFile(str(error)) from error

    def _read_mini(self, first: int) -> bytes:
        table = self._read_chain(self._first_mini_allocation)
        following = list(unpack_from(f"<{len(table) // 4}I", table))
        pieces = []
        for number in self._chain(first, following):
            start = number * self._mini_size
            pieces.append(self._mini_stream[start : start + self._mini_size])
        return b"".join(pieces)
