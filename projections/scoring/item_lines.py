"""Lines of points of counted items: the one path of every rule that scores each thing counted.

A stream's lines and those of a unit's whole year are made here alike; only where the items come
from differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from lifecycle.rulebook.kinds import ItemRule, ValueRule
from lifecycle.rulebook.kinds.deduct_rule import FullStart
from lifecycle.rulebook.kinds.rule_base import PointsShape
from projections.scoring.counted_items import CreditedItem
from projections.scoring.prepared_policy import weaker_basis
from projections.scoring.score_line import ItemInputs, ScoreLine, unit_line


def item_lines(
    rule: ItemRule,
    unit: str,
    items: Sequence[CreditedItem],
) -> Iterator[ScoreLine]:
    """The lines that a rule makes of items that it looks at together."""
    for credited, points, inputs in rule.points_of_items(items):
        if isinstance(inputs, FullStart):
            # A full start is the unit's, whether or not anything is counted.
            yield unit_line(
                rule,
                unit,
                points,
                inputs,
            )
            continue
        assert credited is not None  # all but a full start are points of an item
        yield credited_line(rule, unit, credited, points, inputs)


def credited_line(
    rule: ItemRule | ValueRule,
    unit: str,
    credited: CreditedItem,
    points: Fraction,
    inputs: PointsShape,
) -> ScoreLine:
    """The line of one item's points, which its project's coefficient has multiplied already."""
    basis: str = rule.basis
    coefficient = None
    if credited.factor is not None:
        basis = weaker_basis(rule.basis, credited.factor.basis)
        coefficient = credited.factor.value
    return ScoreLine(
        rule.id,
        rule.module,
        points,
        rule.clause,
        basis,
        unit,
        credited.project,
        ItemInputs(credited.item.facts, inputs, coefficient),
        credited.events,
    )
