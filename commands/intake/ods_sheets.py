"""OpenDocument workbooks, read cell by cell within bounds (ODF 1.3, part 3, 9.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from commands.intake.workbook_parts import WorkbookParts
from commands.intake.workbook_structure import MalformedSheet, TooManyCells
from commands.intake.workbook_xml import PartParser, XmlLimit
from commands.intake.worksheet_cells import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MergedRange,
    SheetContent,
    StoredCell,
    UnusableCell,
    WorksheetRow,
    cell_address,
)
from commands.intake.xls_sheets import NamedSheet
from lifecycle.rejections import StoreError, msg

_CONTENT_PART: Final = "content.xml"
_MANIFEST_PART: Final = "META-INF/manifest.xml"
_MAX_TEXT: Final = 32_767
_NUMBER_TYPES: Final = ("float", "percentage", "currency")
# A covered cell lies under a merged one: it takes up a place and has no value.
_CELLS: Final = ("table-cell", "covered-table-cell")
_ENCRYPTED: Final = msg(
    "{path} is encrypted: open it in Excel or WPS, remove its password, and save it again"
)


def read_ods(path: Path) -> list[NamedSheet]:
    """Read all sheets. Raises `StoreError` where it is damaged, encrypted or too large."""
    with WorkbookParts(path) as parts:
        try:
            manifest = _ManifestParser()
            if _MANIFEST_PART in parts:
                manifest.parse(parts.pieces(_MANIFEST_PART))
            if manifest.is_encrypted:
                raise StoreError(_ENCRYPTED, path=path)
            parser = _OdsParser()
            parser.parse(parts.pieces(_CONTENT_PART))
        except TooManyCells as error:
            raise parts.too_large(str(error), error.most) from error
        except (MalformedSheet, XmlLimit, ValueError) as error:
            raise parts.unreadable(error) from error
    sheets = []
    for sheet in parser.sheets:
        is_hidden = sheet.style in parser.hidden_styles
        sheets.append(NamedSheet(sheet.name, is_hidden, sheet.content))
    return sheets


class _ManifestParser(PartParser):
    def __init__(self) -> None:
        self.is_encrypted = False
        super().__init__(self._take_start, _ignore_end, frozenset())

    def _take_start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if name == "encryption-data":
            self.is_encrypted = True


def _ignore_end(_name: str, _text: str) -> None:
    """Look at the beginning of elements only."""


class _OdsSheet(NamedTuple):
    """A sheet, its style by name, and its cells."""

    name: str
    style: str
    content: SheetContent


class _OdsParser(PartParser):
    """Collects the filled cells of all sheets."""

    def __init__(self) -> None:
        self.sheets: list[_OdsSheet] = []
        self.hidden_styles: set[str] = set()
        self._style = ""
        self._row = 0
        self._row_repeat = 1
        self._is_hidden = False
        self._column = 0
        self._cells: dict[int, StoredCell] = {}
        self._cell: Mapping[str, str] = {}
        self._lines: list[str] = []
        self._in_cell = False
        self._in_note = 0
        self._cell_count = 0
        super().__init__(self._take_start, self._take_end, frozenset())

    def _character_data(self, data: str) -> None:
        # A paragraph's text lies around and inside of its spans.
        if self._in_cell and not self._in_note and self._lines:
            self._lines[-1] += data
            if len(self._lines[-1]) > _MAX_TEXT:
                raise XmlLimit(f"a text of over {_MAX_TEXT} characters")

    def _take_start(self, name: str, named: Mapping[str, str]) -> None:
        attributes = {key.rpartition(" ")[2]: value for key, value in named.items()}
        if name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self.hidden_styles.add(self._style)
        elif name == "table":
            self._start_table(attributes)
        elif name == "table-row":
            self._start_row(attributes)
        elif name in _CELLS:
            self._start_cell(named, attributes)
        elif name == "annotation":
            self._in_note += 1
        elif self._in_cell and not self._in_note:
            self._start_text(name, attributes)

    def _start_table(self, attributes: Mapping[str, str]) -> None:
        name, style = attributes.get("name", ""), attributes.get("style-name", "")
        self.sheets.append(_OdsSheet(name, style, SheetContent()))
        self._row = 0

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self._row_repeat = _count(attributes.get("number-rows-repeated"), MAX_ROWS)
        # `collapse` is hidden by hand, `filter` by a filter.
        self._is_hidden = attributes.get("visibility", "visible") != "visible"
        self._cells = {}
        self._column = 0

    def _start_cell(self, named: Mapping[str, str], attributes: Mapping[str, str]) -> None:
        self._in_cell = True
        self._lines = []
        self._cell = attributes
        # LibreOffice says twice what a cell's value is; only its own attribute knows errors.
        for key, value in named.items():
            if key.endswith(" value-type") and value == "error":
                self._cell = {**attributes, "value-type": "error"}

    def _start_text(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            self._lines.append("")
        elif name == "s" and self._lines:
            self._lines[-1] += " " * _count(attributes.get("c"), _MAX_TEXT)
        elif name in ("tab", "line-break") and self._lines:
            self._lines[-1] += "\n" if name == "line-break" else "\t"

    def _take_end(self, name: str, _text: str) -> None:
        if name == "annotation":
            self._in_note -= 1
        elif name in _CELLS:
            self._end_cell(is_covered=name != "table-cell")
        elif name == "table-row":
            self._end_row()

    def _end_cell(self, *, is_covered: bool) -> None:
        repeat = _count(self._cell.get("number-columns-repeated"), MAX_COLUMNS)
        value = None if is_covered else self._value()
        if value is not None:
            if self._column + repeat > MAX_COLUMNS:
                raise MalformedSheet(f"{self._row + 1}: outside of any sheet")
            self._count_cells(repeat)
            for column in range(self._column, self._column + repeat):
                self._cells[column] = value
        self._note_merged()
        self._column += repeat
        self._in_cell = False

    def _count_cells(self, count: int) -> None:
        self._cell_count += count
        if self._cell_count > MAX_CELLS:
            address = cell_address(self._row + 1, min(self._column, MAX_COLUMNS - 1))
            raise TooManyCells(f"cell {address}", MAX_CELLS)

    def _value(self) -> StoredCell | None:
        kind = self._cell.get("value-type")
        text = "\n".join(self._lines)
        if kind == "error":
            return UnusableCell("error", text)
        # A formula whose result was never computed has no value to read.
        if kind is None and "formula" in self._cell:
            return UnusableCell("formula")
        if kind in _NUMBER_TYPES:
            return float(self._cell["value"])
        if kind == "date":
            return _date(self._cell["date-value"])
        if kind == "boolean":
            return self._cell["boolean-value"] == "true"
        # The attribute is the value where there is one; the paragraphs are how it is shown.
        text = self._cell.get("string-value", text)
        return text if text.strip() else None

    def _note_merged(self) -> None:
        columns = _count(self._cell.get("number-columns-spanned"), MAX_COLUMNS)
        rows = _count(self._cell.get("number-rows-spanned"), MAX_ROWS)
        if columns * rows == 1 or not self.sheets:
            return
        first = cell_address(self._row + 1, self._column)
        last = cell_address(self._row + rows, self._column + columns - 1)
        merged = MergedRange(self._row + 1, self._row + rows, f"{first}:{last}")
        self.sheets[-1].content.merged.append(merged)

    def _end_row(self) -> None:
        # Empty rows repeat to the end of a sheet, a million times: only filled ones are kept.
        if self._cells and self.sheets:
            if self._row + self._row_repeat > MAX_ROWS:
                raise MalformedSheet(f"{self._row + 1}: outside of any sheet")
            self._count_cells(len(self._cells) * (self._row_repeat - 1))
            for number in range(self._row + 1, self._row + self._row_repeat + 1):
                row = WorksheetRow(number, self._is_hidden, self._cells)
                self.sheets[-1].content.rows.append(row)
        self._row += self._row_repeat


def _count(text: str | None, most: int) -> int:
    if text is None:
        return 1
    # Its length is bounded before `int`, which takes minutes for a million digits.
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_number or int(text) > most:
        raise MalformedSheet(f"{text[:20]}: not a number of cells")
    return max(1, int(text))


def _date(text: str) -> date | datetime:
    if "T" in text:
        return datetime.fromisoformat(text)
    return date.fromisoformat(text)
