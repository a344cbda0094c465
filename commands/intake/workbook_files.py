"""New workbooks, whose parts have the same line ends on every system."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter import theme, xmlwriter

if sys.platform == "win32":
    # The library opens its parts as text files, in which Windows would end lines by CR LF, so
    # that a workbook written there differed from the same one written elsewhere.
    for module in (xmlwriter, theme):
        module.open = partial(open, newline="\n")


# The same workbook on every day: the library would write the moment of the run.
_CREATED: Final = datetime(2024, 1, 1)  # noqa: DTZ001 -- the library takes it as UTC


class _NewWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]  # it has no types
    def close(self) -> None:
        try:
            super().close()
        except xlsxwriter.exceptions.FileCreateError as error:
            # The operating system's own error, as for every other file.
            raise error.args[0] from None


def new_workbook(
    path: Path,
    created: datetime = _CREATED,
    *,
    in_constant_memory: bool = False,
) -> Any:
    """Begin a workbook at a path, whose rows follow in order if it is `in_constant_memory`.

    Closing it raises `OSError` where the file cannot be written.
    """
    # What a person typed, such as a note that begins with "=", stays text.
    options = {
        "constant_memory": in_constant_memory,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = _NewWorkbook(str(path), options)
    book.set_properties({"created": created})
    return book
