"""Least and greatest attainable points, and how limits change them (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple

from lifecycle.exact_numbers import ZERO


class PointRange(NamedTuple):
    """The least and the greatest points that any history can reach; None where nothing limits."""

    least: Fraction | None
    greatest: Fraction | None

    def or_nothing(self) -> PointRange:
        """The range of points that may also not count at all: 0 lies within it."""
        return self.or_points(ZERO)

    def or_points(self, points: Fraction) -> PointRange:
        """The range of points in whose place a fixed number may stand."""
        least = None if self.least is None else min(self.least, points)
        greatest = None if self.greatest is None else max(self.greatest, points)
        return PointRange(least, greatest)

    def within(
        self,
        floor: Fraction | None,
        cap: Fraction | None,
    ) -> PointRange:
        """The range once a floor and a cap are applied, the floor first."""
        least, greatest = self
        if floor is not None:
            # The floor bounds both ends: a greatest below it is lifted as well.
            least = floor if least is None else max(least, floor)
            greatest = None if greatest is None else max(greatest, floor)
        if cap is not None:
            least = None if least is None else min(least, cap)
            greatest = cap if greatest is None else min(greatest, cap)
        return PointRange(least, greatest)

    def shifted(self, points: Fraction) -> PointRange:
        """The range with the same points added to both ends."""
        least = None if self.least is None else self.least + points
        greatest = None if self.greatest is None else self.greatest + points
        return PointRange(least, greatest)

    def times(self, factor: Fraction) -> PointRange:
        """The range of points multiplied by a factor, which may be negative, or 0."""
        if not factor:
            return NOTHING
        least = None if self.least is None else self.least * factor
        greatest = None if self.greatest is None else self.greatest * factor
        return PointRange(greatest, least) if factor < 0 else PointRange(least, greatest)

    def times_any_of(self, factors: Iterable[Fraction]) -> PointRange:
        """The range of points multiplied by whichever of the factors applies."""
        candidates = list(factors)
        least, greatest = self
        if least is not None:
            least = min(least * factor for factor in candidates)
        if greatest is not None:
            greatest = max(greatest * factor for factor in candidates)
        return PointRange(least, greatest)


NOTHING: Final = PointRange(ZERO, ZERO)
UNLIMITED: Final = PointRange(None, None)


def sum_or_unlimited(ends: Iterable[Fraction | None]) -> Fraction | None:
    """The sum of several ends; None as soon as nothing limits one of them."""
    total = ZERO
    for end in ends:
        if end is None:
            return None
        total += end
    return total


def spanned(points: Iterable[Fraction]) -> PointRange:
    """The range from the least to the greatest of these points."""
    candidates = list(points)
    return PointRange(min(candidates), max(candidates))


def open_by_sign(
    points_each: Iterable[Fraction],
    *,
    may_be_negative: bool,
) -> PointRange:
    """The range of a fixed number of points for each item, however many items there are.

    It is open on the side of the points' sign, and on both where the amount counted may itself be
    negative.
    """
    values = list(points_each)
    # A negative amount turns a gain into a loss and a loss into a gain.
    both_sides = may_be_negative and any(values)
    falls = both_sides or any(value < 0 for value in values)
    rises = both_sides or any(value > 0 for value in values)
    return PointRange(None if falls else ZERO, None if rises else ZERO)
