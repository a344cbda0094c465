"""The first page's figures, bars and lists are those of the projections, and agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from re import compile as pattern

import pytest
from starlette.testclient import TestClient

from commands.web.accounts import Reader
from commands.web.county_views import CountyViews
from commands.web.decision_rows import decision_lists
from commands.web.duty_rows import deadline_rows, due_sheet_rows
from commands.web.key_figures import key_figures
from commands.web.page_axes import PageAxes
from commands.web.progress_charts import overdue_chart
from commands.web.project_rows import project_rows
from commands.web.target_bars import funds_bars, group_tables
from commands.web.target_rows import unit_funds_chart
from commands.words import sheet_words as words
from commands.words.amount_text import listed_amount
from lifecycle.ledger.store import Ledger
from projections.views import deadline_view as deadlines, sheet_view as sheets
from projections.views.target_view import county_target_progress

LEADER = Reader("", "leader")
TAG_WITH_CLASS = pattern(r'<(\w+)(?:[^<>"]|"[^"]*")*? ?class="([^"]*)"')
WORDS_OF_TEMPLATE = pattern(r"\{[%{].*?[%}]\}")


@pytest.fixture(scope="module")
def counties(county_ledger: Ledger) -> CountyViews:
    return CountyViews(county_ledger)


def test_the_first_figures_are_those_of_the_projections(
    county_ledger: Ledger, counties: CountyViews
) -> None:
    view = PageAxes(year="2024", as_of="2024-09-30").view(county_ledger, counties)
    county = counties.at(view)
    rows = {
        row.indicator: row
        for row in county_target_progress(county_ledger, view)
        if row.unit is None
    }
    assert county.targets() == county_target_progress(county_ledger, view)
    assert [month.targets for month in county.months()][-1] == county.targets()
    listed = [row.as_json() for row in deadlines.deadline_rows(county_ledger, view)]
    assert len(deadline_rows(county, LEADER)) == len(listed)
    open_tasks = [row for row in sheets.task_rows(county_ledger, view) if row.status != "cleared"]
    late = sum(row.task.due_on < date(2024, 9, 30) for row in open_tasks)
    figures = {figure.name: figure for figure in key_figures(county, LEADER)}
    red = [row for row in listed if row["level"] == "red"]
    due_sheets = sheets.due_sheets(county_ledger, view)
    assert [figure.figure for figure in figures.values()] == [
        f"{float(rows['funds_in_place'].actual) / 10_000:.2f}亿元",
        f"{rows['signed_10000'].actual}个",
        f"{late} 件",
        f"{len(due_sheets)} 件",
        f"{len(red)} 项",
    ]
    stalled = sum(row["kind"] == "stalled" for row in red)
    assert figures["红色期限（已超期）"].details[0] == f"其中久无进展的项目 {stalled} 个"
    lists = {each.name: each for each in decision_lists(county, LEADER)}
    assert lists["due-sheets"].all_lines == len(due_sheets)
    assert lists["stalled"].all_lines == stalled
    assert lists["past-due"].all_lines + stalled == len(red)
    chart = overdue_chart(county, LEADER)
    assert sum(int(count) for row in chart.rows for count in row[1:]) == len(open_tasks)
    assert sum(int(count) for row in chart.rows for count in row[2:]) == late
    assert [(row.action, row.project) for row in due_sheet_rows(county, LEADER)] == [
        (words.action(row.action), row.project) for row in due_sheets
    ]


def test_before_the_first_funds_figure_and_target_are_in_one_unit(
    county_ledger: Ledger, counties: CountyViews
) -> None:
    new_year = PageAxes(year="2024", as_of="2024-01-01").view(county_ledger, counties)
    funds, signed = key_figures(counties.at(new_year), LEADER)[:2]
    assert (funds.figure, funds.goal) == ("0.00亿元", "36.00亿元")
    assert (signed.figure, signed.goal) == ("0个", "20个")
    january = PageAxes(year="2024", as_of="2024-01-20").view(county_ledger, counties)
    assert key_figures(counties.at(january), LEADER)[0].figure == "0.25亿元"


def test_a_targets_figure_stands_beside_the_pace_and_the_year_before(
    county_ledger: Ledger, counties: CountyViews
) -> None:
    leap_day = PageAxes(year="2024", as_of="2024-02-29").view(county_ledger, counties)
    funds, signed = key_figures(counties.at(leap_day), LEADER)[:2]
    before = replace(leap_day, year=2023, as_of=date(2023, 2, 28))
    reached_before = {
        row.indicator: row.actual
        for row in county_target_progress(county_ledger, before)
        if row.unit is None
    }
    assert counties.at(leap_day).reached_a_year_before() == reached_before
    assert (funds.goal, signed.goal) == ("36.00亿元", "20个")
    assert funds.pace == signed.pace == "16.4"
    assert "全年已过 16.4%（60/366 天）" in funds.details[0]
    amount = f"{float(reached_before['funds_in_place']) / 10_000:.2f}亿元"
    assert funds.details[1].startswith(f"去年同期 {amount}，")
    axes = PageAxes(year="2023", as_of="2023-12-31", rulebook="kaihua-2024")
    year_end = axes.view(county_ledger, counties)
    assert key_figures(counties.at(year_end), LEADER)[0].pace == "100"


def test_origins_and_units_sum_to_the_figures_at_the_top(
    county_ledger: Ledger, counties: CountyViews
) -> None:
    view = PageAxes(year="2024").view(county_ledger, counties)
    county = counties.at(view)
    reached = {row.indicator: row.actual for row in county.targets() if row.unit is None}
    chains, origins = group_tables(county, LEADER)
    for table in (chains, origins):
        # No project of this county is of two chains.
        assert sum(int(row.signings) for row in table.rows) == reached["signed_10000"]
        funds = sum(Fraction(row.funds.replace(",", "")) for row in table.rows)
        assert abs(funds - reached["funds_in_place"]) < Fraction(len(table.rows), 200)
    assert {"浙江", "江西", "未填信用代码"} < {row.name for row in origins.rows}
    assert {"有机硅", "未列产业链"} < {row.name for row in chains.rows}
    chart = unit_funds_chart(county, LEADER)
    assert chart is not None
    bars = funds_bars(county, LEADER)
    for bar, row in zip(bars, chart.rows, strict=True):
        assert [bar.name, bar.actual, bar.target, bar.completion] == row
    assert max(float(bar.share) for bar in bars) == 100
    town = Reader("town", "unit", "华埠镇")
    assert [bar.unit for bar in funds_bars(county, town)] == ["华埠镇"]
    own_funds = Fraction(funds_bars(county, town)[0].actual.replace(",", ""))
    seen = sum(Fraction(row.funds.replace(",", "")) for row in group_tables(county, town)[1].rows)
    # It also sees projects that it reported and another unit has the credit for.
    assert own_funds <= seen < reached["funds_in_place"]


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1", 60),
        ("5", 10),
        ("45", 45),
        ("9999", 3600),
        ("0", None),
        ("x", None),
        ("9" * 5000, None),
    ],
)
def test_on_a_wall_the_first_page_has_no_menu_and_is_renewed(
    reading: TestClient, typed: str, seconds: int | None
) -> None:
    page = reading.get(f"/?year=2024&wall={typed}").text
    assert ("<nav" in page) is (seconds is None)
    assert (f'hx-trigger="every {seconds}s"' in page) is (seconds is not None)
    assert ('<a href="/?year=2024">退出大屏</a>' in page) is (seconds is not None)
    assert "35.78亿元" in page
    assert "<nav" in reading.get("/charts?wall=1").text


def test_amounts_of_a_column_have_equal_decimals(
    county_ledger: Ledger, counties: CountyViews
) -> None:
    county = counties.at(PageAxes(year="2024").view(county_ledger, counties))
    bars = funds_bars(county, LEADER)
    projects = project_rows(county.projects().values())
    amounts = [amount for bar in bars for amount in (bar.actual, bar.target)]
    amounts += [amount for row in projects for amount in (row.scale, row.invested)]
    assert len(amounts) > 100
    assert {amount[-3] for amount in amounts} == {"."}
    # A list never rounds what was recorded.
    assert listed_amount("1325.4567") == "1,325.4567"


def test_a_class_of_drawings_is_not_one_of_text() -> None:
    # A drawing has a height; a text with its class would be cut off.
    classes_by_kind: dict[bool, set[str]] = {True: set(), False: set()}
    for path in Path("commands/web/templates").glob("*.html"):
        for tag, attributes in TAG_WITH_CLASS.findall(path.read_text(encoding="utf-8")):
            names = set(WORDS_OF_TEMPLATE.sub(" ", attributes).split())
            classes_by_kind[tag == "svg"] |= names
    assert "target-bar" in classes_by_kind[True]
    assert "reached" in classes_by_kind[False]
    assert not classes_by_kind[True] & classes_by_kind[False]


def test_every_name_in_the_ranking_may_take_a_second_line(reading: TestClient) -> None:
    ranking = reading.get("/?year=2024").text.split('class="rankings"')[1].split("<h2>")[0]
    assert ranking.count('<th scope="row"><span class="unit-name">') == ranking.count(
        '<th scope="row">'
    )
    styles = Path("commands/web/static/pages.css").read_text(encoding="utf-8")
    assert ".unit-name { display: inline-block; width: max-content; max-width: 10em; }" in styles


def test_without_units_the_ranking_says_so(reading: TestClient) -> None:
    page = reading.get("/?year=2024&known_at=2000-01-01").text
    assert "尚未登记单位。" in page
