"""Merged cells among a register's rows: words hold for each row, amounts and days may not merge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from commands.intake.register_headings import MergedBox, SheetHeadings, merged_box
from commands.intake.worksheet_cells import MAX_CELLS, StoredCell, WorksheetRow
from lifecycle.rejections import Problem, Rejected, msg

_MERGED: Final = msg(
    "cells {range} are merged: unmerge them and fill in each row; only headings, and words that "
    "hold for several rows, may be merged"
)


class ReadColumn(NamedTuple):
    """A column that the map reads; `is_shared` where a merged cell holds for all of its rows."""

    number: int
    is_shared: bool


class SharedCells:
    """The merged cells among the rows that touch columns of the map."""

    def __init__(self, headings: SheetHeadings, columns: Sequence[ReadColumn]) -> None:
        self._boxes: defaultdict[int, list[tuple[MergedBox, str]]] = defaultdict(list)
        shared = {column.number for column in columns if column.is_shared}
        self._strict = {column.number for column in columns if not column.is_shared}
        self._shared = shared - self._strict
        read = self._shared | self._strict
        self._first_cells: dict[MergedBox, StoredCell] = {}
        places = 0
        last_row = headings.sheet.content.rows[-1].number if headings.sheet.content.rows else 0
        rows = {row.number: row for row in headings.sheet.content.rows}
        for merged in headings.sheet.content.merged:
            box = merged_box(merged)
            touched = read.intersection(range(box.left, box.right + 1))
            if not touched or box.bottom <= headings.rows[-1]:
                continue
            first = rows.get(box.top)
            # Merged cells without content, as in a table's empty rest, say nothing.
            if first is None or box.left not in first.cells:
                continue
            self._first_cells[box] = first.cells[box.left]
            last = min(box.bottom, last_row)
            places += last - box.top + 1
            # Merged cells never overlap, but for those of a hostile file.
            if places > MAX_CELLS:
                raise Rejected.by("merged_cells", _MERGED, range=merged.address)
            for number in range(box.top, last + 1):
                self._boxes[number].append((box, merged.address))

    def problem(self, row: WorksheetRow) -> Problem | None:
        """Return the problem of a row in which merged cells hide what a column says."""
        for box, address in self._boxes.get(row.number, ()):
            inside = range(box.left, box.right + 1)
            hidden = self._strict.intersection(inside)
            # One row's cells merged side by side hide all columns but the first.
            if box.top == box.bottom:
                hidden -= {box.left}
            if hidden:
                return Problem("merged_cells", _MERGED, {"range": address})
        return None

    def filled(self, row: WorksheetRow) -> WorksheetRow:
        """Return a row with the words of merged cells that begin in an earlier one."""
        cells = dict(row.cells)
        for box, _address_text in self._boxes.get(row.number, ()):
            if box.left in self._shared:
                cells.setdefault(box.left, self._first_cells[box])
        return row._replace(cells=cells)
