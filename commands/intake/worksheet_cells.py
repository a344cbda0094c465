"""The filled cells of a worksheet, wherever they stand, and its merged ranges."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple

from commands.handlers.file_rows import NO_FORMATS, NumberFormat
from commands.intake.workbook_numbers import DateSystem, NumberStyle
from commands.intake.workbook_structure import (
    TEXT_ELEMENTS,
    MalformedSheet,
    TooManyCells,
    unescaped,
)
from commands.intake.workbook_xml import PartParser

MAX_COLUMNS: Final = 16_384
MAX_ROWS: Final = 1_048_576
MAX_CELLS: Final = 1_500_000
"""Filled cells of a workbook: a hundred thousand rows of fifteen columns."""
_MAX_MERGED: Final = 100_000
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)
_GENERAL: Final = NumberStyle("number", None)
_NUMBER: Final = re.compile(r"-?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)


class UnusableCell(NamedTuple):
    """A cell without a value: an error such as #N/A, or a formula that no program calculated."""

    cause: Literal["error", "formula"]
    text: str = ""

    def __str__(self) -> str:
        return self.text


StoredCell = str | float | bool | date | datetime | time | timedelta | UnusableCell


class WorksheetRow(NamedTuple):
    """A row with its filled cells by column from 0 on; one of white space is not filled."""

    number: int
    is_hidden: bool
    cells: Mapping[int, StoredCell]
    formats: Mapping[int, NumberFormat] = NO_FORMATS
    """How the numbers and days among them are displayed, but for those in the general format."""


class MergedRange(NamedTuple):
    """Cells merged to one, by their first and last row and their address."""

    top: int
    bottom: int
    address: str


@dataclass(slots=True)
class SheetContent:
    """The filled rows of a sheet in their order, and its merged cells."""

    rows: list[WorksheetRow] = field(default_factory=list)
    merged: list[MergedRange] = field(default_factory=list)


def cell_address(row: int, column: int) -> str:
    """Return the address of a cell, such as `C5`; rows count from 1, columns from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


class SheetReader:
    """Collects the filled cells of a sheet."""

    def __init__(
        self,
        date_system: DateSystem,
        styles: list[NumberStyle],
        shared: list[str],
        cell_count: int,
    ) -> None:
        self.content = SheetContent()
        self.cell_count = cell_count
        self.parser = PartParser(self._start, self._end, TEXT_ELEMENTS)
        self._date_system = date_system
        self._styles = styles
        self._shared = shared
        self._row = 0
        self._is_hidden = False
        self._cells: dict[int, StoredCell] = {}
        self._formats: dict[int, NumberFormat] = {}
        self._column = -1
        self._cell: Mapping[str, str] = {}
        self._has_formula = False
        self._value: str | None = None
        self._runs: list[str] = []
        self._in_phonetic = False

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._in_phonetic = True
        elif name == "mergeCell":
            self._add_merged(attributes["ref"])

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = int(attributes.get("r", self._row + 1))
        # A row that comes again would stand for two different ones.
        if not self._row < number <= MAX_ROWS:
            raise MalformedSheet(f"{number}: rows are out of order")
        self._row = number
        self._is_hidden = attributes.get("hidden") in ("1", "true")
        self._cells = {}
        self._formats = {}
        self._column = -1

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        column = self._column + 1
        if "r" in attributes:
            row, column = _position(attributes["r"])
            # Two cells of one address would leave open which of them is shown.
            if row != self._row or column <= self._column:
                raise MalformedSheet(f"{attributes['r']}: cells are out of order")
        self._column = column
        self._cell = attributes
        self._has_formula = False
        self._value = None
        self._runs.clear()

    def _end(self, name: str, text: str) -> None:
        if name == "v":
            self._value = text
        elif name == "t" and not self._in_phonetic:
            self._runs.append(text)
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "row" and self._cells:
            row = WorksheetRow(self._row, self._is_hidden, self._cells, self._formats)
            self.content.rows.append(row)

    def _end_cell(self) -> None:
        value = self._cell_value()
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        self._cells[self._column] = value
        self.cell_count += 1
        if self.cell_count > MAX_CELLS:
            address = cell_address(self._row, self._column)
            raise TooManyCells(f"cell {address}", MAX_CELLS)

    def _cell_value(self) -> StoredCell | None:
        kind = self._cell.get("t", "n")
        text = self._value or ""
        if kind == "e":
            return UnusableCell("error", text)
        if kind == "inlineStr":
            return unescaped("".join(self._runs))
        # A formula's empty text is a value; no text at all is none.
        if self._has_formula and not text and (kind != "str" or self._value is None):
            return UnusableCell("formula")
        return self._typed_value(kind, text) if text else None

    def _typed_value(self, kind: str, text: str) -> StoredCell:
        match kind:
            case "s":
                return self._shared[_index(text)]
            case "b":
                return text in ("1", "true")
            case "str":
                return unescaped(text)
            case "d":
                # Strict workbooks write days as text (ISO 29500, ST_CellType d).
                return datetime.fromisoformat(text)
        return self._number(text)

    def _number(self, text: str) -> StoredCell:
        index = _index(self._cell.get("s", "0"))
        style = self._styles[index] if index < len(self._styles) else _GENERAL
        # `float` by itself takes "nan", "1_000" and digits of other scripts.
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(number):
            raise MalformedSheet(f"{cell_address(self._row, self._column)}: not a number")
        if style.number_format is not None:
            self._formats[self._column] = style.number_format
        return self._date_system.value(number, style.form)

    def _add_merged(self, reference: str) -> None:
        first, _colon, last = reference.partition(":")
        top, _column = _position(first)
        bottom, _column = _position(last or first)
        self.content.merged.append(MergedRange(top, bottom, reference))
        if len(self.content.merged) > _MAX_MERGED:
            raise TooManyCells(f"merged {reference}", _MAX_MERGED)


def _index(text: str) -> int:
    # Python would take -1 for the last.
    if not (text.isascii() and text.isdigit()):
        raise MalformedSheet(f"{text[:20]}: not a number of a text or style")
    return int(text)


def _position(reference: str) -> tuple[int, int]:
    """Return the row, counted from 1, and the column, counted from 0, of an address."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise MalformedSheet(f"{reference[:20]}: not an address")
    column = column_of(match[1])
    row = int(match[2])
    if row > MAX_ROWS or column >= MAX_COLUMNS:
        raise MalformedSheet(f"{reference}: outside of any sheet")
    return row, column


def column_of(letters: str) -> int:
    """Return a column, counted from 0, by its letters."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
