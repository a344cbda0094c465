"""A county's store with its key, made once and copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.cli.main import run
from commands.demo.county_records import records
from commands.words.messages import choose_language
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.store import Ledger
from projections.audit.verifier import verify_bundle as v
from tests.ledgers import fill
from tests.trust.apart import Made, Said, make


@dataclass
class Told:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


class Cli:
    """`lifecycle` on one store."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Told:
        self._capsys.readouterr()
        choose_language()
        code = run(["--db", self.url, *map(str, arguments)])
        captured = self._capsys.readouterr()
        return Told(code, captured.out, captured.err)


@pytest.fixture(scope="session")
def county_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county's store and its key."""
    folder = tmp_path_factory.mktemp("trusted")
    with Ledger.open(f"sqlite:///{folder / 'l.db'}", create=True) as ledger:
        create_signer(ledger, folder / "key.pem")
        fill(ledger, records())
    return folder


@pytest.fixture
def county(
    county_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """A copy of it."""
    shutil.copytree(county_folder, tmp_path / "county")
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "county" / "key.pem"))
    return Cli(tmp_path / "county" / "l.db", capsys)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A small ledger's bundle, certificate, receipt and witness file."""
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The lines that the verifier says; its exit code goes with its last line."""

    def run(*arguments: object) -> list[str]:
        capsys.readouterr()
        code = v.main([str(argument) for argument in arguments])
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == "VERIFIED" if code == 0 else (code, lines[-1][:8]) == (1, "FAILED: ")
        return lines

    return run
