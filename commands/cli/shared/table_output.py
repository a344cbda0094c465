"""Tables and lines on a terminal, written by rich."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from commands.cli.shared.row_output import OutputColumn, Rows
from commands.words.messages import say
from lifecycle.rejections import msg

PIPED_WIDTH: Final = 110
_WIDE_TERMINAL: Final = 100
_LEVEL_STYLES: Final = {"red": "red", "orange": "yellow"}


def console() -> Console:
    """Return standard output as rich writes to it: nothing in the data is taken for markup."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(
        file=sys.stdout,
        markup=False,
        highlight=False,
        emoji=False,
        width=width,
    )


def print_table(rows: Rows, columns: Sequence[OutputColumn], title: str = "") -> None:
    """Print a table that fits the terminal; a Chinese character is two columns wide."""
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for column in columns:
        cells = [column.show(row.get(column.field)) for row in rows]
        table.add_column(
            _heading(column),
            justify="right" if column.number else "left",
            overflow="fold",
            min_width=_unbroken_width(column, cells),
        )
    for row in rows:
        table.add_row(*(column.show(row.get(column.field)) for column in columns))
    console().print(table)


def _heading(column: OutputColumn) -> str:
    heading = column.heading
    return heading if isinstance(heading, str) else heading.heading()


def _unbroken_width(column: OutputColumn, cells: list[str]) -> int | None:
    """Return the width of a column that never wraps; its heading may still take two lines."""
    if not (column.whole or column.number):
        return None
    # Cells are measured as they are shown: a Chinese character takes two columns.
    return max((cell_len(cell) for cell in cells), default=0)


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
    for place in range(len(cells(rows[0]))):
        grid.add_column(overflow="fold", no_wrap=place != folding_cell)
    for row in rows[:limit]:
        grid.add_row(*cells(row), style=_LEVEL_STYLES.get(row.get("level", "")))
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


def print_indented(line: str) -> None:
    """Print a line that keeps its indent where it wraps."""
    console().print(Padding(line, (0, 0, 0, 2)))
