"""The pages of the resource list: filters, the overview by location, from an area to its ground."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from commands.web.accounts import Accounts
from commands.web.application import application
from lifecycle.ledger.store import Ledger
from tests.commands.web.conftest import Served, Small
from tests.commands.web.test_pages import rows
from tests.given import OTHER, UNITS, correction, reported
from tests.ledgers import fill, new_ledger
from tests.resources import COUNTY_WITH_RESOURCES, EAST, PARK, RESOURCES, plot, resource

DAY = "year=2024&as_of=2024-06-30"
TABLE = 'aria-label="资源清单"'


@pytest.fixture
def pages(small: Small) -> TestClient:
    return small(*COUNTY_WITH_RESOURCES)


def listed(page: str) -> list[str]:
    return [row[0] for row in rows(page, TABLE)[1:]]


def test_the_list_shows_areas_and_who_has_them(pages: TestClient) -> None:
    page = pages.get(f"/resources?{DAY}").text
    first, second, third, fourth = rows(page, TABLE)[1:]
    assert first[:8] == ["ZY-1", "ZY-1地块", "成熟地块", PARK, "50", "15", "", ""]
    assert first[8:12] == ["有机硅、竹木加工", "每亩12.5万元", "", "部分占用"]
    assert "项目P 30亩（ZY-1#2）" in first[12]
    assert (second[10], third[6:8], fourth[11]) == ("2024-09-01", ["4,000", "0"], "已出库")
    # Each number leads to its ground: the record in the resource's own history.
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*#event-2)"', page)]
    assert f"/resource?code=ZY-1&{DAY}#event-2" in links


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("kind=plot", ["ZY-1", "ZY-2"]),
        ("status=free", ["ZY-2"]),
        ("status=withdrawn", ["ZY-4"]),
        ("location=城东", ["ZY-3", "ZY-4"]),
        ("location=城东&kind=building", ["ZY-4"]),
        ("location=城南", []),
    ],
)
def test_filters(pages: TestClient, query: str, codes: list[str]) -> None:
    page = pages.get(f"/resources?{query}&{DAY}").text
    expected = codes or ["没有资源。"]
    assert listed(page) == expected
    part = pages.get(f"/resources?{query}&{DAY}", headers={"hx-request": "true"}).text
    assert part in page
    assert "<html" not in part


def test_a_word_that_no_filter_has_is_not_found(pages: TestClient) -> None:
    assert pages.get(f"/resources?kind=castle&{DAY}").status_code == 404
    assert pages.get(f"/resources?status=sold&{DAY}").status_code == 404
    assert pages.get(f"/resource?code=ZY-9&{DAY}").status_code == 404
    assert pages.get("/resource?code=ZY-1&year=2024&as_of=2024-01-04").status_code == 404


def test_the_overview_sums_each_location(pages: TestClient) -> None:
    page = pages.get(f"/resources?{DAY}").text
    overview = page[page.index('class="places"') : page.index("</ul>", page.index("places"))]
    east, park = overview.split("<li>")[1:]
    assert EAST in east
    assert "2 处" in east
    # The building that was withdrawn is no area on offer.
    assert "建筑可供 0 平方米，共 4,000 平方米" in east
    assert "土地可供 35.5 亩，共 70.5 亩" in park
    assert re.findall(r'rect width="(\d+)"', overview) == ["100", "100", "49"]
    # A location chosen leaves the others in sight, to be chosen in turn.
    assert EAST in pages.get(f"/resources?location={PARK}&{DAY}").text


def test_the_list_is_as_of_the_day(pages: TestClient) -> None:
    page = pages.get("/resources?year=2024&as_of=2024-02-29").text
    assert "土地可供 70.5 亩，共 70.5 亩" in page
    assert "没有资源" in pages.get("/resources?year=2024&as_of=2024-01-04").text


def test_a_resource_shows_its_allotments_and_its_history(pages: TestClient) -> None:
    page = pages.get(f"/resource?code=ZY-1&{DAY}").text
    allotment = rows(page, 'aria-label="落地项目及依据"')[1]
    assert allotment == ["P", "项目P", "30亩", "2024-03-01", "ZY-1#2", "开资〔2024〕3号"]
    history = rows(page, '<table class="history">')[1:]
    assert [row[2] for row in history] == ["资源入库", "匹配落地", "匹配落地"]
    assert 'id="event-2"' in page
    assert "<dt>可供土地</dt><dd>15亩</dd>" in page


def test_a_project_shows_what_it_has(pages: TestClient) -> None:
    page = pages.get(f"/project?code=P&{DAY}").text
    settled = rows(page, 'aria-label="落地资源"')[1:]
    assert [row[0] for row in settled] == ["ZY-1", "ZY-3"]
    assert settled[0][3:] == ["30亩", "2024-03-01", "ZY-1#2", "开资〔2024〕3号"]
    assert "落地资源" not in pages.get("/project?code=P&year=2024&as_of=2024-02-29").text


def test_hostile_text_is_text(small: Small) -> None:
    odd = "<script>alert(1)</script>"
    pages = small(*UNITS, plot("ZY-1", "5", name=odd, location=odd, industries=[odd]))
    for address in ("/resources", "/resource?code=ZY-1", "/resources?location=%3Cscript%3E"):
        answer = pages.get(address + ("&" if "?" in address else "?") + "year=2024")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert html.escape(odd) in answer.text


def correcting(version: int, code: str, **replacement: Any) -> dict[str, Any]:
    fields = correction(version, replacement)
    del fields["project"]
    return fields | {"resource": code}


def test_a_unit_is_not_told_what_others_have(tmp_path: Path, accounts: Accounts) -> None:
    records = [
        *UNITS,
        reported(),
        reported("Q", reporting_unit=OTHER, name="乙家项目"),
        *RESOURCES,
        resource("ResourceAllotted", "ZY-2", "2024-04-01", project="Q", note="乙家先用"),
        correcting(2, "ZY-2", note="乙家先用两年"),
    ]
    with new_ledger(tmp_path) as ledger:
        fill(ledger, records, keep=False)
        for account, sees in (("town", False), ("leader", True)):
            browser = Served(ledger, accounts).log_in(account)
            pages = "".join(
                browser.get(f"{address}{DAY}").text
                for address in ("/resources?", "/resource?code=ZY-2&", "/resource?code=ZY-1&")
            )
            assert ("乙家" in pages) == sees, account
            assert ("code=Q" in pages) == sees
            # A unit's own project is shown to it, and everyone sees what is free.
            assert "code=P" in pages
            assert "开资〔2024〕3号" in pages
            assert ">15<" in pages


def test_pages_stand_on_postgresql_too(postgres_url: str) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        fill(ledger, COUNTY_WITH_RESOURCES, keep=False)
        pages = TestClient(
            application(ledger, None, lambda _line: None), base_url="http://localhost"
        )
        assert listed(pages.get(f"/resources?{DAY}").text) == ["ZY-1", "ZY-2", "ZY-3", "ZY-4"]
        assert pages.get(f"/resource?code=ZY-3&{DAY}").status_code == 200
