"""Deadlines as a calendar file: read back by the standard's other readers, at an address too."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest
from starlette.testclient import TestClient

from commands.web.accounts import Accounts
from commands.web.application import application
from commands.web.login_sessions import LoginSessions
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli

DAY = ("--as-of", "2024-06-05")
PASSWORD = "correct horse battery"


def entries(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def written(county: Cli, file: Path, *options: str) -> bytes:
    answer = county("calendar", file, *options, *DAY)
    assert answer.code == 0, answer.err
    return file.read_bytes()


def test_a_calendar_has_the_deadlines_that_the_command_lists(county: Cli, tmp_path: Path) -> None:
    content = written(county, tmp_path / "华埠.ics", "--unit", "华埠镇")

    rows = county("deadlines", "--unit", "华埠镇", *DAY, "--format", "json").json
    days_and_projects = [
        (entry["dtstart"].dt.isoformat(), project)
        for entry in entries(content)
        for project in str(entry["summary"]).split()
        if "KH-" in project
    ]
    for row in rows:
        assert any(
            day == row["due_on"] and row["project"] in project for day, project in days_and_projects
        ), row
    # Beyond what a list shows, what falls due later than in a quarter.
    assert len(days_and_projects) >= len(rows)


def test_entries_are_whole_days_with_names_that_last(county: Cli, tmp_path: Path) -> None:
    first = written(county, tmp_path / "a.ics")
    second = written(county, tmp_path / "b.ics")

    assert first == second
    names = [str(entry["uid"]) for entry in entries(first)]
    assert len(names) == len(set(names))
    for entry in entries(first):
        assert isinstance(entry["dtstart"].dt, date)
        assert "考" in entry["description"] or "意" in entry["description"]
    # RFC 5545, 3.1: lines end in CRLF and hold at most 75 octets.
    for line in first.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75


def test_a_unit_that_is_not_there_is_an_error(county: Cli, tmp_path: Path) -> None:
    answer = county("calendar", tmp_path / "x.ics", "--unit", "无此镇")

    assert answer.code == 1
    assert not (tmp_path / "x.ics").exists()


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    known = Accounts(tmp_path / "accounts.json")
    known.add("leader", "leader", None, PASSWORD)
    known.add("town", "unit", "华埠镇", PASSWORD)
    return known


def pages_of(
    store: Path, accounts: Accounts | None, *, offers_calendars: bool = True
) -> TestClient:
    ledger = Ledger.open(f"sqlite:///{store}")
    sessions = None if accounts is None else LoginSessions(accounts)
    app = application(ledger, sessions, lambda _line: None, offers_calendars=offers_calendars)
    return TestClient(app, base_url="http://localhost", follow_redirects=False)


def own_address(pages: TestClient, name: str) -> str:
    """The first address on the page of a reader who has logged in."""
    pages.post("/login", data={"name": name, "password": PASSWORD})
    text = pages.get("/calendar").text
    pages.cookies.clear()
    return text.partition('href="/calendar/')[2].partition('"')[0]


def test_calendar_programs_read_an_address_without_a_login(
    county_store: Path, accounts: Accounts
) -> None:
    pages = pages_of(county_store, accounts)
    address = own_address(pages, "town")

    answer = pages.get(f"/calendar/{address}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert calendar["x-wr-calname"] == "华埠镇：招商引资时限"


def test_an_address_shows_no_more_than_its_account_may_see(
    county_store: Path, accounts: Accounts
) -> None:
    pages = pages_of(county_store, accounts)
    address = own_address(pages, "town").partition("?")[0]

    assert pages.get(f"/calendar/{address}?unit=马金镇").status_code == 403
    assert pages.get(f"/calendar/{address[:-6]}x.ics").status_code == 404
    assert pages.get("/calendar/deadlines.ics").status_code == 404
    assert pages.get(f"/calendar/{own_address(pages, 'leader')}").status_code == 200


def test_an_address_ends_with_the_password(county_store: Path, accounts: Accounts) -> None:
    pages = pages_of(county_store, accounts)
    address = own_address(pages, "town")
    accounts.remove("town")
    accounts.add("town", "unit", "华埠镇", f"{PASSWORD} changed")

    assert pages.get(f"/calendar/{address}").status_code == 404


def test_at_the_machine_itself_no_key_is_needed(county_store: Path) -> None:
    pages = pages_of(county_store, None)

    assert pages.get("/calendar/deadlines.ics?unit=马金镇").status_code == 200
    assert pages.get("/calendar/deadlines.ics?unit=无此镇").status_code == 404
    assert pages.get("/calendar/other.ics").status_code == 404


def test_calendars_are_off_until_asked_for(county_store: Path) -> None:
    pages = pages_of(county_store, None, offers_calendars=False)

    assert pages.get("/calendar/deadlines.ics").status_code == 404
    assert "/calendar" not in pages.get("/deadlines").text
