"""Where items come from: which projects they are of, with what factor, size and events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.credit_rule import Credit
from lifecycle.rulebook.kinds.item_points import NO_SIZE, ProjectSize
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from lifecycle.rulebook.measure_selection import MeasureSelection
from projections.scoring.counted_items import (
    CountedItem,
    CreditedItem,
    EventFields,
)
from projections.scoring.item_sources import rule_source, selection_source, unit_source
from projections.scoring.result_view import View
from projections.scoring.units_of_view import units_at
from tests.given import OUTPOST, TOWN, World
from tests.lifecycle.rulebook.kinds.rule_examples import rule_of
from tests.projections.scoring.test_lines import END, OF_PROJECTS, book_of, of_unit
from tests.projections.scoring.test_measures import judged

SIGNED_ON = date(2024, 3, 20)
SIGNED = CountedItem("signing", MICRO, (2,), EventFields({"signed_on": SIGNED_ON}), SIGNED_ON)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    local_world = World(tmp_path_factory.mktemp("sources")).given(*OF_PROJECTS)
    yield local_world
    local_world.ledger.close()


@pytest.mark.parametrize(
    ("points", "size"),
    [
        ({"points": 1}, NO_SIZE),
        ({"bands": [{"scale": "[0,)", "points": 1}]}, ProjectSize(5000 * MICRO, 9000 * MICRO)),
    ],
)
def test_an_item_carries_its_project_size_only_for_bands(
    world: World, points: dict[str, Any], size: ProjectSize
) -> None:
    rule = rule_of(PerItem, measure="projects_signed", **points)
    project = judged(world, "Q", book=book_of("of-projects"))
    assert rule_source(rule).items(project) == [CreditedItem(SIGNED, "Q", ("Q#2",), None, size)]


@pytest.mark.parametrize(("to", "unit"), [("first_reporter", OUTPOST), (None, TOWN)])
def test_an_item_belongs_to_the_unit_credited_or_to_the_first_reporter(
    world: World, to: str | None, unit: str
) -> None:

    fields: dict[str, Any] = {"measure": "projects_signed", "points": 1}
    rule = rule_of(PerItem, **fields) if to is None else rule_of(Credit, **fields, to=to)
    project = judged(world, "Q", book=book_of("of-projects"))
    assert rule_source(rule).credit_unit(project) == unit


@pytest.mark.parametrize(
    ("selected", "codes"),
    [
        ({}, ["P", "Q", "R"]),
        ({"where": {"scale": "[2000,)"}}, ["P", "Q"]),
        ({"needs": ["recognised"]}, ["P", "R"]),  # Q passed no consultation
        ({"where": {"scale": "[2000,)"}, "needs": ["recognised"]}, ["P"]),
    ],
)
def test_a_compared_measure_counts_the_projects_that_it_selects(
    world: World, selected: dict[str, Any], codes: list[str]
) -> None:
    selection = MeasureSelection.model_validate({"measure": "projects_signed", **selected})
    source = selection_source(selection)
    assert [code for code in "PQR" if source.items(judged(world, code))] == codes


def test_a_unit_that_the_filter_leaves_out_has_no_items(world: World) -> None:
    world.given(of_unit("ActivityHeld", "2024-03-01", activity="推介", led_by_head=True))
    position = world.ledger.head().position
    view = View(2024, END, position, book_of("of-projects"))
    town = units_at(world.ledger, view)[TOWN]

    def counted(sequence: str) -> int:
        where = {"sequence": [sequence]}
        selection = MeasureSelection.model_validate({"measure": "activities_held", "where": where})
        return len(unit_source(selection).items(town, view.axes))

    assert (counted("乡镇"), counted("部门")) == (1, 0)


def test_what_is_counted_of_each_project_is_one_item_of_each(world: World) -> None:
    fields = {"measure": "nodes_reached"}
    project = judged(world, "P")
    events = selection_source(Counted.model_validate(fields)).items(project)
    (of_project,) = selection_source(
        Counted.model_validate(fields | {"each": "project", "beyond": {"fixed": 1}})
    ).items(project)

    assert len(events) > 1
    assert of_project.item.value == (len(events) - 1) * MICRO
