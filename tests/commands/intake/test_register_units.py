"""The unit of an amount is the one that its own heading says, else that of the whole sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.intake.register_map import register_map
from commands.intake.register_map_writing import map_toml
from commands.intake.register_meanings import heading_meaning, heading_unit
from commands.intake.register_proposals import propose_map
from commands.words.register_words import HeadingMeaning
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.commands.intake.register_layouts import INVESTED, dec
from tests.given import TOWN, UNITS
from tests.ledgers import fill, new_ledger
from tests.registers import OfficeRegister, Sheet, total, write_register

HEADINGS = (
    "项目编号",
    "项目名称",
    "投资方",
    "首报单位",
    "报送时间",
    "产业类别",
    "项目性质",
    "总投资（亿元）",
    "固定资产投资（亿元）",
    "县外投资比例",
    "签约日期",
    "协议总投资（万元）",
    "协议固定资产投资（万元）",
    "统计入库",
    "2024年固定资产投资（万元）/1月",
    "2024年固定资产投资（万元）/2月",
    "2024年固定资产投资（万元）/3月",
)
CODE = "KH-2024-001"


def workbook(path: Path, title: str, february: str | None = None) -> Path:
    row: list[object] = [CODE, "甲项目", "乙公司", TOWN, "2024-01-02", "工业", "新引进"]
    row += ["1.5", "1.2", "100%", "2024-01-20", "15000", "12000", "2024-01-25", "320.5", february]
    upper: list[object] = [heading.partition("/")[0] for heading in HEADINGS]
    lower: list[object] = [heading.partition("/")[2] or None for heading in HEADINGS]
    return write_register(path, Sheet("台账", [[title], upper, lower, row]))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = new_ledger(tmp_path)
    fill(ledger, UNITS, keep=False)
    return ledger


@pytest.mark.parametrize("title", ["单位：亿元", "单位：万元、亿元", "亿元以上重大项目台账"])
def test_months_in_10_000_yuan_keep_it_in_a_ledger_in_yi(
    tmp_path: Path, ledger: Ledger, title: str
) -> None:
    file = workbook(tmp_path / "a.xlsx", title)
    proposal = propose_map(file)
    # As a person answers who is asked for the unit of the whole sheet.
    proposal.unit = "亿元"
    register = OfficeRegister(tmp_path, ledger, map_toml(proposal))
    result = register.take(file, None)
    assert result.rejected == []
    assert total(ledger, (CODE,), *INVESTED) == dec("320.5")
    signed = ("AgreementSigned", "contract_investment")
    assert total(ledger, (CODE,), *signed) == dec("15000")
    planned = ("InformationReported", "planned_investment")
    assert total(ledger, (CODE,), *planned) == dec("15000")


@pytest.mark.parametrize(
    ("line", "unit", "is_sure"),
    [
        ("单位：亿元", "亿元", True),
        ("单位：万元", "万元", True),
        ("单位：万元、亿元", "万元", False),
        ("2024年亿元以上重大项目台账", "万元", False),
        ("2024年亿元以上重大项目台账（单位：亿元）", "亿元", True),
    ],
)
def test_the_unit_above_the_headings_is_sure_where_the_line_leaves_no_doubt(
    tmp_path: Path, line: str, unit: str, *, is_sure: bool
) -> None:
    proposal = propose_map(workbook(tmp_path / "a.xlsx", line))
    assert (proposal.unit, proposal.is_unit_sure) == (unit, is_sure)


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("总投资（亿元）", "亿元"),
        ("2024年投资（万元）/1月", "万元"),
        ("亿元以上项目固投（万元）", "万元"),
        ("总投资", None),
        ("亿元、万元", None),
    ],
)
def test_a_heading_says_its_unit(heading: str, unit: str | None) -> None:
    assert heading_unit(heading) == unit


@pytest.mark.parametrize(
    ("heading", "event", "field"),
    [
        ("决策咨询/会议时间", "ConsultationHeld", "occurred_on"),
        ("决策咨询/结论", "ConsultationHeld", "outcome"),
        ("用地/成交面积（亩）", "LandAcquired", "area_mu"),
    ],
)
def test_what_a_meeting_decided_and_land_sold_are_known(
    heading: str, event: str, field: str
) -> None:
    guess = heading_meaning(heading)
    assert guess is not None
    assert guess.meaning == HeadingMeaning(event, field)


def test_a_sign_for_no_figure_is_an_empty_month(tmp_path: Path, ledger: Ledger) -> None:
    file = workbook(tmp_path / "a.xlsx", "单位：亿元", february="/")
    text = map_toml(propose_map(file))
    rejected = OfficeRegister(tmp_path, ledger, text).take(file, None)
    assert len(rejected.rejected) == 1
    text = text.replace("[[months]]", '[[months]]\nwords = { "/" = "" }')
    result = OfficeRegister(tmp_path, ledger, text).take(file, None)
    assert result.rejected == []
    assert total(ledger, (CODE,), *INVESTED) == dec("320.5")


def test_a_months_unit_of_a_map_is_checked() -> None:
    months = {"event": "TaxPaid", "field": "amount", "column": "税收", "unit": "万元"}
    values = {"format": "lifecycle-map/1", "project": {"code": {"column": "编号"}}}
    mapped = register_map({**values, "months": [months]}, "map.toml")
    assert mapped.months[0].unit == "万元"


@pytest.mark.parametrize(
    ("heading", "is_foreign"),
    [
        ("总投资（元）", True),
        ("总投资(万美元)", True),
        ("总投资（单位：千元）", True),
        ("总投资（万元）", False),
        ("总投资（亿元）", False),
    ],
)
def test_an_amount_in_another_unit_is_rejected(
    tmp_path: Path, ledger: Ledger, heading: str, *, is_foreign: bool
) -> None:
    file = write_register(tmp_path / "a.xlsx", Sheet("台账", [["项目编号", heading], [CODE, "1"]]))
    text = """format = "lifecycle-map/1"
project = { code = { column = "项目编号" } }
[[event]]
event = "InformationReported"
planned_investment = { column = "HEADING" }
""".replace("HEADING", heading)
    register = OfficeRegister(tmp_path, ledger, text)
    if not is_foreign:
        assert register.take(file, None).recorded == 0
        return
    with pytest.raises(Rejected, match="neither in 万元"):
        register.take(file, None)


def test_monthly_amounts_in_another_unit_are_rejected(tmp_path: Path, ledger: Ledger) -> None:
    table = [["项目编号", "1月投资（元）"], [CODE, "1"]]
    file = write_register(tmp_path / "a.xlsx", Sheet("台账", table))
    text = """format = "lifecycle-map/1"
project = { code = { column = "项目编号" } }
[[months]]
event = "InvestmentReported"
field = "fixed_assets"
year = 2024
columns = { "1月投资（元）" = 1 }
"""
    register = OfficeRegister(tmp_path, ledger, text)
    with pytest.raises(Rejected, match="neither in 万元"):
        register.take(file, None)
