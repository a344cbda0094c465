"""A county's own list of plots and plants is recorded again and again, as one of projects is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from commands.handlers.register_findings import RegisterResult
from commands.handlers.register_importing import CorrectionOrder
from lifecycle.events import Stream
from lifecycle.events.codec import fields_of
from lifecycle.ledger.store import Ledger
from tests.given import UNITS, reported
from tests.ledgers import CLERK, LATER, fill
from tests.registers import OfficeRegister, Row, listed, rules
from tests.store_copies import CopyOf

MAP: Final = """
format = "lifecycle-map/1"
skip = ["合计"]
[resource]
code = { make = "ZY-{year}-{n:03}", year = "入库日期" }
[[event]]
event = "ResourceListed"
occurred_on = { column = "入库日期" }
kind = { column = "类型", words = { "工业用地" = "plot" } }
name = { column = "名称" }
location = { column = "位置" }
area_mu = { column = "面积" }
industries = { column = "适宜产业" }
[[event]]
event = "ResourceChanged"
occurred_on = { column = "变更日期" }
area_mu = { column = "面积" }
[[event]]
event = "ResourceAllotted"
occurred_on = { column = "落地日期" }
project = { column = "落地项目", words = { "硅料" = "P" } }
area_mu = { column = "落地面积" }
[[event]]
event = "ResourceReleased"
occurred_on = { column = "退回日期" }
project = { column = "落地项目", words = { "硅料" = "P" } }
[[event]]
event = "ResourceWithdrawn"
occurred_on = { column = "出库日期" }
reason = { column = "出库原因" }
"""
HEADINGS: Final = (
    "名称",
    "位置",
    "类型",
    "面积",
    "适宜产业",
    "入库日期",
    "变更日期",
    "落地日期",
    "落地项目",
    "落地面积",
    "退回日期",
    "出库日期",
    "出库原因",
)
FIRST, SECOND = "ZY-2024-001", "ZY-2024-002"
LISTED, MARCH, APRIL, MAY = (date(2024, month, 8) for month in (1, 3, 4, 5))
ALLOTTED: Final[dict[str, Any]] = {"落地日期": MARCH, "落地项目": "硅料", "落地面积": 30}
TOTAL: Final[Row] = ["合计", None, None, 240]
ORDER: Final = CorrectionOrder("重新测绘", "余敏")


def plot(name: str = "一号地", location: str = "芹阳园区", /, **cells: Any) -> Row:
    """Return a row: listed, and whatever cells are given by their headings."""
    known = {
        "名称": name,
        "位置": location,
        "类型": "工业用地",
        "面积": 120,
        "适宜产业": "有机硅、光伏",
        "入库日期": LISTED,
    }
    return [(known | cells).get(heading) for heading in HEADINGS]


def facts_of(ledger: Ledger, code: str, event: str) -> list[dict[str, object]]:
    with ledger.unit_of_work(CLERK) as work:
        effective = work.effective_history(Stream("resource", code))
    return [fields_of(fact.event) for fact in effective if type(fact.event).__name__ == event]


def _write_reported(url: str) -> None:
    with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, [*UNITS, reported("P")], keep=False)


@pytest.fixture
def ledger(copy_of: CopyOf) -> Iterator[Ledger]:
    with Ledger.open(copy_of(_write_reported), clock=lambda: LATER) as ledger:
        yield ledger


@pytest.fixture
def register(tmp_path: Path, ledger: Ledger) -> OfficeRegister:
    return OfficeRegister(tmp_path, ledger, MAP)


def take(register: OfficeRegister, *rows: Row, **options: Any) -> RegisterResult:
    return register.take(register.sheet(HEADINGS, *rows), **options)


def test_each_row_is_a_resource_and_each_filled_day_an_event(
    register: OfficeRegister, ledger: Ledger
) -> None:
    withdrawn = {"出库日期": APRIL, "出库原因": "已出让"}
    result = take(register, plot(**ALLOTTED), plot("旧厂房", **withdrawn), TOTAL)
    assert (result.recorded, rules(result)) == (4, [])
    assert facts_of(ledger, FIRST, "ResourceListed") == [
        {
            "occurred_on": "2024-01-08",
            "kind": "plot",
            "name": "一号地",
            "location": "芹阳园区",
            "area_mu": "120",
            "industries": ["光伏", "有机硅"],
        }
    ]
    allotted = {"occurred_on": "2024-03-08", "project": "P", "area_mu": "30"}
    assert facts_of(ledger, FIRST, "ResourceAllotted") == [allotted]
    assert [fact["reason"] for fact in facts_of(ledger, SECOND, "ResourceWithdrawn")] == ["已出让"]
    assert listed(result, "passed_over") == [(4, "名称")]


def test_the_same_workbook_again_records_and_lists_nothing(register: OfficeRegister) -> None:
    rows = [plot(**ALLOTTED), plot("二号地")]
    take(register, *rows)
    result = take(register, *reversed(rows))
    # Industries are a set: their order in the cell says nothing.
    assert (result.recorded, result.already_recorded) == (0, 3)
    for name in ("missing", "corrections", "outdated", "cleared", "vanished", "passed_over"):
        assert listed(result, name) == []


def test_a_changed_cell_is_a_proposed_correction(register: OfficeRegister, ledger: Ledger) -> None:
    take(register, plot())
    changed = plot(面积=118.5)
    result = take(register, changed)
    assert (result.recorded, listed(result, "corrections")) == (0, [(2, "面积")])
    assert take(register, changed, corrections=ORDER).corrected == 1
    (listing,) = facts_of(ledger, FIRST, "ResourceListed")
    assert listing["area_mu"] == "118.5"
    assert listed(take(register, plot()), "outdated") == [(2, "面积")]


def test_with_the_day_of_a_change_the_changed_cell_holds_from_that_day(
    register: OfficeRegister, ledger: Ledger
) -> None:
    take(register, plot())
    changed = plot(面积=100, 变更日期=APRIL)
    result = take(register, changed)
    assert (result.recorded, listed(result, "corrections")) == (1, [])
    assert facts_of(ledger, FIRST, "ResourceListed")[0]["area_mu"] == "120"
    change = {"occurred_on": "2024-04-08", "area_mu": "100"}
    assert facts_of(ledger, FIRST, "ResourceChanged") == [change]
    again = take(register, changed)
    assert (again.recorded, listed(again, "corrections")) == (0, [])
    # Another figure under the same day corrects the change, not the listing.
    corrected = take(register, plot(面积=99, 变更日期=APRIL), corrections=ORDER)
    assert corrected.corrected == 1
    assert facts_of(ledger, FIRST, "ResourceChanged")[0]["area_mu"] == "99"
    assert facts_of(ledger, FIRST, "ResourceListed")[0]["area_mu"] == "120"


def test_a_resource_that_was_given_back_may_be_allotted_again(
    register: OfficeRegister, ledger: Ledger
) -> None:
    take(register, plot(**ALLOTTED))
    assert take(register, plot(**ALLOTTED, 退回日期=APRIL)).recorded == 1
    result = take(register, plot(**ALLOTTED | {"落地日期": MAY}))
    assert (result.recorded, listed(result, "corrections")) == (1, [])
    days = [fact["occurred_on"] for fact in facts_of(ledger, FIRST, "ResourceAllotted")]
    assert days == ["2024-03-08", "2024-05-08"]


def test_a_cleared_allotment_is_listed_and_stays(register: OfficeRegister, ledger: Ledger) -> None:
    take(register, plot(**ALLOTTED))
    result = take(register, plot())
    assert listed(result, "cleared") == [(2, "落地日期")]
    assert len(facts_of(ledger, FIRST, "ResourceAllotted")) == 1


NAMED: Final[dict[str, Any]] = ALLOTTED | {"落地项目": "年产10万吨　光伏玻璃"}


def test_an_allotment_may_name_its_project_by_the_whole_name(
    register: OfficeRegister, ledger: Ledger
) -> None:
    fill(ledger, [reported("Q", name="年产10万吨光伏玻璃")], keep=False)
    assert take(register, plot(**NAMED)).recorded == 2
    assert facts_of(ledger, FIRST, "ResourceAllotted")[0]["project"] == "Q"
    again = take(register, plot(**NAMED))
    assert (again.recorded, listed(again, "corrections")) == (0, [])
    # The code says the same as the name, and a return is named likewise.
    assert take(register, plot(**NAMED | {"落地项目": "Q"}, 退回日期=APRIL)).recorded == 1
    assert take(register, plot(**NAMED, 退回日期=APRIL)).recorded == 0


@pytest.mark.parametrize(
    ("name", "others", "rule", "listed_projects"),
    [
        ("光伏玻璃", ("光伏玻璃", "光伏玻璃"), "several_projects", ("projects", ["Q0", "Q1"])),
        ("光伏", ("光伏玻璃", "有机硅"), "unknown_project", ("near", ["Q0 光伏玻璃"])),
        ("酒店", (), "unknown_project", ("name", "酒店")),
    ],
)
def test_a_name_of_several_projects_or_none_is_rejected_at_its_cell(
    register: OfficeRegister,
    ledger: Ledger,
    name: str,
    others: tuple[str, ...],
    rule: str,
    listed_projects: tuple[str, object],
) -> None:
    for number, other in enumerate(others):
        project = reported(f"Q{number}", name=other, investor=f"第{number}公司")
        fill(ledger, [project], keep=False)
    result = take(register, plot(**ALLOTTED | {"落地项目": name}))
    (problem,) = result.rejected[0].problems
    key, value = listed_projects
    assert (problem.rule, problem.field, problem.values[key]) == (rule, "落地项目", value)
    assert result.recorded == 0
    # Without a day it is a note of who may come, and nothing is allotted.
    assert take(register, plot(落地项目=name)).recorded == 1


def test_more_than_is_free_is_rejected_at_its_row_and_nothing_is_recorded(
    register: OfficeRegister, ledger: Ledger
) -> None:
    result = take(register, plot("二号地"), plot(**ALLOTTED | {"落地面积": 121}))
    assert [rejection.row.place for rejection in result.rejected] == [3]
    assert result.recorded == 0
    assert facts_of(ledger, FIRST, "ResourceListed") == []


def test_a_row_without_an_area_or_with_an_unknown_kind_is_rejected(
    register: OfficeRegister,
) -> None:
    result = take(register, plot(面积=None), plot("二号地", 类型="矿山"))
    assert rules(result) == ["area", "vocabulary"]


def test_two_rows_of_one_name_and_location_are_rejected_with_both_places(
    register: OfficeRegister,
) -> None:
    result = take(register, plot(), plot("二号地"), plot("一号地", " 芹阳 园区"))
    assert rules(result) == ["rows_alike"]
    problem = result.rejected[0].problems[0]
    assert (problem.values["first"], problem.values["second"]) == (2, 4)


def test_a_name_in_another_place_is_another_resource(
    register: OfficeRegister, ledger: Ledger
) -> None:
    assert take(register, plot("B3"), plot("B3", "华埠镇")).recorded == 2
    assert facts_of(ledger, SECOND, "ResourceListed")[0]["location"] == "华埠镇"


def test_a_vanished_and_a_new_row_of_one_place_are_perhaps_the_same(
    register: OfficeRegister, ledger: Ledger
) -> None:
    take(register, plot())
    renamed = plot("一号工业地块")
    result = take(register, renamed)
    assert (result.recorded, listed(result, "passed_over")) == (0, [(2, "入库日期")])
    assert [finding.code for finding in result.vanished] == [FIRST]
    assert listed(take(register, renamed, same={2: FIRST}), "corrections") == [(2, "名称")]
    assert take(register, renamed, new=frozenset({2})).recorded == 1
    assert facts_of(ledger, SECOND, "ResourceListed")[0]["name"] == "一号工业地块"


def test_a_withdrawn_resource_may_leave_the_workbook(register: OfficeRegister) -> None:
    withdrawn = {"出库日期": APRIL, "出库原因": "已出让"}
    take(register, plot(**withdrawn), plot("二号地"))
    assert listed(take(register, plot("二号地")), "vanished") == []


def test_a_dry_run_says_the_same_and_records_nothing(
    register: OfficeRegister, ledger: Ledger
) -> None:
    result = take(register, plot(**ALLOTTED), dry_run=True)
    assert result.recorded == 2
    assert facts_of(ledger, FIRST, "ResourceListed") == []


def test_a_code_in_the_workbook_is_known_by_its_look(tmp_path: Path, ledger: Ledger) -> None:
    made = 'code = { make = "ZY-{year}-{n:03}", year = "入库日期" }'
    by_code = MAP.replace(made, 'code = { column = "出库原因" }').replace(
        'reason = { column = "出库原因" }', 'reason = { value = "x" }'
    )
    register = OfficeRegister(tmp_path, ledger, by_code)
    take(register, plot(出库原因="ZY-1"))
    result = take(register, plot("一号地块", "城东", 出库原因="ＺＹ－1"))
    assert (result.recorded, len(result.corrections)) == (0, 2)
    unknown = take(register, plot("三号地", "马金镇", 出库原因=None))
    assert listed(unknown, "missing") == [(2, "出库原因")]
