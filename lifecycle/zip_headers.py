"""An archive's headers: what is checked in them, and what is taken from them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from lifecycle.regular_file import open_regular

# Layout of the ZIP file format (APPNOTE.TXT 4.3.7 and 4.3.12), offsets in bytes.
_LOCAL_TIME: Final = 10
_DIRECTORY_SYSTEM: Final = 5
_DIRECTORY_TIME: Final = 12
_DIRECTORY_LENGTHS: Final = 28
_DIRECTORY_ATTRIBUTES: Final = 38
_DIRECTORY_SIZE: Final = 46

_UNIX: Final = b"\x03"
# 1 January 1980, the first day that the format knows, at midnight.
_FIRST_MOMENT: Final = struct.pack("<HH", 0, 0x21)
_OWNER_READS_AND_WRITES: Final = struct.pack("<L", 0o600 << 16)


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive that came from elsewhere, once its members are within the file.

    Raises `zipfile.BadZipFile`, and what `open_regular` raises.
    """
    with open_regular(path) as file, zipfile.ZipFile(file) as archive:
        require_members_within(archive)
        yield archive


def require_members_within(archive: zipfile.ZipFile) -> None:
    """Reject an archive with a member before its beginning. Raises `zipfile.BadZipFile`.

    The library takes such an offset from a damaged directory, and the system then calls the place
    an invalid argument, as if the disk had failed.
    """
    for member in archive.infolist():
        if member.header_offset < 0:
            raise zipfile.BadZipFile(f"{member.filename!r} begins before the file")


def unify_zip_headers(file: IO[bytes]) -> None:
    """Give every member the same time, system and permissions, in place.

    The same content then makes the same file, today or tomorrow, on Linux or on Windows. The
    compressed bytes are zlib's and stay as they are.
    """
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        offset = archive.start_dir
    for member in members:
        _write(file, member.header_offset + _LOCAL_TIME, _FIRST_MOMENT)
    for _ in members:
        _write(file, offset + _DIRECTORY_SYSTEM, _UNIX)
        _write(file, offset + _DIRECTORY_TIME, _FIRST_MOMENT)
        _write(file, offset + _DIRECTORY_ATTRIBUTES, _OWNER_READS_AND_WRITES)
        file.seek(offset + _DIRECTORY_LENGTHS)
        name, extra, comment = struct.unpack("<3H", file.read(6))
        offset += _DIRECTORY_SIZE + name + extra + comment


def _write(file: IO[bytes], offset: int, content: bytes) -> None:
    file.seek(offset)
    file.write(content)
