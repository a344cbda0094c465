"""What editors and the joining of files do to a text file without changing what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Edit = Callable[[bytes], bytes]

MARK: Final = b"\xef\xbb\xbf"


def mark_first_line(content: bytes) -> bytes:
    """Notepad's "UTF-8 with BOM"."""
    return MARK + content


def mark_each_line(content: bytes) -> bytes:
    """What is left where marked files of one line each were joined."""
    return b"".join(MARK + line for line in content.splitlines(keepends=True))


def mark_each_line_twice(content: bytes) -> bytes:
    """Joined files that are marked again."""
    return mark_each_line(mark_each_line(content))


def end_lines_as_windows(content: bytes) -> bytes:
    """CRLF."""
    return content.replace(b"\n", b"\r\n")


def end_lines_as_old_macs(content: bytes) -> bytes:
    """CR."""
    return content.replace(b"\n", b"\r")


def save_with_notepad(content: bytes) -> bytes:
    """A mark, and CRLF."""
    return mark_first_line(end_lines_as_windows(content))


def mark_each_windows_line(content: bytes) -> bytes:
    """A mark before, and CRLF after each line."""
    return mark_each_line(end_lines_as_windows(content))


def leave_last_line_open(content: bytes) -> bytes:
    """No line end at the end."""
    return content.rstrip(b"\n")


def add_blank_lines(content: bytes) -> bytes:
    """A marked blank line at the beginning, and blank lines at the end."""
    return MARK + b"\r\n" + content + b"\r\n  \n"


EDITS: Final[list[Edit]] = [
    mark_first_line,
    mark_each_line,
    mark_each_line_twice,
    end_lines_as_windows,
    end_lines_as_old_macs,
    save_with_notepad,
    mark_each_windows_line,
    leave_last_line_open,
    add_blank_lines,
]
