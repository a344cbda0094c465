"""Output without signs that act on a terminal or turn a line around: they are shown as escapes.

Recording rejects them, but a database that somebody wrote to directly may hold any text, and a
clerk's or an auditor's terminal would obey it: hide a line, or show another verdict.
"""

from __future__ import annotations

import errno
import io
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Final

# C0 but tab and line feed, DEL, C1, and the marks of UAX 9 that change the direction of text.
_ACTING: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# What rich writes for our own styles: bold, dim, italic, red, yellow, and their end.
_STYLE: Final = r"\x1b\[(?:[0-3]|3[13])(?:;(?:[0-3]|3[13]))*m"
_STYLE_OR_ACTING: Final = re.compile(f"({_STYLE})|[{_ACTING}]")


def visible(text: str) -> str:
    """Return text in which such signs stand as escapes, which JSON reads back as what they were."""
    return _STYLE_OR_ACTING.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    style = match[1]
    return style or f"\\u{ord(match[0]):04x}"


class OutputClosedError(OSError):
    """Nobody reads the output any longer, which Windows calls an invalid argument."""


@contextmanager
def visible_output() -> Iterator[None]:
    """Let standard output and error show such signs as escapes, whoever writes to them."""
    with ExitStack() as stack:
        for stream in {sys.stdout, sys.stderr}:
            if isinstance(stream, io.TextIOWrapper):
                stack.enter_context(_visible_stream(stream))
        yield


@contextmanager
def _visible_stream(stream: io.TextIOWrapper) -> Iterator[None]:
    # click, rich and csv all look the method up, so that nobody gets past it by writing directly.
    vars(stream)["write"] = partial(_write_visible, stream)
    vars(stream)["flush"] = partial(_flush, stream)
    try:
        yield
    finally:
        vars(stream).pop("write", None)
        vars(stream).pop("flush", None)


def _write_visible(stream: io.TextIOWrapper, text: str) -> int:
    with _named_if_closed():
        return io.TextIOWrapper.write(stream, visible(text))


def _flush(stream: io.TextIOWrapper) -> None:
    with _named_if_closed():
        io.TextIOWrapper.flush(stream)


@contextmanager
def _named_if_closed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Of other files, and on other systems, an invalid argument is something else.
        if sys.platform == "win32" and error.errno == errno.EINVAL:
            raise OutputClosedError from error
        raise


class PlainStream:
    """A standard stream as it is, for a progress bar, which moves the terminal's cursor."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text with every sign in it."""
        if isinstance(self._stream, io.TextIOWrapper):
            return io.TextIOWrapper.write(self._stream, text)
        count: int = self._stream.write(text)
        return count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
