"""Points of counted items: what the kinds that score each of them have in common."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from lifecycle.rulebook.kinds.rule_base import PointsBand
from projections.facts.narrow_events import MICRO
from projections.scoring.counted_items import CreditedItem, ProjectSize
from projections.scoring.project_filters import interval_test
from projections.scoring.rounding import round_half_up


class PointsEach(NamedTuple):
    """Points for each; `value` is how many the item counts as, where that is not one."""

    points: Fraction
    value: Fraction | None


Inputs_co = TypeVar("Inputs_co", covariant=True)


class ItemPoints(NamedTuple, Generic[Inputs_co]):
    """Points of an item, exact or rounded where the rule says so. A full start has no item."""

    credited: CreditedItem | None
    points: Fraction
    inputs: Inputs_co


def number_of(credited: CreditedItem) -> Fraction | None:
    """How many an item counts as; None where it counts as one."""
    # Values are whole millionths as a rule: most items are told apart from others by one
    # comparison.
    value = credited.item.value
    return None if value == MICRO else Fraction(value) / MICRO


def item_points(
    points: Fraction,
    credited: CreditedItem,
    places: int | None,
) -> ItemPoints[PointsEach]:
    """So many points for an item: times how many it counts as, times its project's coefficient."""
    number = number_of(credited)
    total = points if number is None else points * number
    if credited.factor is not None:
        total *= credited.factor.value
    return ItemPoints(credited, in_places(total, places), PointsEach(points, number))


def in_places(points: Fraction, places: int | None) -> Fraction:
    """The points, rounded where the rule has its own rounding."""
    return points if places is None else round_half_up(points, places)


def points_of_size(
    bands: Iterable[PointsBand],
    size: ProjectSize,
) -> Fraction | None:
    """The points of the band that the size lies in; None outside all bands."""
    for band in bands:
        amount = size.scale if band.scale is not None else size.investment
        if interval_test(band.band)(amount):
            return band.points
    return None
