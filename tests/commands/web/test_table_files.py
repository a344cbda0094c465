"""Every table of a page as CSV and XLSX: the same cells, for the same readers, no formulas."""

from __future__ import annotations

import csv
import html
import re
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote_plus

import openpyxl
import pytest
from starlette.testclient import TestClient

import commands.web
from commands.web.table_reading import table_named
from tests.commands.web.conftest import Served, Small
from tests.given import UNITS, reported

TEMPLATES = Path(commands.web.__file__).parent / "templates"
PAGES = (
    "/?year=2024",
    "/charts?year=2024",
    "/deadlines?as_of=2024-09-30",
    "/sheets?as_of=2024-09-30",
    "/projects?year=2024&text=KH-2024&page=2",
    "/resources",
    "/unit?name=马金镇&year=2024",
    "/project?code=KH-2023-006",
    "/project?code=KH-2024-039",
    "/resource?code=ZY-2024-002",
    "/audit?verify=1",
)
# Whose tables no server could give as files, or are addresses that are secrets.
WITHOUT_FILES = {"report.html", "trial.html", "calendar.html"}


def links_of(page: str, form: str) -> list[str]:
    links = re.findall(r'<a href="([^"]+)" download', page)
    return [html.unescape(link) for link in links if link.endswith(f"format={form}")]


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("path", PAGES)
def test_every_table_is_there_as_a_file_with_the_cells_of_the_page(
    reading: TestClient, path: str
) -> None:
    page = reading.get(path).text
    own_address = path.partition("?")[0]
    links = [link for link in links_of(page, "csv") if link.partition("?")[0] == own_address]
    assert len(links) == page.count("<table")
    for link in links:
        rows = csv_rows(reading.get(link).content)
        name = unquote_plus(link.partition("table=")[2].partition("&")[0])
        table = table_named(page, name)
        assert table is not None
        assert rows[0] == table.headings
        shown = [[cell.lstrip("'") for cell in row] for row in rows[1:]]
        in_page = [[cell.lstrip("'") for cell in row] for row in table.rows]
        # A list on several pages is whole in its file.
        assert shown[: len(in_page)] == in_page or "page=2" in path


def test_no_template_has_a_table_or_a_list_of_figures_without_its_files() -> None:
    checked = set()
    for template in sorted(TEMPLATES.glob("*.html")):
        pieces = re.split(r"</table>|</ul>", template.read_text("utf-8"))
        for piece, following in pairwise(pieces):
            is_list = re.search(r'<table|<ul class="(bars|decide)"', piece) is not None
            if is_list and template.name not in WITHOUT_FILES:
                checked.add(template.name)
                assert re.match(r"[\s</div>]*\{\{ files\(", following), template.name
    assert {"audit.html", "decisions.html", "funds_bars.html", "totals.html"} <= checked
    assert len(checked) >= 14


def test_lists_of_the_first_page_lead_to_the_files_of_all_their_lines(reading: TestClient) -> None:
    page = reading.get("/?as_of=2024-06-12").text
    links = [link for link in links_of(page, "csv") if not link.startswith("/?")]
    counts = []
    for link in links:
        assert "as_of=2024-06-12" in link
        counts.append(len(csv_rows(reading.get(link).content)) - 1)
    listed = [int(count) for count in re.findall(r'<span class="sum">(\d+) 项', page)]
    assert counts[:3] == listed
    assert len(counts) == 4
    assert counts[3] == len(re.findall(r'<li><span class="of">', page))


def test_a_file_is_named_after_its_table_and_a_workbook_has_numbers(reading: TestClient) -> None:
    page = reading.get("/?year=2024").text
    link = next(each for each in links_of(page, "xlsx") if quote("按来源地") in each)
    answer = reading.get(link)
    assert quote("按来源地.xlsx") in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    headings, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert headings == ["来源地", "新签约亿元以上项目（个）", "到位资金（万元）"]
    by_origin = {row[0]: row[2] for row in rows}
    assert by_origin["浙江"] == 129380.34


def test_a_list_on_several_pages_is_whole_in_its_file(reading: TestClient) -> None:
    rows = csv_rows(reading.get("/projects?page=2&table=项目表&format=csv&text=KH-2024").content)
    count = re.search(r"共 (\d+) 个项目", reading.get("/projects?text=KH-2024").text)
    assert count is not None
    assert len(rows) - 1 == int(count[1])


def test_a_file_that_there_is_not_is_not_found(reading: TestClient) -> None:
    for query in ("format=ods&table=项目表", "format=csv&table=别的表", "format=csv", "format="):
        answer = reading.get(f"/projects?{query}")
        assert answer.status_code == 404
        assert "没有这一页" in answer.text


def test_a_name_that_begins_as_a_formula_does_not_become_one(small: Small) -> None:
    browser = small(*UNITS, reported(name="=1+1", investor='a,"b'))
    rows = csv_rows(browser.get("/projects?table=项目表&format=csv").content)
    assert rows[1][1] == "'=1+1"
    workbook = browser.get("/projects?table=项目表&format=xlsx").content
    sheet = openpyxl.load_workbook(BytesIO(workbook)).active
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


def test_a_unit_gets_the_files_of_its_own_pages_alone(served: Served) -> None:
    town = served.log_in("town")
    whole = csv_rows(served.log_in("leader").get("/projects?table=项目表&format=csv").content)
    own = csv_rows(town.get("/projects?table=项目表&format=csv").content)
    assert 1 < len(own) < len(whole)
    assert town.get("/unit?name=马金镇&table=总分构成&format=csv").status_code == 403
    strange = served.browser().get("/projects?table=项目表&format=csv")
    assert strange.headers["location"].startswith("/login?to=")
