"""Rules and schedules at their edges, worked by hand: escalating places, limits, bands of size, milestones and the ends of quarters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers
from pathlib import Path
from typing import Any

import pytest

from lifecycle.events.project_events import Milestone
from lifecycle.rulebook import kinds as k
from projections.facts.narrow_events import MICRO
from projections.facts.project_facts import Plan
from projections.scoring.item_rules import (
    KINDS,
    NO_SIZE,
    ONE,
    Size,
    lines,
    period_of,
    summed,
    within_limits,
)
from projections.scoring.judgement import ScoringAxes
from projections.scoring.measure_values import CountedItem
from projections.scoring.rounding import round_half_up
from projections.scoring.schedule_checks import (
    MilestonesInForce,
    ScheduleCheck,
    checks,
    in_force,
    reached,
)
from tests.given import TOWN, UNITS, World, of, reported
from tests.projections.scoring.test_measures import judged

OF = {
    "id": "r",
    "chinese": "规则",
    "module": "m",
    "clause": "一",
    "basis": "policy",
    "measure": "awards_won",
}


def items(*amounts: F | int, when: tuple[str, ...] = ()) -> list[CountedItem]:
    return [
        CountedItem("x", F(amount) * MICRO, (at,), {}, when[at] if when else None)
        for at, amount in enumerate(amounts)
    ]


def escalating(applies_to: str, *bands: tuple[str, int]) -> k.Escalating:
    return k.Escalating.model_validate(
        {
            **OF,
            "kind": "escalating",
            "applies_to": applies_to,
            "bands": [{"count": band, "points": Decimal(points)} for band, points in bands],
        }
    )


@pytest.mark.parametrize(
    ("bands", "amounts", "points", "last"),
    [
        ([("(,2]", 1), ("(2,)", 10)], [1, 1, 1, 1], [1, 1, 10, 10], [1, 1, 10, 10]),
        ([("(,3)", 1), ("[3,)", 10)], [2, 1, 2], [2, 10, 20], [1, 10, 10]),
        ([("(,2.5]", 1), ("(2.5,)", 10)], [1, 1, 1], [1, 1, 10], [1, 1, 10]),
        ([("(,2.5)", 1), ("[2.5,)", 10)], [3], [12], [10]),
        ([("[0,2]", 1), ("[3,4]", 10)], [6], [22], [10]),
        ([("(0,2]", 1), ("(2,4)", 10)], [6], [12], [10]),
        ([("[1,1]", 3), ("[2,)", 4)], [2], [7], [4]),
        ([("(,2]", 1), ("(2,)", 10)], [F(1, 2), 2, F(1, 2)], [F(1, 2), F(13, 2), 5], [1, 10, 10]),
        ([("(1,3]", 2)], [F(4, 3)], [F(2, 3)], [2]),
        ([("[4,)", 2)], [3], [0], [0]),
        ([("[-3,2]", 1)], [2], [2], [1]),
    ],
)
def test_further_occurrences_each_by_their_own_place(
    bands: list[tuple[str, int]], amounts: list[F | int], points: list[F | int], last: list[int]
) -> None:
    found = list(KINDS["escalating"](escalating("further", *bands), items(*amounts), F(2), NO_SIZE))
    assert [one.points for one in found] == [2 * each for each in points]
    assert [(one.inputs["points"], one.inputs["count"]) for one in found] == [
        (each, sum(amounts)) for each in last
    ]


@pytest.mark.parametrize(
    ("amounts", "points"), [([1, 1], [2, 2]), ([1, 2], [6, 12]), ([5], [0]), ([F(1, 2)], [1])]
)
def test_all_occurrences_by_their_count(amounts: list[F | int], points: list[int]) -> None:
    found = list(
        KINDS["escalating"](
            escalating("all", ("(,2]", 1), ("(2,5)", 3)), items(*amounts), F(2), NO_SIZE
        )
    )
    assert [one.points for one in found] == points


@pytest.mark.parametrize(
    ("limit", "points"),
    [
        ({"limit": Decimal(5)}, [3, 2]),
        ({"limit": Decimal(5), "limit_per": "year"}, [3, 2]),
        ({"limit": Decimal(5), "limit_per": "quarter"}, [3, 2, 3, 2]),
        ({"limit": Decimal(5), "limit_per": "month"}, [3, 3, 3, 3, 2]),
        ({}, [3, 3, 3, 3, 3]),
    ],
)
def test_a_limit_of_a_period_fills_up(limit: dict[str, Any], points: list[int]) -> None:
    rule = k.PerItem.model_validate({**OF, "kind": "per_item", "points": Decimal(1), **limit})
    found = items(3, 3, 3, 3, 3, when=("2024-01", "2024-03", "2024-02", "2024-04", "2024-04"))
    scored = within_limits(rule, found, KINDS["per_item"](rule, found, ONE, NO_SIZE))
    assert [one.points for one in scored] == points


@pytest.mark.parametrize(
    ("ends", "points"),
    [
        ({"start": Decimal(5)}, [5, -3, -3, -3]),
        ({"start": Decimal(5), "floor": Decimal(0)}, [5, -3, -2]),
        ({"floor": Decimal(-4)}, [-3, -1]),
        ({"start": Decimal(5), "floor": Decimal(-1)}, [5, -3, -3]),
        ({}, [-3, -3, -3]),
    ],
)
def test_a_start_is_used_up_to_its_floor(ends: dict[str, Any], points: list[int]) -> None:
    rule = k.Deduct.model_validate({**OF, "kind": "deduct", "points": Decimal(-1), **ends})
    found = items(3, 3, 3)
    scored = list(within_limits(rule, found, KINDS["deduct"](rule, found, ONE, NO_SIZE)))
    assert [one.points for one in scored] == points
    places: list[int | None] = [None] if "start" in ends else []
    assert [one.at for one in scored] == [*places, 0, 1, 2][: len(points)]


@pytest.mark.parametrize(
    ("size", "by_scale", "by_investment"),
    [(Size(2000, 1), 7, 1), (Size(1999, 9), 1, 7), (Size(1, 2000), 1, 7), (Size(0, 0), 1, 1)],
)
def test_bands_look_at_the_size_that_they_name(
    size: Size, by_scale: int, by_investment: int
) -> None:
    points = []
    for name, edge in (("scale", "2000"), ("investment", "2")):
        bands = [
            {name: f"[0,{edge})", "points": Decimal(1)},
            {name: f"[{edge},)", "points": Decimal(7)},
        ]
        rule = k.PerItem.model_validate({**OF, "kind": "per_item", "bands": bands})
        points += [
            one.points
            for one in KINDS["per_item"](
                rule, items(1), ONE, Size(size.scale * MICRO, size.investment * MICRO)
            )
        ]
    assert points == [by_scale, by_investment]


def points_of(rule: Any, found: list[CountedItem]) -> list[F]:
    return [line.points for line in lines(rule, found, TOWN, TOWN, project=None, factor=None)]


def test_what_a_stream_tells_is_rounded_line_by_line_before_its_limit() -> None:
    thirds = k.PerAmount.model_validate(
        {**OF, "kind": "per_amount", "per": Decimal(3), "points": Decimal(1), "places": 1}
    )
    assert points_of(thirds, items(1, 2)) == [F(3, 10), F(7, 10)]
    limited = k.PerItem.model_validate(
        {
            **OF,
            "kind": "per_item",
            "points": Decimal("0.25"),
            "places": 1,
            "limit": Decimal("0.4"),
            "limit_per": "month",
        }
    )
    assert points_of(limited, items(1, 1, 1, when=("2024-01", "2024-01", "2024-02"))) == [
        F(3, 10),
        F(1, 10),
        F(3, 10),
    ]


def test_a_sum_of_nothing_is_as_exact_as_any() -> None:
    assert [(type(total), total) for total in (summed([]), summed([F(1, 2), F(1)]))] == [
        (F, 0),
        (F, F(3, 2)),
    ]


def test_amounts_by_their_rate_and_factor() -> None:
    rule = k.PerAmount.model_validate(
        {**OF, "kind": "per_amount", "per": Decimal(1000), "points": Decimal("0.5")}
    )
    for factor, points in ((ONE, F(3, 2)), (F(2), F(3)), (F(6, 5), F(9, 5))):
        (found,) = KINDS["per_amount"](rule, items(3000), factor, NO_SIZE)
        assert (found.points, found.inputs) == (
            points,
            {"amount": 3000, "per": 1000, "points": F(1, 2)},
        )


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (F(5, 100), 1, F(1, 10)),
        (F(-5, 100), 1, F(-1, 10)),
        (F(4, 100), 1, 0),
        (F(15, 10), 0, 2),
        (F(-15, 10), 0, -2),
        (F(1, 3), 2, F(33, 100)),
        (F(0), 3, 0),
    ],
)
def test_rounding_is_half_away_from_zero(value: F, places: int, rounded: F) -> None:
    assert round_half_up(value, places) == rounded


@pytest.mark.parametrize(
    ("when", "month", "quarter"),
    [
        (date(2024, 5, 31), "2024-05", "2024-Q2"),
        ("2024-05", "2024-05", "2024-Q2"),
        ("2024-Q3", None, "2024-Q3"),
        ("2024", None, None),
        (None, None, None),
        ("2024-01", "2024-01", "2024-Q1"),
        ("2024-03", "2024-03", "2024-Q1"),
        ("2024-04", "2024-04", "2024-Q2"),
        (date(2024, 12, 1), "2024-12", "2024-Q4"),
        ("2024-10", "2024-10", "2024-Q4"),
        ("2024-09", "2024-09", "2024-Q3"),
    ],
)
def test_the_period_that_something_lies_in(
    when: date | str | None, month: str | None, quarter: str | None
) -> None:
    assert (period_of(when, "month"), period_of(when, "quarter")) == (month, quarter)


# Schedules ------------------------------------------------------------------------------------------------------------


def plan(on: str, version: int, **due: str) -> Plan:
    return Plan(
        date.fromisoformat(on),
        version,
        tuple(Milestone(stage=stage, due_on=date.fromisoformat(day)) for stage, day in due.items()),
    )


def test_a_revision_moves_no_date_that_has_passed() -> None:
    plans = [
        plan("2024-02-01", 2, signing="2024-03-01", land="2024-05-01"),
        plan("2024-03-01", 3, signing="2024-06-01", filing="2024-07-01"),
    ]
    first = {
        "signing": MilestonesInForce(date(2024, 3, 1), 2),
        "land": MilestonesInForce(date(2024, 5, 1), 2),
    }
    assert in_force(plans, date(2024, 1, 31)) == {}
    assert in_force(plans, date(2024, 2, 1)) == in_force(plans, date(2024, 2, 29)) == first
    # On its very day signing was due: it keeps its date, and land, not yet due, is dropped.
    assert in_force(plans, date(2024, 3, 1)) == {
        "signing": MilestonesInForce(date(2024, 3, 1), 2),
        "filing": MilestonesInForce(date(2024, 7, 1), 3),
    }
    assert in_force([plans[0], plan("2024-02-29", 3, signing="2024-06-01")], date(2024, 3, 1)) == {
        "signing": MilestonesInForce(date(2024, 6, 1), 3)
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.ledger.close()


def checked(
    world: World,
    *facts: dict[str, Any],
    day: date = date(2024, 12, 31),
    every: str = "quarter",
    **project: Any,
) -> list[ScheduleCheck]:
    world.given(*UNITS, reported("A", **project), *facts)
    found = judged(world, "A", day=day)
    assert found.axes == ScoringAxes(2024, day)
    return list(
        checks(found.project, reached(found.project, by_tax=found.by_tax), 2024, day, every)
    )


def passed(on: str = "2024-02-01") -> dict[str, Any]:
    return of("ConsultationHeld", on, "A", outcome="passed")


def due(stage: str, on: str) -> dict[str, Any]:
    return of("ScheduleSet", "2024-02-01", "A", milestones=[{"stage": stage, "due_on": on}])


SIGNED = {"contract_investment": "3000", "contract_fixed_assets": "2000"}


@pytest.mark.parametrize(
    ("day", "quarters"),
    [
        ("2024-06-29", ["2024-Q1"]),
        ("2024-06-30", ["2024-Q1", "2024-Q2"]),
        ("2024-12-31", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]),
    ],
)
def test_what_was_missed_is_checked_at_each_end_of_a_quarter_by_the_day(
    world: World, day: str, quarters: list[str]
) -> None:
    found = checked(world, passed(), due("land", "2024-03-31"), day=date.fromisoformat(day))
    assert [(check.quarter, check.passed) for check in found] == [
        (quarter, False) for quarter in quarters
    ]


@pytest.mark.parametrize(
    ("consulted", "quarters"), [("2024-03-31", ["2024-Q1", "2024-Q2"]), ("2024-04-01", ["2024-Q2"])]
)
def test_a_project_is_checked_from_its_consultation_on(
    world: World, consulted: str, quarters: list[str]
) -> None:
    found = checked(world, passed(consulted), due("land", "2024-03-15"), day=date(2024, 6, 30))
    assert [check.quarter for check in found] == quarters


@pytest.mark.parametrize(
    ("ended", "quarters"), [("2024-06-30", ["2024-Q1"]), ("2024-07-01", ["2024-Q1", "2024-Q2"])]
)
def test_a_project_that_ended_is_checked_no_more(
    world: World, ended: str, quarters: list[str]
) -> None:
    found = checked(
        world,
        passed(),
        due("land", "2024-03-15"),
        of("ProjectTerminated", ended, "A", reason="撤资"),
    )
    assert [check.quarter for check in found] == quarters


@pytest.mark.parametrize(
    ("on", "signed", "told"),
    [
        ("2024-04-01", "2024-03-31", [("2024-Q2", True)]),
        ("2024-03-31", "2024-03-31", [("2024-Q1", True)]),
        ("2024-03-31", "2024-04-01", [("2024-Q1", False), ("2024-Q2", True)]),
        ("2024-03-31", "2024-06-30", [("2024-Q1", False), ("2024-Q2", True)]),
        ("2024-03-31", "2024-07-01", [("2024-Q1", False), ("2024-Q2", False), ("2024-Q3", True)]),
    ],
)
def test_a_milestone_is_looked_at_when_it_falls_due_and_until_it_is_reached(
    world: World, on: str, signed: str, told: list[tuple[str, bool]]
) -> None:
    found = checked(
        world, passed(), due("signing", on), of("AgreementSigned", signed, "A", **SIGNED)
    )
    assert [(check.quarter, check.passed) for check in found] == told


@pytest.mark.parametrize("every", ["quarter", "month", "half_year"])
@pytest.mark.parametrize(
    ("signed", "told"), [("2023-12-31", []), ("2024-01-01", [True]), ("2024-07-01", [False])]
)
def test_what_was_due_before_the_year_is_looked_at_if_it_was_not_reached_by_then(
    world: World, every: str, signed: str, told: list[bool]
) -> None:
    early = of(
        "ScheduleSet", "2023-12-02", "A", milestones=[{"stage": "signing", "due_on": "2023-12-20"}]
    )
    found = checked(
        world,
        early,
        of("AgreementSigned", signed, "A", **SIGNED),
        passed("2024-01-10"),
        every=every,
        reported_at="2023-12-01T09:00:00+08:00",
    )
    first = date(
        2024, {"quarter": 3, "month": 1, "half_year": 6}[every], 31 if every != "half_year" else 30
    )
    assert [check.passed for check in found if check.on == first] == told


def test_checks_may_be_by_month_and_by_half_year(world: World) -> None:
    facts = passed(), due("land", "2024-03-15")
    assert [
        check.quarter for check in checked(world, *facts, every="month", day=date(2024, 5, 31))
    ] == ["2024-03", "2024-04", "2024-05"]
    found = judged(world, "A")
    assert [
        check.quarter
        for check in checks(
            found.project, found.project.nodes, 2024, date(2024, 12, 31), "half_year"
        )
    ] == ["2024-H1", "2024-H2"]
    assert (
        list(checks(found.project, found.project.nodes, 2023, date(2023, 12, 31), "quarter")) == []
    )


def test_a_service_project_invests_by_its_tax(world: World) -> None:
    facts = (
        passed(),
        due("investment", "2024-03-31"),
        of("StatisticsEntered", "2024-02-10", "A"),
        of("InvestmentReported", None, "A", month="2024-02", fixed_assets="9"),
    )
    assert [
        (check.quarter, check.passed)
        for check in checked(world, *facts, sector="service", day=date(2024, 3, 31))
    ] == [("2024-Q1", False)]
    world.given(of("TaxPaid", None, "A", month="2024-03", amount="1"))
    found = judged(world, "A")
    assert "investment" in reached(found.project, by_tax=True)
    assert [reached(found.project, by_tax=by_tax)["investment"].on for by_tax in (True, False)] == [
        date(2024, 3, 31),
        date(2024, 2, 29),
    ]
    assert "investment" not in reached(
        judged(world, "A", day=date(2024, 3, 30)).project, by_tax=True
    )
