"""A table whose cells all fit on one line, as rich's own table would draw it.

rich folds, crops and pads each cell by itself, in a tenth of a millisecond: half of what `score`
does once it knows the scores. Where nothing has to fold, a line is its cells side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

if TYPE_CHECKING:
    from rich.box import Box
    from rich.console import Console, ConsoleOptions, RenderResult

_BOLD: Final = Style(bold=True)
_PADDING: Final = " "


class WholeColumn(NamedTuple):
    """A column: its heading, maybe of several lines, its cells, and the widest one's width."""

    heading: str
    cells: Sequence[str]
    width: int
    is_number: bool

    def shown(self, text: str) -> str:
        """The text as wide as the column."""
        if self.is_number:
            text = text.rstrip()
        blanks = " " * (self.width - cell_len(text))
        return blanks + text if self.is_number else text + blanks

    @property
    def is_whole(self) -> bool:
        """Whether each cell is one line, and nothing in cells and heading is changed by rich."""
        texts = (*self.heading.split("\n"), *self.cells)
        return all(text.isprintable() for text in texts)


class WholeGrid:
    """The table, which rich prints."""

    def __init__(self, columns: Sequence[WholeColumn], title: str) -> None:
        self._columns = columns
        self._title = title

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield title, heading and rows."""
        box = SIMPLE_HEAD.substitute(options, safe=console.safe_box)
        widths = [column.width + len(_PADDING) for column in self._columns]
        top = box.get_top(widths)
        if self._title:
            yield Segment(self._title + " " * (len(top) - cell_len(self._title)), _BOLD)
            yield Segment.line()
        yield Segment(f"{top}\n")
        yield from self._head(box)
        yield Segment(f"{box.get_row(widths, 'head')}\n")
        for row in zip(*(column.cells for column in self._columns), strict=True):
            yield Segment(f"{box.mid_left}{self._line(row, _PADDING + box.mid_vertical)}\n")
        yield Segment(f"{box.get_bottom(widths)}\n")

    def _head(self, box: Box) -> RenderResult:
        headings = [column.heading.split("\n") for column in self._columns]
        height = max(len(lines) for lines in headings)
        for number in range(height):
            yield Segment(box.head_left)
            for column, lines in zip(self._columns, headings, strict=True):
                # A heading of fewer lines stands at the bottom.
                place = number - height + len(lines)
                if place < 0:
                    yield Segment(column.shown("") + _PADDING, _BOLD)
                else:
                    yield Segment(column.shown(lines[place]), _BOLD)
                    yield Segment(_PADDING, _BOLD)
                yield Segment(box.head_vertical)
            yield Segment.line()

    def _line(self, row: Sequence[str], end: str) -> str:
        cells = zip(self._columns, row, strict=True)
        return "".join(column.shown(cell) + end for column, cell in cells)
