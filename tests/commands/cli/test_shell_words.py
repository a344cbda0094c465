"""Advice that can be pasted into the shell at hand."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commands.cli.shared.shell_words import python_command, shell_quoted
from tests.commands.conftest import Cli

NAMES = ["ledger.xlsx", "招商 台账.xlsx", "a'b.xlsx", "$HOME.xlsx", "a&b (1).xlsx", ""]


@pytest.mark.parametrize("name", NAMES)
def test_the_shell_reads_a_quoted_argument_whole(name: str) -> None:
    answer = subprocess.run(
        ["sh", "-c", f"printf %s {shell_quoted(name)}"], capture_output=True, text=True, check=True
    )

    assert answer.stdout == name


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
def test_windows_shells_are_given_double_quotes(
    monkeypatch: pytest.MonkeyPatch, argument: str, quoted: str
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert shell_quoted(argument) == quoted


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
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", r"D:\招商 办\python\python.exe")
    monkeypatch.setattr(shutil, "which", places.get)

    assert python_command() == command


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
