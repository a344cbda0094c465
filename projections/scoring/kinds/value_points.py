"""Points of a unit's value: what the kinds that score one have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

UnitValues = Mapping[str, Fraction]
"""The values of a sequence, by unit."""


class BandPoints(NamedTuple):
    """The band that the value lies in, if any, its points, and the slope within it."""

    band: str | None
    points: Fraction
    slope: Fraction | None


class WeightedRatio(NamedTuple):
    """The weight of the completion, and the ends of its points."""

    weight: Fraction
    floor: Fraction | None
    cap: Fraction | None


class StepsTaken(NamedTuple):
    """The base, the completion in percent, and what its steps add up to."""

    base: Fraction
    percent: Fraction
    moved: Fraction


class WeightedPart(NamedTuple):
    """A part of a composite: what it counts, its share, its value."""

    what: str
    share: Fraction
    value: Fraction


class WeightedParts(NamedTuple):
    """The parts of a composite, what their sum is divided by, the weight, floor and cap."""

    parts: tuple[WeightedPart, ...]
    out_of: Fraction
    weight: Fraction
    floor: Fraction | None
    cap: Fraction | None


class PlaceInSequence(NamedTuple):
    """A unit's place, if it has any, among how many, and the units next to it."""

    place: int | None
    of: int
    neighbours: tuple[str, ...]


class MinMaxPosition(NamedTuple):
    """The ends of the sequence, how a mark is made of a position between them, and the mark."""

    least: Fraction
    greatest: Fraction
    span: Fraction
    base: Fraction
    out_of: Fraction
    weight: Fraction
    mark: Fraction
    neighbours: tuple[str, ...]


class ShareOfGreatest(NamedTuple):
    """The greatest value of the sequence, the weight, and the units that have it."""

    greatest: Fraction
    weight: Fraction
    neighbours: tuple[str, ...]


SingleValueShape = (
    BandPoints | WeightedRatio | StepsTaken | PlaceInSequence | MinMaxPosition | ShareOfGreatest
)
"""What points of a single value were worked out from."""
ValueShape = SingleValueShape | WeightedParts


class ValuePoints(NamedTuple):
    """Points of a unit's value, exact, and what they were worked out from beside it."""

    points: Fraction
    inputs: ValueShape


ValueScorer = Callable[[Fraction], ValuePoints]
"""Points of a unit's value."""
SequenceScorer = Callable[[UnitValues], dict[str, ValuePoints]]
"""Points of each unit of a sequence."""
