"""A table of a rendered page by its name, so that a file holds exactly what the page shows."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final, NamedTuple

# Cells that hold a bar and no text.
_BAR: Final = "bar"
# A leading zero is part of a code, which is no number.
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?")


class PageTable(NamedTuple):
    """Headings and rows of a table; `numbers` says which columns hold numbers alone."""

    headings: list[str]
    rows: list[list[str]]
    numbers: list[bool]


def table_named(page: str, name: str) -> PageTable | None:
    """The table of a page in the region of a name; None if there is none."""
    reader = _TableReader(name)
    reader.feed(page)
    reader.close()
    if not reader.rows:
        return None
    headings, *rows = reader.rows
    columns = []
    for place, heading in enumerate(headings):
        if place in reader.bars:
            continue
        cells = [row[place] for row in rows]
        columns.append(_column(heading, cells))
    cells_by_column = [column.cells for column in columns]
    rows_without_bars = zip(*cells_by_column, strict=True)
    return PageTable(
        headings=[column.heading for column in columns],
        rows=[list(row) for row in rows_without_bars],
        numbers=[column.holds_numbers for column in columns],
    )


class _Column(NamedTuple):
    heading: str
    cells: list[str]
    holds_numbers: bool


def _column(heading: str, cells: list[str]) -> _Column:
    """A column that holds numbers if every cell with a text is one."""
    texts = [cell for cell in cells if cell]
    are_numbers = all(_NUMBER.fullmatch(text) for text in texts)
    # Of an empty column nothing is known: it stays text.
    if not texts or not are_numbers:
        return _Column(heading, cells, holds_numbers=False)
    # Thousands are set apart for people alone.
    plain_numbers = [cell.replace(",", "") for cell in cells]
    return _Column(heading, plain_numbers, holds_numbers=True)


class _TableReader(HTMLParser):
    """Reads the first table of a region: its rows, the headings first."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._is_in_region = False
        self._is_over = False
        self._cell: list[str] | None = None
        self._is_note = False
        self.rows: list[list[str]] = []
        self.bars: set[int] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        is_region = attributes.get("role") == "region"
        if is_region and attributes.get("aria-label") == self._name:
            self._is_in_region = True
        if not self._is_in_region or self._is_over:
            return
        if tag == "tr":
            self.rows.append([])
            self._is_note = False
        elif tag in ("td", "th"):
            self._begin_cell(attributes)
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._cell = []
        # The one cell of a row which says that there is nothing.
        self._is_note = "colspan" in attributes
        classes = (attributes.get("class") or "").split()
        if _BAR in classes:
            column = len(self.rows[-1])
            self.bars.add(column)

    def handle_endtag(self, tag: str) -> None:
        if not self._is_in_region or self._is_over:
            return
        if tag in ("td", "th") and self._cell is not None:
            text = "".join(self._cell)
            # As a browser shows it: line ends of the template are single blanks.
            words = text.split()
            self.rows[-1].append(" ".join(words))
            self._cell = None
        elif tag == "tr" and self._is_note:
            self.rows.pop()
        elif tag == "table":
            self._is_over = True

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
