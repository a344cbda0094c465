"""`credit`: points for each item, to those who brought it about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifecycle.rulebook.kinds import Credit
from projections.scoring.counted_items import CreditedItem
from projections.scoring.kinds.item_points import ItemPoints, PointsEach, item_points


def credit_points(
    rule: Credit,
    items: Sequence[CreditedItem],
) -> Iterator[ItemPoints[PointsEach]]:
    """Points for each item.

    An indicator's figure has been divided among its units by the measure, a project's items stand
    with its reporter.
    """
    for credited in items:
        yield item_points(rule.points, credited, rule.places)
