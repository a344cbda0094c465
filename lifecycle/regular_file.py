"""Open regular files alone: a pipe or a device could deliver bytes without end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from lifecycle.rejections import msg

NOT_REGULAR: Final = msg("it is no regular file")
TOO_LARGE: Final = msg("it is larger than 64 MiB")
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)


MOST_BYTES: Final = 64 << 20
"""Of a file that is read whole, such as receipts; a witness file of decades is smaller."""


class NotRegularError(OSError):
    """The path names something other than a regular file."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, NOT_REGULAR, str(path))


def open_regular(path: Path, *, follow_links: bool = True) -> BinaryIO:
    """Open a regular file to be read.

    Raises `OSError` where it cannot be read, a folder included, and `NotRegularError`.
    """
    if not follow_links and path.is_symlink():
        raise NotRegularError(path)
    if path.is_dir():  # which Windows would not open at all
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    # Without O_NONBLOCK opening a pipe would wait for a writer that never comes.
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | (0 if follow_links else _NO_LINK))
    # The open file is asked: its path may name another one by now.
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise NotRegularError(path)


def read_regular(path: Path) -> bytes:
    """Return the content of a regular file of at most 64 MiB. Raises `OSError`."""
    with open_regular(path) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(errno.EFBIG, TOO_LARGE, str(path))
    return content
