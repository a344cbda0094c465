"""The county in one file: what it says and what it leaves out."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commands import fonts
from commands.demo.county_records import records
from commands.web.accounts import Reader
from commands.web.county_file import county_file, undrawn_characters
from commands.web.county_views import CountyViews
from commands.web.duty_rows import deadline_rows, task_rows
from commands.web.page_axes import PageAxes
from commands.web.redaction import without_persons, without_telephones
from commands.web.static_files import STATIC
from commands.words.page_words import LEFT_OUT
from commands.words.telephone_numbers import NUMBER_LEFT_OUT
from lifecycle.ledger.store import Ledger
from projections.scoring.explanation import explain_units
from tests.commands.conftest import Cli
from tests.commands.web.conftest import Small
from tests.county import RENAMED
from tests.given import UNITS, of, reported

LEADER = Reader("", "leader")


@pytest.fixture(scope="module")
def counties(county_ledger: Ledger) -> CountyViews:
    return CountyViews(county_ledger)


@pytest.fixture(scope="module")
def text(county_ledger: Ledger, counties: CountyViews) -> str:
    view = PageAxes(year="2024").view(county_ledger, counties)
    return county_file(counties.at(view))


def body(text: str) -> str:
    return re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)


def test_the_file_fetches_nothing_and_runs_only_what_stands_in_it(text: str) -> None:
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])  # type: ignore[index]
    for tag in ("script", "style"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digests = {
            f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'"
            for each in inside
        }
        assert set(re.search(rf"{tag}-src ([^;]*)", policy)[1].split()) == digests  # type: ignore[index]
    assert "default-src 'none'" in policy
    shown = body(text)
    assert not re.findall(r'(?:src|href|action)="(?!#)[^"]*"', shown)
    assert " style=" not in shown


def test_every_point_of_every_unit_is_explained(
    county_ledger: Ledger, counties: CountyViews, text: str
) -> None:
    view = PageAxes(year="2024").view(county_ledger, counties)
    found = explain_units(county_ledger, view)
    sections = re.findall(
        r'<details class="unit"><summary id="[^"]*">(\S+?)：.*?</details>', text, re.DOTALL
    )
    assert sorted(sections) == sorted(RENAMED.get(name, name) for name in found)
    lines = re.findall(r'<tr><td class="num">([-\d.]+)</td><td>', text)
    assert len(lines) == sum(len(each.lines) for each in found.values())
    assert abs(
        sum(map(float, lines))
        - float(sum(line.points for each in found.values() for line in each.lines))
    ) < 0.005 * len(lines)


def test_links_in_the_file_lead_somewhere(text: str) -> None:
    shown = body(text)
    places = set(re.findall(r' id="([^"]*)"', shown))
    assert set(re.findall(r'href="#([^"]*)"', shown)) <= places
    assert len(places) == len(re.findall(r' id="([^"]*)"', shown))


def test_the_file_names_no_person(text: str) -> None:
    names = {
        record[field]
        for record in records()
        for field in ("person", "lead_person", "submitted_by", "reviewed_by", "recorded_by")
        if record.get(field)
    }
    assert len(names) > 20
    shown = html.unescape(re.sub(r"<[^>]*>", " ", body(text)))
    assert [
        name
        for name in names
        if re.search(rf"(?<![\u4e00-\u9fff]){name}(?![\u4e00-\u9fff])", shown)
    ] == []
    assert LEFT_OUT in shown


def test_the_font_draws_every_character(text: str) -> None:
    assert undrawn_characters(text) == ""
    own = [*(STATIC.parent / "templates").glob("*.html"), *STATIC.glob("*.*s")]
    assert len(own) > 15
    assert fonts.uncovered(path.read_text(encoding="utf-8") for path in own) == ""


def test_the_command_writes_it_and_says_what_the_font_lacks(
    small: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small(*UNITS, reported(name="𠮷田 <b> &amp; 13800138000"))
    file = tmp_path / "county.html"
    said = Cli(f"sqlite:///{tmp_path / 's.db'}", capsys)("report", "html", file, "--year", 2024)
    assert (said.code, "𠮷" in said.err) == (0, True)
    text = file.read_text(encoding="utf-8")
    assert f"𠮷田 &lt;b&gt; &amp;amp; {NUMBER_LEFT_OUT}" in text
    assert "13800138000" not in text


def test_a_units_account_sees_its_own_deadlines_and_sheets(
    county_ledger: Ledger, counties: CountyViews
) -> None:
    county = counties.at(PageAxes(year="2024").view(county_ledger, counties))
    name = task_rows(county, LEADER)[0].unit
    town = Reader("town", "unit", name)
    for own, everything in (
        (deadline_rows(county, town), deadline_rows(county, LEADER)),
        (task_rows(county, town), task_rows(county, LEADER)),
    ):
        assert 0 < len(own) < len(everything)
        for row in own:
            project = county.projects()[row.project]
            assert name in (row.unit, project.unit, project.information.reporting_unit)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("联系 13800138000。", f"联系 {NUMBER_LEFT_OUT}。"),
        ("138-0013-8000", NUMBER_LEFT_OUT),
        ("电话0570-6012345", f"电话{NUMBER_LEFT_OUT}"),
        ("2306-330824-04-01-895233", "2306-330824-04-01-895233"),
        ("91330824MA28F3XN0F", "91330824MA28F3XN0F"),
        ("2024-03-12", "2024-03-12"),
    ],
)
def test_telephone_numbers_are_told_from_other_numbers(told: str, shown: str) -> None:
    assert without_telephones({"note": [told]}) == {"note": [shown]}


def test_persons_fields_are_left_out_wherever_they_stand() -> None:
    told = {
        "person": "余敏",
        "reviewed_by": None,
        "inner": [{"lead_person": "程春晖", "name": "项目"}],
    }
    assert without_persons(told) == {
        "person": LEFT_OUT,
        "reviewed_by": None,
        "inner": [{"lead_person": LEFT_OUT, "name": "项目"}],
    }
    assert json.dumps(without_persons(told))


def test_pages_that_hold_a_telephone_number(small: Small) -> None:
    browser = small(
        *UNITS, reported(name="项目 13800138000"), of("ReviewHeld", findings="找 13900139000")
    )
    assert "13800138000" not in browser.get("/?year=2024").text
    assert (
        "13900139000" in browser.get("/project?code=P&year=2024").text
    )  # the machine's own reader is an auditor


def test_the_pages_of_duties(reading: TestClient) -> None:
    page = reading.get("/deadlines?year=2024").text
    assert 'class="level red">红色' in page
    assert "橙色 7 天内" in page
    assert "今日应办" in reading.get("/sheets?year=2024").text
    unit = reading.get("/unit?name=池淮镇&year=2024").text
    assert 'class="level red">红色' in unit
    assert "未销号任务单" in unit
    board = reading.get("/?year=2024").text
    assert "本月红黑榜" in board
    assert "期限最紧的单位" in board
