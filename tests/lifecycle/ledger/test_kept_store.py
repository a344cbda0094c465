"""A store that is kept between parts of work: a server's is opened once, a file each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle.ledger.kept_store import KeptStore
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.ledgers import new_ledger
from tests.postgres import Server
from tests.store_copies import new_database


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


def test_a_file_is_closed_after_each_part(tmp_path: Path) -> None:
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
