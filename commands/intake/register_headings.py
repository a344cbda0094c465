"""The headings of a register: rows joined by "/", merged cells filled; and the sheet with them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from commands.intake.register_sheets import RegisterSheet
from commands.intake.workbook_cells import cell_text
from commands.intake.worksheet_cells import MergedRange, column_of
from lifecycle.rejections import Rejected, msg

JOINED_BY: Final = "/"
_WHITE_SPACE: Final = re.compile(r"\s+")
_ADDRESS: Final = re.compile(r"([A-Z]+)[0-9]+(?::([A-Z]+)[0-9]+)?", re.ASCII)
_MOST_NEAREST: Final = 3
_NO_COLUMN: Final = msg(
    "sheet {sheet} has no column {column}; most similar: {nearest}; headings are read from rows "
    "{rows}"
)
_COLUMN_TWICE: Final = msg(
    "sheet {sheet} has the heading {column} in the columns {columns}: name it with the heading "
    "above it"
)
_NO_SHEET: Final = msg(
    "no visible sheet has the headings of the map; {sheet} lacks {missing}; sheets: {sheets}"
)
_SEVERAL_SHEETS: Final = msg(
    "several sheets have the headings of the map: {sheets}; name one in the map: sheet = …"
)


class MergedBox(NamedTuple):
    """Merged cells by their rows, counted from 1, and columns, counted from 0."""

    top: int
    bottom: int
    left: int
    right: int


def merged_box(merged: MergedRange) -> MergedBox:
    """Return the rows and columns of merged cells."""
    match = _ADDRESS.fullmatch(merged.address.replace("$", ""))
    assert match is not None
    left = column_of(match[1])
    return MergedBox(merged.top, merged.bottom, left, column_of(match[2] or match[1]))


def heading_key(text: str) -> str:
    """Return a heading as headings are compared: without white space, full-width as narrow."""
    return _WHITE_SPACE.sub("", unicodedata.normalize("NFKC", text))


class SheetHeadings:
    """The headings of a sheet by their columns."""

    def __init__(self, sheet: RegisterSheet, heading_rows: Sequence[int]) -> None:
        self.sheet = sheet
        self.rows = list(heading_rows)
        self.texts = _joined_headings(sheet, self.rows)
        """The heading of each column, joined from all rows."""
        self._whole: defaultdict[str, list[int]] = defaultdict(list)
        self._last: defaultdict[str, list[int]] = defaultdict(list)
        for column, text in self.texts.items():
            key = heading_key(text)
            self._whole[key].append(column)
            self._last[key.rpartition(JOINED_BY)[2]].append(column)

    def find(self, name: str) -> list[int]:
        """Return the columns that a name means: by the whole heading, else by its last row."""
        key = heading_key(name)
        # Maps name the last row mostly; the whole heading decides where two columns share it.
        return self._whole.get(key) or self._last.get(key) or []

    def column(self, name: str) -> int:
        """Return the one column that a name means.

        Raises `Rejected` where there is none, or several.
        """
        columns = self.find(name)
        if len(columns) == 1:
            return columns[0]
        if columns:
            raise Rejected.by(
                "heading_twice",
                _COLUMN_TWICE,
                sheet=self.sheet.name,
                column=name,
                columns=[column + 1 for column in columns],
            )
        texts = list(self.texts.values())
        matches = process.extract(name, texts, scorer=fuzz.WRatio, limit=_MOST_NEAREST)
        raise Rejected.by(
            "unknown_column",
            _NO_COLUMN,
            sheet=self.sheet.name,
            column=name,
            nearest=[match[0] for match in matches],
            rows=self.rows,
        )

    def missing(self, names: Iterable[str]) -> list[str]:
        """Return the names that mean no column."""
        return [name for name in names if not self.find(name)]


def _joined_headings(sheet: RegisterSheet, heading_rows: Sequence[int]) -> dict[int, str]:
    """Return the joined heading of each column that has one."""
    parts: defaultdict[int, list[str]] = defaultdict(list)
    filled = _filled_headings(sheet, heading_rows)
    for number in heading_rows:
        for column, text in sorted(filled[number].items()):
            # A cell merged over both rows is one heading.
            if not parts[column] or parts[column][-1] != text:
                parts[column].append(text)
    return {column: JOINED_BY.join(parts[column]) for column in sorted(parts)}


def _filled_headings(
    sheet: RegisterSheet, heading_rows: Sequence[int]
) -> dict[int, dict[int, str]]:
    """Return the texts of each heading row, with every cell of a merged range filled."""
    filled: dict[int, dict[int, str]] = {number: {} for number in heading_rows}
    for row in sheet.content.rows:
        if row.number in filled:
            texts = {column: _one_line(cell_text(value)) for column, value in row.cells.items()}
            filled[row.number] = texts
    for merged in sheet.content.merged:
        box = merged_box(merged)
        text = filled.get(box.top, {}).get(box.left)
        if text is None:
            continue
        for number in range(box.top, box.bottom + 1):
            if number in filled:
                for column in range(box.left, box.right + 1):
                    filled[number][column] = text
    if not sheet.knows_merged:
        _fill_to_the_right(filled, heading_rows)
    return filled


def _fill_to_the_right(filled: dict[int, dict[int, str]], heading_rows: Sequence[int]) -> None:
    """Fill the upper headings of a text file, in which a merged cell leaves empty ones."""
    for number, below in pairwise(heading_rows):
        last: str | None = None
        for column in sorted({*filled[number], *filled[below]}):
            upper = filled[number].get(column)
            if upper is not None:
                # A heading with nothing below it is a column of its own, and spans no further.
                last = upper if column in filled[below] else None
            elif last is not None:
                filled[number][column] = last


def _one_line(text: str) -> str:
    return _WHITE_SPACE.sub("", text)


def sheet_with_headings(
    sheets: Sequence[RegisterSheet],
    name: str | None,
    heading_rows: Sequence[int],
    columns: Sequence[str],
) -> SheetHeadings:
    """Return the named sheet; else, or where it was renamed, the one visible one with the columns.

    Raises `Rejected` where no sheet has them, or several.
    """
    for sheet in sheets:
        if sheet.name == name:
            return SheetHeadings(sheet, heading_rows)
    visible = [SheetHeadings(sheet, heading_rows) for sheet in sheets if not sheet.is_hidden]
    fitting = [headings for headings in visible if not headings.missing(columns)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = [headings.sheet.name for headings in fitting]
        raise Rejected.by("several_sheets", _SEVERAL_SHEETS, sheets=names)
    # The only sheet is surely meant: its own missing columns say more than 'no such sheet'.
    if len(visible) == 1:
        return visible[0]
    nearest = min(visible, key=lambda headings: len(headings.missing(columns)), default=None)
    raise Rejected.by(
        "unknown_sheet",
        _NO_SHEET,
        sheet="—" if nearest is None else nearest.sheet.name,
        missing=[] if nearest is None else nearest.missing(columns),
        sheets=[sheet.name for sheet in sheets],
    )
