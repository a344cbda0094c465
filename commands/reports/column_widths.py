"""How wide the columns of a printed table are: no name or number is broken that need not be."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from commands.reports.content import DocumentColumn

# Characters of 10.5 and of 9 points on the 156 mm of a line (GB/T 9704).
_CHARACTERS: Final = 42.1
_SMALL_CHARACTERS: Final = 49.1
# A table of more columns is small, whatever its texts.
_MOST_COLUMNS: Final = 8
# What stands left and right of a cell's text, as a part of a character.
_INSET: Final = 0.6
# A digit or a Latin letter beside a Chinese character, by the widest of the fonts named.
_NARROW: Final = 0.56
_WIDE_CLASSES: Final = "WFA"
# Clauses and names are shorter; what is longer is a sentence, which may take several lines.
LONGEST_UNBROKEN: Final = 17
# Where sentences have too little room, clauses are folded too, and then names of projects.
_FOLDED_FROM: Final = (LONGEST_UNBROKEN, 13, 9)
# Sentences in less than this part of their declared width would be columns of single characters.
_LEAST_SHARE: Final = 0.5
# A heading of so few characters stands on one line.
_LONGEST_UNFOLDED: Final = 2


class TableFit(NamedTuple):
    """The widths of a table's columns in Chinese characters, and whether it is set small (9 pt)."""

    widths: tuple[float, ...]
    is_small: bool


def text_width(text: str) -> float:
    """The width of a text in Chinese characters."""
    width = 0.0
    for character in text:
        is_wide = unicodedata.east_asian_width(character) in _WIDE_CLASSES
        width += 1 if is_wide else _NARROW
    return width


def table_fit(columns: Sequence[DocumentColumn], rows: Iterable[Sequence[str]]) -> TableFit:
    """How the columns of a table share a line.

    Names, numbers and days get what they need, in smaller print if that keeps them whole.
    Sentences share what remains in the proportion that the table declares. A table in which too
    little remains for them keeps its declared widths.
    """
    rows = list(rows)
    if not any(any(row) for row in rows):
        # Nothing tells more of a table to be filled in by hand.
        return _declared_fit(columns)
    needed = _needed_widths(columns, rows)
    is_small = len(columns) > _MOST_COLUMNS or sum(needed) > _CHARACTERS
    characters = _SMALL_CHARACTERS if is_small else _CHARACTERS
    if sum(needed) > characters:
        needed = _with_sentences_folded(columns, needed, characters)
    scale = characters / sum(needed)
    return TableFit(tuple(width * scale for width in needed), is_small)


def _declared_fit(columns: Sequence[DocumentColumn]) -> TableFit:
    scale = _CHARACTERS / sum(column.width for column in columns)
    return TableFit(tuple(column.width * scale for column in columns), is_small=False)


def _needed_widths(columns: Sequence[DocumentColumn], rows: Iterable[Sequence[str]]) -> list[float]:
    needed = [_heading_width(column.heading) for column in columns]
    for row in rows:
        for place, text in enumerate(row):
            needed[place] = max(needed[place], text_width(text))
    return [width + _INSET for width in needed]


def _heading_width(heading: str) -> float:
    """The least width of a heading, which may take two lines."""
    if len(heading) <= _LONGEST_UNFOLDED:
        return text_width(heading)
    return max(text_width(line) for line in _two_lines(heading))


def _two_lines(heading: str) -> tuple[str, str]:
    """A heading in two lines: its unit of measure on the second, else two even ones."""
    # Chinese has no blanks to break at; even lines keep the row of headings low.
    unit = heading.find("（")
    place = unit if unit > 0 else (len(heading) + 1) // 2
    return heading[:place], heading[place:]


def _with_sentences_folded(
    columns: Sequence[DocumentColumn], needed: Sequence[float], characters: float
) -> list[float]:
    """The widths where the longest texts take several lines, and the others as few as they can."""
    declared = [float(column.width) for column in columns]
    for longest in _FOLDED_FROM:
        folded = []
        for place, column in enumerate(columns):
            if column.shape == "text" and needed[place] > longest + _INSET:
                folded.append(place)
        unbroken = sum(width for place, width in enumerate(needed) if place not in folded)
        declared_room = sum(declared[place] for place in folded)
        share = (characters - unbroken) / declared_room if folded else 0
        if share >= _LEAST_SHARE:
            widths = list(needed)
            for place in folded:
                widths[place] = declared[place] * share
            return widths
    return declared


def folded_heading(heading: str, width: float) -> str:
    """A heading broken into two lines where its column is too narrow for one."""
    if text_width(heading) + _INSET <= width:
        return heading
    return "\n".join(_two_lines(heading))
