"""The demo county's store, and `lifecycle` run on it as a person would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.cli.main import run
from commands.demo.county_records import records
from commands.words.messages import choose_language
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.store import Ledger
from tests.ledgers import fill


@dataclass
class Output:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Cli:
    """`lifecycle` on one store."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Output:
        self._capsys.readouterr()
        choose_language()
        code = run(["--db", self.url, *map(str, arguments)])
        captured = self._capsys.readouterr()
        return Output(code, captured.out, captured.err)


def create_county(folder: Path) -> None:
    """Write the demo county's store and its key into a folder."""
    with Ledger.open(f"sqlite:///{folder / 'l.db'}", create=True) as ledger:
        create_signer(ledger, folder / "key.pem")
        fill(ledger, records())
