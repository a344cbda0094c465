"""Pages of a store beside which nothing may be written follow it, as those of any other do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commands.web.application import application
from commands.web.county_views import CountyViews
from lifecycle.ledger.recorders.sqlite_source import log_beside
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.commands.web.test_county_views import SIGNED, START
from tests.given import JsonRecord, World, of, reported
from tests.ledgers import LATER, fill, new_ledger
from tests.outside_changes import empty_log

REVIEWED = of("ReviewHeld", "2024-03-05", findings="正常")


class SharedFolder:
    """A store that one computer records in, and another may only read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "ledger.db"
        self._may_write = True
        monkeypatch.setattr(
            "lifecycle.ledger.recorders.sqlite_source._may_write_beside",
            lambda _path: self._may_write,
        )
        World(folder).given(*START).ledger.close()

    def recording(self) -> Ledger:
        return Ledger.open(f"sqlite:///{self.path}", clock=lambda: LATER)

    def record(self, *records: JsonRecord) -> None:
        """Record by a command of its own, which leaves no log of late writes."""
        self._may_write = True
        with self.recording() as ledger:
            fill(ledger, records, keep=False)
        self._may_write = False

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        self._may_write = False
        with Ledger.open(f"sqlite:///{self.path}", clock=lambda: LATER) as ledger:
            yield ledger


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SharedFolder:
    folder = tmp_path / "share"
    folder.mkdir()
    return SharedFolder(folder, monkeypatch)


def browser_of(ledger: Ledger, hold: float = 0) -> TestClient:
    pages = application(ledger, None, lambda _entry: None, hold=hold)
    return TestClient(pages, base_url="http://localhost")


def page(browser: TestClient, address: str = "/project?code=P&year=2024") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_copied_store_is_followed(shared: SharedFolder) -> None:
    with shared.recording() as clerk:
        fill(clerk, [REVIEWED], keep=False)
        assert log_beside(shared.path).exists()
        with shared.reading() as ledger:
            browser = browser_of(ledger)
            seen = [page(browser)]
            for record in (SIGNED, of("ReviewHeld", "2024-04-05", findings="正常")):
                fill(clerk, [record], keep=False)
                seen.append(page(browser))
            with shared.reading() as opened_anew:
                assert seen[-1] == page(browser_of(opened_anew))
    assert len(set(seen)) == 3


def test_pages_stay_at_a_position_while_the_store_that_was_copied_grows(
    shared: SharedFolder,
) -> None:
    with shared.recording() as clerk:
        fill(clerk, [REVIEWED], keep=False)
        with shared.reading() as ledger:
            browser = browser_of(ledger, hold=600)
            before = page(browser)
            fill(clerk, [SIGNED], keep=False)
            assert page(browser) == before
            # This one has to read the copy.
            assert "2024-03-01" not in page(browser, "/project?code=P&year=2024&as_of=2024-12-30")


@pytest.mark.parametrize("hold", [0, 600])
def test_a_store_without_a_log_is_followed(shared: SharedFolder, hold: float) -> None:
    with shared.reading() as ledger:
        browser = browser_of(ledger, hold)
        seen = [page(browser)]
        for record in (REVIEWED, SIGNED):
            shared.record(record)
            seen.append(page(browser))
        with shared.reading() as opened_anew:
            assert seen[-1] == page(browser_of(opened_anew))
    assert len(set(seen)) == 3


def test_an_event_between_opening_and_the_first_page_is_seen(shared: SharedFolder) -> None:
    with shared.recording() as clerk:
        fill(clerk, [REVIEWED], keep=False)
        with shared.reading() as ledger:
            fill(clerk, [SIGNED], keep=False)
            assert CountyViews(ledger).position() == clerk.head().position


def test_another_store_over_the_file_is_no_growth(shared: SharedFolder, tmp_path: Path) -> None:
    with new_ledger(tmp_path, "other") as other:
        fill(other, [*START[:4], reported("R"), *START[4:]], keep=False)
    empty_log(tmp_path / "other.db")
    with shared.reading() as ledger:
        counties = CountyViews(ledger, hold=0)
        counties.position()
        assert counties.changes_seen == 0
        # As by a program that moves the whole file into its place.
        (tmp_path / "other.db").replace(shared.path)
        counties.position()
        assert counties.changes_seen == 1


def test_a_removed_store_is_said_to_be_gone(shared: SharedFolder) -> None:
    with shared.reading() as ledger:
        counties = CountyViews(ledger, hold=0)
        counties.position()
        shared.path.unlink()
        with pytest.raises(StoreError, match="replaced or removed"):
            counties.position()


def test_copies_are_not_left_behind(
    shared: SharedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    with shared.recording() as clerk:
        fill(clerk, [REVIEWED], keep=False)
        with shared.reading() as ledger:
            counties = CountyViews(ledger, hold=0)
            for number in range(4):
                fill(clerk, [of("ReviewHeld", "2024-03-06", findings=f"{number}")], keep=False)
                assert counties.position() == clerk.head().position
            # The one that is read, and the one before, which another page may still read.
            assert len(list(copies.iterdir())) == 2
        assert list(copies.iterdir()) == []
