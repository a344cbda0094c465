"""The units that are there at a view: by their own facts, by targets, by what projects name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lifecycle.rulebook import shipped
from projections.facts.member_projects import MemberLedger, MemberProjects
from projections.scoring.result_view import View
from projections.scoring.units_of_view import project_rows, registered_units, units_at
from tests.given import OTHER, TOWN, JsonRecord, World, correction, of, reported, unit

DAY = date(2024, 3, 31)
LATE = unit(OTHER, occurred_on="2024-06-01")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    local_world = World(tmp_path).given(unit())
    yield local_world
    local_world.ledger.close()


def there(
    world: World, *, position: int | None = None, ranks_registered: bool = False
) -> list[str]:
    """The units of 31 March 2024."""
    known = world.ledger.head().position if position is None else position
    view = View(2024, DAY, known, shipped("kaihua-2024"), ranks_registered=ranks_registered)
    return list(units_at(world.ledger, view))


def target(for_unit: str | None, on: str) -> JsonRecord:
    """A target of the year, of a unit or of the county."""
    return {
        "event": "TargetSet",
        "occurred_on": on,
        "year": 2024,
        "indicator": "funds",
        "amount": "100",
        "for_unit": for_unit,
    }


def test_a_unit_whose_facts_are_all_later_is_not_there_yet(world: World) -> None:
    world.given(LATE)

    assert there(world) == [TOWN]
    assert there(world, ranks_registered=True) == [TOWN, OTHER]


@pytest.mark.parametrize(
    ("for_unit", "on", "is_there"),
    [
        (OTHER, "2024-03-31", True),
        (OTHER, "2024-04-01", False),
        (TOWN, "2024-03-31", False),
        (None, "2024-03-31", False),
    ],
)
def test_a_target_of_the_day_makes_a_unit_be_there(
    world: World, for_unit: str | None, on: str, *, is_there: bool
) -> None:
    world.given(LATE, target(for_unit, on))

    assert (OTHER in there(world)) is is_there


@pytest.mark.parametrize(("occurred_on", "is_there"), [("2024-03-31", True), ("2024-04-01", False)])
def test_a_project_that_names_a_unit_by_the_day_makes_it_be_there(
    world: World, occurred_on: str, *, is_there: bool
) -> None:
    reported_at = f"{occurred_on}T09:00:00+08:00"
    world.given(LATE, reported("P"), reported("Q", reporting_unit=OTHER, reported_at=reported_at))

    assert (OTHER in there(world)) is is_there


def test_what_is_recorded_after_the_position_names_no_unit(world: World) -> None:
    world.given(LATE)
    before = world.ledger.head().position
    world.given(reported("Q", reporting_unit=OTHER))

    assert there(world, position=before) == [TOWN]
    assert there(world) == [TOWN, OTHER]


def test_the_rows_of_a_project_end_at_the_position(world: World) -> None:
    world.given(reported("P"), reported("Q"))
    before = world.ledger.head().position
    world.given(of("ConsultationHeld", "2024-02-01", outcome="passed"))

    def versions(code: str, position: int) -> list[int]:
        return [
            version for _at, _stream, version, *_event in project_rows(world.ledger, position, code)
        ]

    first = versions("P", before)
    assert len(first) == 1
    assert len(versions("P", before + 1)) == 2
    assert versions("Q", before + 1) == first
    assert versions("R", before + 1) == []


def test_units_registered_after_the_position_are_not_known(world: World) -> None:
    before = world.ledger.head().position
    world.given(LATE)

    assert [each.name for each in registered_units(world.ledger, before)] == [TOWN]
    assert [each.name for each in registered_units(world.ledger, before + 1)] == [TOWN, OTHER]


def test_support_for_a_moved_project_names_its_new_code(world: World) -> None:
    supported = {"event": "MajorProjectSupported", "unit": TOWN, "occurred_on": "2024-03-01"}
    world.given(
        reported("A"),
        supported | {"about_project": "A"},
        correction(1, None, "A", moved_to="B"),
    )

    def codes(position: int) -> list[object]:
        (registered,) = registered_units(world.ledger, position)
        facts = [event for _on, _version, event in registered.facts]
        return [fact.about_project for fact in facts if hasattr(fact, "about_project")]

    position = world.ledger.head().position
    assert codes(position) == ["B"]
    assert codes(position - 1) == ["A"]


@pytest.mark.parametrize(("day", "is_there"), [("2024-03-31", True), ("2024-04-01", False)])
def test_a_member_of_a_region_is_there_by_the_projects_that_it_has_by_the_day(
    world: World, tmp_path: Path, day: str, *, is_there: bool
) -> None:
    world.given(LATE)
    (tmp_path / "member").mkdir()
    member = World(tmp_path / "member").given(
        unit(), reported("A", reported_at=f"{day}T09:00:00+08:00", occurred_on=day)
    )
    projects = MemberProjects((MemberLedger(OTHER, member.ledger, member.ledger.head().position),))
    known = world.ledger.head().position
    view = View(2024, DAY, known, shipped("kaihua-2024"), projects=projects)

    assert (OTHER in units_at(world.ledger, view)) is is_there
    member.ledger.close()
