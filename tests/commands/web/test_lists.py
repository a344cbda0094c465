"""Lists are filtered, searched by initials too, sorted, and turned page by page."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from commands.web.list_pages import ROWS_ON_A_PAGE
from commands.words.pinyin_initials import has_text
from tests.commands.web.test_table_files import csv_rows

LETTERS = "abcdefghjklmnopqrstwxyz"


def column(reading: TestClient, address: str, heading: str) -> list[str]:
    """The cells of a list's column, of all its pages."""
    name = "期限" if "deadlines" in address else "项目表"
    headings, *rows = csv_rows(reading.get(f"{address}&table={name}&format=csv").content)
    place = headings.index(heading)
    return [row[place] for row in rows]


def links(page: str, pattern: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(f'href="({pattern})"', page)]


def test_deadlines_are_shown_page_by_page_and_by_what_is_chosen(reading: TestClient) -> None:
    page = reading.get("/deadlines?year=2024").text
    assert page.count('<span class="level') == ROWS_ON_A_PAGE
    levels = column(reading, "/deadlines?year=2024", "级别")
    assert f"共 {len(levels)} 项，第 1 / {-(-len(levels) // ROWS_ON_A_PAGE)} 页" in page
    assert f"红色（{levels.count('红色')}）" in page
    (second,) = links(page, r'/deadlines\?[^"]*page=2')
    assert "year=2024" in second
    assert "第 2 /" in reading.get(second).text
    assert set(column(reading, "/deadlines?year=2024&level=red", "级别")) == {"红色"}
    stalled = "/deadlines?year=2024&level=red&kind=stalled"
    assert len(column(reading, stalled, "种类")) == 41
    assert '<option value="stalled" selected>久无进展' in reading.get(stalled).text
    for wrong in ("level=purple", "kind=unknown"):
        assert reading.get(f"/deadlines?{wrong}").status_code == 404


def test_deadlines_are_sought_by_text_and_initials(reading: TestClient) -> None:
    of_unit = reading.get("/deadlines?year=2024&unit=华埠镇").text
    count = re.search(r"共 (\d+) 项", of_unit)
    assert count is not None
    units = column(reading, "/deadlines?year=2024&unit=华埠镇&text=hbz", "责任单位")
    assert units == ["华埠镇"] * int(count[1])
    nothing = reading.get("/deadlines?year=2024&unit=池淮镇&text=hbz").text
    assert "没有需要提醒的期限" in nothing
    assert '<option value="池淮镇" selected>' in nothing


def test_the_first_page_leads_to_the_deadlines_that_it_counts(reading: TestClient) -> None:
    page = reading.get("/?year=2024").text
    (red,) = links(page, r"/deadlines\?level=red&amp;year=2024")
    assert "共 111 项" in reading.get(red).text
    (stalled,) = links(page, r"/deadlines\?level=red&amp;kind=stalled&amp;year=2024")
    assert "共 41 项" in reading.get(stalled).text
    (past_due,) = links(page, r"/deadlines\?level=red&amp;kind=not_stalled&amp;year=2024")
    assert "共 70 项" in reading.get(past_due).text
    offered = dict(re.findall(r">([^<（]+)（(\d+)）</option>", reading.get(past_due).text))
    whole = reading.get("/deadlines?year=2024").text
    assert f"共 {int(offered['久无进展']) + int(offered['久无进展以外'])} 项" in whole


@pytest.mark.parametrize(
    ("sort", "heading"),
    [("scale", "规模（万元）"), ("invested", "累计投资（万元）"), ("period_end", "考核期限")],
)
def test_projects_are_sorted_with_empty_cells_last(
    reading: TestClient, sort: str, heading: str
) -> None:
    def sort_key(text: str) -> float | str:
        return text if "-" in text else float(text)

    ascending = column(reading, f"/projects?sort={sort}", heading)
    descending = column(reading, f"/projects?sort=-{sort}", heading)
    filled = [text for text in ascending if text]
    assert filled == sorted(filled, key=sort_key)
    assert [text for text in descending if text] == filled[::-1]
    for cells in (ascending, descending):
        assert not any(cells[len(filled) :])
    assert ascending != column(reading, "/projects?sort=nothing", heading)


def test_a_heading_sorts_and_then_the_other_way_round(reading: TestClient) -> None:
    page = reading.get("/projects?year=2024&text=KH-2024&page=2").text
    (by_unit,) = links(page, r'/projects\?[^"]*sort=unit')
    # A new order begins at the first page.
    assert by_unit == "/projects?year=2024&text=KH-2024&sort=unit"
    sorted_page = reading.get(by_unit).text
    assert '<th scope="col" aria-sort="ascending">' in sorted_page
    (reverse,) = links(sorted_page, r'/projects\?[^"]*sort=-unit')
    assert '<th scope="col" aria-sort="descending">' in reading.get(reverse).text


def test_names_are_sought_by_their_initials() -> None:
    for sought, text in (
        ("hbz", "华埠镇"),
        ("BZ", "华埠镇"),
        ("qj", "衢江"),
        # Of two readings either serves.
        ("chx", "长虹乡"),
        ("zhx", "长虹乡"),
        ("KH-2024", "kh-2024-001"),
        ("leddxm", "LED灯项目"),
        ("h", "ABH"),
    ):
        assert has_text(sought, text)
    for sought in ("h", "hz", "华镇"):
        assert not has_text(sought, "华埠镇")


def initials(character: str) -> str:
    """The letters that find a character. It is doubled: one letter seeks no initials."""
    return "".join(letter for letter in LETTERS if has_text(letter * 2, character * 2))


def test_common_characters_have_the_initials_by_which_gb_2312_orders_them() -> None:
    before = "a"
    for lead in range(0xB0, 0xD8):
        for trail in range(0xA1, 0xFF if lead < 0xD7 else 0xFA):
            letters = initials(bytes((lead, trail)).decode("gb2312"))
            # The first level stands in the order of pinyin, so letters never go back.
            possible = [letter for letter in letters if letter >= before]
            assert possible, (lead, trail, letters)
            before = min(possible)
    assert before == "z"


def test_the_project_of_a_deadline_stands_where_a_phone_shows_it(reading: TestClient) -> None:
    page = reading.get("/deadlines?year=2024").text
    table = page[page.index('aria-label="期限"') :]
    headings = re.sub(r"<[^>]*>", " ", table[table.index("<thead>") : table.index("</thead>")])
    order = ["级别", "到期日", "距截至日", "项目", "责任单位", "种类", "所涉", "条款"]
    assert headings.split() == order
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table, re.DOTALL)[: len(order)]
    assert "/project?" in cells[order.index("项目")]
    assert "#clause-" in cells[order.index("条款")]
