"""`audit tiles`: a folder of static files, from which anybody computes the signed root."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import sign_checkpoint
from lifecycle.ledger.store import Ledger
from lifecycle.log.signed_notes import Checkpoint
from lifecycle.log.tiles import TileTree, tiles_of
from lifecycle.rejections import Rejected, StoreError
from projections.audit.tile_folder import write_tile_folder
from tests.given import REPORTED
from tests.ledgers import CLERK, fill
from tests.outside_changes import change_outside
from tests.published_logs import EVENTS_OF_MONTH, PublishedStore, activity, record_month


@pytest.fixture
def published(store_url: str, tmp_path: Path) -> Iterator[PublishedStore]:
    store = PublishedStore(store_url, tmp_path)
    with store.ledger:
        yield store


def test_the_tiles_lead_to_the_signed_root_and_hold_every_leaf(published: PublishedStore) -> None:
    record_month(published.ledger)
    published.publish()
    size = published.ledger.head().position
    assert published.checkpoint.size == size
    tree = TileTree(published.read, size)
    assert tree.root() == published.checkpoint.root
    assert list(tree.leaves(0)) == published.ledger.leaves(1, size)
    assert {tile.path for tile in tiles_of(size)} | {"checkpoint"} == set(published.files())


def test_only_what_is_new_is_written(published: PublishedStore) -> None:
    record_month(published.ledger)
    assert published.publish() == 3  # one full and one partial leaf tile, and one above
    before = published.files()
    assert published.publish() == 0
    record_month(published.ledger, EVENTS_OF_MONTH)
    assert published.publish() == 3
    after = published.files()
    del before["checkpoint"]
    # Earlier partial tiles stay: somebody may be reading the checkpoint that needs them.
    assert before.items() <= after.items()


def test_a_tile_that_is_missing_or_cut_is_written_again(published: PublishedStore) -> None:
    record_month(published.ledger)
    published.publish()
    sound = published.files()
    (published.folder / "tile/0/000").write_bytes(b"cut")
    (published.folder / "tile/1/000.p/1").unlink()
    assert published.publish() == 2
    assert published.files() == sound


@pytest.mark.parametrize("position", [1, 200, 290])
def test_a_changed_event_is_not_published(published: PublishedStore, position: int) -> None:
    record_month(published.ledger)
    sign_checkpoint(published.ledger, published.key)
    column = "rowid" if published.url.startswith("sqlite") else "notification_id"
    change_outside(
        published.url, (f"UPDATE ledger_events SET state = ? WHERE {column} = ?", (b"{}", position))
    )
    with pytest.raises(Rejected, match="does not lead to the signed root"):
        write_tile_folder(published.ledger, published.folder)
    assert not (published.folder / "checkpoint").exists()


def test_a_folder_of_another_history_stays_as_it_is(
    published: PublishedStore, tmp_path: Path
) -> None:
    published.publish()
    before = published.files()
    (tmp_path / "another").mkdir()
    another = PublishedStore(f"sqlite:///{tmp_path / 'another.db'}", tmp_path / "another")
    another.folder = published.folder
    with pytest.raises(Rejected, match="does not continue; nothing was written"):
        another.publish()
    assert published.files() == before


def test_a_store_that_was_cut_back_is_not_published_over_a_longer_one(
    published: PublishedStore,
) -> None:
    entry = published.ledger.record(read_record(activity(0)), CLERK)
    published.publish()
    longer = Checkpoint(published.checkpoint.origin, entry.position + 1, b"\0" * 32)
    note = str(published.key.sign(longer.text))
    (published.folder / "checkpoint").write_bytes(note.encode())
    with pytest.raises(Rejected, match="nothing was written"):
        published.publish()
    (published.folder / "checkpoint").write_text("none", encoding="utf-8")
    with pytest.raises(StoreError, match="is not a signed checkpoint"):
        published.publish()


def test_a_store_without_checkpoint_or_with_sm3_has_nothing_to_publish(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'new.db'}", create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
        with pytest.raises(StoreError, match="no signed checkpoint yet"):
            write_tile_folder(ledger, tmp_path / "published")
    url = f"sqlite:///{tmp_path / 'sm3.db'}"
    uses_sm3 = pytest.raises(Rejected, match="SHA-256 only; the tree of this ledger uses sm3")
    with Ledger.open(url, create=True, tree_hash="sm3") as ledger, uses_sm3:
        write_tile_folder(ledger, tmp_path / "published")
    assert not (tmp_path / "published").exists()
