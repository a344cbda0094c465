"""A kind of rule with the function to its points: what the package collects of a kind's module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from lifecycle.rulebook.kinds import RuleBase

RuleT = TypeVar("RuleT", bound=RuleBase)
CountedT = TypeVar("CountedT")
PointsT = TypeVar("PointsT")

PointsShape = tuple[object, ...]
"""What points were computed from: a NamedTuple of the kind's module."""


class KindEvaluation(NamedTuple, Generic[RuleT, CountedT, PointsT]):
    """A kind, and the function from a rule of it and what it counts to points."""

    kind: type[RuleT]
    points: Callable[[RuleT, CountedT], PointsT]
