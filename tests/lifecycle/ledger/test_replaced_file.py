"""An open store whose file is moved, removed or replaced: nothing more is taken for recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.given import unit
from tests.ledgers import CLERK, fill, new_ledger
from tests.platforms import not_on_windows

pytestmark = not_on_windows("Windows keeps the file of an open store where it is")


def move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def replace(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copyfile(path, copy)
    copy.replace(path)


def move_and_restore(path: Path) -> None:
    move(path)
    shutil.copyfile(path.with_name("moved.db"), path)


CHANGES = pytest.mark.parametrize("change", [move, Path.unlink, replace, move_and_restore])


@CHANGES
def test_nothing_is_recorded_in_or_read_from_a_file_that_nobody_finds(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, [unit("甲镇")], keep=False)
        change(tmp_path / "ledger.db")
        with pytest.raises(StoreError, match="was replaced or removed while it was open"):
            ledger.record(read_record(unit("乙镇")), CLERK)
        with pytest.raises(StoreError, match="was replaced or removed while it was open"):
            ledger.head()


@CHANGES
def test_nothing_is_recorded_where_the_file_goes_while_a_unit_of_work_decides(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, [unit("甲镇")], keep=False)
        with (
            pytest.raises(StoreError, match="was replaced or removed"),
            ledger.unit_of_work(CLERK) as work,
        ):
            work.record(read_record(unit("乙镇")))
            change(tmp_path / "ledger.db")


def test_a_file_that_grew_elsewhere_is_still_the_same(tmp_path: Path) -> None:
    with (
        new_ledger(tmp_path) as ledger,
        Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}") as other,
    ):
        fill(other, [unit("甲镇")], keep=False)
        assert ledger.record(read_record(unit("乙镇")), CLERK).position == 2


def test_no_store_is_made_beside_the_log_of_another(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        fill(ledger, [unit("甲镇")], keep=False)
        shutil.copyfile(tmp_path / "ledger.db-wal", tmp_path / "new.db-wal")
    with pytest.raises(StoreError, match=r"new\.db-wal is left of a store"):
        new_ledger(tmp_path, "new")
    assert not (tmp_path / "new.db").exists()
    (tmp_path / "new.db-wal").unlink()
    new_ledger(tmp_path, "new").close()
