"""A caller may close standard input, output or error: a command does its work all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.platforms import not_on_windows

pytestmark = not_on_windows("cmd.exe cannot close a stream")

ROOT = Path(__file__).parents[3]


def lifecycle(redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    shell = f'exec "$@" {redirection}'
    python = (sys.executable, "-W", "error", "-m", "commands")
    return subprocess.run(
        ["/bin/sh", "-c", shell, "sh", *python, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_table_is_printed_where_there_is_output(tmp_path: Path, redirection: str) -> None:
    store = f"sqlite:///{tmp_path / 'ledger.db'}"

    assert lifecycle(redirection, "--db", store, "init").returncode == 0
    answer = lifecycle(redirection, "--db", store, "rulebook", "list")

    assert (answer.returncode, answer.stderr) == (0, "")
    assert ("kaihua-2024" in answer.stdout) is (">&-" not in redirection.split())


def test_nobody_can_be_asked_without_input(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'ledger.db'}"

    assert lifecycle("<&-", "--db", store, "init").returncode == 0
    answer = lifecycle("<&-", "--db", store, "record", "投资出数")

    assert answer.returncode == 1
    assert "(month)" in answer.stderr
