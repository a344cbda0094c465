"""Where other machines open a member's ledger: without its password, and only the one verified."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.handlers.member_places import (
    OTHER_LEDGER,
    SECRET_IN_URL,
    opened_place,
    require_sendable,
    without_password,
)
from commands.handlers.region_file import RegionMember
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log.signed_notes import VerifierKey
from lifecycle.rejections import Rejected, StoreError
from projections.audit.bundles import write_bundle
from projections.facts.ledger_parts import LedgerPlace
from tests.given import REPORTED, of
from tests.ledgers import fill


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("sqlite:////srv/a.db", "sqlite:////srv/a.db"),
        ("/srv/a@b:c.db", "/srv/a@b:c.db"),
        ("postgresql+psycopg://city:p%40w@db:5433/l", "postgresql+psycopg://city@db:5433/l"),
        ("postgresql+psycopg://db/l", "postgresql+psycopg://db/l"),
        (
            "postgresql://city@/l?host=%2Fvar%2Frun&password=secret&sslmode=require",
            "postgresql://city@/l?host=%2Fvar%2Frun&sslmode=require",
        ),
    ],
)
def test_a_password_stays_here(url: str, sent: str) -> None:
    assert without_password(url) == sent


def bundled(place: str) -> RegionMember:
    key = VerifierKey("lifecycle/a", bytes(32))
    return RegionMember("开化县", None, place, Path("witness.jsonl"), key, None)


@pytest.mark.parametrize("url", ["https://a:b@host/b.zip", "https://host/b.zip?X-Signature=ab"])
def test_a_bundle_whose_url_holds_a_secret_is_not_sent(url: str) -> None:
    with pytest.raises(Rejected) as rejected:
        require_sendable(bundled(url))
    assert rejected.value.problems[0].template == SECRET_IN_URL


@pytest.mark.parametrize("path", ["/srv/wh@t?.zip", "s3://counties/b.zip"])
def test_other_bundles_are(path: str) -> None:
    require_sendable(bundled(path))


def place_of(ledger: Ledger, url: str) -> LedgerPlace:
    with ledger.recorder.cursor(write=False) as cursor:
        tree = StoredTree(ledger.recorder, cursor)
        return LedgerPlace(url, None, tree.size, tree.root(tree.size).hex())


def test_the_ledger_that_was_verified_is_opened(store_url: str, tmp_path: Path) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
        place = place_of(ledger, store_url)
        write_bundle(ledger, tmp_path / "bundle.zip")
        # It may have grown since.
        fill(ledger, [of("ConsultationHeld", "2024-02-01", outcome="passed")], keep=False)
    with opened_place(place) as opened:
        assert opened.head().position > place.tree_size
    of_bundle = place._replace(store=None, bundle=str(tmp_path / "bundle.zip"))
    with opened_place(of_bundle) as opened:
        assert opened.head().position == place.tree_size


def test_a_copy_that_lags_behind_or_differs_is_not(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
        place = place_of(ledger, store_url)
    for other in (place._replace(tree_size=place.tree_size + 1), place._replace(root="00" * 32)):
        with pytest.raises(StoreError) as raised, opened_place(other):
            pass
        assert raised.value.template == OTHER_LEDGER
