"""The line for cron in the pages on backups does what it says, failures included."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lifecycle.ledger.store import Ledger
from tests.given import REPORTED
from tests.ledgers import fill
from tests.platforms import not_on_windows

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("keeping.md", "keeping.zh-CN.md")
PROGRAM = Path(sys.executable).with_name("lifecycle")

pytestmark = not_on_windows("cron; tests/windows/check_shells.py runs the line for its scheduler")


class ScheduledLine:
    """What cron would run, in a folder with a store and a `logger` that writes to a file."""

    def __init__(self, page: str, folder: Path) -> None:
        text = (DOCS / page).read_text(encoding="utf-8")
        (line,) = re.findall(r"^    30 12 \* \* \* (.+)$", text, re.MULTILINE)
        assert "%" not in line  # which cron takes for the end of a line
        places = {
            "/srv/lifecycle/ledger.db": folder / "ledger.db",
            "/usr/local/bin/lifecycle": PROGRAM,
            "/mnt/backup": folder / "备份",
        }
        for documented, place in places.items():
            assert documented in line
            line = line.replace(documented, str(place))
        self._command = line
        self._folder = folder
        logger = folder / "logger"
        logger.write_text(f'#!/bin/sh\necho "$@" >> {folder}/log\n')
        logger.chmod(0o755)

    def run(self) -> int:
        """Run it as cron does: by /bin/sh, with few variables; return its exit code."""
        few_variables = {"HOME": str(self._folder), "PATH": f"{self._folder}:/usr/bin:/bin"}
        return subprocess.run(
            ["/bin/sh", "-c", self._command], env=few_variables, cwd="/", check=False
        ).returncode

    @property
    def logged(self) -> str:
        """What the line has written to the system's log."""
        log = self._folder / "log"
        return log.read_text() if log.exists() else ""


@pytest.mark.parametrize("page", PAGES)
def test_cron_backs_up_and_logs_what_fails(page: str, tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
    (tmp_path / "备份").mkdir()
    line = ScheduledLine(page, tmp_path)

    assert line.run() == 0
    assert line.logged == ""
    assert len([*(tmp_path / "备份").iterdir()]) == 1

    (tmp_path / "ledger.db").unlink()
    line.run()
    assert line.logged == "-t lifecycle backup failed\n"
    assert len([*(tmp_path / "备份").iterdir()]) == 1
