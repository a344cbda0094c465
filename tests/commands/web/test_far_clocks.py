"""Pages under a clock at the far end of the calendar, and under a store that is taken away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commands.web.application import application
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import machine_clock
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from tests.platforms import not_on_windows

PAGES = (
    "/",
    "/charts",
    "/deadlines",
    "/sheets",
    "/projects",
    "/resources",
    "/audit",
    "/unit?name=华埠镇",
)


@pytest.fixture
def own_ledger(county_ledger: Ledger, tmp_path: Path) -> Iterator[Ledger]:
    """A copy of the county's ledger, to be taken away."""
    with county_ledger.recorder.cursor(write=False) as cursor:
        cursor.execute("PRAGMA database_list")
        source = Path(cursor.fetchall()[0][2])
    for suffix in ("", "-wal", "-shm"):
        file = source.with_name(source.name + suffix)
        if file.exists():
            shutil.copy(file, tmp_path / f"own.db{suffix}")
    with Ledger.open(f"sqlite:///{tmp_path / 'own.db'}") as ledger:
        yield ledger


def pages_of(ledger: Ledger) -> TestClient:
    pages = application(ledger, None, lambda _line: None)
    return TestClient(pages, base_url="http://localhost", raise_server_exceptions=False)


@pytest.mark.parametrize("year", [1, 1969, 2300, 9999])
def test_a_clock_at_the_far_end_of_the_calendar_ends_no_page_in_an_error(
    own_ledger: Ledger, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    moment = datetime(year, 12, 31, 23, 59, tzinfo=SHANGHAI)
    monkeypatch.setattr(machine_clock, "machine_time", lambda: moment)
    browser = pages_of(own_ledger)
    for page in PAGES:
        assert browser.get(page).status_code in (200, 400, 404), page


@not_on_windows("a file that is open cannot be deleted there")
def test_a_store_taken_away_while_serving_is_said(own_ledger: Ledger, tmp_path: Path) -> None:
    browser = pages_of(own_ledger)
    assert browser.get("/").status_code == 200
    assert sqlite_path(f"sqlite:///{tmp_path / 'own.db'}") is not None
    for file in tmp_path.glob("own.db*"):
        file.unlink()
    for page in (*PAGES, "/audit?verify=1", "/?as_of=2024-03-31"):
        answer = browser.get(page)
        assert answer.status_code in (200, 503), page
        assert "Traceback" not in answer.text
