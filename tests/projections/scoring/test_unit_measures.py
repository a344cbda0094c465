"""What each measure of units yields, computed by hand: label, value, events, facts and date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook import shipped
from lifecycle.rulebook.measure_selection import MeasureSelection
from projections.scoring.counted_items import CountedItem, EventFields, IndicatorFigure
from projections.scoring.judgement import ScoringAxes
from projections.scoring.result_view import View
from projections.scoring.unit_measures import unit_measure
from projections.scoring.units_of_view import units_at
from tests.given import TOWN, UNITS, World
from tests.projections.scoring.test_lines import OF_A_POLICY, OF_EVERY_KIND, of_unit as of_town

END = date(2024, 12, 31)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    local_world = World(tmp_path_factory.mktemp("measures")).given(*OF_A_POLICY)
    yield local_world
    local_world.ledger.close()


def of_unit(
    world: World, measure: str, *, day: date = END, first: date | None = None, **fields: Any
) -> list[CountedItem]:
    view = View(2024, END, world.ledger.head().position, shipped("kaihua-2024"))
    unit = units_at(world.ledger, view)[TOWN]
    return list(
        unit_measure(MeasureSelection.model_validate({"measure": measure, **fields}))(
            unit, ScoringAxes(2024, day, first)
        )
    )


def event_item(
    label: str, version: int, value: int, when: date | str, **fields: str | date
) -> CountedItem:
    return CountedItem(label, value, (version,), EventFields(fields), when)


HELD_ON = date(2024, 3, 1)
HELD = event_item("推介", 2, MICRO, HELD_ON, activity="推介", held_on=HELD_ON)


@pytest.mark.parametrize(
    ("measure", "assessed", "expected"),
    [
        ("activities_led_by_head", {}, [HELD]),
        ("activities_held", {"first": HELD_ON}, [HELD]),
        ("activities_held", {"first": date(2024, 3, 2)}, []),
        (
            "routine_points",
            {},
            [event_item("台账", 3, -3 * MICRO, "2024-03", item="台账", month="2024-03")],
        ),
        (
            "black_listings",
            {},
            [event_item("2024-03", 6, MICRO, "2024-03", month="2024-03")],
        ),
        ("red_listings", {}, []),
        ("awards_won", {}, []),
    ],
)
def test_events_of_a_unit(
    world: World, measure: str, assessed: dict[str, Any], expected: list[CountedItem]
) -> None:
    assert of_unit(world, measure, **assessed) == expected


def test_an_activity_led_by_the_head_counts_though_one_before_it_was_not(tmp_path: Path) -> None:
    local_world = World(tmp_path).given(
        *UNITS,
        of_town("ActivityHeld", "2024-02-01", activity="走访", led_by_head=False),
        of_town("ActivityHeld", "2024-03-01", activity="推介", led_by_head=True),
    )
    item = event_item("推介", 3, MICRO, HELD_ON, activity="推介", held_on=HELD_ON)
    assert of_unit(local_world, "activities_led_by_head") == [item]
    local_world.ledger.close()


@pytest.mark.parametrize(("day", "versions"), [(END, (4, 5)), (date(2024, 3, 31), (4,))])
def test_a_person_seconded_twice_counts_once(
    world: World, day: date, versions: tuple[int, ...]
) -> None:
    seconded = CountedItem("江", MICRO, versions, EventFields({"person": "江"}), HELD_ON)
    assert of_unit(world, "cadres_seconded", day=day) == [seconded]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A unit with figures for February, March, the second quarter, the year and the year before."""
    figure = {
        "event": "IndicatorReported",
        "unit": TOWN,
        "occurred_on": "2024-12-30",
        "indicator": "visits",
        "actual": "9",
    }
    local_world = World(tmp_path_factory.mktemp("figures")).given(
        *OF_EVERY_KIND,
        {**figure, "period": "2024"},
        {**figure, "period": "2024-Q2", "occurred_on": "2024-04-01"},
        {**figure, "period": "2023-12"},
    )
    yield local_world
    local_world.ledger.close()


def test_a_figure_is_shared_and_bears_its_target(figures: World) -> None:
    february, march, *_others = of_unit(figures, "indicator", indicator="visits")
    assert february == CountedItem(
        "visits",
        3 * MICRO,  # 6, shared by 2
        (2,),
        IndicatorFigure("visits", "2024-02", Fraction(6), Fraction(10), 2),
        "2024-02",
    )
    assert march == CountedItem(
        "visits",
        4 * MICRO,
        (3,),
        IndicatorFigure("visits", "2024-03", Fraction(4), Fraction(2)),
        "2024-03",
    )


@pytest.mark.parametrize(
    ("assessed", "periods"),
    [
        ({}, ["2024-02", "2024-03", "2024-Q2", "2024"]),
        ({"first": date(2024, 3, 1)}, ["2024-03", "2024-Q2"]),
        ({"first": date(2024, 4, 1)}, ["2024-Q2"]),
        ({"first": date(2024, 4, 1), "day": date(2024, 4, 1)}, ["2024-Q2"]),
        # Of a quarter: no year's figure.
        ({"first": date(2024, 1, 1), "day": date(2024, 3, 31)}, ["2024-02", "2024-03"]),
    ],
)
def test_an_indicator_counts_in_its_own_period(
    figures: World, assessed: dict[str, Any], periods: list[str]
) -> None:
    counted = of_unit(figures, "indicator", indicator="visits", **assessed)
    assert [item.when for item in counted] == periods


def test_another_indicator_has_no_figures(figures: World) -> None:
    assert of_unit(figures, "indicator", indicator="calls") == []
