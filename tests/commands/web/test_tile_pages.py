"""Checkpoint and tiles are published to anybody, without a login, and can be switched off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commands.web.accounts import Accounts
from commands.web.application import application
from commands.web.login_sessions import LoginSessions
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint, Note
from lifecycle.log.tiles import Tile, TileTree
from tests.given import REPORTED
from tests.ledgers import fill
from tests.published_logs import EVENTS_OF_MONTH, record_month


@pytest.fixture
def ledger(store_url: str) -> Iterator[Ledger]:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
        record_month(ledger)
        yield ledger


@pytest.fixture
def key(ledger: Ledger, tmp_path: Path) -> SigningKey:
    return create_signer(ledger, tmp_path / "key.pem")


def anybody(ledger: Ledger, accounts: Accounts, *, publishes_tiles: bool = True) -> TestClient:
    """A client without an account."""
    app = application(
        ledger, LoginSessions(accounts), lambda _line: None, publishes_tiles=publishes_tiles
    )
    return TestClient(app, base_url="http://county.example", follow_redirects=False)


def test_anybody_reads_the_latest_checkpoint_and_its_tiles(
    ledger: Ledger, key: SigningKey, accounts: Accounts
) -> None:
    client = anybody(ledger, accounts)
    note = sign_checkpoint(ledger, key)
    answer = client.get("/checkpoint")
    assert (answer.status_code, answer.text) == (200, str(note))
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=5"
    checkpoint = Checkpoint.parse(Note.parse(answer.text).text)

    def read(tile: Tile) -> bytes:
        answer = client.get(f"/{tile.path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        return answer.content

    for _again in range(2):  # once from the store, once from memory
        tree = TileTree(read, checkpoint.size)
        assert tree.root() == checkpoint.root
        assert list(tree.leaves(0)) == ledger.leaves(1, checkpoint.size)


def test_what_no_checkpoint_covers_is_not_published(
    ledger: Ledger, key: SigningKey, accounts: Accounts
) -> None:
    client = anybody(ledger, accounts)
    assert client.get("/checkpoint").status_code == 404
    assert client.get("/tile/0/000").status_code == 404
    sign_checkpoint(ledger, key)
    covered = ledger.head().position % 256
    record_month(ledger, EVENTS_OF_MONTH)
    assert client.get(f"/tile/0/001.p/{covered}").status_code == 200
    # Earlier checkpoints need narrower tiles.
    assert client.get("/tile/0/001.p/1").content == ledger.leaves(257, 257)[0]
    for path in (f"/tile/0/001.p/{covered + 1}", "/tile/0/001", "/tile/0/002", "/tile/1/000"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/tile/0/1", "/tile/entries/000", "/tile/0/000.p/256", "/tile/", "/tile/9/x999/000"]
)
def test_other_addresses_are_not_found(
    ledger: Ledger, key: SigningKey, accounts: Accounts, path: str
) -> None:
    sign_checkpoint(ledger, key)
    assert anybody(ledger, accounts).get(path).status_code == 404


def test_publishing_can_be_switched_off(
    ledger: Ledger, key: SigningKey, accounts: Accounts
) -> None:
    sign_checkpoint(ledger, key)
    client = anybody(ledger, accounts, publishes_tiles=False)
    for path in ("/checkpoint", "/tile/0/000"):
        assert client.get(path).status_code == 404
    # Everything else stays behind the login.
    assert client.get("/audit").status_code == 303


def test_a_tree_of_sm3_has_no_tiles(tmp_path: Path, accounts: Accounts) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True, tree_hash="sm3") as ledger:
        fill(ledger, REPORTED, keep=False)
        sign_checkpoint(ledger, create_signer(ledger, tmp_path / "key.pem"))
        assert anybody(ledger, accounts).get("/checkpoint").status_code == 404
