"""The resource list, as a clerk records it and everyone reads it (spec 7)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Cli

ROW = (
    "resource",
    "kind",
    "name",
    "location",
    "area_mu",
    "floor_area_m2",
    "free_area_mu",
    "free_floor_area_m2",
    "projects",
    "available_on",
    "status",
)


def listed(cli: Cli, code: str, on: str = "2024-02-01", **fields: str) -> None:
    defaults = {"kind": "成熟地块", "name": f"{code}地块", "location": "城北园区"}
    options: list[str] = []
    for name, value in (defaults | fields).items():
        options += [f"--{name.replace('_', '-')}", value]
    answer = cli("record", "资源入库", "--resource", code, "--occurred-on", on, *options)
    assert answer.code == 0, answer.err


@pytest.fixture
def stocked(cli: Cli) -> Cli:
    """Three resources; 30 mu of the first are the project P's from March on."""
    listed(cli, "ZY-1", area_mu="50", industries="有机硅、竹木加工")
    listed(cli, "ZY-2", kind="标准厂房", floor_area_m2="4000", area_mu="8", location="城东园区")
    listed(cli, "ZY-3", area_mu="20.5", available_on="2024-06-01")
    fields = ("--occurred-on", "2024-03-01", "--area-mu", "30", "--source-ref", "开资〔2024〕3号")
    answer = cli("record", "匹配落地", "--resource", "zy-1", "--project", "P", *fields)
    assert answer.code == 0, answer.err
    return cli


def test_industries_stay_as_they_are_typed(cli: Cli) -> None:
    # 工业 is a word of a vocabulary too, whose stored form an import from JSONL does not write.
    listed(cli, "ZY-1", area_mu="50", industries="工业、有机硅、竹木加工")
    shown = cli("resources", "show", "ZY-1", "--format", "json").json
    assert shown["industries"] == sorted(["工业", "有机硅", "竹木加工"])


def test_the_list_is_as_of_a_day(stocked: Cli) -> None:
    first, second, third = stocked("resources", "list", "--format", "json").json
    assert tuple(first) == ROW
    assert (first["free_area_mu"], first["projects"], first["status"]) == ("20", ["P"], "partly")
    assert (second["kind"], second["free_floor_area_m2"]) == ("standard_plant", "4000")
    assert third["available_on"] == "2024-06-01"
    before, *_others = stocked(
        "resources", "list", "--as-of", "2024-02-29", "--format", "json"
    ).json
    assert (before["free_area_mu"], before["status"]) == ("50", "free")
    assert stocked("resources", "list", "--as-of", "2024-01-31", "--format", "json").json == []


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        (("--kind", "标准厂房"), ["ZY-2"]),
        (("--location", "城北"), ["ZY-1", "ZY-3"]),
        (("--status", "部分占用"), ["ZY-1"]),
        (("--free",), ["ZY-1", "ZY-2", "ZY-3"]),
    ],
)
def test_filters(stocked: Cli, filters: tuple[str, ...], codes: list[str]) -> None:
    rows = stocked("resources", "list", *filters, "--format", "json").json
    assert [row["resource"] for row in rows] == codes


@pytest.mark.parametrize(
    ("language", "rests_on", "free"),
    [("en", "Rests on", "Free land (mu)"), ("zh", "依据记录", "可供土地（亩）")],
)
def test_a_resource_shows_what_each_allotment_rests_on(
    stocked: Cli, monkeypatch: pytest.MonkeyPatch, language: str, rests_on: str, free: str
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", language)
    text = stocked("resources", "show", "ZY-1").out
    assert rests_on in text
    assert free in text
    # Fields are named as in the events of resources, where a name is no project's.
    assert "资源名称" in text
    assert "项目名称" not in text
    shown = stocked("resources", "show", "ZY-1", "--format", "json").json
    (allotment,) = shown["allotments"]
    assert (allotment["event"], allotment["area_mu"]) == ("ZY-1#2", "30")
    # The plot has no floors.
    assert allotment["floor_area_m2"] is None
    assert allotment["source_ref"] == "开资〔2024〕3号"
    assert [row["event"] for row in shown["history"]] == ["ResourceListed", "ResourceAllotted"]


def test_an_unknown_resource_names_those_that_are_listed(stocked: Cli) -> None:
    answer = stocked("resources", "show", "ZY-9")
    assert answer.code == 1
    assert "ZY-1" in answer.err
    early = stocked("resources", "show", "ZY-1", "--as-of", "2024-01-31")
    assert (early.code, early.out) == (1, "")


def test_a_location_where_nothing_lies_names_those_that_there_are(stocked: Cli) -> None:
    answer = stocked("resources", "list", "--location", "城南")
    assert (answer.code, answer.out) == (1, "")
    assert "城东园区" in answer.err
    assert "城北园区" in answer.err
    early = stocked("resources", "list", "--location", "城北", "--as-of", "2024-01-31")
    assert (early.code, early.out) == (1, "")


def test_what_suits_a_project_comes_best_first(stocked: Cli) -> None:
    listed(stocked, "ZY-4", area_mu="100", industries="有机硅")
    listed(stocked, "ZY-5", area_mu="12")
    needs = ("correct", "P", "1", "needs_area_mu=10", "chains=silicone")
    by = ("--reason", "补填", "--approved-by", "余敏", "--yes")
    answer = stocked(*needs, *by)
    assert answer.code == 0, answer.err
    rows = stocked("resources", "match", "P", "--as-of", "2024-05-31", "--format", "json").json
    # Land with the industry first, the smaller surplus before; ZY-2 is too small, ZY-3 to come.
    assert [row["resource"] for row in rows] == ["ZY-1", "ZY-4", "ZY-5"]
    assert (rows[0]["surplus_area_mu"], rows[0]["industry_in_common"]) == ("10", True)
    later = stocked("resources", "match", "P", "--as-of", "2024-06-01", "--format", "json").json
    assert [row["resource"] for row in later] == ["ZY-1", "ZY-4", "ZY-5", "ZY-3"]


def test_a_project_that_states_no_needs_is_offered_everything(stocked: Cli) -> None:
    answer = stocked("resources", "match", "P")
    assert answer.code == 0
    assert "ZY-2" in answer.out
    assert "needs_area_mu" in answer.err


def test_a_form_asks_for_the_resource(stocked: Cli) -> None:
    clerk = Terminal("--db", stocked.url, "record", "退回", LIFECYCLE_LANG="zh_CN")
    clerk.sees("资源编号")
    clerk.types("ZY-9\n")
    clerk.sees("没有资源 ZY-9")
    clerk.types("zy-1\n")
    clerk.sees("发生日期")
    clerk.types("2024-04-01\n")
    clerk.sees("项目编号")
    clerk.types("P\n")
    clerk.sees("1.依据文号")
    clerk.types("\n")
    clerk.sees("录入")
    clerk.types("y\n")
    assert clerk.ends() == 0
    (first, *_others) = stocked("resources", "list", "--format", "json").json
    assert (first["free_area_mu"], first["status"]) == ("50", "free")


def test_resources_are_imported(stocked: Cli, tmp_path: Path) -> None:
    records = tmp_path / "resources.csv"
    records.write_text(
        "事件,资源编号,发生日期,资源类型,资源名称,位置,建筑面积（平方米）\n"
        "资源入库,ZY-7,2024-02-01,标准厂房,七号厂房,城东园区,1500\n",
        encoding="utf-8",
    )
    answer = stocked("import", str(records))
    assert answer.code == 0, answer.err
    *_others, last = stocked("resources", "list", "--format", "json").json
    assert (last["resource"], last["kind"]) == ("ZY-7", "standard_plant")
    assert "CONSISTENT" in stocked("audit", "verify").out


def fill_sheet(sheet: Any, row: int, **texts: str) -> None:
    """Write values under the headings of a sheet."""
    columns = {cell.value: cell.column for cell in sheet[1]}
    for heading, text in texts.items():
        sheet.cell(row, columns[heading], text)


def test_a_workbook_of_plots_and_idle_plants_is_imported_again_and_again(
    stocked: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "resources.xlsx"
    assert stocked("template", file).code == 0
    book = openpyxl.load_workbook(file)
    plant = {"资源类型": "闲置厂房", "资源名称": "老粮库", "建筑面积（平方米）": "3200.5"}
    price = {"价格（万元）": "0.012", "计价单位": "每平方米每年", "适宜产业": "仓储、竹木加工"}
    land = {"资源类型": "成熟地块", "资源名称": "东片", "土地面积（亩）": "1,050"}
    place = {"发生日期": "2024.3.5", "位置": "华埠镇"}
    fill_sheet(book["资源入库"], 2, 资源编号="ZY-90", **plant, **price, **place)
    fill_sheet(book["资源入库"], 3, 资源编号="ZY-91", **land, **place)
    taken = {"资源编号": "zy-91", "项目编号": "P", "土地面积（亩）": "40"}
    fill_sheet(book["匹配落地"], 2, 发生日期="2024-4-1", **taken)
    book.save(file)
    assert stocked("import", file, "--format", "json").json["recorded"] == 3
    assert stocked("import", file, "--format", "json").json["already_recorded"] == 3
    rows = stocked("resources", "list", "--location", "华埠镇", "--format", "json").json
    assert [row["free_floor_area_m2"] for row in rows] == ["3200.5", None]
    assert [row["free_area_mu"] for row in rows] == [None, "1010"]
    fill_sheet(book["匹配落地"], 3, 资源编号="ZY-91", 项目编号="P", 发生日期="2024-4-2")
    fill_sheet(book["匹配落地"], 3, **{"土地面积（亩）": "2000"})
    book.save(file)
    rejected = stocked("import", file)
    assert rejected.code == 1
    assert "匹配落地" in rejected.err
    assert "too_little_free" in rejected.err


def test_a_rejected_line_names_the_rule(stocked: Cli, tmp_path: Path) -> None:
    record = {"event": "ResourceAllotted", "resource": "ZY-1", "project": "P"}
    records = tmp_path / "more.jsonl"
    line = json.dumps(record | {"occurred_on": "2024-03-02", "area_mu": "20.1"})
    records.write_text(line + "\n", encoding="utf-8")
    answer = stocked("import", str(records))
    assert answer.code == 1
    assert "too_little_free" in answer.out + answer.err
