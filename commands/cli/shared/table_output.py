"""Tables and lines on a terminal, written by rich."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from commands.cli.shared.output_columns import OutputColumn, Rows
from commands.cli.shared.whole_grid import WholeColumn, WholeGrid
from commands.words.messages import say
from lifecycle.rejections import msg

_PIPED_WIDTH: Final = 110
_WIDE_TERMINAL: Final = 100
# A column of text folds, but no narrower than this: a word a line can't be read.
_READABLE_TEXT: Final = 12
_READABLE_NAME: Final = 8
# rich draws a blank at the left edge, and after each column its padding and the box's own blank.
_LEFT_EDGE: Final = 1
_AFTER_COLUMN: Final = 2
_LEVEL_STYLES: Final = {"red": "red", "orange": "yellow"}


def console() -> Console:
    """Return standard output as rich writes to it: nothing in the data is taken for markup."""
    return _console_of(_terminal_width() or _PIPED_WIDTH)


def _console_of(width: int) -> Console:
    return Console(
        file=sys.stdout,
        markup=False,
        highlight=False,
        emoji=False,
        width=width,
    )


def _terminal_width() -> int | None:
    """Return the columns of the terminal, None where the output goes to a file or a pipe."""
    if not sys.stdout.isatty():
        return None
    return Console(file=sys.stdout).width


class _LaidColumn(NamedTuple):
    """A column with its cells as text, and the least width at which none of them is cut.

    In `whole_heading` columns its heading is on one line too, in `longest` no cell folds.
    """

    column: OutputColumn
    cells: list[str]
    longest: int
    least_width: int
    whole_heading: int


def print_table(rows: Rows, columns: Sequence[OutputColumn], title: str = "") -> None:
    """Print a table that fits the terminal; a Chinese character is two columns wide.

    No cell is ever cut. Text folds; where even that is too wide, the last columns are left out
    and named under the table, and where many would be, each row becomes a block of lines.
    Output that is no terminal's gets all columns, however wide.
    """
    laid = [_laid_column(column, rows) for column in columns]
    needed = _table_width(laid)
    width = _terminal_width() or max(_PIPED_WIDTH, needed)
    fitting = _fitting_columns(laid, width)
    if 2 * len(fitting) <= len(laid):
        _print_blocks(laid, len(rows), title, width)
        return
    _print_grid(fitting, title, width)
    if len(fitting) < len(laid):
        _name_left_out(laid[len(fitting) :], needed, width)


def _laid_column(column: OutputColumn, rows: Rows) -> _LaidColumn:
    cells = [column.table_text(row) for row in rows]
    # Cells are measured as they are shown: a Chinese character takes two columns.
    longest = max((_line_width(cell) for cell in cells), default=0)
    needed = min(longest, _READABLE_TEXT) if column.folds else longest
    # A heading may take several lines, but breaks between words alone.
    words = [cell_len(part) for part in _heading(column).split()]
    least_width = max(needed, *words, 1)
    whole_heading = max(least_width, _line_width(_heading(column)))
    return _LaidColumn(column, cells, longest, least_width, whole_heading)


def _line_width(cell: str) -> int:
    return max((cell_len(line) for line in cell.splitlines()), default=0)


def _table_width(laid: Sequence[_LaidColumn]) -> int:
    return _LEFT_EDGE + sum(part.least_width + _AFTER_COLUMN for part in laid)


def _fitting_columns(laid: Sequence[_LaidColumn], width: int) -> Sequence[_LaidColumn]:
    """Return as many of the first columns as the width holds."""
    count = len(laid)
    while count and _table_width(laid[:count]) > width:
        count -= 1
    return laid[:count]


def _print_grid(laid: Sequence[_LaidColumn], title: str, width: int) -> None:
    whole = [_whole_column(part) for part in laid]
    needed = _LEFT_EDGE + sum(column.width + _AFTER_COLUMN for column in whole)
    fits = needed <= width and all(column.is_whole for column in whole)
    if fits and title.isprintable() and cell_len(title) <= needed:
        _console_of(width).print(WholeGrid(whole, title))
    else:
        _console_of(width).print(_folding_table(laid, title, width))


def _whole_column(part: _LaidColumn) -> WholeColumn:
    """The column as wide as its longest cell and its heading."""
    width = max(part.longest, part.whole_heading)
    return WholeColumn(_heading(part.column), part.cells, width, part.column.number)


def _folding_table(laid: Sequence[_LaidColumn], title: str, width: int) -> Table:
    """The table whose cells and headings fold where their columns are too narrow."""
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    spare = width - _table_width(laid)
    headings_fit = sum(part.whole_heading - part.least_width for part in laid) <= spare
    for part in laid:
        fitted = part.whole_heading if headings_fit else part.least_width
        table.add_column(
            _heading(part.column),
            justify="right" if part.column.number else "left",
            overflow="fold",
            # rich takes from every column that has no fixed width, whatever its least one is.
            width=None if part.column.folds else fitted,
            min_width=fitted,
        )
    for row in zip(*(part.cells for part in laid), strict=True):
        table.add_row(*row)
    return table


def _print_blocks(laid: Sequence[_LaidColumn], row_count: int, title: str, width: int) -> None:
    """Print each row as lines of heading and value, for a terminal too narrow for a table."""
    out = _console_of(width)
    if title:
        out.print(title, style="bold")
    for place in range(row_count):
        for part in laid:
            # A heading's line break is for a column's head alone.
            heading = _heading(part.column).replace("\n", "")
            out.print(f"{heading}: {part.cells[place]}", overflow="fold")
        out.print()


def _name_left_out(hidden: Sequence[_LaidColumn], needed: int, width: int) -> None:
    names = [_heading(part.column).replace("\n", "") for part in hidden]
    template = msg("not shown in this width: {columns}; they need a window of {needed} columns")
    line = say(template, columns=" / ".join(names), needed=needed)
    _console_of(width).print(line, style="dim", overflow="fold")


def _heading(column: OutputColumn) -> str:
    heading = column.heading
    return heading if isinstance(heading, str) else heading.heading()


def print_section(
    title: str,
    rows: list[dict[str, Any]],
    cells: Callable[[dict[str, Any]], tuple[str, ...]],
    *,
    folding_cell: int,
    command: str,
    limit: int,
) -> None:
    """Print a heading with the count, the first rows, and the command that shows the rest.

    `cells` turns a row into a line; only the cell at `folding_cell` may wrap.
    """
    out = console()
    out.print(f"■ {title}  {len(rows)}", style="bold")
    if not rows:
        return
    # A narrow terminal has no room for a wide gap beside "12 days overdue".
    gap = 2 if out.width >= _WIDE_TERMINAL else 1
    grid = Table.grid(padding=(0, gap, 0, 0))
    lines = [cells(row) for row in rows[:limit]]
    folding = _folding_cells(lines, folding_cell, gap, out.width)
    for place in range(len(lines[0])):
        grid.add_column(overflow="fold", no_wrap=place not in folding)
    for row, line in zip(rows, lines, strict=False):
        grid.add_row(*line, style=_LEVEL_STYLES.get(row.get("level", "")))
    out.print(grid)
    if len(rows) > limit:
        template = msg("  … {count} more: lifecycle {command}")
        out.print(
            say(
                template,
                count=len(rows) - limit,
                command=command,
            ),
            style="dim",
        )


def _folding_cells(
    lines: list[tuple[str, ...]], folding_cell: int, gap: int, width: int
) -> set[int]:
    """Return the places of the cells that fold: that one, and the widest until the lines fit."""
    widths = [max(cell_len(cell) for cell in column) for column in zip(*lines, strict=True)]
    folding = {folding_cell}
    # A cell that may not fold is cut by rich where the terminal is narrower than the line.
    for place in sorted(range(len(widths)), key=lambda place: -widths[place]):
        needed = gap * len(widths)
        for other, longest in enumerate(widths):
            needed += min(longest, _READABLE_NAME) if other in folding else longest
        if needed <= width:
            break
        folding.add(place)
    return folding


def print_indented(line: str) -> None:
    """Print a line that keeps its indent where it wraps."""
    console().print(Padding(line, (0, 0, 0, 2)))
