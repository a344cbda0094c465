"""No table on a terminal loses a column or a character without saying so."""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

import commands.cli
from commands.cli.shared import table_output
from commands.cli.shared.output_columns import OutputColumn
from commands.words.messages import choose_language
from tests.commands.conftest import Cli

WIDTHS = (80, 100, 160)
SCREENS = (
    ("score", "--year", "2024"),
    ("score", "华埠镇", "--year", "2024"),
    ("explain", "华埠镇", "--year", "2024"),
    ("explain", "KH-2024-018", "--year", "2024"),
    ("deadlines", "--as-of", "2024-06-12"),
    ("today", "--as-of", "2024-06-12", "--all"),
    ("board", "2024-06"),
    ("board", "2024-06", "--unit", "林山乡"),
    ("targets", "--year", "2024"),
    ("incentives", "--year", "2024"),
    ("sheets", "list"),
    ("sheets", "due", "--as-of", "2024-06-12"),
    ("sheets", "week", "--as-of", "2024-06-12"),
    ("project", "list"),
    ("project", "show", "KH-2024-018"),
    ("project", "history", "KH-2024-018"),
    ("rulebook", "list"),
    ("rulebook", "show", "kaihua-2024"),
    ("rulebook", "compare", "kaihua-2024", "kaihua-2024", "--year", "2024"),
    ("calendar", "show", "--year", "2024"),
    ("status",),
)
# Lines of rich's box, and of sections.
FRAME = set("─━ \n")


def characters(text: str) -> Counter[str]:
    return Counter(character for character in text if character not in FRAME)


@pytest.fixture(scope="module")
def loaded_commands() -> None:
    """Every command is loaded, so that what they call can be replaced in each."""
    for module in pkgutil.walk_packages(commands.cli.__path__, "commands.cli."):
        # What only Windows can load prints no table.
        if "windows" not in module.name:
            importlib.import_module(module.name)


@pytest.mark.usefixtures("loaded_commands")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("screen", SCREENS, ids=" ".join)
def test_every_screen_is_whole_or_says_what_it_leaves_out(
    county: Cli, screen: tuple[str, ...], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    shown: list[Callable[[], None]] = []

    def noting(function: Callable[..., None]) -> Callable[..., None]:
        def note(*parts: Any, **options: Any) -> None:
            shown.append(partial(function, *parts, **options))

        return note

    for name in ("print_table", "print_section"):
        replacement = noting(getattr(table_output, name))
        for module in list(sys.modules.values()):
            if module.__name__.startswith("commands.cli") and hasattr(module, name):
                monkeypatch.setattr(module, name, replacement)
    answer = county(*screen)
    assert (answer.code, answer.err) == (0, "")
    for show in shown:
        check_widths(show)


def check_widths(show: Callable[[], None]) -> None:
    """Check that what is shown at each width has every character, or names what it lacks."""
    whole = characters("\n".join(printed(show, 600)))
    for width in WIDTHS:
        lines = printed(show, width)
        assert max(cell_len(line) for line in lines) <= width
        text = "".join(lines)
        if "未显示" not in text and "not shown in this width" not in text:
            assert not whole - characters(text), width


TEXTS = st.text(alphabet="甲乙丙丁ab12-", min_size=0, max_size=40)


@given(
    rows=st.lists(st.tuples(*[TEXTS] * 6), min_size=1, max_size=4),
    kinds=st.lists(st.sampled_from(["text", "whole", "number"]), min_size=6, max_size=6),
    width=st.integers(24, 160),
)
def test_each_cell_is_shown_or_its_column_is_named(
    rows: list[tuple[str, ...]], kinds: list[str], width: int
) -> None:
    columns = [
        OutputColumn(
            f"c{place}", f"列{place}号", show=str, number=kind == "number", whole=kind == "whole"
        )
        for place, kind in enumerate(kinds)
    ]
    records = [{f"c{place}": cell for place, cell in enumerate(row)} for row in rows]
    choose_language()
    lines = printed(lambda: table_output.print_table(records, columns, "标题"), width)
    text = "\n".join(lines)
    assert max(cell_len(line) for line in lines) <= width
    table, _note, hidden = text.partition("not shown in this width")
    for place in range(len(columns)):
        heading = f"列{place}号"
        if heading in hidden.replace("\n", ""):
            continue
        assert heading in table
        for row in rows:
            assert not Counter(row[place].replace(" ", "")) - characters(table)


def printed(show: Callable[[], None], width: int) -> list[str]:
    """Return the lines printed on a terminal of this width."""
    output = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", output)
        patch.setattr(table_output, "_terminal_width", lambda: width)
        show()
    return output.getvalue().splitlines()


def test_a_narrow_terminal_names_the_columns_left_out(
    county: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    monkeypatch.setattr(table_output, "_terminal_width", lambda: 80)
    narrow = county("score", "--year", "2024").out
    assert "窗口宽度不足，未显示：过程与加分 / 推进与绩效" in narrow
    assert max(cell_len(line) for line in narrow.splitlines()) <= 80
    # A file or a pipe has no width: every column is there.
    monkeypatch.setattr(table_output, "_terminal_width", lambda: None)
    assert "未显示" not in county("score", "--year", "2024").out


def test_a_very_narrow_terminal_gets_blocks(county: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    monkeypatch.setattr(table_output, "_terminal_width", lambda: 40)
    lines = county("score", "华埠镇", "--year", "2024").out.splitlines()
    assert "单位: 华埠镇" in lines
    assert "推进与绩效: 70.00" in lines


def test_on_a_real_terminal(county_store: Path) -> None:
    """The width is the terminal's own: a program on a pseudo-terminal of 80 columns."""
    pty = pytest.importorskip("pty")
    termios = pytest.importorskip("termios")
    fcntl = pytest.importorskip("fcntl")
    reader, writer = pty.openpty()
    # Rows, columns, and two fields that are not used.
    fcntl.ioctl(writer, termios.TIOCSWINSZ, pack("HHHH", 40, 80, 0, 0))
    environment = os.environ | {"LANGUAGE": "zh_CN", "LIFECYCLE_LANG": "zh", "TERM": "xterm"}
    command = [sys.executable, "-m", "commands", "--db", f"sqlite:///{county_store}"]
    finished = subprocess.run(
        [*command, "score", "--year", "2024"],
        stdout=writer,
        env=environment,
        check=False,
    )
    os.close(writer)
    with os.fdopen(reader, "rb", closefd=True) as terminal:
        output = b""
        # A terminal whose other end is closed says so by an error once it is read out.
        with suppress(OSError):
            while piece := terminal.read1(100_000):
                output += piece
    assert finished.returncode == 0
    assert "未显示：过程与加分 / 推进与绩效" in output.decode()
