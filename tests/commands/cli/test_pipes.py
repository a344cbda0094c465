"""A pipe or a device in the place of a file is rejected at once, and so is a file without end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands.cli.main import run
from tests.commands.conftest import Cli
from tests.platforms import not_on_windows

pytestmark = not_on_windows("Windows has no pipes among files")

COMMANDS = [
    ("audit", "verify", "--witness", "{}"),
    ("audit", "verify", "--receipt", "{}"),
    ("audit", "receipt", "{}"),
    ("audit", "checkpoint", "--witness", "{}"),
    ("audit", "add-cosignature", "{}"),
    ("import", "{}.jsonl"),
    ("import", "{}.csv"),
    ("import", "{}.xlsx"),
    ("rulebook", "check", "{}.toml"),
    ("rulebook", "import", "{}.xlsx"),
    ("calendar", "add", "{}.csv", "--source-ref", "x", "--occurred-on", "2024-01-01"),
]


@pytest.fixture(params=["pipe", "device"])
def endless(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A pipe that nobody writes to, or a link to a device that never ends, under any suffix."""
    for suffix in ("", ".jsonl", ".csv", ".xlsx", ".toml"):
        path = tmp_path / f"endless{suffix}"
        if request.param == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/zero")
    return tmp_path / "endless"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_it_is_no_regular_file(cli: Cli, endless: Path, command: tuple[str, ...]) -> None:
    answer = cli(*(part.format(endless) for part in command))

    assert answer.code == 3
    assert "it is no regular file" in answer.err


def test_nor_is_it_a_backup(
    endless: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--db", f"sqlite:///{tmp_path / 'new.db'}", "restore", str(endless)]) == 3
    assert "it is no regular file" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--receipt", "--witness"])
def test_a_file_of_gigabytes_is_not_read_into_memory(cli: Cli, tmp_path: Path, option: str) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(8 << 30)

    answer = cli("audit", "verify", option, path)

    assert answer.code == 3
    assert "it is larger than 64 MiB" in answer.err
