"""A county's own ledger is recorded once, and what differs later is listed, never guessed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from commands.handlers.moving_projects import Move, move_project
from commands.handlers.register_importing import CorrectionOrder
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.given import TOWN, UNITS, correction, of
from tests.ledgers import CLERK, fill, new_ledger
from tests.registers import OfficeRegister, Row, listed, rules, total, values

MAP = """
format = "lifecycle-map/1"
headings = [1]
skip = ["合计", "小计"]
[project]
code = { make = "KH-{year}-{n:03}", year = "报送日期" }
[[event]]
event = "InformationReported"
name = { column = "项目名称" }
investor = { column = "投资方" }
reporting_unit = { column = "首报单位" }
reported_at = { column = "报送日期" }
sector = { column = "产业", words = { "制造业" = "industrial" } }
planned_investment = { column = "总投资" }
planned_fixed_assets = { column = "总投资" }
outside_ratio = { value = "1" }
kind = { value = "new" }
[[event]]
event = "ConsultationHeld"
occurred_on = { column = "咨询日期" }
outcome = { value = "passed" }
[[event]]
event = "AgreementSigned"
occurred_on = { column = "签约日期" }
contract_investment = { column = "协议总投资", unit = "亿元" }
contract_fixed_assets = { column = "协议固投", unit = "亿元" }
[[event]]
event = "StatisticsEntered"
occurred_on = { column = "入库日期" }
[[months]]
event = "InvestmentReported"
field = "fixed_assets"
year = 2024
cumulative = "no"
columns = { "1月" = 1, "2月" = 2, "3月" = 3, "4月" = 4 }
"""
HEADINGS = (
    "项目名称",
    "投资方",
    "首报单位",
    "报送日期",
    "产业",
    "总投资",
    "咨询日期",
    "签约日期",
    "协议总投资",
    "协议固投",
    "入库日期",
    "1月",
    "2月",
    "3月",
    "4月",
)
JANUARY, FEBRUARY, MARCH = date(2024, 1, 5), date(2024, 2, 1), date(2024, 3, 1)
FIRST = "KH-2024-001"
SECOND = "KH-2024-002"


def project(name: str = "硅料", investor: str = "甲公司", /, **cells: Any) -> Row:
    """Return a row: reported, and whatever cells are given by their headings."""
    known = {
        "项目名称": name,
        "投资方": investor,
        "首报单位": TOWN,
        "报送日期": JANUARY,
        "产业": "制造业",
        "总投资": 5000,
    }
    return [(known | cells).get(heading) for heading in HEADINGS]


SIGNED: Final[dict[str, Any]] = {"签约日期": FEBRUARY, "协议总投资": 1.5, "协议固投": 0.9}
ENTERED: Final[dict[str, Any]] = {"入库日期": MARCH}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = new_ledger(tmp_path)
    fill(ledger, UNITS, keep=False)
    return ledger


@pytest.fixture
def register(tmp_path: Path, ledger: Ledger) -> OfficeRegister:
    return OfficeRegister(tmp_path, ledger, MAP)


# What a row yields -------------------------------------------------------------------------------


def test_each_filled_day_is_an_event(register: OfficeRegister, ledger: Ledger) -> None:
    row = project(**SIGNED, **ENTERED, 咨询日期=FEBRUARY)
    result = register.take(register.sheet(HEADINGS, row))
    assert (result.recorded, rules(result)) == (4, [])
    signed = {
        "occurred_on": "2024-02-01",
        "contract_investment": "15000",
        "contract_fixed_assets": "9000",
    }
    assert values(ledger, FIRST, "AgreementSigned") == [signed]
    (report,) = values(ledger, FIRST, "InformationReported")
    assert (report["sector"], report["planned_investment"]) == ("industrial", "5000")
    assert report["reported_at"] == "2024-01-05T00:00:00+08:00"


def test_codes_are_made_by_year_and_in_the_order_of_the_rows(
    register: OfficeRegister, ledger: Ledger
) -> None:
    rows = [
        project("甲", 报送日期="2023.5.6"),
        project("乙"),
        project("丙", 报送日期=datetime(2024, 3, 1, 9, 30)),  # noqa: DTZ001
    ]
    register.take(register.sheet(HEADINGS, *rows))
    for code, name in (("KH-2023-001", "甲"), (FIRST, "乙"), (SECOND, "丙")):
        assert values(ledger, code, "InformationReported")[0]["name"] == name


def test_a_made_code_is_the_next_that_no_project_of_the_county_has(
    register: OfficeRegister, ledger: Ledger
) -> None:
    fill(ledger, [of_report("KH-2024-041", "旧项目", "旧公司")], keep=False)
    register.take(register.sheet(HEADINGS, project()))
    assert values(ledger, "KH-2024-042", "InformationReported")[0]["name"] == "硅料"


def of_report(code: str, name: str, investor: str) -> dict[str, object]:
    return {
        "event": "InformationReported",
        "project": code,
        "reporting_unit": TOWN,
        "reported_at": "2024-01-10T09:00:00+08:00",
        "name": name,
        "investor": investor,
        "sector": "industrial",
        "kind": "new",
        "planned_investment": "5000",
        "planned_fixed_assets": "5000",
        "outside_ratio": "1",
    }


def test_an_event_without_a_required_fact_is_listed_and_left_out(
    register: OfficeRegister, ledger: Ledger
) -> None:
    row = project(签约日期=FEBRUARY, 协议总投资=1.5, **{"1月": 10})
    result = register.take(register.sheet(HEADINGS, row))
    assert (result.recorded, rules(result)) == (1, [])
    # The signing lacks its fixed assets; January's figure needs an entry into statistics.
    assert listed(result, "missing") == [(2, "协议固投"), (2, "1月")]
    assert values(ledger, FIRST, "AgreementSigned") == []


def test_a_project_without_its_report_is_left_out_whole(register: OfficeRegister) -> None:
    rows = [project(**SIGNED, 首报单位=None), project("乙", 报送日期=None)]
    result = register.take(register.sheet(HEADINGS, *rows))
    assert result.recorded == 0
    assert listed(result, "missing") == [(2, "首报单位"), (3, "报送日期")]


def test_a_cell_that_cannot_be_read_stops_all(register: OfficeRegister, ledger: Ledger) -> None:
    rows = [project(), project("乙", 签约日期="3月5日"), project("丙", 产业="其它行业")]
    result = register.take(register.sheet(HEADINGS, *rows))
    assert (result.recorded, ledger.head().position) == (0, len(UNITS))
    fields = [(row.row.place, row.problems[0].field) for row in result.rejected]
    assert fields == [(3, "签约日期"), (4, "产业")]


def test_an_error_cell_in_a_column_that_is_read_stops_all(register: OfficeRegister) -> None:
    path = register.sheet(HEADINGS, project(), extra={"I2": ("=1/0", None, "#DIV/0!")})
    assert rules(register.take(path)) == ["error_cell"]


def test_totals_and_footers_are_passed_over_and_listed(register: OfficeRegister) -> None:
    rows = [["小计：华埠镇"], project(), ["  合计", None, None, None, None, 5000]]
    footer = [*[None] * len(HEADINGS), "填表人：余敏"]
    result = register.take(register.sheet(HEADINGS, *rows, footer))
    assert (result.recorded, rules(result)) == (1, [])
    assert listed(result, "passed_over") == [(2, "项目名称"), (4, "项目名称"), (5, None)]


# The same ledger later ---------------------------------------------------------------------------


def test_the_same_ledger_again_records_nothing(register: OfficeRegister) -> None:
    path = register.sheet(HEADINGS, project(**SIGNED, **ENTERED, **{"1月": 10, "2月": 0}))
    assert register.take(path).recorded == 5
    again = register.take(path)
    assert (again.recorded, again.already_recorded) == (0, 5)


def test_a_month_later_only_what_is_new_is_recorded(
    register: OfficeRegister, ledger: Ledger
) -> None:
    register.take(register.sheet(HEADINGS, project(**SIGNED)))
    later = [project("乙", "乙公司"), project(**SIGNED, **ENTERED, **{"3月": 120.5})]
    result = register.take(register.sheet(HEADINGS, *later))
    assert (result.recorded, result.already_recorded) == (3, 2)
    assert total(ledger, [FIRST], "InvestmentReported", "fixed_assets") == 120.5
    assert values(ledger, SECOND, "InformationReported")[0]["name"] == "乙"


def test_a_changed_cell_is_a_proposed_correction(register: OfficeRegister, ledger: Ledger) -> None:
    register.take(register.sheet(HEADINGS, project(**SIGNED)))
    path = register.sheet(HEADINGS, project(**{**SIGNED, "协议总投资": 1.6}))
    result = register.take(path)
    (change,) = result.corrections
    assert (change.row, change.heading, change.fact) == (2, "协议总投资", f"{FIRST}#2")
    assert (change.before, change.after, result.recorded) == ("15000", "16000", 0)


def test_proposed_corrections_are_recorded_on_demand(
    register: OfficeRegister, ledger: Ledger
) -> None:
    order = CorrectionOrder("核实", "余敏")
    register.take(register.sheet(HEADINGS, project(**SIGNED)))
    path = register.sheet(HEADINGS, project(**{**SIGNED, "协议总投资": 1.6, "协议固投": 1}))
    result = register.take(path, corrections=order)
    # Both cells are of one event, and one correction.
    assert (result.recorded, result.corrected) == (1, 1)
    (signed,) = values(ledger, FIRST, "AgreementSigned")
    assert (signed["contract_investment"], signed["contract_fixed_assets"]) == ("16000", "10000")
    again = register.take(path)
    assert (again.recorded, again.corrections, again.outdated) == (0, [], [])


def test_what_a_fact_said_before_a_correction_is_outdated(
    register: OfficeRegister, ledger: Ledger
) -> None:
    path = register.sheet(HEADINGS, project(**SIGNED))
    register.take(path)
    fill(ledger, [correction(2, {"contract_investment": "15500"}, FIRST)], keep=False)
    result = register.take(path)
    assert (listed(result, "outdated"), result.corrections) == ([(2, "协议总投资")], [])


def test_a_voided_event_is_not_recorded_again(register: OfficeRegister, ledger: Ledger) -> None:
    path = register.sheet(HEADINGS, project(**SIGNED))
    register.take(path)
    fill(ledger, [correction(2, None, FIRST)], keep=False)
    result = register.take(path)
    assert (result.recorded, listed(result, "outdated")) == (0, [(2, "签约日期")])
    # Other content is another event.
    other = {**SIGNED, "签约日期": MARCH}
    assert register.take(register.sheet(HEADINGS, project(**other))).recorded == 1


def test_a_cleared_cell_is_listed_and_clears_nothing(
    register: OfficeRegister, ledger: Ledger
) -> None:
    register.take(register.sheet(HEADINGS, project(**SIGNED, **ENTERED, **{"1月": 5})))
    cleared = project(**{**SIGNED, "协议固投": None}, 入库日期=None)
    result = register.take(register.sheet(HEADINGS, cleared))
    assert listed(result, "cleared") == [(2, "协议固投"), (2, "入库日期"), (2, "1月")]
    assert result.recorded == 0


def test_a_new_day_of_a_kind_that_repeats_is_a_new_event(
    register: OfficeRegister, ledger: Ledger
) -> None:
    register.map_file.write_text(MAP.replace('"passed"', '"deferred"'), encoding="utf-8")
    register.take(register.sheet(HEADINGS, project(咨询日期=FEBRUARY)))
    result = register.take(register.sheet(HEADINGS, project(咨询日期=MARCH)))
    assert (result.recorded, result.corrections) == (1, [])
    assert len(values(ledger, FIRST, "ConsultationHeld")) == 2


def test_a_vanished_row_is_listed(register: OfficeRegister) -> None:
    register.take(register.sheet(HEADINGS, project(), project("乙", "乙公司")))
    result = register.take(register.sheet(HEADINGS, project()))
    assert [finding.code for finding in result.vanished] == [SECOND]
    assert result.recorded == 0


# Which project a row is --------------------------------------------------------------------------


def test_a_row_is_known_by_every_former_name_and_investor(
    register: OfficeRegister, ledger: Ledger
) -> None:
    path = register.sheet(HEADINGS, project())
    register.take(path)
    changes = {"name": "新名称", "investor": "新公司"}
    fill(ledger, [correction(1, changes, FIRST)], keep=False)
    result = register.take(path)
    assert (result.recorded, result.vanished) == (0, [])
    assert listed(result, "outdated") == [(2, "项目名称"), (2, "投资方")]
    renamed = register.take(register.sheet(HEADINGS, project("新名称", "新公司")))
    assert (renamed.recorded, renamed.outdated) == (0, [])


def test_a_project_recorded_in_another_way_is_known_under_its_own_code(
    register: OfficeRegister, ledger: Ledger
) -> None:
    fill(ledger, [of_report("老-1", "硅 料", "甲公司")], keep=False)
    result = register.take(register.sheet(HEADINGS, project(**SIGNED)))
    assert (result.recorded, values(ledger, FIRST, "AgreementSigned")) == (1, [])
    assert len(values(ledger, "老-1", "AgreementSigned")) == 1


def test_two_rows_alike_are_rejected_with_both_places(
    register: OfficeRegister, ledger: Ledger
) -> None:
    rows = [project(), project("乙", "乙公司"), project("硅 料")]
    for _again in range(2):
        result = register.take(register.sheet(HEADINGS, *rows))
        assert (rules(result), result.recorded) == (["rows_alike"], 0)
        problem = result.rejected[0].problems[0]
        assert (problem.values["first"], problem.values["second"]) == (2, 4)
        register.take(register.sheet(HEADINGS, project()))


def test_a_vanished_and_a_new_row_of_one_investor_are_perhaps_the_same(
    register: OfficeRegister, ledger: Ledger
) -> None:
    register.take(register.sheet(HEADINGS, project(), project("乙", "乙公司")))
    renamed = register.sheet(HEADINGS, project("硅料二期"), project("乙", "乙公司", **SIGNED))
    result = register.take(renamed)
    # The other row's signing is recorded all the same.
    assert (result.recorded, listed(result, "passed_over")) == (1, [(2, "报送日期")])
    (vanished,) = result.vanished
    assert (vanished.code, vanished.problem.values["rows"]) == (FIRST, [2])
    same = register.take(renamed, same={2: FIRST})
    assert (same.recorded, listed(same, "corrections")) == (0, [(2, "项目名称")])
    new = register.take(renamed, new=frozenset([2]))
    assert (new.recorded, len(new.vanished)) == (1, 1)
    assert values(ledger, "KH-2024-003", "InformationReported")[0]["name"] == "硅料二期"


def test_an_answer_about_a_row_or_project_that_is_not_there_is_rejected(
    register: OfficeRegister,
) -> None:
    path = register.sheet(HEADINGS, project())
    for options, rule in (
        ({"new": frozenset([9])}, "unknown_row"),
        ({"same": {2: "KH-0"}}, "unknown_project"),
    ):
        with pytest.raises(Rejected) as rejected:
            register.take(path, **options)
        assert rejected.value.problems[0].rule == rule


# All or nothing ----------------------------------------------------------------------------------


def test_a_row_that_the_rules_reject_stops_all(register: OfficeRegister, ledger: Ledger) -> None:
    result = register.take(register.sheet(HEADINGS, project(), project("乙", 首报单位="不存在镇")))
    assert (result.recorded, ledger.head().position) == (0, len(UNITS))
    assert rules(result) == ["unit_not_registered"]


def test_a_dry_run_says_all_of_it_and_records_nothing(
    register: OfficeRegister, ledger: Ledger
) -> None:
    result = register.take(register.sheet(HEADINGS, project(**SIGNED)), dry_run=True)
    assert (result.recorded, ledger.head().position) == (2, len(UNITS))


def test_what_is_unusual_is_rejected_until_confirmed(register: OfficeRegister) -> None:
    path = register.sheet(HEADINGS, project(**SIGNED, **ENTERED, **{"1月": 99_999_999}))
    assert rules(register.take(path)) == ["unusual", "unusual"]
    assert register.take(path, confirm_unusual=True).recorded == 4


# Months ------------------------------------------------------------------------------------------

CUMULATIVE = MAP.replace('cumulative = "no"', 'cumulative = "year"')


@pytest.fixture
def cumulative(tmp_path: Path, ledger: Ledger) -> OfficeRegister:
    return OfficeRegister(tmp_path, ledger, CUMULATIVE)


def months_of(ledger: Ledger) -> dict[object, object]:
    figures = values(ledger, FIRST, "InvestmentReported")
    return {figure["month"]: figure["fixed_assets"] for figure in figures}


def test_a_cumulative_figure_is_the_difference_to_the_last_filled_month(
    cumulative: OfficeRegister, ledger: Ledger
) -> None:
    row = project(**ENTERED, **{"1月": 100, "2月": 250, "4月": 250.5})
    result = cumulative.take(cumulative.sheet(HEADINGS, row))
    assert months_of(ledger) == {"2024-01": "100", "2024-02": "150", "2024-04": "0.5"}
    assert listed(result, "missing") == [(2, "3月")]


def test_a_cumulative_figure_that_falls_is_rejected(cumulative: OfficeRegister) -> None:
    row = project(**ENTERED, **{"1月": 100, "2月": 90})
    result = cumulative.take(cumulative.sheet(HEADINGS, row))
    (rejected,) = result.rejected
    assert [(problem.rule, problem.field) for problem in rejected.problems] == [
        ("cumulative_fall", "2月")
    ]


def test_a_changed_cumulative_month_proposes_corrections_of_it_and_the_next(
    cumulative: OfficeRegister,
) -> None:
    cells = {"1月": 100, "2月": 250, "3月": 300}
    cumulative.take(cumulative.sheet(HEADINGS, project(**ENTERED, **cells)))
    changed = project(**ENTERED, **{**cells, "2月": 260})
    result = cumulative.take(cumulative.sheet(HEADINGS, changed))
    changes = [(finding.heading, finding.before, finding.after) for finding in result.corrections]
    assert changes == [("2月", "150", "160"), ("3月", "50", "40")]


def test_a_cleared_cumulative_month_still_counts_in_the_next(
    cumulative: OfficeRegister, ledger: Ledger
) -> None:
    cells = {"1月": 100, "2月": 250, "3月": 300}
    cumulative.take(cumulative.sheet(HEADINGS, project(**ENTERED, **cells)))
    result = cumulative.take(
        cumulative.sheet(HEADINGS, project(**ENTERED, **{"1月": 100, "3月": 300}))
    )
    assert (listed(result, "cleared"), result.corrections) == ([(2, "2月")], [])


def test_a_month_that_is_not_over_is_passed_over(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, clock_time=datetime(2024, 3, 31, tzinfo=SHANGHAI))
    fill(ledger, UNITS, keep=False)
    register = OfficeRegister(tmp_path, ledger, MAP)
    row = project(**ENTERED, **{"1月": 0, "3月": 30, "4月": 0})
    result = register.take(register.sheet(HEADINGS, row))
    # A zero is a figure only in a month that is over.
    assert months_of(ledger) == {"2024-01": "0"}
    assert listed(result, "passed_over") == [(2, "3月")]


MONTHLY_REPORT = (
    CUMULATIVE[: CUMULATIVE.index("[[months]]")]
    + """
[[months]]
event = "InvestmentReported"
field = "fixed_assets"
cumulative = "all"
column = "1月"
"""
)


@pytest.mark.parametrize("text", ["约100", -5, "1.5.2", "100吨"])
def test_a_month_that_holds_no_amount_is_rejected_by_its_cell(
    text: object, register: OfficeRegister
) -> None:
    result = register.take(register.sheet(HEADINGS, project(**ENTERED, **{"2月": text})))
    (rejected,) = result.rejected
    (problem,) = rejected.problems
    assert (problem.rule, problem.field, problem.values["cell"]) == ("number", "2月", "M2")


def test_a_column_takes_its_month_from_the_option(tmp_path: Path, ledger: Ledger) -> None:
    register = OfficeRegister(tmp_path, ledger, MONTHLY_REPORT)
    with pytest.raises(Rejected, match="--month"):
        register.take(register.sheet(HEADINGS, project()))
    for month, figure in (("2023-12", 100), ("2024-02", 180), ("2024-03", 200)):
        path = register.sheet(HEADINGS, project(**ENTERED, **{"1月": figure}))
        result = register.take(path, month)
    assert months_of(ledger) == {"2023-12": "100", "2024-02": "80", "2024-03": "20"}
    assert listed(result, "missing") == []
    again = register.take(path, "2024-03")
    assert (again.recorded, again.corrections) == (0, [])


# Projects that moved, and investors that changed --------------------------------------------------

CODED = MAP.replace('{ make = "KH-{year}-{n:03}", year = "报送日期" }', '{ column = "项目编号" }')


def test_a_moved_project_is_known_by_its_old_code(tmp_path: Path, ledger: Ledger) -> None:
    register = OfficeRegister(tmp_path, ledger, CODED)
    table = [["项目编号", *HEADINGS], ["A-1", *project()]]
    path = register.sheet(*table)
    assert register.take(path).recorded == 1
    move_project(ledger, Move("A-1", "B-1", "统一编号", "余敏"), CLERK)
    again = register.take(path)
    assert (again.recorded, again.outdated, again.vanished) == (0, [], [])


def test_a_row_with_a_former_investor_is_the_same_project(
    register: OfficeRegister, ledger: Ledger
) -> None:
    path = register.sheet(HEADINGS, project())
    register.take(path)
    change = {
        "event": "InvestorChanged",
        "project": FIRST,
        "occurred_on": "2024-03-01",
        "investor": "接手公司",
    }
    fill(ledger, [change], keep=False)
    assert register.take(path).recorded == 0
    renamed = register.take(register.sheet(HEADINGS, project(investor="接手公司")))
    assert (renamed.recorded, renamed.vanished, renamed.corrections) == (0, [], [])


def test_a_contract_as_amended_is_no_correction_of_the_signing(
    register: OfficeRegister, ledger: Ledger
) -> None:
    register.take(register.sheet(HEADINGS, project(**SIGNED)))
    amendment = of("AgreementAmended", "2024-04-01", FIRST, contract_investment="18000")
    fill(ledger, [amendment], keep=False)
    result = register.take(register.sheet(HEADINGS, project(**{**SIGNED, "协议总投资": 1.8})))
    assert (result.recorded, result.corrections) == (0, [])
