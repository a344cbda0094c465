"""The audit page's verdict: reached anew each time, and shown with its position and moment."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commands.web.application import application
from lifecycle.ledger.store import Ledger
from tests.given import UNITS
from tests.ledgers import fill
from tests.outside_changes import change_outside

VERIFIED_AT = re.compile(r"核验于 (\d{4}年\d+月\d+日 \d\d:\d\d)，核至第 (\d+) 条事件")


def verdict_of(browser: TestClient) -> str:
    """The sign of the verdict that the page shows."""
    page = browser.get("/audit?verify=1").text
    (sign,) = re.findall(r"<strong>([✓×]) ", page)
    return str(sign)


@pytest.mark.parametrize("hold", [0.0, 3600.0])
def test_an_edited_event_shows_at_the_next_verification(tmp_path: Path, hold: float) -> None:
    ledger_url = f"sqlite:///{tmp_path / 'l.db'}"
    with Ledger.open(ledger_url, create=True) as ledger:
        fill(ledger, UNITS, keep=False)
        app = application(ledger, None, lambda _line: None, hold=hold)
        browser = TestClient(app, base_url="http://localhost")
        assert [verdict_of(browser), verdict_of(browser)] == ["✓", "✓"]
        edit = "UPDATE ledger_events SET state = replace(state, 'township', 'townshiq')"
        change_outside(ledger_url, edit)
        assert verdict_of(browser) == "×"


def test_a_verdict_names_its_position_and_moment(tmp_path: Path) -> None:
    moment = datetime.fromisoformat("2026-03-04T09:10:11+08:00")
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger:
        fill(ledger, UNITS, keep=False)
        ledger.clock = lambda: moment
        app = application(ledger, None, lambda _line: None)
        answer = TestClient(app, base_url="http://localhost").get("/audit?verify=1")
        shown = VERIFIED_AT.search(answer.text)
        assert shown is not None
        assert shown.groups() == ("2026年3月4日 09:10", str(ledger.head().position))
        assert answer.headers["cache-control"] == "no-store"


def test_without_asking_there_is_no_verdict(reading: TestClient) -> None:
    page = reading.get("/audit").text
    assert "✓" not in page
    assert VERIFIED_AT.search(page) is None


def test_a_sound_store_is_consistent_and_what_is_not_shown_is_said(reading: TestClient) -> None:
    page = reading.get("/audit?verify=1").text
    assert "内部一致</strong>（CONSISTENT）" in page
    assert "未能证明：库外没有凭据佐证" in page
    assert "VERIFIED" not in page
