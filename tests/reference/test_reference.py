"""The reference's scores against numbers worked out by hand, clause by clause."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from .examples import BUREAU, OUTPOST, TOWN, Ledger, all_nodes
from .scoring import blacklist_candidates, evaluate, shown, shown_number

Q1, Q2, Q3, Q4 = date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)


def test_information_counts_consultations_of_the_year_up_to_10() -> None:  # 考(二)
    ledger = Ledger()
    for number in range(11):
        ledger.project(f"P{number}").passed(code=f"P{number}")
    ledger.project("OLD", reported_at="2023-05-01T09:00:00").passed("2023-12-31", "OLD").project(
        "NONE"
    )
    assert ledger.module("information") == 10
    assert ledger.points("information") == 11
    assert ledger.points("information.cap") == -1


def test_activities_led_by_the_head_half_a_point_up_to_5() -> None:
    ledger = Ledger().unit(TOWN, "ActivityHeld", "2024-01-05", activity="赴沪", led_by_head=False)
    for day in range(1, 12):
        ledger.unit(TOWN, "ActivityHeld", f"2024-05-{day:02}", activity="赴沪", led_by_head=True)
    assert ledger.module("activity") == 5
    assert ledger.module("activity", as_of=date(2024, 5, 3)) == Fraction("1.5")


@pytest.mark.parametrize(
    ("points", "expected"),
    [(["-3", "1"], 0), (["4", "2"], 5), (["1.5", "-0.25"], Fraction("1.25"))],
)
def test_routine_is_summed_between_0_and_5(
    points: list[str],
    expected: Fraction,
) -> None:
    ledger = Ledger()
    for month, each in enumerate(points, 1):
        ledger.add("RoutineAssessed", unit=TOWN, month=f"2024-{month:02}", item="台账", points=each)
    ledger.add("RoutineAssessed", unit=TOWN, month="2023-12", item="台账", points="5")
    assert ledger.module("routine") == expected
    # The floor and the cap are left out of the basis sums: |−3| + 1, 4 + 2, 1.5 + 0.25.
    assert ledger.row()["basis"]["assumption"] == sum(abs(Fraction(each)) for each in points)


@pytest.mark.parametrize(
    ("size", "expected"),  # 2 + 3 + 4 + 2 + 5 + 4 = 20, × 1, 1.5 or 2
    [("9999.999999", 20), ("10000", 30), ("50000", 30), ("50000.000001", 40)],
)
def test_each_node_of_the_year_earns_by_size(
    size: str,
    expected: int,
) -> None:  # 考(三)
    ledger = all_nodes(size)
    assert ledger.module("progress") == expected
    # By 30 July nothing but the figure of 0 is reported: the investment node (4) is not reached.
    assert ledger.module("progress", as_of=date(2024, 7, 30)) == Fraction(expected * 16, 20)


@pytest.mark.parametrize(("day", "expected"), [("2024-03-15", 4), ("2024-03-16", 0)])
def test_a_node_after_the_period_earns_nothing(
    day: str,
    expected: int,
) -> None:  # 考(七): 12 months from 2023-03-15
    old = (
        Ledger()
        .project(reported_at="2023-01-10T09:00:00")
        .passed("2023-02-01")
        .signed("2023-03-15", "9999.999999")
    )
    assert old.land(day).module("progress") == expected


@pytest.mark.parametrize(
    ("size", "end"),
    [("10000", "2024-03-15"), ("50000", "2024-03-15"), ("50000.000001", "2025-03-15")],
)
def test_the_period_is_24_or_36_months_by_size(
    size: str,
    end: str,
) -> None:  # 考(七): 1亿—5亿, above 5亿
    ledger = (
        Ledger()
        .project(reported_at="2022-01-10T09:00:00")
        .passed("2022-02-01")
        .signed("2022-03-15", size)
    )
    counted = ledger.land("2024-03-16").module("progress")
    assert counted == (0 if end < "2024-03-16" else 8)


def test_figures_count_by_the_month_they_begin_in() -> (
    None
):  # 考(七): the period ends on 2024-03-15
    old = (
        Ledger()
        .project(reported_at="2023-01-10T09:00:00")
        .passed("2023-02-01")
        .signed("2023-03-15", "9000")
    )
    old.about("P", "StatisticsEntered", "2023-06-01").invested("2024-03", "1000").invested(
        "2024-04", "1000"
    )
    assert old.module("performance") == Fraction("0.5")
    assert (
        old.module("progress") == 4
    )  # the investment node, dated 31 March, by the month of its figure


@pytest.mark.parametrize(
    ("fields", "expected"),  # 3000万元 × 0.5 / 1000 = 1.5, × 1, 1.1, 1.2, 1.3
    [
        ({}, "1.5"),
        ({"investor_traits": ["foreign"]}, "1.5"),
        ({"investor_traits": ["out_of_province"]}, "1.65"),
        ({"investor_traits": ["specialised", "listed"]}, "1.8"),
        ({"chains": ["cards"]}, "1.8"),
        ({"chains": ["cards"], "site": "standard_factory"}, "1.95"),
        ({"site": "idle_revitalised"}, "1.5"),
        ({"sector": "cultural_tourism", "site": "idle_revitalised"}, "1.95"),
        ({"sector": "cultural_tourism", "site": "standard_factory"}, "1.5"),
    ],
)
def test_funds_earn_by_the_highest_coefficient(
    fields: dict[str, Any],
    expected: str,
) -> None:  # 考(五)1, 考(六)
    ledger = Ledger().project(**fields).passed().about("P", "StatisticsEntered", "2024-03-01")
    ledger.invested("2024-03", "2000").invested("2024-04", "1000").invested("2023-12", "9999")
    assert ledger.module("performance") == Fraction(expected)


def test_funds_of_real_estate_and_service() -> None:  # 考(五)2 to 4
    land = (
        Ledger()
        .project(sector="real_estate")
        .passed()
        .land("2024-03-01", "8000", county_state_share="1000")
    )
    assert land.module("performance") == Fraction("0.35")  # 10 % × 7000 × 0.5 / 1000
    held = Ledger().project(sector="real_estate_balanced").passed().land("2024-03-01")
    held.about("P", "StatisticsEntered", "2024-03-01")
    held.invested("2024-05", "9999", self_held="2000", self_held_state_share="500")
    assert held.module("performance") == Fraction("0.75")  # 1500 × 0.5 / 1000
    service = Ledger().project(sector="service").passed().taxed("2024-05", "20")
    assert service.module("performance") == Fraction(4, 3)
    assert shown(service.row()["modules"])["performance"] == "1.3333333333"


def test_bonus_for_awards_secondments_and_support() -> None:  # 考(八)3, 5, 6
    ledger = Ledger().unit(TOWN, "AwardWon", "2024-03-01", title="招商能手", person="张三")
    for person in ("甲", "乙", "甲", "丙", "丁"):
        ledger.unit(TOWN, "CadreSeconded", "2024-03-01", person=person, group="area_group")
    for about in ("A", "B", "A"):
        ledger.unit(TOWN, "MajorProjectSupported", "2024-03-01", about_project=about)
    assert ledger.row()["basis"] == {"policy": 25, "interpretation": 10, "assumption": 0}
    assert ledger.row()["groups"]["effort"] == {"raw": 35, "counted": 30, "cap": 30}


@pytest.mark.parametrize(("months", "expected"), [(1, -2), (2, -4), (3, -9), (4, -12)])
def test_black_lists_escalate(
    months: int,
    expected: int,
) -> None:  # 考(八)4
    ledger = Ledger().add("UnitListed", unit=TOWN, month="2023-12", board="black", reason="靠后")
    ledger.add("UnitListed", unit=TOWN, month="2024-01", board="red", reason="靠前")
    for month in range(1, months + 1):
        ledger.add("UnitListed", unit=TOWN, month=f"2024-{month:02}", board="black", reason="靠后")
    assert ledger.module("deduction") == expected
    assert ledger.row()["total"] == expected


def test_each_landing_failure_takes_a_point() -> None:  # 考(八)5
    ledger = Ledger()
    for _ in range(2):
        ledger.unit(TOWN, "LandingServiceFailed", "2024-03-01", failure="not_first_time")
    assert ledger.module("deduction") == -2


@pytest.mark.parametrize(
    ("fields", "result", "expected"),
    [
        ({"planned_fixed_assets": "10000"}, "unfulfilled", -20),
        ({"planned_fixed_assets": "9999.999999"}, "unfulfilled", -10),
        ({"planned_fixed_assets": "10000", "government_funded": True}, "unfulfilled", -20),
        ({}, "fulfilled", 0),
        ({"sector": "service"}, "fulfilled", -5),  # no tax
        ({"sector": "real_estate"}, "unfulfilled", 0),
        ({"reported_at": "2020-12-31T23:59:59"}, "unfulfilled", 0),
        ({"reported_at": "2023-12-31T16:00:00+00:00"}, "unfulfilled", 0),  # 2024 in Shanghai
    ],
)
def test_the_penalty_for_earlier_years(
    fields: dict[str, Any],
    result: str,
    expected: int,
) -> None:  # 考(八)1
    ledger = Ledger().project(**{"reported_at": "2023-05-01T09:00:00", **fields})
    opposite = {"fulfilled": "unfulfilled", "unfulfilled": "fulfilled"}[result]
    ledger.about(
        "P", "PerformanceAssessed", "2024-08-01", result=result, department="经信局", method="both"
    )
    ledger.about(
        "P",
        "PerformanceAssessed",
        "2024-07-01",
        result=opposite,
        department="经信局",
        method="both",
    )
    assert ledger.module("deduction") == expected
    assert ledger.passed("2024-09-01").module("deduction") == 0


def test_the_penalty_of_service_spares_who_paid_tax() -> None:
    ledger = (
        Ledger()
        .project(sector="service", reported_at="2023-05-01T09:00:00")
        .taxed("2022-05", "0.000001")
    )
    ledger.about(
        "P",
        "PerformanceAssessed",
        "2024-08-01",
        result="fulfilled",
        department="发改局",
        method="both",
    )
    assert ledger.module("deduction") == 0
    assert ledger.correct(2, {"amount": "0"}).module("deduction") == -5


def test_schedule_checks_at_quarter_ends() -> None:  # 考(八)2
    ledger = (
        Ledger()
        .project()
        .passed("2024-02-01")
        .plan("2024-02-01", signing="2024-03-31", land="2024-05-01")
    )
    assert [ledger.points("bonus.2", day) for day in (date(2024, 3, 30), Q1)] == [0, 0]
    assert [ledger.points("deduction.2", day) for day in (date(2024, 3, 30), Q1, Q2, Q3)] == [
        0,
        -2,
        -4,
        -6,
    ]
    assert blacklist_candidates(ledger.records, 2024, Q2) == [TOWN]
    ledger.signed("2024-04-01", "2000").land("2024-05-01")
    # Q1 missed signing by a day; Q2 all reached; at Q3 nothing falls due nor was open before it
    # began: no check.
    assert ledger.points("deduction.2") == -2
    assert ledger.points("bonus.2") == 3
    assert blacklist_candidates(ledger.records, 2024, Q4) == []


def test_a_milestone_reached_late_is_checked_in_the_quarter_that_began_without_it() -> None:
    ledger = (
        Ledger()
        .project()
        .passed("2024-02-01")
        .plan("2024-02-01", signing="2024-03-01")
        .signed("2024-07-01", "2000")
    )
    # Q1 and Q2 behind; Q3 began without the node, which is then reached: +3; Q4 is not checked.
    assert [ledger.points("deduction.2"), ledger.points("bonus.2")] == [-4, 3]


def test_a_revision_moves_no_date_that_has_passed() -> None:
    ledger = (
        Ledger()
        .project()
        .passed("2024-02-01")
        .plan("2024-02-01", signing="2024-03-01", land="2024-03-20")
    )
    ledger.plan("2024-03-01", signing="2024-09-01", filing="2024-06-01")
    # Signing was due by the day of the revision and stays due then; land was not and is gone;
    # filing is new.
    assert [ledger.points("deduction.2", day) for day in (Q1, Q2)] == [-2, -4]
    ledger.signed("2024-03-31", "2000")
    assert [ledger.points("bonus.2", Q1), ledger.points("deduction.2", Q2)] == [3, -2]


def test_no_check_after_termination_nor_for_an_earlier_consultation() -> None:
    ledger = Ledger().project().passed("2024-02-01").plan("2024-02-01", signing="2024-03-01")
    assert (
        ledger.about("P", "ProjectTerminated", "2024-06-30", reason="撤资").points("deduction.2")
        == -2
    )
    early = Ledger().project(reported_at="2023-05-01T09:00:00").passed("2023-12-31")
    assert early.plan("2024-01-01", signing="2024-03-01").points("deduction.2") == 0


def test_equal_totals_share_a_rank_and_the_next_is_skipped() -> None:
    ledger = Ledger().unit(
        "桐村镇", "UnitRegistered", "2023-01-01", sequence="一", category="township"
    )
    ledger.unit("城关", "UnitRegistered", "2025-01-01", sequence="二", category="township")
    ledger.unit(BUREAU, "AwardWon", "2024-03-01", title="招商能手", person="张三")
    ledger.unit(TOWN, "LandingServiceFailed", "2024-03-01", failure="not_first_time")
    rows = evaluate(ledger.records, 2024, Q4)["units"]
    # 城关 is registered later and is not there yet.
    expected = [(BUREAU, 1), (OUTPOST, 2), ("桐村镇", 2), (TOWN, 4)]
    assert [(row["unit"], row["rank"]) for row in rows] == expected


def test_a_later_day_is_the_last_of_the_year() -> None:
    assert evaluate([], 2024, date(2025, 2, 1))["as_of"] == "2024-12-31"
    assert evaluate([], 2021, None)["as_of"] == "2021-12-31"


def test_delivery_is_capped_at_70() -> None:  # 考(一)
    ledger = all_nodes("100000").invested("2024-08", "100000")  # 40 + 101000 × 0.5 / 1000
    assert ledger.row()["groups"]["delivery"] == {"raw": Fraction("90.5"), "counted": 70, "cap": 70}
    assert ledger.row()["total"] == 71


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(115, 2), "57.5"),
        (Fraction(-4), "-4"),
        (Fraction(0), "0"),
        (Fraction(2, 3), "0.6666666667"),
        (Fraction(1, 2 * 10**10), "0.0000000001"),
        (Fraction(-1, 2 * 10**10), "-0.0000000001"),
        (Fraction(-1, 3 * 10**10), "0"),
        (Fraction(100), "100"),
    ],
)
def test_points_are_shown_in_plain_decimals(
    value: Fraction,
    text: str,
) -> None:
    assert shown_number(value) == text
