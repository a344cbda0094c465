"""The forms that people type become the strict text; what could mean several things stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.intake.record_files import rows_of_file
from commands.intake.typed_fields import fields_of_kind
from commands.intake.typed_forms import TypedForm, strict_text
from lifecycle.events import BY_NAME
from tests.commands.conftest import Cli
from tests.commands.intake.raw_workbook import row, text_cell, text_row, write_raw_workbook


@pytest.mark.parametrize(
    ("form", "typed", "strict"),
    [
        ("day", "2024-3-5", "2024-03-05"),
        ("day", "2024/3/5", "2024-03-05"),
        ("day", "2024.3.5", "2024-03-05"),
        ("day", "20240305", "2024-03-05"),
        ("day", "2024年3月5日", "2024-03-05"),
        ("day", "２０２４－０３－０５", "2024-03-05"),
        ("day", "2024-03-05 09:30:00", "2024-03-05"),
        ("month", "2024/6", "2024-06"),
        ("month", "2024.10", "2024-10"),
        ("month", "202406", "2024-06"),
        ("month", "2024年6月", "2024-06"),
        ("month", "2024-06-01", "2024-06"),
        ("moment", "2024/3/5 9:30", "2024-03-05 09:30"),
        ("moment", "2024年3月5日 09：30", "2024-03-05 09:30"),
        ("number", "1,200.50", "1200.50"),
        ("number", "１２００", "1200"),
        ("money", "1.5亿", "15000"),
        ("money", "1.5亿元", "15000"),
        ("money", "15,000万元", "15000"),
        ("money", "25元", "0.0025"),
        ("ratio", "30%", "0.3"),
        ("ratio", "３０％", "0.3"),
        ("ratio", "0.30", "0.30"),
    ],
)
def test_a_typed_form_is_understood(form: TypedForm, typed: str, strict: str) -> None:
    assert strict_text(form, typed) == strict


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("day", "3月5日"),
        ("day", "24/3/5"),
        ("day", "05-24"),
        ("day", "45413"),
        ("day", "2024-3/5"),
        ("day", "2024-02-30"),
        ("day", "2024年3月"),
        ("month", "May-24"),
        ("month", "2024-06-15"),
        ("month", "2024-13-01"),
        ("month", "6月"),
        ("moment", "2024-03-05"),
        ("moment", "2024-03-05 25:00"),
        ("moment", "2024-03-05T09:30:00+08:00"),
        ("number", "1.5亿"),
        ("number", "12,00"),
        ("number", "1,2000"),
        ("money", "1.5千万"),
        ("money", "0.001元"),
        ("money", "1" * 40 + "亿"),
        ("money", "约100万元"),
        ("ratio", "30%%"),
        ("ratio", "三成"),
    ],
)
def test_what_could_mean_several_things_is_left_to_the_check(form: TypedForm, typed: str) -> None:
    assert strict_text(form, typed) == typed


@pytest.mark.parametrize(
    ("typed", "truth"),
    [
        ("是", True),
        ("有", True),
        ("√", True),
        ("✓", True),
        ("否", False),
        ("无", False),
        ("×", False),
    ],
)
def test_signs_of_yes_and_no_are_read(typed: str, truth: bool) -> None:
    (field,) = (
        field
        for field in fields_of_kind(BY_NAME["InformationReported"])
        if field.name == "government_funded"
    )
    assert field.read(typed) is truth


def test_only_sums_take_units_of_money() -> None:
    forms = {
        (kind, field.name): field.form
        for kind, event in BY_NAME.items()
        for field in fields_of_kind(event)
    }
    assert forms["LandAcquired", "transfer_fee"] == "money"
    assert forms["TaxPaid", "amount"] == "money"
    for counted in [("LandAcquired", "area_mu"), ("TargetSet", "amount")]:
        assert forms[counted] == "number"
    for counted in [("IndicatorReported", "actual"), ("RoutineAssessed", "points")]:
        assert forms[counted] == "number"


def test_a_typed_table_has_the_digests_of_its_strict_lines(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "事件,项目编号,发生日期,协议总投资,协议固定资产投资\n"
        '正式签约,P,2024年3月1日,1.2亿,"9,000万元"\n',
        encoding="utf-8",
    )
    said = cli("import", file)
    assert (said.code, cli.events) == (0, 5)
    assert "2024-03-01" in said.err
    assert "12000" in said.err
    history = cli("project", "history", "P", "--format", "json").json
    assert history[1]["fields"] == {"contract_investment": "12000", "contract_fixed_assets": "9000"}
    strict = tmp_path / "a.jsonl"
    strict.write_text(
        '{"event": "AgreementSigned", "project": "P", "occurred_on": "2024-03-01",'
        ' "contract_investment": "12000", "contract_fixed_assets": "9000"}',
        encoding="utf-8",
    )
    assert "already recorded 1" in cli("import", strict).out


def test_an_option_s_form_is_said_as_it_is_understood(cli: Cli) -> None:
    options = "--project P --occurred-on 2024/3/1 --contract-investment 1.2亿"
    said = cli("record", "AgreementSigned", *options.split(), "--contract-fixed-assets", "9000")
    assert said.code == 0
    assert "2024-03-01" in said.err
    assert "12000" in said.err


@pytest.mark.parametrize(
    ("cell", "rule"), [("<v>2024.1</v>", "number_as_date"), ("<v>202410</v>", None)]
)
def test_a_number_with_decimals_is_no_month(tmp_path: Path, cell: str, rule: str | None) -> None:
    rows = text_row(1, "项目编号", "月份", "当月固定资产投资")
    rows += row(2, text_cell("A2", "P"), f'<c r="B2">{cell}</c>', text_cell("C2", "1"))
    file = write_raw_workbook(tmp_path / "a.xlsx", {"投资出数": rows})
    (line,) = rows_of_file(file)
    assert (line.problem.rule if line.problem else None) == rule
    assert line.record["month"] == ("2024-10" if rule is None else "2024-01")
