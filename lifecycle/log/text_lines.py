"""The lines of a file that people open, join and save with tools of their own."""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = re.compile(rb"^(?:\xef\xbb\xbf)+")


def lines_without_marks(content: bytes) -> list[bytes]:
    """Split at LF, CRLF or CR; drop the byte order marks at each line's beginning.

    Notepad saves a mark at the file's beginning; where files are joined it begins a later line.
    """
    return [_MARKS.sub(b"", line) for line in content.splitlines()]
