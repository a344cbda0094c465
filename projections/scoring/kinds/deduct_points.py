"""`deduct`: points lost for each occurrence, down to a floor (扣完为止)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.rulebook.kinds.deduct_rule import Deduct
from projections.scoring.counted_items import CreditedItem
from projections.scoring.exact_sums import ZERO
from projections.scoring.kinds.item_points import (
    ItemPoints,
    PointsEach,
    item_points,
    points_of_size,
)
from projections.scoring.kinds.kind_evaluation import KindEvaluation


class FullStart(NamedTuple):
    """The points that a unit begins with (扣完为止)."""

    start: Fraction


def deduct_points(
    rule: Deduct,
    items: Sequence[CreditedItem],
) -> Iterable[ItemPoints[PointsEach | FullStart]]:
    """Points for each occurrence, the same for all or by the band of its project's size."""
    scored = _points_of_each(rule, items)
    if rule.start is None and rule.floor is None:
        return scored
    return _down_to_floor(rule, scored)


def _points_of_each(
    rule: Deduct,
    items: Sequence[CreditedItem],
) -> Iterator[ItemPoints[PointsEach]]:
    for credited in items:
        points = rule.points
        if rule.bands is not None:
            points = points_of_size(rule.bands, credited.size)
        if points is not None:
            yield item_points(points, credited, rule.places)


def _down_to_floor(
    rule: Deduct,
    scored: Iterable[ItemPoints[PointsEach]],
) -> Iterator[ItemPoints[PointsEach | FullStart]]:
    """The full start, then each occurrence as far as the floor lets it count."""
    # A full start is a line of its own, so that the lines of a unit sum to its points.
    balance = rule.start or ZERO
    if rule.start is not None:
        yield ItemPoints(None, rule.start, FullStart(rule.start))
    for scored_item in scored:
        balance_after = balance + scored_item.points
        if rule.floor is not None:
            balance_after = max(balance_after, rule.floor)
        # Once the floor is reached further occurrences have no line, unless one gives points back.
        if balance_after != balance:
            yield scored_item._replace(points=balance_after - balance)
        balance = balance_after


EVALUATION: Final = KindEvaluation(Deduct, deduct_points)
