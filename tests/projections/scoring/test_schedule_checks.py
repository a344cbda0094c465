"""Schedule checks (考(八)2): milestones in force, when a project is checked, when it passes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.events.project_events import Milestone
from projections.facts.project_facts import Plan
from projections.scoring.judgement import ScoringAxes
from projections.scoring.schedule_checks import (
    MilestonesInForce,
    ScheduleCheck,
    counted_nodes,
    in_force,
    schedule_checks,
)
from tests.given import UNITS, World, of, reported
from tests.projections.scoring.test_measures import judged


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
    local_world = World(tmp_path)
    yield local_world
    local_world.ledger.close()


def checked(
    world: World,
    *facts: dict[str, Any],
    day: date = date(2024, 12, 31),
    every: str = "quarter",
    **project: Any,
) -> list[ScheduleCheck]:
    world.given(*UNITS, reported("A", **project), *facts)
    judged_project = judged(world, "A", day=day)
    assert judged_project.axes == ScoringAxes(2024, day)
    return list(
        schedule_checks(
            judged_project.facts,
            counted_nodes(judged_project.facts, by_tax=judged_project.by_tax),
            2024,
            day,
            every,
        )
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
def test_a_missed_milestone_is_checked_at_every_quarter_end(
    world: World, day: str, quarters: list[str]
) -> None:
    checks = checked(world, passed(), due("land", "2024-03-31"), day=date.fromisoformat(day))
    assert [(check.period, check.passed) for check in checks] == [
        (quarter, False) for quarter in quarters
    ]


@pytest.mark.parametrize(
    ("consulted", "quarters"), [("2024-03-31", ["2024-Q1", "2024-Q2"]), ("2024-04-01", ["2024-Q2"])]
)
def test_a_project_is_checked_from_the_quarter_of_its_consultation(
    world: World, consulted: str, quarters: list[str]
) -> None:
    checks = checked(world, passed(consulted), due("land", "2024-03-15"), day=date(2024, 6, 30))
    assert [check.period for check in checks] == quarters


@pytest.mark.parametrize(
    ("ended", "quarters"), [("2024-06-30", ["2024-Q1"]), ("2024-07-01", ["2024-Q1", "2024-Q2"])]
)
def test_a_terminated_project_is_no_longer_checked(
    world: World, ended: str, quarters: list[str]
) -> None:
    checks = checked(
        world,
        passed(),
        due("land", "2024-03-15"),
        of("ProjectTerminated", ended, "A", reason="撤资"),
    )
    assert [check.period for check in checks] == quarters


@pytest.mark.parametrize(
    ("on", "signed", "expected"),
    [
        ("2024-04-01", "2024-03-31", [("2024-Q2", True)]),
        ("2024-03-31", "2024-03-31", [("2024-Q1", True)]),
        ("2024-03-31", "2024-04-01", [("2024-Q1", False), ("2024-Q2", True)]),
        ("2024-03-31", "2024-06-30", [("2024-Q1", False), ("2024-Q2", True)]),
        ("2024-03-31", "2024-07-01", [("2024-Q1", False), ("2024-Q2", False), ("2024-Q3", True)]),
    ],
)
def test_a_milestone_is_checked_when_due_and_until_it_passes(
    world: World, on: str, signed: str, expected: list[tuple[str, bool]]
) -> None:
    checks = checked(
        world, passed(), due("signing", on), of("AgreementSigned", signed, "A", **SIGNED)
    )
    assert [(check.period, check.passed) for check in checks] == expected


@pytest.mark.parametrize("every", ["quarter", "month", "half_year"])
@pytest.mark.parametrize(
    ("signed", "expected"), [("2023-12-31", []), ("2024-01-01", [True]), ("2024-07-01", [False])]
)
def test_a_milestone_due_before_the_year_is_checked_if_still_unreached(
    world: World, every: str, signed: str, expected: list[bool]
) -> None:
    early = of(
        "ScheduleSet", "2023-12-02", "A", milestones=[{"stage": "signing", "due_on": "2023-12-20"}]
    )
    checks = checked(
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
    assert [check.passed for check in checks if check.on == first] == expected


def test_checks_may_be_by_month_and_by_half_year(world: World) -> None:
    facts = passed(), due("land", "2024-03-15")
    assert [
        check.period for check in checked(world, *facts, every="month", day=date(2024, 5, 31))
    ] == ["2024-03", "2024-04", "2024-05"]
    project = judged(world, "A")
    assert [
        check.period
        for check in schedule_checks(
            project.facts, project.facts.nodes, 2024, date(2024, 12, 31), "half_year"
        )
    ] == ["2024-H1", "2024-H2"]
    assert (
        list(
            schedule_checks(project.facts, project.facts.nodes, 2023, date(2023, 12, 31), "quarter")
        )
        == []
    )


def test_a_service_project_invests_by_its_tax(world: World) -> None:
    facts = (
        passed(),
        due("investment", "2024-03-31"),
        of("StatisticsEntered", "2024-02-10", "A"),
        of("InvestmentReported", None, "A", month="2024-02", fixed_assets="9"),
    )
    assert [
        (check.period, check.passed)
        for check in checked(world, *facts, sector="service", day=date(2024, 3, 31))
    ] == [("2024-Q1", False)]
    world.given(of("TaxPaid", None, "A", month="2024-03", amount="1"))
    project = judged(world, "A")
    assert "investment" in counted_nodes(project.facts, by_tax=True)
    assert [
        counted_nodes(project.facts, by_tax=by_tax)["investment"].on for by_tax in (True, False)
    ] == [
        date(2024, 3, 31),
        date(2024, 2, 29),
    ]
    assert "investment" not in counted_nodes(
        judged(world, "A", day=date(2024, 3, 30)).facts, by_tax=True
    )
