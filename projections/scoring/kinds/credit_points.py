"""`credit`: points for each item, to those who brought it about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lifecycle.rulebook.kinds.credit_rule import Credit
from projections.scoring.counted_items import CreditedItem
from projections.scoring.kinds.item_points import ItemPoints, PointsEach, item_points
from projections.scoring.kinds.kind_evaluation import KindEvaluation


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


EVALUATION: Final = KindEvaluation(Credit, credit_points)
