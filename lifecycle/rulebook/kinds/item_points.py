"""Points of counted items: what the kinds that score each of them have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from lifecycle.exact_numbers import MICRO, ZERO, clamped
from lifecycle.rounding import round_half_up


class ProjectSize(NamedTuple):
    """A project's scale and total investment, in millionths of 万元."""

    scale: int
    investment: int


NO_SIZE: Final = ProjectSize(0, 0)


class ItemCount(Protocol):
    """What kinds read of what was counted: its label, how much of it in millionths, and when.

    `when` is a day, a month `2024-05`, a quarter `2024-Q2`, a half-year or a year.
    """

    @property
    def label(self) -> str:
        """The name by which points may differ, such as a node's."""

    @property
    def value(self) -> int | Fraction:
        """How much was counted; 1,000,000 is one."""

    @property
    def when(self) -> date | str | None:
        """The day or period; None where it lies in none."""


class ItemFactor(Protocol):
    """What kinds read of the factor that a coefficient table gives a project."""

    @property
    def value(self) -> Fraction:
        """The factor."""


class ScorableItem(Protocol):
    """What kinds read of an item that they score; a unit's has neither factor nor size."""

    @property
    def item(self) -> ItemCount:
        """What was counted."""

    @property
    def project(self) -> str | None:
        """The item's project; None of what is a unit's own."""

    @property
    def factor(self) -> ItemFactor | None:
        """The factor of the item's project; None where its rule has no coefficient."""

    @property
    def size(self) -> ProjectSize:
        """The size of the item's project."""


ItemT = TypeVar("ItemT", bound=ScorableItem)
ShapeT_co = TypeVar("ShapeT_co", covariant=True)


class PointsEach(NamedTuple):
    """Points for each; `value` is how many the item counts as, where that is not one."""

    points: Fraction
    value: Fraction | None


class ItemPoints(NamedTuple, Generic[ItemT, ShapeT_co]):
    """Points of an item, exact or rounded where the rule says so. A full start has no item."""

    credited: ItemT | None
    points: Fraction
    inputs: ShapeT_co


def number_of(credited: ScorableItem) -> Fraction | None:
    """How many an item counts as; None where it counts as one."""
    # Values are whole millionths as a rule: most items are told apart from others by one
    # comparison.
    value = credited.item.value
    return None if value == MICRO else Fraction(value) / MICRO


def item_points(
    points: Fraction,
    credited: ItemT,
    places: int | None,
) -> ItemPoints[ItemT, PointsEach]:
    """So many points for an item: times how many it counts as, times its project's coefficient."""
    number = number_of(credited)
    total = points if number is None else points * number
    if credited.factor is not None:
        total *= credited.factor.value
    return ItemPoints(credited, in_places(total, places), PointsEach(points, number))


def in_places(points: Fraction, places: int | None) -> Fraction:
    """The points, rounded where the rule has its own rounding."""
    return points if places is None else round_half_up(points, places)


def within_each_project(
    scored: Iterable[ItemPoints[ItemT, ShapeT_co]],
    at_most: Fraction | None,
) -> Iterator[ItemPoints[ItemT, ShapeT_co]]:
    """The points in their order, those of a project together at most so many, up or down.

    The item that crosses the bound is cut; what lies beyond has no line.
    """
    if at_most is None:
        yield from scored
        return
    sums: dict[str | None, Fraction] = {}
    for scored_item in scored:
        assert scored_item.credited is not None  # a full start is added later
        project = scored_item.credited.project
        before = sums.get(project, ZERO)
        sums[project] = clamped(before + scored_item.points, -at_most, at_most)
        points = sums[project] - before
        if points:
            yield scored_item._replace(points=points)
