"""The demo county's store, and `lifecycle` run on it as from a shell."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

import pytest

from commands.demo.county_records import records
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.ledgers import fill
from tests.store_copies import copy_key

RENAMED = {"中村乡": "中村镇"}
"""The county's renamed unit: its identity, and its name at the end of 2024."""


class CountyCli(Cli):
    """`lifecycle` on the demo county's store in a folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = folder / "l.db"
        super().__init__(f"sqlite:///{self.path}", capsys)


def create_county(folder: Path, events: int) -> None:
    """Write the demo county's first events into a store, and its key beside it."""
    with Ledger.open(f"sqlite:///{folder / 'l.db'}", create=True) as ledger:
        create_signer(ledger, folder / "key.pem")
        fill(ledger, islice(records(), events))


def copy_county(source: Path, target: Path) -> None:
    """Copy such a folder; the key stays its owner's alone."""
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("key.pem"))
    copy_key(source / "key.pem", target / "key.pem")
