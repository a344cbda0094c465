"""The standard input, output and error of a command: that they are there, and their encodings."""

from __future__ import annotations

import io
import os
import sys
from typing import Final

_MODES: Final = {"stdin": "r", "stdout": "w", "stderr": "w"}


def prepare_streams() -> None:
    """Let every character be written, to a console, a pipe or a file.

    A console shows what it can: one in code page 936 lacks some characters. On Windows, Python
    encodes pipes and files in the code page of the system, which has no Chinese outside China; a
    result in JSON or CSV is UTF-8 everywhere. A stream that the caller closed is an empty one.
    """
    _open_closed_streams()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if sys.platform == "win32" and not stream.isatty():
            stream.reconfigure(encoding="utf-8")
        if stream is not sys.stdin:
            stream.reconfigure(errors="replace")


def _open_closed_streams() -> None:
    # Python has None for a stream that was closed (`>&-`, a service, pythonw). The null device also
    # takes its number, which the next file to be opened, such as a store, would have otherwise.
    for name, mode in _MODES.items():
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(null, mode, encoding="utf-8", closefd=False))
