"""Checks of columns that CSV files and workbooks share."""

from __future__ import annotations

from collections.abc import Sequence

from commands.intake.workbook_cells import cell_text
from lifecycle.rejections import Problem, msg


def first_repeated(names: Sequence[str]) -> str | None:
    """Return the first name that stands twice; empty headings may."""
    seen = set()
    for name in names:
        if name and name in seen:
            return name
        seen.add(name)
    return None


def stray_cells_problem(headings: Sequence[str], cells: Sequence[object]) -> Problem | None:
    """Return a problem if a filled cell has no heading.

    It is not left out in silence: a comma too many may have moved the cells beside it.
    """
    stray = []
    for place, value in enumerate(cells):
        # A row may be longer than the line of headings.
        has_heading = place < len(headings) and headings[place]
        if not has_heading and cell_text(value):
            stray.append(str(value))
    if not stray:
        return None
    template = msg("{cells} is in a column without a heading")
    return Problem("no_heading", template, {"cells": stray})
