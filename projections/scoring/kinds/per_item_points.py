"""`per_item`: a fixed number of points for each item, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from lifecycle.rulebook.kinds.per_item_rule import PerItem
from projections.scoring.counted_items import CreditedItem
from projections.scoring.kinds.item_points import (
    ItemPoints,
    PointsEach,
    item_points,
    points_of_size,
)
from projections.scoring.kinds.kind_evaluation import KindEvaluation
from projections.scoring.periods import period_of


def per_item_points(
    rule: PerItem,
    items: Sequence[CreditedItem],
) -> Iterable[ItemPoints[PointsEach]]:
    """Points for each item: the same for all, by its label, or by its project's size."""
    scored = _points_of_each(rule, items)
    if rule.limit is None:
        return scored
    return _up_to_limit(scored, rule.limit, rule.limit_per)


def _points_of_each(
    rule: PerItem,
    items: Sequence[CreditedItem],
) -> Iterator[ItemPoints[PointsEach]]:
    for credited in items:
        points = _points_for(rule, credited)
        if points is not None:
            yield item_points(points, credited, rule.places)


def _points_for(
    rule: PerItem,
    credited: CreditedItem,
) -> Fraction | None:
    # A label that the rule does not name has no points: 考(三) counts only the nodes it lists.
    if rule.points_by is not None:
        return rule.points_by.get(credited.item.label)
    if rule.bands is not None:
        return points_of_size(rule.bands, credited.size)
    return rule.points


def _up_to_limit(
    scored: Iterable[ItemPoints[PointsEach]],
    limit: Fraction,
    limit_per: str | None,
) -> Iterator[ItemPoints[PointsEach]]:
    """The items in their order until the limit is used up, of the year or of each period."""
    # The item that crosses the limit still gets what is left, so that the points sum to the limit
    # exactly.
    left_by_period: dict[str | None, Fraction] = {}
    for scored_item in scored:
        period = _limited_period(scored_item, limit_per)
        left = left_by_period.get(period, limit)
        points = min(scored_item.points, left)
        left_by_period[period] = left - points
        if points:
            yield scored_item._replace(points=points)


def _limited_period(
    scored_item: ItemPoints[PointsEach],
    limit_per: str | None,
) -> str | None:
    """The month or quarter that an item's limit is of; None where it is the year's."""
    if limit_per is None or limit_per == "year":
        return None
    assert scored_item.credited is not None
    return period_of(scored_item.credited.item.when, limit_per)


EVALUATION: Final = KindEvaluation(PerItem, per_item_points)
