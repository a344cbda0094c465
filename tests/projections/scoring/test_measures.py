"""What each measure of projects yields, computed by hand: label, value, events, facts and date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook import LoadedRulebook, parse, shipped
from lifecycle.rulebook.measure_selection import MeasureSelection
from projections.scoring import measure_values as m
from projections.scoring.counted_items import (
    AssessmentFinding,
    CheckedMilestones,
    ConsultationPassed,
    CountedItem,
    EventFields,
    FundsCounted,
    NodeInterval,
    NodeReached,
)
from projections.scoring.funds_measure import funds_in_place
from projections.scoring.judged_history import judged_projects
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from tests.given import UNITS, World, of, reported
from tests.projections.scoring.test_lines import OF_A_POLICY

END = date(2024, 12, 31)
FEE = {"sector": "real_estate", "planned_fixed_assets": "2000"}
MORE = [
    of(
        "PerformanceAssessed",
        "2024-09-01",
        "A",
        result="fulfilled",
        method="written",
        department="县经信局",
    ),
    of(
        "PerformanceAssessed",
        "2024-10-01",
        "A",
        result="unfulfilled",
        method="written",
        department="县经信局",
    ),
    reported("L", **FEE),
    of(
        "AgreementSigned",
        "2024-01-31",
        "L",
        contract_investment="3000",
        contract_fixed_assets="2000",
    ),
    of(
        "LandAcquired", "2024-07-01", "L", area_mu="10", transfer_fee="100", county_state_share="40"
    ),
    of("TaxPaid", None, "L", month="2024-07", amount="2.5"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    local_world = World(tmp_path_factory.mktemp("measures")).given(*OF_A_POLICY, *MORE)
    yield local_world
    local_world.ledger.close()


def judged(
    world: World,
    code: str = "A",
    year: int = 2024,
    day: date = END,
    first: date | None = None,
    book: LoadedRulebook | None = None,
) -> JudgedProject:
    """A project of the world under kaihua-2024, or another rulebook."""
    position = world.ledger.head().position
    with world.ledger.rows_of_kind("project", position) as rows:
        projects = list(
            judged_projects(
                rows,
                prepared(book or shipped("kaihua-2024")),
                ScoringAxes(year, day, first),
                units_at(world.ledger, View(year, day, position, shipped("kaihua-2024"))),
            )
        )
    return next(project for project in projects if project.facts.code == code)


def items(
    measure: Callable[[JudgedProject], Iterator[CountedItem]],
    world: World,
    code: str = "A",
    **axes: Any,
) -> list[CountedItem]:
    return list(measure(judged(world, code, **axes)))


def counted_events(measure: str, **fields: Any) -> Callable[[JudgedProject], Iterator[CountedItem]]:
    return m.project_measure(MeasureSelection.model_validate({"measure": measure, **fields}))


@pytest.mark.parametrize(
    ("assessed", "counted"),
    [
        ({}, True),
        ({"first": date(2024, 2, 1)}, True),
        ({"first": date(2024, 2, 2)}, False),
        ({"year": 2023}, False),
        ({"code": "L"}, False),
    ],
)
def test_a_passed_consultation_of_what_is_assessed(
    world: World, assessed: dict[str, Any], *, counted: bool
) -> None:
    on = date(2024, 2, 1)
    passed = CountedItem("consultation", MICRO, (2,), ConsultationPassed(on), on)
    assert items(m.consultations_passed, world, **assessed) == [passed] * counted


@pytest.mark.parametrize(("year", "counted"), [(2023, []), (2024, [30_000 * MICRO]), (2025, [])])
def test_what_was_signed_counts_in_the_year_of_the_signing(
    world: World, year: int, counted: list[int]
) -> None:
    investment = items(m.signed_investment, world, year=year)
    assert [item.value for item in investment] == counted


REACHED = {
    "information": (1, date(2024, 1, 10)),
    "consultation": (2, date(2024, 2, 1)),
    "signing": (4, date(2024, 3, 10)),
    "land": (5, date(2024, 7, 1)),
    "statistics": (6, date(2024, 8, 1)),
    "investment": (7, date(2024, 8, 31)),
}


@pytest.mark.parametrize(
    ("assessed", "stages"),
    [
        ({}, list(REACHED)),
        ({"first": date(2024, 7, 1)}, ["land", "statistics", "investment"]),
        ({"first": date(2024, 7, 2)}, ["statistics", "investment"]),
        ({"year": 2023}, []),
    ],
)
def test_nodes_with_the_days_on_which_they_were_first_reached(
    world: World, assessed: dict[str, Any], stages: list[str]
) -> None:
    expected = []
    for stage in stages:
        version, on = REACHED[stage]
        expected.append(CountedItem(stage, MICRO, (version,), NodeReached(stage, on), on))
    assert items(m.nodes_reached, world, **assessed) == expected


@pytest.mark.parametrize(
    ("assessed", "amount", "versions", "last_month"),
    [
        ({}, "1500.5", (7, 8), "2024-09"),  # 1000 of August and 500.5 of September
        ({"first": date(2024, 8, 1)}, "1500.5", (7, 8), "2024-09"),
        ({"first": date(2024, 9, 1)}, "500.5", (8,), "2024-09"),
        ({"day": date(2024, 8, 31)}, "1000", (7,), "2024-08"),
    ],
)
def test_funds_in_place_of_the_months_assessed(
    world: World,
    assessed: dict[str, Any],
    amount: str,
    versions: tuple[int, ...],
    last_month: str,
) -> None:
    facts = FundsCounted("fixed_assets", len(versions))
    value = Fraction(amount) * MICRO
    funds = CountedItem("fixed_assets", value, versions, facts, last_month)
    assert items(funds_in_place, world, **assessed) == [funds]


@pytest.mark.parametrize(
    "assessed",
    [
        {"first": date(2024, 10, 1)},
        {"year": 2023},
        {"day": date(2024, 7, 31)},  # not yet entered into statistics
    ],
)
def test_no_funds_of_other_months(world: World, assessed: dict[str, Any]) -> None:
    assert items(funds_in_place, world, **assessed) == []


@pytest.mark.parametrize(
    ("assessed", "counted"),
    [
        ({}, True),
        ({"first": date(2024, 7, 1)}, True),
        ({"first": date(2024, 7, 2)}, False),
        ({"year": 2025}, False),
        ({"day": date(2024, 6, 30)}, False),
    ],
)
def test_a_tenth_of_the_land_s_fee_by_the_day_of_the_land(
    world: World, assessed: dict[str, Any], *, counted: bool
) -> None:
    # 10 % of a fee of 100 of which the county's own companies bear 40.
    facts = FundsCounted("land_fee", 1)
    fee = CountedItem("land_fee", Fraction(6) * MICRO, (3,), facts, "2024-07")
    assert items(funds_in_place, world, "L", **assessed) == [fee] * counted


def without(name: str) -> LoadedRulebook:
    """kaihua-2024 with a measure that the assessment period does not limit."""
    return parse(
        shipped("kaihua-2024")
        .content.replace(f'"{name}"]', "]")
        .replace(f'limits = ["{name}", ', "limits = [")
    )


@pytest.mark.parametrize(
    "book", [without("funds_in_place"), without("nodes_reached")], ids=["funds", "nodes"]
)
def test_a_measure_without_a_period_limit_ignores_periods(
    tmp_path: Path, book: LoadedRulebook
) -> None:
    limited = set(book.rulebook.assessment_period.limits if book.rulebook.assessment_period else ())
    assert len(limited) == 1
    early = {"reported_at": "2023-01-10T09:00:00+08:00"}
    local_world = World(tmp_path).given(
        *UNITS,
        reported("L", **early, **FEE),
        of(
            "AgreementSigned",
            "2023-03-01",
            "L",
            contract_investment="3000",
            contract_fixed_assets="2000",
        ),
        of("LandAcquired", "2024-07-01", "L", area_mu="10", transfer_fee="100"),
        reported("I", **early),
        of(
            "AgreementSigned",
            "2023-03-01",
            "I",
            contract_investment="3000",
            contract_fixed_assets="2000",
        ),
        of("StatisticsEntered", "2023-04-01", "I"),
        of("InvestmentReported", None, "I", month="2024-03", fixed_assets="1"),
        of("InvestmentReported", None, "I", month="2024-04", fixed_assets="2"),
    )
    project = {code: judged(local_world, code, book=book) for code in "LI"}
    assert [
        len(list(funds_in_place(project["L"]))),
        len(list(m.nodes_reached(project["L"]))),
    ] == [
        int("funds_in_place" not in limited),
        int("nodes_reached" not in limited),
    ]
    assert [item.value for item in funds_in_place(project["I"])] == [
        (3 if "funds_in_place" not in limited else 1) * MICRO
    ]
    local_world.ledger.close()


def test_a_sector_missing_from_the_table_has_no_funds(tmp_path: Path) -> None:
    book = parse(
        shipped("kaihua-2024").content.replace(
            '"agricultural", "other"]\nsource', '"agricultural"]\nsource'
        )
    )
    local_world = World(tmp_path).given(
        *UNITS,
        reported("O", sector="other"),
        of("StatisticsEntered", "2024-04-01", "O"),
        of("InvestmentReported", None, "O", month="2024-04", fixed_assets="2"),
    )
    assert [
        list(funds_in_place(judged(local_world, "O", book=policy))) == []
        for policy in (book, shipped("kaihua-2024"))
    ] == [True, False]
    local_world.ledger.close()


@pytest.mark.parametrize(("signed", "earns"), [("2023-07-15", True), ("2023-07-14", False)])
def test_land_after_the_assessment_period_brings_no_funds(
    tmp_path: Path, signed: str, earns: bool
) -> None:
    local_world = World(tmp_path).given(
        *UNITS,
        reported("L", reported_at="2023-01-10T09:00:00+08:00", **FEE),
        of(
            "AgreementSigned", signed, "L", contract_investment="3000", contract_fixed_assets="2000"
        ),
        of("LandAcquired", "2024-07-15", "L", area_mu="10", transfer_fee="100"),
    )
    assert [item.value for item in items(funds_in_place, local_world, "L")] == [10 * MICRO] * earns
    assert [item.label for item in items(m.nodes_reached, local_world, "L")] == ["land"] * earns
    local_world.ledger.close()


SIGNING = {"signing": date(2024, 3, 20)}
SIGNING_AND_LAND = {"land": date(2024, 5, 20), **SIGNING}
CHECKS = {
    "2024-Q1": ((3, 4), SIGNING, date(2024, 3, 31)),
    "2024-Q2": ((3, 4), SIGNING_AND_LAND, date(2024, 6, 30)),
    "2024-Q3": ((3, 4, 5), SIGNING_AND_LAND, date(2024, 9, 30)),
}


def check_item(name: str) -> CountedItem:
    """A check with the versions of its plan and of the nodes reached, and its milestones."""
    versions, due, on = CHECKS[name]
    return CountedItem(name, MICRO, versions, CheckedMilestones(name, due), on)


@pytest.mark.parametrize(
    ("measure", "assessed", "checks"),
    [
        (m.checks_passed, {}, ["2024-Q1", "2024-Q3"]),
        (m.checks_passed, {"year": 2023}, []),
        (m.checks_missed, {}, ["2024-Q2"]),
        (m.checks_missed, {"first": date(2024, 6, 30)}, ["2024-Q2"]),
        (m.checks_missed, {"first": date(2024, 7, 1)}, []),
    ],
)
def test_checks_with_the_milestones_that_were_due(
    world: World,
    measure: Callable[[JudgedProject], Iterator[CountedItem]],
    assessed: dict[str, Any],
    checks: list[str],
) -> None:
    assert items(measure, world, **assessed) == [check_item(name) for name in checks]


def test_the_milestones_of_a_check_stand_in_a_fixed_order(world: World) -> None:
    (missed,) = items(m.checks_missed, world)
    assert isinstance(missed.facts, CheckedMilestones)
    assert list(missed.facts.due) == ["land", "signing"]


def test_a_milestone_reached_on_the_quarter_s_last_day_counts(tmp_path: Path) -> None:
    plan = [{"stage": "signing", "due_on": "2024-03-31"}]
    local_world = World(tmp_path).given(
        *UNITS,
        reported("A"),
        of("ConsultationHeld", "2024-02-01", "A", outcome="passed"),
        of("ScheduleSet", "2024-02-02", "A", milestones=plan),
        of(
            "AgreementSigned",
            "2024-03-31",
            "A",
            contract_investment="3000",
            contract_fixed_assets="2000",
        ),
    )
    assert [(item.label, item.versions) for item in items(m.checks_passed, local_world)] == [
        ("2024-Q1", (3, 4))
    ]
    local_world.ledger.close()


def assessed_on(on: date, version: int, *, fulfilled: bool) -> CountedItem:
    facts = AssessmentFinding(on, fulfilled=fulfilled)
    return CountedItem("unfulfilled", MICRO, (version,), facts, on)


SEPTEMBER = assessed_on(date(2024, 9, 1), 9, fulfilled=True)
OCTOBER = assessed_on(date(2024, 10, 1), 10, fulfilled=False)


@pytest.mark.parametrize(
    ("measure", "assessed", "expected"),
    [
        (m.assessed_unfulfilled, {}, [OCTOBER]),
        (m.assessed_unfulfilled, {"day": date(2024, 9, 30)}, []),
        (m.assessed_unfulfilled, {"first": date(2024, 10, 2)}, []),
        (m.assessed_unfulfilled, {"code": "L"}, []),
        (m.assessed_unfulfilled_or_untaxed, {}, [OCTOBER]),
        # Fulfilled, but no tax was paid.
        (m.assessed_unfulfilled_or_untaxed, {"day": date(2024, 9, 30)}, [SEPTEMBER]),
        (m.assessed_unfulfilled_or_untaxed, {"first": date(2024, 10, 2)}, []),
        (m.assessed_unfulfilled_or_untaxed, {"code": "L"}, []),
    ],
)
def test_the_last_assessment_of_what_is_assessed(
    world: World,
    measure: Callable[[JudgedProject], Iterator[CountedItem]],
    assessed: dict[str, Any],
    expected: list[CountedItem],
) -> None:
    assert items(measure, world, **assessed) == expected


@pytest.mark.parametrize(
    ("assessed", "counted"),
    [
        ({}, True),
        ({"first": date(2024, 7, 1)}, True),
        ({"first": date(2024, 7, 2)}, False),
        ({"code": "L"}, False),
        ({"day": date(2024, 6, 30)}, False),
    ],
)
def test_days_from_one_node_to_another(
    world: World, assessed: dict[str, Any], *, counted: bool
) -> None:
    between = counted_events("days_between", from_stage="consultation", to_stage="land")
    consulted, acquired = date(2024, 2, 1), date(2024, 7, 1)
    # 28 days of February (a leap year), 31, 30, 31, 30 and the first of July.
    days = CountedItem("days", 151 * MICRO, (2, 5), NodeInterval(consulted, acquired), acquired)
    assert items(between, world, **assessed) == [days] * counted


UNREACHED = {"from_stage": "consultation", "to_stage": "filing", "unreached": "as_of"}


@pytest.mark.parametrize(
    ("assessed", "end"),
    [
        ({}, END),
        ({"day": date(2024, 3, 9)}, date(2024, 3, 9)),
        ({"day": date(2024, 2, 1)}, date(2024, 2, 1)),
    ],
)
def test_days_of_a_node_that_is_not_reached_count_until_the_day(
    world: World, assessed: dict[str, Any], end: date
) -> None:
    between = counted_events("days_between", **UNREACHED)
    consulted = date(2024, 2, 1)
    days = (end - consulted).days
    interval = NodeInterval(consulted, end)
    counted = [CountedItem("days", days * MICRO, (2,), interval, end)]

    assert items(between, world, **assessed) == counted


SIGNED_ON = date(2024, 3, 10)
SIGNED = EventFields({"signed_on": SIGNED_ON})


@pytest.mark.parametrize(
    ("measure", "code", "expected"),
    [
        ("projects_signed", "A", [CountedItem("signing", MICRO, (4,), SIGNED, SIGNED_ON)]),
        (
            "signed_investment",
            "A",
            [CountedItem("signing", 30000 * MICRO, (4,), SIGNED, SIGNED_ON)],
        ),
        (
            "tax_paid",
            "L",
            [CountedItem("2024-07", 2_500_000, (4,), EventFields({"month": "2024-07"}), "2024-07")],
        ),
        (
            "fixed_assets",
            "A",
            [
                CountedItem(
                    "2024-08", 1000 * MICRO, (7,), EventFields({"month": "2024-08"}), "2024-08"
                ),
                CountedItem(
                    "2024-09", 500_500_000, (8,), EventFields({"month": "2024-09"}), "2024-09"
                ),
            ],
        ),
    ],
)
def test_events_counted_or_summed(
    world: World, measure: str, code: str, expected: list[CountedItem]
) -> None:
    assert items(counted_events(measure), world, code) == expected


@pytest.mark.parametrize(
    ("assessed", "count"),
    [
        ({"day": SIGNED_ON}, 1),
        ({"day": SIGNED_ON, "first": SIGNED_ON}, 1),
        ({"day": date(2024, 3, 9)}, 0),
        ({"year": 2023}, 0),
    ],
)
def test_events_are_counted_by_the_day(world: World, assessed: dict[str, Any], count: int) -> None:
    assert len(items(counted_events("projects_signed"), world, **assessed)) == count
