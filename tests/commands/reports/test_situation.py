"""The text of a notice says what published ones say: growth, contracts, who has nothing yet."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

from commands.reports.content import Notice
from lifecycle.ledger.store import Ledger
from projections.scoring.judged_history import judged_at
from projections.views.target_view import county_target_progress
from projections.views.year_comparison import growth_since, reached_a_year_before
from tests.commands.reports.conftest import composed, view_at
from tests.given import REPORTED, World

DAY = "2024-05-31"


def text_of_month(ledger: Ledger, day: str = DAY) -> str:
    content, _foot = composed(ledger, "month", day[:7], day)
    assert isinstance(content, Notice)
    return "".join("".join(section.sentences) for section in content.sections)


def test_a_target_is_compared_with_the_same_day_of_last_year(county_ledger: Ledger) -> None:
    view = view_at(county_ledger, DAY)
    funds = {}
    for each in (view, view_at(county_ledger, "2023-05-31")):
        for row in county_target_progress(county_ledger, each):
            if row.unit is None and row.indicator == "funds_in_place":
                funds[each.year] = row.actual
    assert reached_a_year_before(county_ledger, view)["funds_in_place"] == funds[2023]
    growth = (funds[2024] - funds[2023]) / funds[2023]
    assert growth > 0
    text = text_of_month(county_ledger)
    assert f"同比增长{float(growth * 100):.1f}%" in text


def test_nothing_is_compared_with_a_year_of_which_nothing_is_known(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED)
    text = text_of_month(world.ledger)
    assert "同比" not in text
    assert "新签约项目0" not in text
    assert growth_since(None, Fraction(1)) is None
    assert growth_since(Fraction(0), Fraction(1)) is None
    assert growth_since(Fraction(2), Fraction(1)) == Fraction(-1, 2)


def test_a_leap_day_is_compared_with_the_last_day_of_february(county_ledger: Ledger) -> None:
    leap_day = reached_a_year_before(county_ledger, view_at(county_ledger, "2024-02-29"))
    assert leap_day == reached_a_year_before(county_ledger, view_at(county_ledger, "2024-02-28"))


def test_the_signings_of_the_year_are_counted_with_their_contracts(county_ledger: Ledger) -> None:
    signed = []
    for project in judged_at(county_ledger, view_at(county_ledger, DAY)):
        node = project.node("signing")
        is_over = bool(project.excluded) or project.facts.terminated_on is not None
        if node is not None and node.on >= date(2024, 1, 1) and not is_over:
            signed.append(project)
    contracts = [project.facts.contract for project in signed]
    total = sum(Fraction(contract.contract_investment) for contract in contracts if contract)
    entered = sum(project.node("statistics") is not None for project in signed)
    text = text_of_month(county_ledger)
    assert f"新签约项目{len(signed)}个，合同投资{float(total / 10000):.2f}亿元" in text
    assert f"已统计入库{entered}个，入库率{100 * entered / len(signed):.1f}%" in text


def test_units_without_any_funds_are_named_apart(county_ledger: Ledger) -> None:
    rows = county_target_progress(county_ledger, view_at(county_ledger, DAY))
    without = {row.name for row in rows if row.unit is not None and not row.actual}
    text = text_of_month(county_ledger)
    behind, _colon, nothing = text.partition("到位资金滞后时序进度的有")[2].partition(
        "尚未破零的有"
    )
    named = set(nothing.partition("。")[0].split("、"))
    assert named == without
    assert not any(f"{name}、" in behind.partition("。")[0] for name in without)


def test_signings_and_the_node_reached_agree_in_a_year(county_ledger: Ledger) -> None:
    content, _foot = composed(county_ledger, "year", "2024", "2024-12-31")
    assert isinstance(content, Notice)
    text = "".join(content.sections[0].sentences)
    # A notice of a year that is over is sent in the next one.
    assert "今年" not in text
    signings = re.search(r"全年新签约项目(\d+)个（另有(\d+)个已终止或不予计分）", text)
    reached = re.search(r"正式签约(\d+)个", text)
    assert signings is not None
    assert reached is not None
    assert int(signings[1]) + int(signings[2]) == int(reached[1])


def test_only_the_first_of_several_parts_is_said_to_be_one(county_ledger: Ledger) -> None:
    targets = text_of_month(county_ledger).partition("。")[0]
    assert targets.count("其中") == 1
    assert "；其中10亿元以上项目" in targets
    assert "；20亿元以上项目" in targets
