"""What a first visit sends: packed texts, files that browsers keep, and no font without need."""

from __future__ import annotations

import gzip
import re

import pytest
from starlette.testclient import TestClient

from commands.web.application import application
from commands.web.static_files import STATIC
from lifecycle.ledger.store import Ledger

LARGEST_VISIT = 600_000
PLAIN = {"accept-encoding": "identity"}


def files_of(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/static/[^"]+)"', page)


def bytes_sent(browser: TestClient, address: str) -> int:
    return int(browser.get(address).headers["content-length"])


def test_a_first_visit_of_the_charts_is_below_its_limit(reading: TestClient) -> None:
    page = reading.get("/charts?year=2024").text
    addresses = ["/charts?year=2024", *files_of(page)]
    assert len(addresses) == 9
    assert sum(bytes_sent(reading, address) for address in addresses) < LARGEST_VISIT
    in_full = sum(
        int(reading.get(address, headers=PLAIN).headers["content-length"]) for address in addresses
    )
    assert in_full > 1_200_000


def test_what_is_packed_is_what_is_sent_in_full(reading: TestClient) -> None:
    for address in ("/charts?year=2024", *files_of(reading.get("/charts").text)):
        in_full = reading.get(address, headers=PLAIN)
        assert "content-encoding" not in in_full.headers
        packed = reading.get(address)
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"] == in_full.headers["vary"] == "accept-encoding"
        assert packed.content == in_full.content
        assert packed.headers["content-type"] == in_full.headers["content-type"]


def test_a_browser_keeps_a_file_until_it_changes(reading: TestClient) -> None:
    address = next(each for each in files_of(reading.get("/").text) if "pages.css" in each)
    for headers in ({}, PLAIN):
        answer = reading.get(address, headers=headers)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        again = reading.get(address, headers={"if-none-match": answer.headers["etag"], **headers})
        assert (again.status_code, again.content) == (304, b"")
    plain_address = address.partition("?")[0]
    # Another version's address must not hold this version's file for a year.
    for other in (plain_address, f"{plain_address}?v=0123456789ab"):
        assert reading.get(other).headers["cache-control"] == "max-age=3600"
    assert (STATIC / "pages.css").read_bytes() == reading.get(plain_address).content
    assert "max-age=2592000" in reading.get("/fonts/sans.woff2").headers["cache-control"]


def test_pages_with_secrets_are_not_packed(county_ledger: Ledger) -> None:
    app = application(county_ledger, None, lambda _line: None, offers_calendars=True)
    browser = TestClient(app, base_url="http://localhost")
    for address in ("/calendar", "/audit"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("deflate", False),
        ("gzip; q=0", False),
        ("gzip;q=0.000", False),
        ("", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(
    reading: TestClient, accepted: str, is_packed: bool
) -> None:
    with reading.stream("GET", "/projects", headers={"accept-encoding": accepted}) as answer:
        sent = b"".join(answer.iter_raw())
    assert (sent[:2] == b"\x1f\x8b") is is_packed
    text = gzip.decompress(sent) if is_packed else sent
    assert text.startswith(b"<!doctype html>")
