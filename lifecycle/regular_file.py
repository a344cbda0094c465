"""Open regular files alone: a pipe or a device could deliver bytes without end."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)


class NotRegularError(Exception):
    """What stands at a path is no regular file."""


def open_regular(path: Path, *, follow_links: bool = True) -> BinaryIO:
    """Open a regular file to be read.

    Raises `OSError` where it cannot be read, a folder included, and `NotRegularError`.
    """
    if not follow_links and path.is_symlink():
        raise NotRegularError
    # Without O_NONBLOCK opening a pipe would wait for a writer that never comes.
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | (0 if follow_links else _NO_LINK))
    # Asked of what is open: what the path names may be another file by now.
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if path.is_dir():
        raise IsADirectoryError(None, "", str(path))
    raise NotRegularError
