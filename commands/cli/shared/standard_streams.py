"""The encodings of standard input, output and error."""

from __future__ import annotations

import io
import sys


def prepare_streams() -> None:
    """Let every character be written, to a console, a pipe or a file.

    A console shows what it can: one in code page 936 lacks some characters. On Windows, Python
    encodes pipes and files in the code page of the system, which has no Chinese outside China; a
    result in JSON or CSV is UTF-8 everywhere.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if sys.platform == "win32" and not stream.isatty():
            stream.reconfigure(encoding="utf-8")
        if stream is not sys.stdin:
            stream.reconfigure(errors="replace")
