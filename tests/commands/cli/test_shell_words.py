"""Advice that can be pasted into the shell at hand."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands.cli.shared import shell_words
from commands.cli.shared.shell_words import (
    Shell,
    python_command,
    runs_one_command,
    shell_command,
    shell_quoted,
)
from tests.commands.conftest import Cli
from tests.platforms import not_on_windows

NAMES = ["ledger.xlsx", "招商 台账.xlsx", "a'b.xlsx", "$HOME.xlsx", "a&b (1).xlsx", ""]


in_a_posix_shell = not_on_windows("Windows has no sh; tests/windows tries its shells")


@in_a_posix_shell
@pytest.mark.parametrize("name", NAMES)
def test_the_shell_reads_a_quoted_argument_whole(name: str) -> None:
    answer = subprocess.run(
        ["sh", "-c", f"printf %s {shell_quoted(name)}"], capture_output=True, text=True, check=True
    )

    assert answer.stdout == name


@pytest.fixture
def cmd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called from Windows' command prompt."""
    monkeypatch.setattr(shell_words, "shell_at_hand", lambda: Shell.CMD)


@pytest.fixture
def powershell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called from PowerShell."""
    monkeypatch.setattr(shell_words, "shell_at_hand", lambda: Shell.POWERSHELL)


@pytest.mark.usefixtures("cmd")
@pytest.mark.parametrize(
    ("argument", "quoted"),
    [
        (r"C:\招商\ledger.xlsx", r"C:\招商\ledger.xlsx"),
        (r"C:\招商 办\ledger.xlsx", r'"C:\招商 办\ledger.xlsx"'),
        ("a'b.xlsx", '"a\'b.xlsx"'),
        ("a&b.xlsx", '"a&b.xlsx"'),
        ("sqlite:///C:/招商/ledger.db", "sqlite:///C:/招商/ledger.db"),
    ],
)
def test_cmd_is_given_double_quotes(argument: str, quoted: str) -> None:
    assert shell_quoted(argument) == quoted


@pytest.mark.usefixtures("powershell")
@pytest.mark.parametrize(
    ("argument", "quoted"),
    [
        (r"C:\招商\ledger.xlsx", r"C:\招商\ledger.xlsx"),
        (r"C:\招商 办\ledger.xlsx", r"'C:\招商 办\ledger.xlsx'"),
        ("“双招双引”.xlsx", "'“双招双引”.xlsx'"),
        ("‘双招双引’.xlsx", "'‘‘双招双引’’.xlsx'"),
        ("a'b.xlsx", "'a''b.xlsx'"),
        ("$HOME`n.xlsx", "'$HOME`n.xlsx'"),
    ],
)
def test_powershell_is_given_single_quotes(argument: str, quoted: str) -> None:
    assert shell_quoted(argument) == quoted


@pytest.mark.usefixtures("cmd")
@pytest.mark.parametrize(
    ("places", "command"),
    [
        ({"python": r"C:\Python311\python.exe", "py": r"C:\Windows\py.exe"}, "python"),
        ({"python": r"C:\Users\a\AppData\WindowsApps\python.exe", "py": r"C:\py.exe"}, "py"),
        ({}, r'"D:\招商 办\python\python.exe"'),
    ],
)
def test_python_is_called_as_windows_knows_it(
    monkeypatch: pytest.MonkeyPatch, places: dict[str, str], command: str
) -> None:
    monkeypatch.setattr(sys, "executable", r"D:\招商 办\python\python.exe")
    monkeypatch.setattr(shutil, "which", places.get)

    assert python_command() == command


@pytest.mark.usefixtures("powershell")
@pytest.mark.parametrize(
    ("program", "word"),
    [
        (r"D:\lifecycle\python\python.exe", r"D:\lifecycle\python\python.exe"),
        (r"D:\招商 办\python\python.exe", r"& 'D:\招商 办\python\python.exe'"),
    ],
)
def test_powershell_calls_a_quoted_program_by_an_ampersand(program: str, word: str) -> None:
    assert shell_command(program) == word


@pytest.mark.parametrize(
    ("cmd_line", "is_for_one_command"),
    [
        (r'"C:\WINDOWS\system32\cmd.exe" /c ""D:\lifecycle\lifecycle.cmd" status"', True),
        (r"C:\Windows\System32\cmd.exe /d /s /c lifecycle.cmd", True),
        ("cmd /q/C lifecycle.cmd", True),
        (r'"C:\WINDOWS\system32\cmd.exe"', False),
        (r'C:\Windows\cmd.exe /k "set PATH=D:\lifecycle;%PATH%"', False),
        ("", False),
    ],
)
def test_cmd_between_powershell_and_a_script_is_told_from_a_prompt(
    cmd_line: str, *, is_for_one_command: bool
) -> None:
    assert runs_one_command(cmd_line) is is_for_one_command


@in_a_posix_shell
def test_a_printed_command_works_where_the_folder_has_a_blank(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", "en")
    workbook = tmp_path / "招商 办.xlsx"

    answer = cli("template", workbook)

    command = answer.out.rpartition("run: lifecycle ")[2].strip()
    words = subprocess.run(
        ["sh", "-c", f'for word in {command}; do echo "$word"; done'],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert words == ["import", str(workbook)]
    assert cli(*words).code == 0
