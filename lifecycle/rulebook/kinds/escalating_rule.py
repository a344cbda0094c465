"""`escalating`: points for each occurrence that depend on how many there are (考(八)4)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Final, Literal, NamedTuple

from lifecycle.exact_numbers import MICRO, ZERO
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Band, Interval
from lifecycle.rulebook.kinds.item_points import (
    ItemPoints,
    ItemT,
    in_places,
    number_of,
    within_each_project,
)
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, ItemRule
from lifecycle.rulebook.parts import Exact, Part

ORDER: Final = 50


class PointsByCount(NamedTuple):
    """The points by the count; `value` is how many the item counts as, where that is not one.

    An item that counts as several may take from several bands: `points` is then their mean.
    """

    count_: Fraction  # JSON names it `count`, which is a method of every tuple
    points: Fraction
    value: Fraction | None


class CountBand(Part):
    """Points for each occurrence, for a band of the count."""

    count: Band
    points: Exact


class Escalating(ItemRule):
    """Points for each occurrence by their count: the same for all, or each by its own place."""

    kind: Literal["escalating"]
    bands: Annotated[tuple[CountBand, ...], NON_EMPTY]
    applies_to: Literal["all", "further"]

    def points_of_items(
        self,
        items: Sequence[ItemT],
    ) -> Iterator[ItemPoints[ItemT, PointsByCount]]:
        """Points for each item by the count of all of them, or by its own place among them."""
        return within_each_project(self._points_of_each(items), self.at_most_per_project)

    def _points_of_each(self, items: Sequence[ItemT]) -> Iterator[ItemPoints[ItemT, PointsByCount]]:
        total = Fraction(sum(credited.item.value for credited in items)) / MICRO
        place = ZERO
        for credited in items:
            number = Fraction(credited.item.value) / MICRO
            # 考(八)4: from the third listing on −3 for all of them, or, by another reading, for the
            # further ones.
            if self.applies_to == "all":
                points_each = self._points_at(total)
                points = points_each * number
            else:
                points = self._points_from(place, number)
                points_each = points / number if number else ZERO
                place += number
            if credited.factor is not None:
                points *= credited.factor.value
            inputs = PointsByCount(total, points_each, number_of(credited))
            yield ItemPoints(credited, in_places(points, self.places), inputs)

    def _points_at(self, count: Fraction) -> Fraction:
        """The points of the band that the count lies in; none outside all bands."""
        for band in self.bands:
            if count in band.count:
                return band.points
        return ZERO

    def _points_from(self, place: Fraction, number: Fraction) -> Fraction:
        """The points of so many more after a place.

        The first occurrence is the stretch from 0 to 1, so that an item that counts as a part of
        one, or as several, takes from each band as much as lies in it.
        """
        points = ZERO
        for band in self.bands:
            first, last = _whole_places(band.count)
            begins = max(place, Fraction(first - 1))
            ends = place + number
            if last is not None:
                ends = min(ends, Fraction(last))
            length = max(ends - begins, ZERO)
            points += length * band.points
        return points

    def _looks_across_streams(self) -> bool:
        # The count runs over all projects of a unit, each of them a stream.
        return self.counts_projects

    def band_tables(self) -> Iterator[BandTable]:
        """The bands of the count."""
        counts = [band.count for band in self.bands]
        yield BandTable(f"rules.{self.id}.bands", counts, whole_numbers=True)

    def reach(self) -> PointRange:
        """Open on the sides of the points' signs."""
        return self.range_of_each([band.points for band in self.bands])


def _whole_places(band: Interval) -> tuple[int, int | None]:
    """The first and the last whole number in a band of counts; None where it does not end."""
    first = 1
    if band.low is not None:
        first = ceil(band.low)
        if first == band.low and not band.with_low:
            first += 1
    last = None
    if band.high is not None:
        last = floor(band.high)
        if last == band.high and not band.with_high:
            last -= 1
    return max(first, 1), last
