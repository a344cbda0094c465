"""Names that a system would take for something other than the file that was meant."""

from __future__ import annotations

import errno
import sys
from pathlib import Path, PurePath
from typing import Final

from lifecycle.rejections import msg

HIDDEN_STREAM: Final = msg(
    "Windows allows no colon in the name of a file: it would write to a hidden part of another "
    "file; write the time as 10.30 or 1030"
)


def check_file_name(path: Path) -> None:
    """Raise `OSError` where Windows would write a file that nobody finds again."""
    if sys.platform == "win32" and names_hidden_stream(path):
        raise OSError(errno.EINVAL, HIDDEN_STREAM, str(path))


def names_hidden_stream(path: PurePath) -> bool:
    """Return whether a Windows path has a colon besides its drive's.

    NTFS would give the file `10` a stream `30.xlsx` beside its content: no listing shows it, and a
    copy to a stick loses it.
    """
    # `9:30.xlsx` is no file on a drive 9.
    drive = "" if path.drive[:1].isdigit() else path.drive
    return ":" in str(path)[len(drive) :]
