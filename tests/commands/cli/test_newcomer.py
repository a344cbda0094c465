"""A county's first day: units, the rulebook of the year, its own ledger, mistakes, results.

As a newcomer goes it: each step does what the step before it said.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from tests.commands.conftest import Answer, Cli
from tests.registers import Row, Sheet, write_register

TOWNS: Final = ("华埠镇", "马金镇", "池淮镇")
PROJECTS: Final = 12
MONTHS: Final = [f"{month}月投资（万元）" for month in range(1, 11)]
HEADINGS: Final[Row] = [
    *("序号", "项目编号", "项目名称", "投资主体", "统一社会信用代码", "投资方联系人", "联系电话"),
    *("客商来源地", "所属乡镇", "首报单位", "产业类别", "产业链", "项目类型", "首报日期"),
    *("计划总投资（亿元）", "其中：固定资产投资（亿元）", "县外投资占比", "决策咨询日期"),
    *("决策咨询结果", "签约日期", "协议总投资（亿元）", "协议固投（亿元）", "摘牌日期"),
    *("土地面积（亩）", "备案日期", "备案赋码", "入库日期", *MONTHS),
    *("项目进展", "存在问题", "备注"),
]
NAMES: Final = ("石英坩埚", "竹制家具", "茶油精炼", "光学镜片", "渔具", "卡牌印刷")


def project_row(number: int) -> Row:
    """Return a project's row; every second one is under construction."""
    town = TOWNS[number % len(TOWNS)]
    name = f"{NAMES[number % len(NAMES)]}{'一二'[number // len(NAMES)]}号线"
    reported = [number + 1, f"KH-2025-{number + 1:03}", name, f"浙江{name}公司", None, "王工"]
    reported += ["0570-600000", "杭州", town, town, "工业", "新材料", "新建"]
    reported += [f"2025年1月{5 + number}日", 1.2, 0.9, "85%"]
    nodes = [date(2025, 2, 1 + number), "通过", f"2025.3.{1 + number}", "1.2亿元", 0.9, None, 30]
    nodes += [None, None, date(2025, 4, 2 + number) if number % 2 else None]
    figures = [None, None, None, None, 120 + number, "150.5", None, "2,00", None, None]
    no_figures: list[Any] = [None] * len(MONTHS)
    return [*reported, *nodes, *(figures if number % 2 else no_figures), "正在推进"]


def own_ledger(path: Path, rows: list[Row]) -> Path:
    title: Row = ["开化县招商引资项目台账（2025年）"]
    total: Row = ["合计", *[None] * 13, 14.4, 10.8]
    return write_register(path, Sheet("2025年项目台账", [title, HEADINGS, *rows, total]))


def taken(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err + answer.out
    return answer


def test_from_an_empty_store_to_scores_and_a_workbook_in_one_day(
    bare: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(HEADINGS) == 40
    taken(bare("init"))
    # 1. units, in the template's sheet
    taken(bare("template", "ledger.xlsx"))
    template = openpyxl.load_workbook("ledger.xlsx")
    places = {cell.value: cell.column for cell in template["单位登记"][1]}
    for number, town in enumerate(TOWNS, start=2):
        unit = {"单位": town, "发生日期": "2025年1月1日", "考核序列": "乡镇"}
        for heading, value in (unit | {"单位类别": "乡镇（办事处）"}).items():
            template["单位登记"].cell(number, places[heading], value)
    template.save("ledger.xlsx")
    assert "recorded 3" in taken(bare("import", "ledger.xlsx")).out
    # 2. the rulebook of the year
    book = ("kaihua-2025", "--from", "kaihua-2024", "--year", "2025")
    taken(bare("rulebook", "new", *book))
    taken(bare("rulebook", "adopt", "kaihua-2025.toml", "--occurred-on", "2025年1月2日"))
    # 3. the office's own ledger: a word that the policy lacks and a figure that is none
    rows = [project_row(number) for number in range(PROJECTS)]
    own_ledger(tmp_path / "台账.xlsx", rows)
    taken(bare("import", "台账.xlsx", "--propose", "map.toml"))
    by_map = ("import", "台账.xlsx", "--map", "map.toml")
    rejected = bare(*by_map, "--dry-run")
    assert rejected.code == 1, rejected.err
    # Rows that are wrong alike stand on one line, with the way out.
    assert '6 rows (3, 5, 7, 9, 11, 13): 产业链 "新材料"' in rejected.err
    assert 'words = { "新材料" = "…" }' in rejected.err
    chain = 'column = "产业链"'
    text = Path("map.toml").read_text(encoding="utf-8")
    mended = text.replace(chain, f'{chain}, words = {{ "新材料" = "" }}')
    Path("map.toml").write_text(mended, encoding="utf-8")
    figure = bare(*by_map, "--dry-run")
    assert "8月投资（万元）: cell AI4 contains 2,00, which is no amount: write" in figure.err
    mended_rows: list[Row] = []
    for row in rows:
        mended_rows.append([200 if cell == "2,00" else cell for cell in row])
    own_ledger(tmp_path / "台账.xlsx", mended_rows)
    first = taken(bare(*by_map))
    # Reported, consulted, signed; half of them entered into statistics with three figures.
    assert f"recorded {PROJECTS * 3 + PROJECTS // 2 * 4}, " in first.out
    assert "recorded 0, " in taken(bare(*by_map)).out
    # 4. a mistake is mended, and a correction taken back
    wrong = ("correct", "KH-2025-002", 3, "协议总投资=1.3亿", "--reason", "笔误")
    corrected = taken(bare(*wrong, "--approved-by", "余敏", "--yes"))
    assert "12000 万元 → 13000 万元" in corrected.err
    taken(bare("undo", "--yes"))
    # 5. results of the year
    scores = taken(bare("score", "--year", "2025", "--as-of", "2025年12月31日", "--format", "json"))
    assert {unit["unit"] for unit in scores.json["units"]} == set(TOWNS)
    assert scores.json["rulebook"]["id"] == "kaihua-2025"
    taken(bare("report", "ledger", "总表.xlsx", "--as-of", "2025/12/31"))
    projects = taken(bare("project", "list", "--format", "json")).json
    assert len(projects) == PROJECTS
