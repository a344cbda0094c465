"""`escalating`: points for each occurrence that depend on how many there are (考(八)4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final, NamedTuple

from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds.escalating_rule import Escalating
from projections.facts.narrow_events import MICRO
from projections.scoring.counted_items import CreditedItem
from projections.scoring.exact_sums import ZERO
from projections.scoring.kinds.item_points import ItemPoints, in_places, number_of
from projections.scoring.kinds.kind_evaluation import KindEvaluation


class PointsByCount(NamedTuple):
    """The points by the count; `value` is how many the item counts as, where that is not one."""

    count_: Fraction  # JSON names it `count`, which is a method of every tuple
    points: Fraction
    value: Fraction | None


def escalating_points(
    rule: Escalating,
    items: Sequence[CreditedItem],
) -> Iterator[ItemPoints[PointsByCount]]:
    """Points for each item by the count of all of them, or by its own place among them."""
    total = Fraction(sum(credited.item.value for credited in items)) / MICRO
    place = ZERO
    for credited in items:
        number = Fraction(credited.item.value) / MICRO
        # 考(八)4: from the third listing on −3 for all of them, or, by another reading, for the
        # further ones.
        if rule.applies_to == "all":
            points_each = _points_at(rule, total)
            points = points_each * number
        else:
            points, points_each = _points_from(rule, place, number)
            place += number
        if credited.factor is not None:
            points *= credited.factor.value
        inputs = PointsByCount(total, points_each, number_of(credited))
        yield ItemPoints(credited, in_places(points, rule.places), inputs)


def _points_at(rule: Escalating, count: Fraction) -> Fraction:
    """The points of the band that the count lies in; none outside all bands."""
    for band in rule.bands:
        if count in band.count:
            return band.points
    return ZERO


def _points_from(
    rule: Escalating,
    place: Fraction,
    number: Fraction,
) -> tuple[Fraction, Fraction]:
    """The points of so many more after a place, and those of each in the last band reached.

    The first occurrence is the stretch from 0 to 1, so that an item that counts as a part of one,
    or as several, takes from each band as much as lies in it.
    """
    points, last_points_each = ZERO, ZERO
    for band in rule.bands:
        first, last = _whole_places(band.count)
        begins = max(place, Fraction(first - 1))
        ends = place + number
        if last is not None:
            ends = min(ends, Fraction(last))
        length = ends - begins
        if length > 0:
            points += length * band.points
            last_points_each = band.points
    return points, last_points_each


def _whole_places(band: Interval) -> tuple[int, int | None]:
    """The first and the last whole number in a band of counts; None where it does not end."""
    first = 1
    if band.low is not None:
        first = ceil(band.low)
        if first == band.low and not band.with_low:
            first += 1
    last = None
    if band.high is not None:
        last = floor(band.high)
        if last == band.high and not band.with_high:
            last -= 1
    return max(first, 1), last


EVALUATION: Final = KindEvaluation(Escalating, escalating_points)
