"""Merged cells among data rows: all but the first of them would read as empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from commands.intake.worksheet_cells import MergedRange, WorksheetRow
from lifecycle.rejections import Problem, msg


def merged_ranges_by_row(
    rows: Sequence[WorksheetRow],
    merged: Iterable[MergedRange],
) -> dict[int, MergedRange]:
    """Return, for each filled row that a merged range touches, the range that reaches lowest.

    Merged cells without content, as in a table's empty rest, touch no filled row.
    """
    # Both lists are walked once: a hostile sheet has a hundred thousand of each.
    waiting = sorted(merged, key=_top, reverse=True)
    lowest: MergedRange | None = None
    ranges = {}
    for row in rows:
        while waiting and waiting[-1].top <= row.number:
            opened = waiting.pop()
            if lowest is None or opened.bottom > lowest.bottom:
                lowest = opened
        if lowest is not None and lowest.bottom >= row.number:
            ranges[row.number] = lowest
    return ranges


def _top(merged: MergedRange) -> int:
    return merged.top


def merged_cells_problem(merged: MergedRange | None) -> Problem | None:
    """Return the problem of a row that a merged range touches."""
    if merged is None:
        return None
    template = msg(
        "cells {range} are merged: unmerge them and fill in each row; only headings may be merged"
    )
    return Problem("merged_cells", template, {"range": merged.address})
