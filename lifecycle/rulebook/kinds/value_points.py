"""Points of a unit's value: what the kinds that score one have in common."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

UnitValues = Mapping[str, Fraction]
"""The values of a sequence, by unit."""

Shape_co = TypeVar("Shape_co", covariant=True)


class ValuePoints(NamedTuple, Generic[Shape_co]):
    """Points of a unit's value, exact, and what they were computed from beside it."""

    points: Fraction
    inputs: Shape_co
