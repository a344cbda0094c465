"""The evaluation of each kind of rule: pure functions from items or values to points.

The `match` statements cover every class of a group; mypy reports a kind that has no evaluation, and
a test one whose module is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import assert_never

from lifecycle.rulebook.kinds import (
    Bracket,
    Credit,
    Deduct,
    Escalating,
    MinMax,
    PerAmount,
    PerItem,
    Rank,
    Ratio,
    Relative,
    Stepped,
)
from projections.scoring.counted_items import CreditedItem
from projections.scoring.kinds.bracket_points import BandPoints, bracket_points
from projections.scoring.kinds.composite_points import WeightedParts
from projections.scoring.kinds.credit_points import credit_points
from projections.scoring.kinds.deduct_points import FullStart, deduct_points
from projections.scoring.kinds.escalating_points import PointsByCount, escalating_points
from projections.scoring.kinds.item_points import ItemPoints, PointsEach
from projections.scoring.kinds.minmax_points import MinMaxPosition, minmax_points
from projections.scoring.kinds.per_amount_points import AmountRate, per_amount_points
from projections.scoring.kinds.per_item_points import per_item_points
from projections.scoring.kinds.rank_points import PlaceInSequence, rank_points
from projections.scoring.kinds.ratio_points import WeightedRatio, ratio_points
from projections.scoring.kinds.relative_points import ShareOfGreatest, relative_points
from projections.scoring.kinds.stepped_points import StepsTaken, stepped_points
from projections.scoring.kinds.value_points import UnitValues, ValuePoints

AnyItemRule = PerItem | PerAmount | Credit | Deduct | Escalating
"""The rules that make a line of each thing counted."""
AnyValueRule = Bracket | Ratio | Stepped
"""The rules that make one line of a unit's value."""
AnySequenceRule = Rank | MinMax | Relative
"""The rules that compare the values of a sequence."""


ItemShape = PointsEach | AmountRate | PointsByCount
"""What points of an item were computed from."""
SingleValueShape = (
    BandPoints | WeightedRatio | StepsTaken | PlaceInSequence | MinMaxPosition | ShareOfGreatest
)
"""What points of a single value were computed from."""
ValueShape = SingleValueShape | WeightedParts
"""What points of one value, or of a composite's several, were computed from."""

ItemScorer = Callable[[Sequence[CreditedItem]], Iterable[ItemPoints[ItemShape | FullStart]]]
"""Points of all items that a rule looks at together: those of a stream, or of a unit."""
ValueScorer = Callable[[Fraction], ValuePoints[SingleValueShape]]
"""Points of a unit's value."""
SequenceScorer = Callable[[UnitValues], Mapping[str, ValuePoints[SingleValueShape]]]
"""Points of each unit of a sequence."""


def item_scorer(rule: AnyItemRule) -> ItemScorer:
    """The function from the items that a rule looks at together to their points."""
    match rule:
        case PerItem():
            return partial(per_item_points, rule)
        case PerAmount():
            return partial(per_amount_points, rule)
        case Credit():
            return partial(credit_points, rule)
        case Deduct():
            return partial(deduct_points, rule)
        case Escalating():
            return partial(escalating_points, rule)
    assert_never(rule)


def value_scorer(rule: AnyValueRule) -> ValueScorer:
    """The function from a unit's value to its points."""
    match rule:
        case Bracket():
            return partial(bracket_points, rule)
        case Ratio():
            return partial(ratio_points, rule)
        case Stepped():
            return partial(stepped_points, rule)
    assert_never(rule)


def sequence_scorer(rule: AnySequenceRule) -> SequenceScorer:
    """The function from the values of a sequence to each unit's points."""
    match rule:
        case Rank():
            return partial(rank_points, rule)
        case MinMax():
            return partial(minmax_points, rule)
        case Relative():
            return partial(relative_points, rule)
    assert_never(rule)
