"""The command line, run in this process or in one of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from commands.cli.main import run
from commands.demo.county_records import records
from commands.intake.jsonl_records import write_jsonl
from commands.words.messages import choose_language
from lifecycle.ledger.store import Ledger
from tests.given import REPORTED
from tests.ledgers import fill
from tests.store_copies import CopyOf


@dataclass
class Answer:
    """The output and the exit code of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Cli:
    """`lifecycle` on one store."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = url
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Answer:
        self._capsys.readouterr()
        choose_language()
        code = run(["--db", self.url, *map(str, arguments)])
        captured = self._capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    @property
    def events(self) -> int:
        with Ledger.open(self.url) as ledger:
            return ledger.head().position


def _write_reported(url: str) -> None:
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)


@pytest.fixture
def cli(copy_of: CopyOf, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A store with three units and a project, on either database."""
    return Cli(copy_of(_write_reported), capsys)


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """No store yet."""
    return Cli(f"sqlite:///{tmp_path / 'l.db'}", capsys)


@pytest.fixture
def county(county_store: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """`lifecycle` on the demo county, read only."""
    return Cli(f"sqlite:///{county_store}", capsys)


@pytest.fixture
def own_county(county_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A writable copy of the demo county."""
    shutil.copy(county_store, tmp_path / "own.db")
    return Cli(f"sqlite:///{tmp_path / 'own.db'}", capsys)


@pytest.fixture(scope="session")
def county_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county as JSONL."""
    path = tmp_path_factory.mktemp("county") / "ledger.jsonl"
    write_jsonl(path, iter(records()))
    return path


def process(*arguments: object, **environment: str) -> Answer:
    """`lifecycle` in a process of its own."""
    finished = subprocess.run(
        [sys.executable, "-m", "commands", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Answer(finished.returncode, finished.stdout, finished.stderr)


@pytest.fixture
def spoken_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages in Chinese."""
    monkeypatch.setenv("LIFECYCLE_LANG", "zh_CN")
    monkeypatch.setenv("LANGUAGE", "zh_CN")
