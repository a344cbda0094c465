"""What each measure yields, worked by hand: label, value, events, facts, and when it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import LoadedRulebook, parse, shipped
from lifecycle.rulebook.counted import MeasureSelection
from projections.facts.narrow_events import MICRO
from projections.scoring import measure_values as m
from projections.scoring.counted_items import (
    AssessmentFinding,
    CheckedMilestones,
    ConsultationPassed,
    CountedItem,
    EventFields,
    FundsCounted,
    IndicatorFigure,
    NodeInterval,
    NodeReached,
)
from projections.scoring.evaluation import judged_projects, units_at
from projections.scoring.judgement import JudgedProject, ScoringAxes
from projections.scoring.prepared_policy import prepared
from tests.given import TOWN, UNITS, World, of, reported
from tests.projections.scoring.test_lines import OF_A_POLICY, OF_EVERY_KIND

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
    made = World(tmp_path_factory.mktemp("measures")).given(*OF_A_POLICY, *MORE)
    yield made
    made.ledger.close()


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
        found = list(
            judged_projects(
                rows,
                prepared(book or shipped("kaihua-2024")),
                ScoringAxes(year, day, first),
                units_at(world.ledger, position),
            )
        )
    return next(one for one in found if one.project.code == code)


def items(
    measure: Callable[[JudgedProject], Iterator[CountedItem]],
    world: World,
    code: str = "A",
    **asked: Any,
) -> list[CountedItem]:
    return list(measure(judged(world, code, **asked)))


def counted(measure: str, **fields: Any) -> Callable[[JudgedProject], Iterator[CountedItem]]:
    return m.project_measure(MeasureSelection.model_validate({"measure": measure, **fields}))


def test_a_passed_consultation_of_what_is_assessed(world: World) -> None:
    passed = CountedItem(
        "consultation", MICRO, (2,), ConsultationPassed(date(2024, 2, 1)), date(2024, 2, 1)
    )
    assert (
        items(m.consultations_passed, world)
        == items(m.consultations_passed, world, first=date(2024, 2, 1))
        == [passed]
    )
    assert (
        items(m.consultations_passed, world, first=date(2024, 2, 2))
        == items(m.consultations_passed, world, year=2023)
        == items(m.consultations_passed, world, "L")
        == []
    )


def test_nodes_with_the_days_on_which_they_were_first_reached(world: World) -> None:
    days = {
        "information": (1, date(2024, 1, 10)),
        "consultation": (2, date(2024, 2, 1)),
        "signing": (4, date(2024, 3, 10)),
        "land": (5, date(2024, 7, 1)),
        "statistics": (6, date(2024, 8, 1)),
        "investment": (7, date(2024, 8, 31)),
    }
    told = [
        CountedItem(stage, MICRO, (version,), NodeReached(stage, on), on)
        for stage, (version, on) in days.items()
    ]
    assert items(m.nodes_reached, world) == told
    assert items(m.nodes_reached, world, first=date(2024, 7, 1)) == told[3:]
    assert items(m.nodes_reached, world, first=date(2024, 7, 2)) == told[4:]
    assert items(m.nodes_reached, world, year=2023) == []


def test_funds_in_place_of_the_months_assessed(world: World) -> None:
    def funds(amount: str, versions: tuple[int, ...], when: str) -> list[CountedItem]:
        return [
            CountedItem(
                "fixed_assets",
                Fraction(amount) * MICRO,
                versions,
                FundsCounted("fixed_assets", len(versions)),
                when,
            )
        ]

    assert (
        items(m.funds_in_place, world)
        == items(m.funds_in_place, world, first=date(2024, 8, 1))
        == funds("1500.5", (7, 8), "2024-09")
    )
    assert items(m.funds_in_place, world, first=date(2024, 9, 1)) == funds("500.5", (8,), "2024-09")
    assert items(m.funds_in_place, world, day=date(2024, 8, 31)) == funds("1000", (7,), "2024-08")
    assert (
        items(m.funds_in_place, world, first=date(2024, 10, 1))
        == items(m.funds_in_place, world, year=2023)
        == items(m.funds_in_place, world, day=date(2024, 7, 31))
        == []
    )


def test_a_tenth_of_the_land_s_fee_by_the_day_of_the_land(world: World) -> None:
    fee = [
        CountedItem("land_fee", Fraction(6) * MICRO, (3,), FundsCounted("land_fee", 1), "2024-07")
    ]
    assert (
        items(m.funds_in_place, world, "L")
        == items(m.funds_in_place, world, "L", first=date(2024, 7, 1))
        == fee
    )
    assert (
        items(m.funds_in_place, world, "L", first=date(2024, 7, 2))
        == items(m.funds_in_place, world, "L", year=2025)
        == items(m.funds_in_place, world, "L", day=date(2024, 6, 30))
        == []
    )


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
def test_a_measure_that_the_period_does_not_limit_looks_at_no_period(
    tmp_path: Path, book: LoadedRulebook
) -> None:
    limited = set(book.rulebook.assessment_period.limits if book.rulebook.assessment_period else ())
    assert len(limited) == 1
    early = {"reported_at": "2023-01-10T09:00:00+08:00"}
    made = World(tmp_path).given(
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
    found = {code: judged(made, code, book=book) for code in "LI"}
    assert [len(list(m.funds_in_place(found["L"]))), len(list(m.nodes_reached(found["L"])))] == [
        int("funds_in_place" not in limited),
        int("nodes_reached" not in limited),
    ]
    assert [item.value for item in m.funds_in_place(found["I"])] == [
        (3 if "funds_in_place" not in limited else 1) * MICRO
    ]
    made.ledger.close()


def test_a_sector_that_the_table_leaves_out_has_no_funds(tmp_path: Path) -> None:
    book = parse(
        shipped("kaihua-2024").content.replace(
            '"agricultural", "other"]\nsource', '"agricultural"]\nsource'
        )
    )
    made = World(tmp_path).given(
        *UNITS,
        reported("O", sector="other"),
        of("StatisticsEntered", "2024-04-01", "O"),
        of("InvestmentReported", None, "O", month="2024-04", fixed_assets="2"),
    )
    assert [
        list(m.funds_in_place(judged(made, "O", book=asked))) == []
        for asked in (book, shipped("kaihua-2024"))
    ] == [True, False]
    made.ledger.close()


@pytest.mark.parametrize(("signed", "earns"), [("2023-07-15", True), ("2023-07-14", False)])
def test_land_after_the_assessment_period_brings_no_funds(
    tmp_path: Path, signed: str, earns: bool
) -> None:
    made = World(tmp_path).given(
        *UNITS,
        reported("L", reported_at="2023-01-10T09:00:00+08:00", **FEE),
        of(
            "AgreementSigned", signed, "L", contract_investment="3000", contract_fixed_assets="2000"
        ),
        of("LandAcquired", "2024-07-15", "L", area_mu="10", transfer_fee="100"),
    )
    assert [item.value for item in items(m.funds_in_place, made, "L")] == [10 * MICRO] * earns
    assert [item.label for item in items(m.nodes_reached, made, "L")] == ["land"] * earns
    made.ledger.close()


def test_checks_with_the_milestones_looked_at(world: World) -> None:
    signing, land = (
        {"signing": date(2024, 3, 20)},
        {"land": date(2024, 5, 20), "signing": date(2024, 3, 20)},
    )
    first = CountedItem(
        "2024-Q1", MICRO, (3, 4), CheckedMilestones("2024-Q1", signing), date(2024, 3, 31)
    )
    second = CountedItem(
        "2024-Q2", MICRO, (3, 4), CheckedMilestones("2024-Q2", land), date(2024, 6, 30)
    )
    third = CountedItem(
        "2024-Q3", MICRO, (3, 4, 5), CheckedMilestones("2024-Q3", land), date(2024, 9, 30)
    )
    assert items(m.checks_passed, world) == [first, third]
    assert (
        items(m.checks_missed, world)
        == items(m.checks_missed, world, first=date(2024, 6, 30))
        == [second]
    )
    (missed,) = items(m.checks_missed, world)
    assert isinstance(missed.facts, CheckedMilestones)
    assert list(missed.facts.due) == ["land", "signing"]  # in a fixed order
    assert (
        items(m.checks_missed, world, first=date(2024, 7, 1))
        == items(m.checks_passed, world, year=2023)
        == []
    )


def test_what_is_reached_on_the_last_day_of_a_quarter_is_reached(tmp_path: Path) -> None:
    plan = [{"stage": "signing", "due_on": "2024-03-31"}]
    made = World(tmp_path).given(
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
    assert [(item.label, item.versions) for item in items(m.checks_passed, made)] == [
        ("2024-Q1", (3, 4))
    ]
    made.ledger.close()


def test_the_last_assessment_of_what_is_assessed(world: World) -> None:
    found = CountedItem(
        "unfulfilled",
        MICRO,
        (10,),
        AssessmentFinding(date(2024, 10, 1), fulfilled=False),
        date(2024, 10, 1),
    )
    assert (
        items(m.assessed_unfulfilled, world)
        == items(m.assessed_unfulfilled_or_untaxed, world)
        == [found]
    )
    untaxed = CountedItem(
        "unfulfilled",
        MICRO,
        (9,),
        AssessmentFinding(date(2024, 9, 1), fulfilled=True),
        date(2024, 9, 1),
    )
    assert items(m.assessed_unfulfilled_or_untaxed, world, day=date(2024, 9, 30)) == [untaxed]
    for measure in (m.assessed_unfulfilled, m.assessed_unfulfilled_or_untaxed):
        assert items(measure, world, first=date(2024, 10, 2)) == items(measure, world, "L") == []
    assert items(m.assessed_unfulfilled, world, day=date(2024, 9, 30)) == []


def test_days_from_one_node_to_another(world: World) -> None:
    between = counted("days_between", from_stage="consultation", to_stage="land")
    told = CountedItem(
        "days",
        151 * MICRO,
        (2, 5),
        NodeInterval(date(2024, 2, 1), date(2024, 7, 1)),
        date(2024, 7, 1),
    )
    assert items(between, world) == items(between, world, first=date(2024, 7, 1)) == [told]
    assert (
        items(between, world, first=date(2024, 7, 2))
        == items(between, world, "L")
        == items(between, world, day=date(2024, 6, 30))
        == []
    )


def test_events_counted_or_summed(world: World) -> None:
    assert items(counted("projects_signed"), world) == [
        CountedItem(
            "signing", MICRO, (4,), EventFields({"signed_on": date(2024, 3, 10)}), date(2024, 3, 10)
        )
    ]
    assert items(counted("signed_investment"), world) == [
        CountedItem(
            "signing",
            30000 * MICRO,
            (4,),
            EventFields({"signed_on": date(2024, 3, 10)}),
            date(2024, 3, 10),
        )
    ]
    assert items(counted("tax_paid"), world, "L") == [
        CountedItem("2024-07", 2_500_000, (4,), EventFields({"month": "2024-07"}), "2024-07")
    ]
    assert [(item.label, item.value) for item in items(counted("fixed_assets"), world)] == [
        ("2024-08", 1000 * MICRO),
        ("2024-09", 500_500_000),
    ]
    assert (
        items(counted("projects_signed"), world, day=date(2024, 3, 9))
        == items(counted("projects_signed"), world, year=2023)
        == []
    )
    assert (
        len(
            items(counted("projects_signed"), world, day=date(2024, 3, 10), first=date(2024, 3, 10))
        )
        == 1
    )


def of_unit(
    world: World, measure: str, *, day: date = END, first: date | None = None, **fields: Any
) -> list[CountedItem]:
    unit = units_at(world.ledger, world.ledger.head().position)[TOWN]
    return list(
        m.unit_measure(MeasureSelection.model_validate({"measure": measure, **fields}))(
            unit, ScoringAxes(2024, day, first)
        )
    )


def test_events_of_a_unit(world: World) -> None:
    held = CountedItem(
        "推介",
        MICRO,
        (2,),
        EventFields({"activity": "推介", "held_on": date(2024, 3, 1)}),
        date(2024, 3, 1),
    )
    assert (
        of_unit(world, "activities_led_by_head")
        == of_unit(world, "activities_held", first=date(2024, 3, 1))
        == [held]
    )
    assert of_unit(world, "cadres_seconded") == [
        CountedItem("江", MICRO, (4, 5), EventFields({"person": "江"}), date(2024, 3, 1))
    ]
    assert of_unit(world, "cadres_seconded", day=date(2024, 3, 31)) == [
        CountedItem("江", MICRO, (4,), EventFields({"person": "江"}), date(2024, 3, 1))
    ]
    assert of_unit(world, "routine_points") == [
        CountedItem(
            "台账", -3 * MICRO, (3,), EventFields({"item": "台账", "month": "2024-03"}), "2024-03"
        )
    ]
    assert of_unit(world, "black_listings") == [
        CountedItem("2024-03", MICRO, (6,), EventFields({"month": "2024-03"}), "2024-03")
    ]
    assert (
        of_unit(world, "red_listings")
        == of_unit(world, "activities_held", first=date(2024, 3, 2))
        == of_unit(world, "awards_won")
        == []
    )


def test_an_indicator_by_the_period_that_it_is_of(tmp_path: Path) -> None:
    year = {
        "event": "IndicatorReported",
        "unit": TOWN,
        "occurred_on": "2024-12-30",
        "indicator": "visits",
        "actual": "9",
    }
    made = World(tmp_path).given(
        *OF_EVERY_KIND,
        {**year, "period": "2024"},
        {**year, "period": "2024-Q2", "occurred_on": "2024-04-01"},
        {**year, "period": "2023-12"},
    )
    february = CountedItem(
        "visits",
        3 * MICRO,
        (2,),
        IndicatorFigure(
            "visits", "2024-02", reported=Fraction(6), target=Fraction(10), shared_by=2
        ),
        "2024-02",
    )
    march = CountedItem(
        "visits",
        4 * MICRO,
        (3,),
        IndicatorFigure("visits", "2024-03", reported=Fraction(4), target=Fraction(2)),
        "2024-03",
    )
    found = of_unit(made, "indicator", indicator="visits")
    assert found[:2] == [february, march]
    assert [item.when for item in found] == ["2024-02", "2024-03", "2024-Q2", "2024"]
    assert [
        item.when for item in of_unit(made, "indicator", indicator="visits", first=date(2024, 3, 1))
    ] == ["2024-03", "2024-Q2"]
    assert [
        item.when for item in of_unit(made, "indicator", indicator="visits", first=date(2024, 4, 1))
    ] == ["2024-Q2"]
    assert [
        item.when
        for item in of_unit(
            made, "indicator", indicator="visits", first=date(2024, 4, 1), day=date(2024, 4, 1)
        )
    ] == ["2024-Q2"]
    assert [
        item.when
        for item in of_unit(
            made, "indicator", indicator="visits", first=date(2024, 1, 1), day=date(2024, 3, 31)
        )
    ] == ["2024-02", "2024-03"]  # no year's
    assert of_unit(made, "indicator", indicator="calls") == []
    made.ledger.close()
