"""What is gathered of a year's units for rules that no stream alone can tell, and what is made of it: short of, beyond, by period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.counted import Counted
from projections.facts.narrow_events import MICRO
from projections.scoring.evaluation import targets_at, units_at
from projections.scoring.gathered_values import GatheredItems, Got, wanted_of
from projections.scoring.judgement import ScoringAxes
from projections.scoring.measure_values import CountedItem
from projections.scoring.prepared_policy import prepared
from tests.given import TOWN, World
from tests.projections.scoring.test_lines import FOLDER, OF_EVERY_KIND

AXES = ScoringAxes(2024, date(2024, 4, 30))


def test_what_each_stream_tells_by_itself_is_not_gathered() -> None:
    assert list(wanted_of(prepared(shipped("kaihua-2024")).rules)) == []
    rules = prepared(parse((FOLDER / "of-projects.toml").read_text(encoding="utf-8"))).rules
    assert [(one.place, one.coefficient, one.to_reporter) for one in wanted_of(rules)] == [
        ("limited/0", "size", False),
        ("invested/0", None, False),
        ("further/0", "size", False),
        ("start/0", None, False),
        ("beyond/0", None, False),
        ("beyond/1", None, False),
        ("short/0", None, False),
        ("quarterly/0", None, False),
        ("reporters/0", None, True),
        ("of_quarter/0", "large", False),
        ("of_months/0", None, False),
    ]


@pytest.fixture(scope="module")
def gathering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatheredItems]:
    world = World(tmp_path_factory.mktemp("gathering")).given(*OF_EVERY_KIND)
    policy = prepared(parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8")))
    position = world.ledger.head().position
    units = units_at(world.ledger, position)
    made = GatheredItems(policy, units, AXES, targets_at(world.ledger, policy, AXES, position))
    for unit in units.values():
        made.take_unit(unit)
    yield made
    world.ledger.close()


FEBRUARY, MARCH, GOAL = f"{TOWN}#2", f"{TOWN}#3", "county#1"
VISITS = {"measure": "indicator", "indicator": "visits"}


def left(
    label: str, amount: int, due: int | None, actual: int, *events: str, period: str | None = None
) -> Got:
    told = (
        {"actual": actual, "due": due}
        if period is None
        else {"period": period, "actual": actual, "due": due}
    )
    return Got(CountedItem(label, Fraction(amount) * MICRO, (), told, period), None, events)


@pytest.mark.parametrize(
    ("place", "asked", "found"),
    [
        (
            "short",
            {**VISITS, "short_of": {"fixed": 30}},
            [left("visits", 23, 30, 7, FEBRUARY, MARCH)],
        ),
        ("short", {**VISITS, "short_of": {"fixed": 7}}, []),
        (
            "short",
            {**VISITS, "short_of": {"source": "reported"}},
            [left("visits", 5, 12, 7, FEBRUARY, MARCH)],
        ),
        (
            "short",
            {**VISITS, "beyond": {"source": "set", "indicator": "goal"}},
            [left("visits", 2, 5, 7, FEBRUARY, MARCH, GOAL)],
        ),
        (
            "short",
            {**VISITS, "beyond": {"source": "set", "indicator": "other"}},
            [left("visits", 7, 0, 7, FEBRUARY, MARCH)],
        ),
        (
            "composite.parts.1",
            {"measure": "awards_won", "short_of": {"fixed": 3}},
            [left("awards_won", 1, 3, 2, f"{TOWN}#4", f"{TOWN}#5")],
        ),
        (
            "monthly",
            {**VISITS, "each": "month", "reaching": 4},
            [left("2024-03", 1, 4, 4, MARCH, period="2024-03")],
        ),
        (
            "monthly",
            {**VISITS, "each": "month", "short_of": {"fixed": 4}},
            [
                left("2024-01", 4, 4, 0, period="2024-01"),
                left("2024-02", 1, 4, 3, FEBRUARY, period="2024-02"),
                left("2024-04", 4, 4, 0, period="2024-04"),
            ],
        ),
    ],
)
def test_what_is_short_of_a_number_beyond_it_or_reached_in_a_period(
    gathering: GatheredItems, place: str, asked: dict[str, Any], found: list[Got]
) -> None:
    assert gathering.items(place, Counted.model_validate(asked), TOWN) == found
