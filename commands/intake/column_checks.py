"""Checks of columns that CSV files and workbooks share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from commands.intake.workbook_cells import cell_text
from commands.intake.worksheet_cells import UnusableCell
from commands.words.messages import shortened
from lifecycle.rejections import Problem, msg

# What spreadsheets show for a value they could not work out; ### is a column too narrow for it,
# which some of them save to CSV.
_ERROR_TEXT: Final = re.compile(
    r"#(?:N/A|DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!"
    r"|UNKNOWN!|BUSY!|PYTHON!|GETTING_DATA|#{2,})|Err:[0-9]{3}",
    re.IGNORECASE,
)


def first_repeated(names: Sequence[str]) -> str | None:
    """Return the first name that stands twice; empty headings may."""
    seen = set()
    for name in names:
        if name and name in seen:
            return name
        seen.add(name)
    return None


def stray_cells_problem(
    headings: Sequence[str],
    cells: Iterable[tuple[int, object]],
) -> Problem | None:
    """Return a problem if a filled cell, given with its column from 0 on, has no heading.

    It is not left out in silence: a comma too many may have moved the cells beside it.
    """
    stray = []
    for place, value in cells:
        # A row may be longer than the line of headings.
        has_heading = place < len(headings) and headings[place]
        if not has_heading and cell_text(value):
            stray.append(shortened(str(value)))
    if not stray:
        return None
    template = msg("{cells} is in a column without a heading")
    return Problem("no_heading", template, {"cells": stray})


def unusable_cell_problem(
    address: str,
    value: object,
    field: str,
) -> Problem | None:
    """Return a problem if a cell holds an error or a formula without a value."""
    error = value.strip() if isinstance(value, str) else ""
    if isinstance(value, UnusableCell):
        if value.cause == "formula":
            return _formula_problem(address, field)
        error = value.text
    elif not _ERROR_TEXT.fullmatch(error):
        return None
    template = msg("cell {cell} contains the error {error}: correct its formula or type the value")
    return Problem("error_cell", template, {"cell": address, "error": error}, field or None)


def _formula_problem(address: str, field: str) -> Problem:
    template = msg(
        "cell {cell} contains a formula without a calculated value: open the workbook in "
        "Excel or WPS and save it, or type the value"
    )
    return Problem("formula_without_value", template, {"cell": address}, field or None)
