"""`rank`: points by place within the sequence."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.rank_rule import Rank
from projections.scoring.exact_sums import ZERO, exact_sum
from projections.scoring.kinds.kind_evaluation import KindEvaluation
from projections.scoring.kinds.value_points import UnitValues, ValuePoints


class PlaceInSequence(NamedTuple):
    """A unit's place, if it has any, among how many, and the units next to it."""

    place: int | None
    of: int
    neighbours: tuple[str, ...]


def rank_points(
    rule: Rank,
    values: UnitValues,
) -> dict[str, ValuePoints[PlaceInSequence]]:
    """Points by place; units whose value is not `above` the least asked for have no place."""
    order = _units_in_order(rule, values)
    no_place = ValuePoints(ZERO, PlaceInSequence(None, len(order), ()))
    points_by_unit = dict.fromkeys(values, no_place)
    for unit in order:
        shared = _places_of_equals(unit, order, values)
        # `share` gives all equals the first of their places, `mean` the mean of these places'
        # points.
        places = shared[:1] if rule.ties == "share" else shared
        points = exact_sum(_points_of_place(rule, place) for place in places) / len(places)
        inputs = PlaceInSequence(shared[0], len(order), _next_to(unit, shared, order))
        points_by_unit[unit] = ValuePoints(points, inputs)
    return points_by_unit


def _units_in_order(rule: Rank, values: UnitValues) -> list[str]:
    ranked = [unit for unit in values if rule.above is None or values[unit] > rule.above]
    # Sorting is stable: equal units keep the order of registration.
    return sorted(ranked, key=values.__getitem__, reverse=rule.first == "greatest")


def _places_of_equals(
    unit: str,
    order: list[str],
    values: UnitValues,
) -> list[int]:
    """The places, from 1, of all units with this unit's value."""
    value = values[unit]
    return [place for place, name in enumerate(order, start=1) if values[name] == value]


def _next_to(
    unit: str,
    shared: list[int],
    order: list[str],
) -> tuple[str, ...]:
    """The units of equal value and those just before and behind, which could move this one."""
    # One place to each side: a step of a unit further away cannot change this one's place by
    # itself.
    first, last = max(1, shared[0] - 1), min(len(order), shared[-1] + 1)
    around = order[first - 1 : last]
    return tuple(name for name in around if name != unit)


def _points_of_place(rule: Rank, place: int) -> Fraction:
    for band in rule.bands:
        if place in band.place:
            return band.points
    return ZERO


EVALUATION: Final = KindEvaluation(Rank, rank_points)
