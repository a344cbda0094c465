"""A table that needs no fold is drawn as rich's own, on terminals and into files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from commands.cli.shared.whole_grid import WholeColumn, WholeGrid

if TYPE_CHECKING:
    from rich.console import RenderableType

TEXTS = st.text(alphabet="aé 中文，()1.-—é🏢❤️", max_size=12)


@st.composite
def grids(draw: st.DrawFn) -> list[WholeColumn]:
    """Draw columns with as many cells each, and as wide as these."""
    count = draw(st.integers(0, 4))
    cell_lists = st.lists(TEXTS, min_size=count, max_size=count)
    columns = []
    headings = st.lists(TEXTS, min_size=1, max_size=3)
    for lines, cells in draw(st.lists(st.tuples(headings, cell_lists), min_size=1, max_size=5)):
        width = max(1, *(cell_len(text) for text in (*lines, *cells)))
        columns.append(WholeColumn("\n".join(lines), cells, width, draw(st.booleans())))
    return columns


def rich_table(columns: list[WholeColumn], title: str) -> Table:
    """Return the same table as rich has it."""
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for column in columns:
        table.add_column(
            column.heading,
            justify="right" if column.is_number else "left",
            overflow="fold",
            min_width=column.width,
        )
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row)
    return table


def written(renderable: RenderableType, encoding: str, *, to_terminal: bool) -> str:
    """Return what rich writes."""
    buffer = io.BytesIO()
    out = io.TextIOWrapper(buffer, encoding)
    console = Console(
        file=out,
        markup=False,
        highlight=False,
        emoji=False,
        width=200,
        force_terminal=to_terminal,
        color_system="standard" if to_terminal else None,
        legacy_windows=False,
    )
    console.print(renderable)
    out.flush()
    return buffer.getvalue().decode(encoding)


@given(columns=grids(), with_title=st.booleans(), to_terminal=st.booleans())
def test_a_grid_is_drawn_as_richs_table(
    columns: list[WholeColumn], *, with_title: bool, to_terminal: bool
) -> None:
    # A title fits: no narrower table gets one.
    title = "题" if with_title else ""
    grid = written(WholeGrid(columns, title), "utf-8", to_terminal=to_terminal)
    assert grid == written(rich_table(columns, title), "utf-8", to_terminal=to_terminal)


@pytest.mark.parametrize("encoding", ["ascii", "gb18030"])
def test_the_line_under_the_heading_is_one_that_the_output_can_show(encoding: str) -> None:
    columns = [WholeColumn("name", ["a", "b"], 4, False), WholeColumn("n", ["1", "12"], 2, True)]
    grid = written(WholeGrid(columns, ""), encoding, to_terminal=False)
    assert grid == written(rich_table(columns, ""), encoding, to_terminal=False)
    assert "------" in grid


@pytest.mark.parametrize("text", ["two\nlines", "a\tb", "a\x07b", "zero\u200dwidth", "全\u3000角"])
def test_a_text_that_rich_would_change_is_left_to_rich(text: str) -> None:
    assert not WholeColumn("name", [text], 20, False).is_whole
    # A heading may have lines.
    assert WholeColumn(text, ["a"], 20, False).is_whole == (text == "two\nlines")
