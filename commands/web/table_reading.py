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
    for column, heading in enumerate(headings):
        if column not in reader.bars:
            columns.append(_column(heading, [row[column] for row in rows]))
    cells = [column.cells for column in columns]
    return PageTable(
        headings=[column.heading for column in columns],
        rows=list(map(list, zip(*cells, strict=True))),
        numbers=[column.holds_numbers for column in columns],
    )


class _Column(NamedTuple):
    heading: str
    cells: list[str]
    holds_numbers: bool


def _column(heading: str, cells: list[str]) -> _Column:
    """A column that holds numbers if every cell with a text is one."""
    texts = list(filter(None, cells))
    if not texts or not all(map(_NUMBER.fullmatch, texts)):
        return _Column(heading, cells, holds_numbers=False)
    # Thousands are set apart for people alone.
    return _Column(heading, [cell.replace(",", "") for cell in cells], holds_numbers=True)


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
        if attributes.get("role") == "region" and attributes.get("aria-label") == self._name:
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
        if _BAR in (attributes.get("class") or "").split():
            self.bars.add(len(self.rows[-1]))

    def handle_endtag(self, tag: str) -> None:
        if not self._is_in_region or self._is_over:
            return
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "tr" and self._is_note:
            self.rows.pop()
        elif tag == "table":
            self._is_over = True

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
