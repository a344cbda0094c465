"""A store whose file is replaced, removed or written to beside SQLite while it is open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import Verdict, verify
from lifecycle.rejections import StoreError
from tests.given import REPORTED, unit
from tests.ledgers import CLERK
from tests.outside_changes import overwrite_bytes

WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="an open file stays in its place")


def new_store(path: Path) -> Path:
    """A closed store of a few events, all of them in its file."""
    with Ledger.open(str(path), create=True) as ledger:
        for record in REPORTED:
            ledger.record(read_record(record), CLERK)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The file of a store."""
    return new_store(tmp_path / "ledger.db")


@pytest.fixture
def ledger(store: Path) -> Iterator[Ledger]:
    """The store, open for as long as the test runs."""
    with Ledger.open(str(store)) as ledger:
        yield ledger


@WINDOWS
@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_file_that_is_no_longer_in_its_place_is_neither_read_nor_written(
    ledger: Ledger, store: Path, tmp_path: Path, *, is_replaced: bool
) -> None:
    ledger.record(read_record(unit("旧库的镇")), CLERK)
    if is_replaced:
        new_store(tmp_path / "other.db").replace(store)
    else:
        store.unlink()
    with pytest.raises(StoreError, match="replaced or removed"):
        ledger.head()
    with pytest.raises(StoreError, match="replaced or removed"):
        ledger.record(read_record(unit("新镇")), CLERK)


@WINDOWS
def test_a_file_that_comes_back_to_its_place_is_read_on(ledger: Ledger, store: Path) -> None:
    position = ledger.head().position
    store.rename(store.with_suffix(".aside"))
    with pytest.raises(StoreError, match="replaced or removed"):
        ledger.head()
    store.with_suffix(".aside").rename(store)
    assert ledger.head().position == position


def test_each_verification_reads_the_file_and_not_what_is_in_memory(
    ledger: Ledger, store: Path
) -> None:
    for _connection in range(3):  # the pool lends them in turn
        assert verify(ledger).verdict is Verdict.CONSISTENT
    overwrite_bytes(store, "投资方P", "投资方Q")
    assert verify(ledger).verdict is Verdict.DIFFERS
