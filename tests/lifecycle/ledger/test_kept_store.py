"""A store that is kept between parts of work, and a file that one process alone opens each time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pytest

from lifecycle.ledger.kept_store import KeptStore
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import StartMethod
from lifecycle.process_pool import ProcessPool
from lifecycle.rejections import StoreError
from tests.ledgers import new_ledger
from tests.platforms import not_on_windows
from tests.postgres import Server
from tests.store_copies import new_database

METHODS: Final[list[StartMethod]] = ["spawn"]
if sys.platform.startswith("linux"):
    METHODS.append("fork")


_lent: Final[list[Ledger]] = []
"""The ledgers that this process was lent."""


def ledgers_lent(common: tuple[KeptStore, str], _part: int) -> int:
    """Return how many ledgers this process was lent, which are open until it ends."""
    stores, url = common
    with stores.opened(url) as ledger:
        assert ledger.head().position == 0
    if ledger not in _lent:
        _lent.append(ledger)
    return len(_lent)


def test_a_server_s_store_stays_open_until_another_is_asked_for(
    postgres_url: str, server: Server
) -> None:
    Ledger.open(postgres_url, create=True).close()
    stores = KeptStore()
    with stores.opened(postgres_url) as first:
        assert first.head().position == 0
    with stores.opened(postgres_url) as again:
        assert again is first
        assert again.head().position == 0
    other_database = new_database()
    other_url = server.create(other_database)
    Ledger.open(other_url, create=True).close()
    with stores.opened(other_url) as other:
        assert other.url == other_url
    # The first was closed: a server has few connections.
    with pytest.raises(StoreError, match="closed"):
        first.head()
    stores.close()
    stores.close()
    with pytest.raises(StoreError, match="closed"):
        other.head()
    server.drop(other_database)


def test_a_command_s_own_process_closes_a_file_after_each_part(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        url, path = str(ledger.url), tmp_path / "ledger.db"
    stores = KeptStore()
    with stores.opened(url) as first:
        assert first.head().position == 0
    with stores.opened(url) as second:
        assert second is not first
    stores.close()
    path.unlink()
    with pytest.raises(StoreError), stores.opened(url):
        pass


@not_on_windows("one process works there")
@pytest.mark.parametrize("method", METHODS)
def test_a_pool_s_process_opens_a_file_once_and_closes_it_as_it_ends(
    method: StartMethod, tmp_path: Path
) -> None:
    with new_ledger(tmp_path) as ledger:
        url = str(ledger.url)
    counts = ProcessPool(2, method).outcomes(ledgers_lent, (KeptStore(), url), range(6))
    assert list(counts) == [1] * 6
    # Whoever closes a file last leaves no log beside it.
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.db"]
