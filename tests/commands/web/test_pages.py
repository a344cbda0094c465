"""Pages show what the commands print, at the axes of their address; hostile input is harmless."""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from starlette.testclient import TestClient

from commands.handlers.publishing import publish_scores
from commands.web.application import application
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped, shipped_ids
from projections.views.requested_axes import RequestedAxes
from tests.commands.conftest import Cli
from tests.commands.web.conftest import Small
from tests.county import RENAMED
from tests.given import TOWN, UNITS, of, reported, unit
from tests.ledgers import CLERK, fill


def rows(page: str, begin: str) -> list[list[str]]:
    """The texts of a table's cells, from a mark on."""
    table = page[page.index(begin) :]
    table = table[: table.index("</table>")]
    cells = [
        re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in table.split("<tr")[1:]
    ]
    return [[html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in row] for row in cells]


def test_the_points_by_basis_of_a_unit_add_up_to_its_total(reading: TestClient) -> None:
    signed = r"-?\d+\.\d+"
    board = reading.get("/?year=2024").text
    links = set(re.findall(r'href="(/unit\?[^"]*)"', board))
    assert links
    for link in links:
        page = reading.get(html.unescape(link)).text
        shown_total = re.search(rf"总分 ({signed})", page)
        assert shown_total is not None
        sentence = page[page.index("<p>其中：") :].partition("</p>")[0]
        sums = [Decimal(value) for value in re.findall(signed, sentence)]
        assert len(sums) == 3
        # Each sum is rounded when shown.
        assert abs(sum(sums) - Decimal(shown_total[1])) <= Decimal("0.02"), link


@pytest.mark.parametrize(
    "query",
    ["", "as_of=2024-06-30", "year=2024&known_at=2024-07-01", "year=2023&rulebook=kaihua-2024"],
)
def test_the_board_ranks_as_score_does(
    county: Cli,
    reading: TestClient,
    query: str,
) -> None:
    options = [
        part
        for each in query.split("&")
        if each
        for part in (f"--{each.partition('=')[0].replace('_', '-')}", each.partition("=")[2])
    ]
    found = county(
        "score",
        *(options if "year" in query or "as_of" in query else ["--year", 2024]),
        "--format",
        "csv",
    ).out.splitlines()
    heading, *lines = [line.split(",") for line in found]
    page = reading.get(f"/?{query}").text
    shown = re.findall(
        r'rank">(\d+)</td>\s*<th scope="row"><span class="unit-name"><a [^>]*>([^<]+)</a>'
        r"</span></th>"
        r'\s*<td class="num total">([-\d.]+)<',
        page,
    )
    identities = {name: unit for unit, name in RENAMED.items()}
    expected = [(line[1], line[2], float(line[heading.index("total")])) for line in lines]
    assert [(rank, identities.get(name, name)) for rank, name, _total in shown] == [
        (rank, name) for rank, name, _total in expected
    ]
    assert all(
        abs(float(total) - exact) <= 0.005
        for (_r, _n, total), (_rank, _name, exact) in zip(shown, expected, strict=True)
    )


def test_a_units_points_sum_to_its_modules(reading: TestClient) -> None:
    page = reading.get("/unit?name=马金镇&year=2024").text
    assert "第 2 名 · 总分 95.23" in page
    sections = re.findall(
        r'<h3>(\S+) <span class="sum">([-\d.]+) 分</span></h3>.*?<tbody>(.*?)</tbody>',
        page,
        re.DOTALL,
    )
    assert len(sections) >= 5
    for _name, total, body in sections:
        lines = [
            float(points) for points in re.findall(r'<tr><td class="num">([-\d.]+)</td>', body)
        ]
        assert abs(sum(lines) - float(total)) < 0.01 * len(lines)


def test_a_project_shows_its_history_with_corrections(reading: TestClient) -> None:
    page = reading.get("/project?code=KH-2023-006").text
    events = rows(page, '<table class="history">')[1:]
    assert [row[0] for row in events] == [f"#{number}" for number in range(1, len(events) + 1)]
    assert any("→" in row[-1] or "作废" in row[-1] for row in events)
    assert all(f'id="event-{number}"' in page for number in range(1, len(events) + 1))


def test_a_targets_figure_leads_to_the_projects_that_add_to_it(reading: TestClient) -> None:
    page = reading.get("/?year=2024").text
    links = re.findall(r'<span class="figure"><a href="([^"]*target=[^"]*)"', page)
    assert len(links) == 2
    signed = reading.get(html.unescape(links[1])).text
    assert "计入“新签约亿元以上项目”的项目" in signed
    assert "共 19 个项目" in signed
    searched = reading.get("/projects?target=signed_10000&text=KH-2023&year=2024").text
    assert "共 6 个项目" in searched
    assert 'name="target" value="signed_10000"' in searched


def test_events_and_sheets_lead_to_where_they_are_recorded(reading: TestClient) -> None:
    unit_page = reading.get("/unit?name=华埠镇&year=2024").text
    events = re.findall(r'<td class="events">(.*?)</td>', unit_page, re.DOTALL)
    links = [html.unescape(link) for cell in events for link in re.findall(r'href="(.*?)"', cell)]
    assert len(links) > 20
    sheets = re.findall(r'href="([^"]*#sheet-[^"]*)"', reading.get("/sheets?year=2024").text)
    assert sheets
    pages: dict[str, str] = {}
    for link in [*links, *map(html.unescape, sheets)]:
        address, _mark, anchor = link.partition("#")
        if address not in pages:
            pages[address] = reading.get(address).text
        assert f'id="{unquote(anchor)}"' in pages[address], link


def test_a_unit_shows_its_targets_and_its_funds_as_the_chart_does(reading: TestClient) -> None:
    targets = rows(reading.get("/unit?name=华埠镇&year=2024").text, 'aria-label="目标完成情况"')
    assert targets[1] == ["到位资金", "1.50亿元", "6.09亿元", "406.1%", "达到时序进度"]
    chart = rows(reading.get("/charts?year=2024").text, 'id="unit-funds"')
    assert ["华埠镇", "60,920.97", "15,000.00", "406.1%"] in chart
    assert len(chart) == 31


def test_moments_are_written_as_people_write_them(reading: TestClient) -> None:
    page = reading.get("/?year=2024&as_of=2024-06-30&known_at=2024-06-30T14:05").text
    assert "截至 2024年6月30日" in page
    assert "数据时点 2024年6月30日 14:05" in page
    assert "T14:05" not in re.sub(r'"[^"]*"', "", page)


def test_only_the_upper_half_of_a_sequence_is_painted_as_leading(reading: TestClient) -> None:
    page = reading.get("/?year=2024").text
    sequences = re.findall(r'<table class="ranking">.*?</table>', page, re.DOTALL)
    assert len(sequences) == 4
    for sequence in sequences:
        units = sequence.count('<td class="num rank">')
        painted = re.findall(r'<tr class="first"><td class="num rank">(\d+)<', sequence)
        # Two units may share a rank.
        assert set(painted) == {str(rank) for rank in range(1, min(3, units // 2) + 1)}


def test_in_january_equals_without_points_do_not_lead_and_no_month_is_compared(
    reading: TestClient,
) -> None:
    for address in ("/?as_of=2024-01-20", "/?as_of=2024-01-20&wall=1"):
        page = reading.get(address).text
        sequences = re.findall(r'<table class="ranking">.*?</table>', page, re.DOTALL)
        for sequence in sequences:
            painted = re.findall(r'<tr class="first">.*?</tr>', sequence, re.DOTALL)
            assert 1 <= len(painted) <= 3
            assert not [row for row in painted if '<td class="num total">0.00<' in row]
        assert "比上月" not in page
    assert "比上月" in reading.get("/?as_of=2024-02-20").text


def test_shares_are_per_cent_and_events_and_codes_are_unbroken(reading: TestClient) -> None:
    page = reading.get("/project?code=KH-2024-016&year=2024").text
    assert "<dt>县外投资比例</dt><dd>65%</dd>" in page
    assert "县外投资比例 65%" in page
    assert '<td class="day">项目信息</td>' in page


def test_the_audit_page_asks_for_no_option(reading: TestClient) -> None:
    page = reading.get("/audit?verify=1").text
    assert "请提供外部保管的公钥、共签方公钥、见证文件或回执" in page
    assert "--" not in re.sub(r"<[^>]*>", "", page)


def test_a_page_names_its_own_fields_and_no_option(reading: TestClient) -> None:
    page = reading.get("/?year=2031").text
    assert "看板上方的“规则”" in page
    assert "--rulebook" not in page


def test_every_page_carries_its_axes_on(reading: TestClient) -> None:
    query = "year=2024&as_of=2024-09-30&known_at=2024-10-15&rulebook=kaihua-2024"
    for address in (
        f"/?{query}",
        f"/unit?name=华埠镇&{query}",
        f"/projects?{query}",
        f"/charts?{query}",
        f"/audit?{query}",
    ):
        page = reading.get(address).text
        links = [
            html.unescape(link)
            for link in re.findall(r'href="(/[^"]*)"', page)
            if "/static/" not in link
        ]
        assert links
        assert all(query in link for link in links), address
        assert 'value="2024-09-30"' in page


def test_the_charts_are_the_tables(reading: TestClient) -> None:
    page = reading.get("/charts?year=2024").text
    heat = rows(page, 'id="modules"')
    assert heat[0] == [
        "单位",
        "项目信息",
        "日常工作",
        "活动组织",
        "项目推进",
        "项目绩效",
        "加分",
        "扣分",
    ]
    assert len(heat) == 31
    ranks = rows(page, 'id="ranks-1"')
    assert ranks[0][1:] == [f"2024-{month:02}" for month in range(1, 13)]
    assert [row[-1] for row in ranks[1:4]] == ["1", "2", "3"]
    county, *units = rows(page, 'id="funnel"')[1:]
    assert county[0] == "全县"
    assert [int(number) for number in county[1:]] == [
        sum(int(row[place]) for row in units) for place in range(1, 8)
    ]
    assert len(rows(page, 'id="timeline"')) > 20
    for figure in re.findall(r"<figure.*?</figure>", page, re.DOTALL):
        assert 'role="img"' in figure
        assert "<table>" in figure


def test_ranks_over_the_months_are_the_boards_of_those_days(reading: TestClient) -> None:
    page = reading.get("/charts?year=2024").text
    former_names = {name: unit for unit, name in RENAMED.items()}
    for month, day in ((3, "2024-03-31"), (8, "2024-08-31")):
        ranks = {
            name: rank
            for rank, name in re.findall(
                r'rank">(\d+)</td>\s*<th scope="row"><span class="unit-name"><a [^>]*>([^<]+)</a>',
                reading.get(f"/?as_of={day}").text,
            )
        }
        for sequence in range(1, 5):
            for row in rows(page, f'id="ranks-{sequence}"')[1:]:
                assert ranks[former_names.get(row[0], row[0])] == row[month]


def test_the_ledger_is_verified_on_demand(reading: TestClient) -> None:
    assert "逐字节" in reading.get("/audit").text
    assert "✓ 内部一致" in reading.get("/audit?verify=1").text


def test_a_publication_is_shown_with_what_it_rests_on(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 's.db'}", create=True) as ledger:
        fill(ledger, [*UNITS, reported()], keep=False)
        axes = RequestedAxes(2024, date(2024, 12, 31))
        publish_scores(ledger, axes, CLERK)
        publish_scores(ledger, axes, CLERK, unofficial="<b>试算")
        publish_scores(ledger, axes, CLERK)
        page = application(ledger, None, lambda _line: None, hold=0)
        text = TestClient(page, base_url="http://localhost").get("/audit?verify=1").text
    assert shipped("kaihua-2024").digest in text
    assert text.count("正式公布；规则手册未采用；现行") == 3
    assert "非正式公布；规则手册未采用；现行<br>理由：&lt;b&gt;试算" in text
    assert "<td>county#1</td><td></td>" in text  # the third supersedes the first


def test_the_search_answers_with_the_part_that_changes(reading: TestClient) -> None:
    whole, part = (
        reading.get("/projects?text=KH-2024-01"),
        reading.get("/projects?text=KH-2024-01", headers={"hx-request": "true"}),
    )
    assert part.text in whole.text
    assert "<html" not in part.text
    assert "共 10 个项目" in part.text


def test_a_page_follows_the_ledger(small: Small) -> None:
    browser = small(*UNITS)
    assert "没有项目" in browser.get("/projects?year=2024").text
    small(reported())
    assert "项目P" in browser.get("/projects?year=2024").text


HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>&\"'\u202e𠮷" + "长" * 150


def test_hostile_text_is_text(small: Small) -> None:
    name = HOSTILE
    browser = small(
        *UNITS,
        unit("<b>组&\"'", sequence="<i>序</i>"),
        reported(name=name, investor="<img src=x onerror=alert(1)>", note="电话 13800138000"),
        of("ReviewHeld", findings=name),
        reported("</title><script>", reporting_unit="<b>组&\"'", name="{{ 7*7 }}"),
    )
    odd = quote("</title><script>")
    addresses = [
        "/",
        "/unit?name=" + quote(TOWN),
        "/unit?name=" + quote("<b>组&\"'"),
        "/projects",
        "/project?code=P",
        f"/project?code={odd}",
        "/charts",
        "/audit?verify=1",
    ]
    for address in addresses:
        answer = browser.get(address + ("&" if "?" in address else "?") + "year=2024")
        assert answer.status_code == 200, address
        for wrong in (
            "<script>alert",
            "<img src=x",
            "<b>组",
            "<i>序",
            "49</h1>",
            "</title><script",
        ):
            assert wrong not in answer.text, (address, wrong)
    page = html.unescape(browser.get("/project?code=P&year=2024").text)
    assert name.replace("\u202e", "") in page
    assert "\u202e" not in page  # a mark that turns the text around is dropped when it is stored
    assert "{{ 7*7 }}" in browser.get(f"/project?code={odd}&year=2024").text


PATHS = (
    "/",
    "/unit",
    "/projects",
    "/project",
    "/resources",
    "/resource",
    "/charts",
    "/audit",
    "/login",
    "/logout",
    "/static/",
    "/static/../site.py",
    "/static/%2e%2e/accounts.py",
    "/nowhere",
)
NAMES = (
    "year",
    "as_of",
    "known_at",
    "rulebook",
    "name",
    "code",
    "text",
    "page",
    "verify",
    "to",
    "unknown",
)
VALUES = (
    "",
    "0",
    "-1",
    "2024",
    "２０２４",
    "99999",
    "1e9",
    "9" * 400,
    "2024-02-30",
    "2024-13",
    "0001-01-01",
    "9999-12-31",
    "2024-06-30T25:00",
    "2024-06-30T10:00+14:00",
    "kaihua-2024",
    "../../etc/passwd",
    "华埠镇",
    "KH-2024-016",
    "\x00",
    "\x1f",
    "%",
    "%ff%fe",
    "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
    "'",
    '"',
    "' OR 1=1 --",
    "<script>",
    "{{7*7}}",
    "${7*7}",
    "\u202e",
    "𠮷" * 50,
    "NaN",
    "inf",
    "true",
    "null",
    "[]",
    "a" * 5_000,
)


def test_no_address_and_no_parameter_breaks_a_page(reading: TestClient) -> None:
    statuses: dict[int, int] = {}
    for path in PATHS:
        for place, value in enumerate(VALUES):
            name = (
                NAMES[place % len(NAMES)]
                if path not in {"/unit", "/project"}
                else ("name", "code")[path == "/project"]
            )
            answer = reading.get(
                f"{path}?{name}={quote(value, safe='')}&year=2024"
                if name != "year"
                else f"{path}?year={quote(value, safe='')}",
                follow_redirects=False,
            )
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, (path, name, value)
            assert "Traceback" not in answer.text
    for name in NAMES[:4]:
        for value in VALUES:
            assert reading.get("/projects", params={name: value, "page": "2"}).status_code < 500, (
                name,
                value,
            )
    assert statuses[200] > 50
    assert statuses[404] > 50


def crawled(browser: TestClient, start: str, most: int) -> dict[str, int]:
    """Every page that links lead to, up to so many."""
    waiting: list[str] = [start]
    found: dict[str, int] = {}
    while waiting and len(found) < most:
        address = waiting.pop(0)
        if address not in found:
            answer = browser.get(address)
            found[address] = answer.status_code
            waiting += [html.unescape(link) for link in re.findall(r'href="(/[^"#]*)', answer.text)]
    return found


def test_every_link_leads_to_a_page(reading: TestClient) -> None:
    found = crawled(reading, "/?year=2024", 60)
    assert len(found) == 60
    assert set(found.values()) == {200}


def test_a_page_that_fails_tells_nothing_of_the_program(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = small(*UNITS)

    def broken(*_: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("commands.web.page_contents.without_telephones", broken)
    answer = browser.get("/?year=2024")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "程序出错" in answer.text


@pytest.mark.parametrize("book", shipped_ids())
def test_every_shipped_rulebook_has_its_pages(reading: TestClient, book: str) -> None:
    for address in (
        "/?",
        "/charts?",
        "/deadlines?",
        "/sheets?",
        "/unit?name=华埠镇&",
        "/project?code=KH-2024-016&",
    ):
        answer = reading.get(f"{address}year=2024&as_of=2024-02-29&rulebook={book}")
        assert answer.status_code == 200, address
        assert book in answer.text


def test_the_pages_stand_on_postgresql_too(postgres_url: str) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        fill(ledger, [*UNITS, reported(name="=1+1 <b>")], keep=False)
        browser = TestClient(
            application(ledger, None, lambda _line: None), base_url="http://localhost"
        )
        for address in (
            "/",
            "/charts",
            "/deadlines",
            "/sheets",
            "/projects",
            "/project?code=P",
            "/unit?name=" + quote(TOWN),
            "/audit?verify=1",
        ):
            assert (
                browser.get(address + ("&" if "?" in address else "?") + "year=2024").status_code
                == 200
            ), address
        assert "=1+1 &lt;b&gt;" in browser.get("/projects?year=2024").text
        assert browser.get("/project?code=%00&year=2024").status_code == 404
        assert browser.get("/project?code=%ff&year=2024").status_code == 404
