"""资源清单 in the ledger workbook (spec 7)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commands.reports.ledger_workbook import write_ledger
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.commands.reports.conftest import ledger_foot, view_at
from tests.given import REPORTED, World, of, reported
from tests.ledgers import fill
from tests.resources import COUNTY_WITH_RESOURCES, RESOURCES

SHEET = "资源清单"


def written(world: World, path: Path, day: str) -> Any:
    view = view_at(world.ledger, day)
    write_ledger(path, world.ledger, view, ledger_foot(world.ledger, view))
    return openpyxl.load_workbook(path)


def rows_of(book: Any) -> list[dict[str, Any]]:
    sheet = book[SHEET]
    headings = [cell.value for cell in sheet[2]]
    rows = sheet.iter_rows(min_row=4, values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_the_sheet_says_what_is_free_and_on_what_each_allotment_rests(tmp_path: Path) -> None:
    world = World(tmp_path).given(*COUNTY_WITH_RESOURCES)
    book = written(world, tmp_path / "a.xlsx", "2024-06-30")
    first, second, third, fourth, sums = rows_of(book)
    assert (first["资源编号"], first["资源类型"], first["使用状态"]) == (
        "ZY-1",
        "成熟地块",
        "部分占用",
    )
    assert (first["土地面积"], first["可供土地"], first["建筑面积"]) == (50, 15, None)
    assert (first["适宜产业"], first["价格"]) == ("有机硅、竹木加工", "每亩12.5万元")
    assert first["落地项目及依据"].split("；") == [
        "P 项目P 30亩（2024-03-01，记录ZY-1#2，开资〔2024〕3号）",
        "Q 项目Q 5亩（2024-04-01，记录ZY-1#3）",
    ]
    assert second["可供日期"].date() == date(2024, 9, 1)
    assert (third["可供土地"], third["可供建筑面积"], third["使用状态"]) == (0, 0, "已占用")
    assert "8亩、4000平方米" in third["落地项目及依据"]
    assert (fourth["可供建筑面积"], fourth["使用状态"]) == (900, "已出库")
    # What was withdrawn is not on offer.
    assert sums["资源名称"] == "合计（不含已出库）"
    assert (sums["土地面积"], sums["可供土地"]) == (78.5, 35.5)
    assert (sums["建筑面积"], sums["可供建筑面积"]) == (4000, 0)
    assert book[SHEET]["F3"].value == "亩"
    assert book[SHEET]["A1"].value.endswith("招商资源清单（截至2024-06-30）")


def test_the_sheet_is_as_of_the_day(tmp_path: Path) -> None:
    world = World(tmp_path).given(*COUNTY_WITH_RESOURCES)
    first, *_others, sums = rows_of(written(world, tmp_path / "a.xlsx", "2024-02-29"))
    assert (first["可供土地"], first["落地项目及依据"]) == (50, None)
    assert sums["建筑面积"] == 4900


def test_a_county_without_resources_has_the_workbook_that_it_had(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED)
    assert SHEET not in written(world, tmp_path / "a.xlsx", "2024-06-30").sheetnames
    day_before = written(world.given(reported("Q"), *RESOURCES), tmp_path / "b.xlsx", "2024-01-04")
    assert SHEET not in day_before.sheetnames


def test_a_later_event_alters_no_sheet_of_an_earlier_day(tmp_path: Path) -> None:
    world = World(tmp_path).given(*COUNTY_WITH_RESOURCES)
    before = rows_of(written(world, tmp_path / "a.xlsx", "2024-06-30"))
    world.given(
        {
            "event": "ResourceReleased",
            "resource": "ZY-1",
            "project": "P",
            "occurred_on": "2024-07-01",
        },
        of("ProjectTerminated", "2024-07-01", reason="终止"),
    )
    assert rows_of(written(world, tmp_path / "b.xlsx", "2024-06-30")) == before


@pytest.mark.parametrize("change", [True, False])
def test_a_check_of_the_workbook_covers_the_sheet(
    cli: Cli, tmp_path: Path, *, change: bool
) -> None:
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [reported("Q"), *RESOURCES], keep=False)
    path = tmp_path / "台账.xlsx"
    assert cli("report", "ledger", path, "--as-of", "2024-06-30").code == 0
    if change:
        book = openpyxl.load_workbook(path)
        book[SHEET]["H4"].value = 45
        book.save(path)
    answer = cli("audit", "document", path)
    assert answer.code == (1 if change else 0), answer.out + answer.err
    assert ("资源清单!H4" in answer.err) == change
