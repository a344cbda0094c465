"""The evaluation of each kind of rule: pure functions from items or values to points.

A kind's module names its class and its function as `EVALUATION`, which mypy compares; they are
collected from the modules, and a test reports a kind that has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from lifecycle.rulebook.kinds import ItemRule, RuleBase, SequenceRule, ValueRule
from projections.scoring.counted_items import CreditedItem
from projections.scoring.kinds.item_points import ItemPoints
from projections.scoring.kinds.kind_evaluation import KindEvaluation, PointsShape
from projections.scoring.kinds.value_points import UnitValues, ValuePoints

ItemScorer = Callable[[Sequence[CreditedItem]], Iterable[ItemPoints[PointsShape]]]
"""Points of all items that a rule looks at together: those of a stream, or of a unit."""
ValueScorer = Callable[[Fraction], ValuePoints[PointsShape]]
"""Points of a unit's value."""
SequenceScorer = Callable[[UnitValues], Mapping[str, ValuePoints[PointsShape]]]
"""Points of each unit of a sequence."""


def _collected() -> dict[type[RuleBase], Callable[..., Any]]:
    points_by_kind: dict[type[RuleBase], Callable[..., Any]] = {}
    for module in iter_modules(__path__, f"{__name__}."):
        # A composite and the rules on others' results are evaluated where their lines are made.
        evaluation = getattr(import_module(module.name), "EVALUATION", None)
        if isinstance(evaluation, KindEvaluation):
            points_by_kind[evaluation.kind] = evaluation.points
    return points_by_kind


POINTS_BY_KIND: Final = _collected()
"""Kind → the function from a rule of it and what it counts to points."""


def item_scorer(rule: ItemRule) -> ItemScorer:
    """The function from the items that a rule looks at together to their points."""
    return partial(POINTS_BY_KIND[type(rule)], rule)


def value_scorer(rule: ValueRule) -> ValueScorer:
    """The function from a unit's value to its points."""
    return partial(POINTS_BY_KIND[type(rule)], rule)


def sequence_scorer(rule: SequenceRule) -> SequenceScorer:
    """The function from the values of a sequence to each unit's points."""
    return partial(POINTS_BY_KIND[type(rule)], rule)
