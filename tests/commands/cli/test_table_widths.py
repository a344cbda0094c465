"""No table on a terminal loses a column or a character without saying so."""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import re
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
from tests.commands.cli.screens import (
    REGION_SCREENS,
    SCREENS,
    WITHOUT_SCREEN,
    commands_with_tables,
)
from tests.commands.conftest import Cli
from tests.commands.region_cli import RegionCli
from tests.regions import Region

WIDTHS = (80, 100, 160)
# Lines of rich's box, and of sections.
FRAME = set("─━ \n")


def characters(text: str) -> Counter[str]:
    return Counter(character for character in text if character not in FRAME)


@pytest.fixture
def region_cli(region: Region, capsys: pytest.CaptureFixture[str]) -> RegionCli:
    return RegionCli(region, capsys)


@pytest.fixture(scope="module")
def loaded_commands() -> None:
    """Every command is loaded, so that what they call can be replaced in each."""
    for module in pkgutil.walk_packages(commands.cli.__path__, "commands.cli."):
        # What only Windows can load prints no table.
        if "windows" not in module.name:
            importlib.import_module(module.name)


class Screens:
    """Runs commands and collects what they show, to show it again at any width."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._shown: list[Callable[[], None]] = []
        for name in ("print_table", "print_section"):
            replacement = self._collecting(getattr(table_output, name))
            for module in list(sys.modules.values()):
                if module.__name__.startswith("commands.cli") and hasattr(module, name):
                    patch.setattr(module, name, replacement)

    def _collecting(self, function: Callable[..., None]) -> Callable[..., None]:
        def collect(*parts: Any, **options: Any) -> None:
            self._shown.append(partial(function, *parts, **options))

        return collect

    def check(self) -> None:
        """Check all that was collected at each width."""
        for show in self._shown:
            check_widths(show)


@pytest.fixture
def screens(loaded_commands: None, monkeypatch: pytest.MonkeyPatch) -> Screens:
    return Screens(monkeypatch)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("screen", SCREENS, ids=" ".join)
def test_every_screen_is_whole_or_says_what_it_leaves_out(
    own_county: Cli,
    screens: Screens,
    screen: tuple[str, ...],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    answer = own_county(*screen)
    assert answer.code == 0, answer.err
    screens.check()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_screen_of_a_region_is_whole_too(
    region_cli: RegionCli, screens: Screens, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    region_cli.adopt()
    for command, *arguments in REGION_SCREENS:
        answer = region_cli.on(command, *arguments)
        assert answer.code == 0, answer.err
    screens.check()


def test_every_command_that_prints_a_table_is_looked_at() -> None:
    looked_at = set(WITHOUT_SCREEN)
    region_screens = [("region", *screen) for screen in REGION_SCREENS]
    for screen in (*SCREENS, *region_screens):
        # A command's words come before its arguments.
        looked_at |= {" ".join(screen[:count]) for count in range(1, len(screen) + 1)}
    assert commands_with_tables() - looked_at == set()
    assert set(WITHOUT_SCREEN) - commands_with_tables() == set()


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


# The widths at which the county's ranking is whole, and at which a note names what is hidden.
@pytest.mark.parametrize(("width", "is_whole"), [(80, False), (100, True), (160, True)])
@pytest.mark.parametrize(("language", "note"), [("zh", "未显示"), ("en", "not shown in")])
def test_on_a_real_terminal(
    county_store: Path, width: int, language: str, note: str, *, is_whole: bool
) -> None:
    """The width is the terminal's own: a program on a pseudo-terminal."""
    pty = pytest.importorskip("pty")
    termios = pytest.importorskip("termios")
    fcntl = pytest.importorskip("fcntl")
    reader, writer = pty.openpty()
    # Rows, columns, and two fields that are not used.
    fcntl.ioctl(writer, termios.TIOCSWINSZ, pack("HHHH", 40, width, 0, 0))
    environment = os.environ | {"LIFECYCLE_LANG": language, "TERM": "xterm"}
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
    text = re.sub(r"\x1b\[[0-9;]*m", "", output.decode())
    assert (note not in text) == is_whole
    assert "县财政局" in text
    assert "…" not in text
    # A sentence goes on in the next line; a table must not.
    rules = [line for line in text.splitlines() if "──" in line]
    assert rules
    assert max(map(cell_len, rules)) <= width
