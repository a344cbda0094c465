"""A contract is judged as of the day: supplements hold from theirs on, before it nothing changes.

Scale, period, targets, measures and what is odd about a project (spec 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lifecycle.exact_numbers import MICRO
from projections.scoring.funds_measure import funds_in_place
from projections.scoring.measure_values import signed_investment
from projections.views.project_anomalies import anomalies
from projections.views.project_view import project_row
from projections.views.target_view import project_target_shares
from tests.given import CODE, UNITS, World, correction, of, reported
from tests.projections.scoring.test_measures import judged

SIGNED = of(
    "AgreementSigned", "2024-03-01", contract_investment="9000", contract_fixed_assets="8000"
)
RAISED = of("AgreementAmended", "2024-06-01", contract_fixed_assets="12000")
CUT = of(
    "AgreementAmended", "2024-09-01", contract_investment="20000", contract_fixed_assets="60000"
)
PARCEL_DAYS = (date(2024, 7, 31), date(2024, 8, 1))
LATE = of("AgreementAmended", "2024-07-01", contract_investment="15000", reason="补充协议一")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    local_world = World(tmp_path)
    local_world.given(*UNITS, reported("P"), SIGNED, RAISED, CUT, LATE)
    yield local_world
    local_world.ledger.close()


@pytest.mark.parametrize(
    ("day", "investment", "fixed_assets", "period_end"),
    [
        (date(2024, 5, 31), "9000", "8000", date(2025, 3, 1)),
        (date(2024, 6, 1), "9000", "12000", date(2026, 3, 1)),
        # Recorded last, but of an earlier day than the amendment of September.
        (date(2024, 7, 1), "15000", "12000", date(2026, 3, 1)),
        (date(2024, 9, 1), "20000", "60000", date(2027, 3, 1)),
    ],
)
def test_each_amount_is_the_last_given_by_the_day(
    world: World, day: date, investment: str, fixed_assets: str, period_end: date
) -> None:
    project = judged(world, "P", day=day)
    row = project_row(project)
    assert (row.contract_investment, row.contract_fixed_assets) == (investment, fixed_assets)
    assert (row.scale, row.signing_on) == (fixed_assets, "2024-03-01")
    assert project.period_end == period_end
    (item,) = signed_investment(project)
    assert (item.value, item.when) == (int(investment) * MICRO, date(2024, 3, 1))


@pytest.mark.parametrize(
    ("day", "versions"), [(date(2024, 6, 1), (2,)), (date(2024, 9, 1), (2, 4))]
)
def test_an_amount_names_the_supplement_that_it_rests_on(
    world: World, day: date, versions: tuple[int, ...]
) -> None:
    (item,) = signed_investment(judged(world, "P", day=day))
    assert item.versions == versions


def test_signing_targets_count_the_contract_as_of_the_day(world: World) -> None:
    counted = {
        day: [share.indicator for share in project_target_shares(judged(world, "P", day=day))]
        for day in (date(2024, 6, 30), date(2024, 7, 1))
    }
    assert counted[date(2024, 6, 30)] == []
    assert counted[date(2024, 7, 1)] == ["signed_10000"]


def test_parcels_count_in_the_years_of_their_own_days(world: World) -> None:
    acquired = {"area_mu": "10.5", "transfer_fee": "1000", "county_state_share": "200"}
    world.given(
        reported("Q", sector="real_estate"),
        of("LandAcquired", "2023-12-31", "Q", **acquired),
        of("LandAcquired", "2024-01-01", "Q", parcel="B", **acquired),
        of("LandAcquired", "2024-08-01", "Q", parcel="C", **{**acquired, "transfer_fee": "3000"}),
    )
    funds = {day: list(funds_in_place(judged(world, "Q", day=day))) for day in PARCEL_DAYS}
    assert [[item.value for item in items] for items in funds.values()] == [
        [80 * MICRO],
        [360 * MICRO],
    ]
    row = project_row(judged(world, "Q"))
    assert (row.area_mu, row.transfer_fee, row.land_on) == ("31.5", "5000", "2023-12-31")


def test_parcels_after_the_period_bring_no_funds(world: World) -> None:
    land = {"area_mu": "10", "transfer_fee": "1000"}
    early = {"reported_at": "2023-01-10T09:00:00+08:00"}
    world.given(
        reported("Q", sector="real_estate", **early),
        {**SIGNED, "project": "Q", "occurred_on": "2023-03-01"},
        of("LandAcquired", "2024-03-01", "Q", **land),
        of("LandAcquired", "2024-03-02", "Q", parcel="B", **land),
    )
    (item,) = funds_in_place(judged(world, "Q"))
    assert (item.value, item.versions) == (100 * MICRO, (3,))


def test_a_project_names_each_code_that_it_is_filed_under(world: World) -> None:
    codes = ("2403-330824-04-01-000001", "2403-330824-04-01-000002")
    for day, code in zip(("2024-05-01", "2024-04-01"), codes, strict=True):
        world.given(of("ProjectFiled", day, project_code=code))
    row = project_row(judged(world, "P"))
    assert (row.filing_on, row.filing_code) == ("2024-04-01", f"{codes[1]}、{codes[0]}")


def test_a_void_amendment_never_was(world: World) -> None:
    world.given(correction(4, None))
    assert project_row(judged(world, "P")).contract_investment == "15000"
    world.given(correction(5, None), correction(3, {"contract_fixed_assets": "8000.5"}))
    row = project_row(judged(world, "P"))
    assert (row.contract_investment, row.scale) == ("9000", "8000.5")


def test_a_supplement_of_the_signing_day_looks_like_a_repair(world: World) -> None:
    assert "repair" not in {problem.rule for problem in anomalies(judged(world, "P"))}
    world.given(correction(3, {"occurred_on": "2024-03-01"}))
    assert "repair" in {problem.rule for problem in anomalies(judged(world, "P"))}


def test_milestones_are_in_order_among_themselves(world: World) -> None:
    world.given(
        of("MilestoneReached", "2024-01-02", milestone="construction_started"),
        of("MilestoneReached", "2024-10-02", milestone="completed"),
    )
    assert "order" not in {problem.rule for problem in anomalies(judged(world, "P"))}
    world.given(of("MilestoneReached", "2024-10-01", milestone="full_production"))
    (odd,) = [problem for problem in anomalies(judged(world, "P")) if problem.rule == "order"]
    assert (odd.values["earlier"], odd.values["later"]) == ("completed", "full_production")


# The investor as of the day -----------------------------------------------------------------------

TAKEN_OVER = (
    of(
        "InvestorChanged",
        "2024-04-01",
        "Q",
        investor="乙公司",
        investor_code=CODE,
        investor_traits=["listed"],
        outside_ratio="0.2",
    ),
    of("InvestorChanged", "2024-05-01", "Q", investor="丙公司"),
    of("InvestorChanged", "2024-06-01", "Q", investor="丁公司", investor_traits=[]),
)


@pytest.mark.parametrize(
    ("day", "investor", "code", "traits", "ratio", "eligible"),
    [
        (date(2024, 3, 31), "投资方Q", None, ("unicorn",), "0.3", True),
        (date(2024, 4, 1), "乙公司", CODE, ("listed",), "0.2", False),
        # Left out, a code is none; traits and ratio stay.
        (date(2024, 5, 1), "丙公司", None, ("listed",), "0.2", False),
        # An empty list of traits is given.
        (date(2024, 6, 1), "丁公司", None, (), "0.2", False),
    ],
)
def test_the_investor_is_the_last_by_the_day(
    world: World,
    day: date,
    investor: str,
    code: str | None,
    traits: tuple[str, ...],
    ratio: str,
    eligible: bool,
) -> None:
    world.given(reported("Q", investor_traits=["unicorn"]), *TAKEN_OVER)
    project = judged(world, "Q", day=day)
    row = project_row(project)
    assert (row.investor, row.investor_code, row.outside_ratio) == (investor, code, ratio)
    assert project.information.investor_traits == traits
    assert project.eligible == eligible
    world.given(correction(3, {"outside_ratio": "0.9"}, "Q"))
    late = judged(world, "Q", day=date(2024, 5, 1))
    assert (late.information.outside_ratio, late.eligible) == ("0.9", True)


def test_a_change_on_the_day_of_the_report_looks_like_a_repair(world: World) -> None:
    world.given(reported("Q"), of("InvestorChanged", "2024-01-10", "Q", investor="乙公司"))
    assert "repair" in {problem.rule for problem in anomalies(judged(world, "Q"))}
