"""Values gathered over units for rules of a whole year: shortfall, excess, by period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.counted import Counted
from projections.facts.county_facts import county_facts
from projections.scoring.counted_items import CountedItem, CreditedItem, Difference, PeriodResult
from projections.scoring.gathered_values import GatheredItems
from projections.scoring.item_sources import ProjectItemSource, gathered_sources
from projections.scoring.judgement import ScoringAxes
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.target_amounts import targets_at
from projections.scoring.units_of_view import units_at
from tests.given import TOWN, World
from tests.projections.scoring.test_lines import FOLDER, OF_EVERY_KIND

AXES = ScoringAxes(2024, date(2024, 4, 30))


def test_values_of_single_streams_are_not_gathered() -> None:
    assert list(gathered_sources(prepared(shipped("kaihua-2024")).rules)) == []
    rules = prepared(parse((FOLDER / "of-projects.toml").read_text(encoding="utf-8"))).rules
    sources = []
    for place, source in gathered_sources(rules):
        assert isinstance(source, ProjectItemSource)
        sources.append((place, source.coefficient, source.to_reporter))
    assert sources == [
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
    book = parse((FOLDER / "every-kind.toml").read_text(encoding="utf-8"))
    policy = prepared(book)
    position = world.ledger.head().position
    units = units_at(world.ledger, View(AXES.year, AXES.as_of, position, book))
    targets = targets_at(county_facts(world.ledger, position), policy, AXES)
    gathered = GatheredItems(policy, units, AXES, targets)
    for unit in units.values():
        gathered.add_unit(unit)
    yield gathered
    world.ledger.close()


FEBRUARY, MARCH, GOAL = f"{TOWN}#2", f"{TOWN}#3", "county#1"
VISITS = {"measure": "indicator", "indicator": "visits"}


def total_difference(label: str, number: int, due: int, actual: int, *events: str) -> CreditedItem:
    """Return an item that counts the difference between an actual number and a due one."""
    facts = Difference(Fraction(actual), Fraction(due))
    item = CountedItem(label, Fraction(number) * MICRO, (), facts)
    return CreditedItem(item, None, events)


def period_difference(
    period: str, number: int, due: int, actual: int, *events: str
) -> CreditedItem:
    """Return an item that counts the difference of one period."""
    facts = PeriodResult(period, Fraction(actual), Fraction(due))
    item = CountedItem(period, Fraction(number) * MICRO, (), facts, period)
    return CreditedItem(item, None, events)


@pytest.mark.parametrize(
    ("place", "fields", "expected"),
    [
        (
            "short",
            {**VISITS, "short_of": {"fixed": 30}},
            [total_difference("visits", 23, 30, 7, FEBRUARY, MARCH)],
        ),
        ("short", {**VISITS, "short_of": {"fixed": 7}}, []),
        (
            "short",
            {**VISITS, "short_of": {"source": "reported"}},
            [total_difference("visits", 5, 12, 7, FEBRUARY, MARCH)],
        ),
        (
            "short",
            {**VISITS, "beyond": {"source": "set", "indicator": "goal"}},
            [total_difference("visits", 2, 5, 7, FEBRUARY, MARCH, GOAL)],
        ),
        (
            "short",
            {**VISITS, "beyond": {"source": "set", "indicator": "other"}},
            [total_difference("visits", 7, 0, 7, FEBRUARY, MARCH)],
        ),
        (
            "composite.parts.1",
            {"measure": "awards_won", "short_of": {"fixed": 3}},
            [total_difference("awards_won", 1, 3, 2, f"{TOWN}#4", f"{TOWN}#5")],
        ),
        (
            "monthly",
            {**VISITS, "each": "month", "reaching": 4},
            [period_difference("2024-03", 1, 4, 4, MARCH)],
        ),
        (
            "monthly",
            {**VISITS, "each": "month", "short_of": {"fixed": 4}},
            [
                period_difference("2024-01", 4, 4, 0),
                period_difference("2024-02", 1, 4, 3, FEBRUARY),
                period_difference("2024-04", 4, 4, 0),
            ],
        ),
    ],
)
def test_shortfall_excess_and_periods_are_gathered(
    gathering: GatheredItems, place: str, fields: dict[str, Any], expected: list[CreditedItem]
) -> None:
    assert gathering.items(place, Counted.model_validate(fields), TOWN) == expected
