"""The evaluation of each kind of rule: pure functions from items or values to points.

The `match` statements cover every class of a group; mypy reports a kind that has no evaluation, and
a test one whose module is missing.
"""

from __future__ import annotations

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
from projections.scoring.kinds.bracket_points import bracket_points
from projections.scoring.kinds.credit_points import credit_points
from projections.scoring.kinds.deduct_points import deduct_points
from projections.scoring.kinds.escalating_points import escalating_points
from projections.scoring.kinds.item_points import ItemScorer
from projections.scoring.kinds.minmax_points import minmax_points
from projections.scoring.kinds.per_amount_points import per_amount_points
from projections.scoring.kinds.per_item_points import per_item_points
from projections.scoring.kinds.rank_points import rank_points
from projections.scoring.kinds.ratio_points import ratio_points
from projections.scoring.kinds.relative_points import relative_points
from projections.scoring.kinds.stepped_points import stepped_points
from projections.scoring.kinds.value_points import SequenceScorer, ValueScorer

AnyItemRule = PerItem | PerAmount | Credit | Deduct | Escalating
"""The rules that make a line of each thing counted."""
AnyValueRule = Bracket | Ratio | Stepped
"""The rules that make one line of a unit's value."""
AnySequenceRule = Rank | MinMax | Relative
"""The rules that compare the values of a sequence."""


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
