"""`bracket`: points by the band that a unit's value lies in."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from lifecycle.exact_numbers import ZERO, clamped
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Band, Interval
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, ValueRule
from lifecycle.rulebook.kinds.value_points import ValuePoints
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.parts import Exact, Part

ORDER: Final = 60


class BandPoints(NamedTuple):
    """The band that the value lies in, if any, its points, and the slope within it."""

    band: str | None
    points: Fraction
    slope: Fraction | None


class ValueBand(Part):
    """For a band of the value: points, and `slope` more for each unit of the value."""

    value: Band
    points: Exact
    slope: Exact | None = None


class Bracket(ValueRule):
    """Points by the band that the value lies in; outside all bands none."""

    kind: Literal["bracket"]
    bands: Annotated[tuple[ValueBand, ...], NON_EMPTY]
    floor: Exact | None = None
    cap: Exact | None = None

    def points_of_value(self, value: Fraction) -> ValuePoints[BandPoints]:
        """Points of the band that the value lies in, and its slope; outside all bands none."""
        # Bands don't overlap (`rulebook check`): the first that holds the value is the only one.
        for band in self.bands:
            if value in band.value:
                slope = band.slope or ZERO
                points = clamped(band.points + slope * value, self.floor, self.cap)
                return ValuePoints(points, BandPoints(band.value.text, band.points, slope or None))
        return ValuePoints(ZERO, BandPoints(None, ZERO, None))

    def band_tables(self) -> Iterator[BandTable]:
        """The bands of the value; a plain count is a whole number, a quotient is not."""
        values = [band.value for band in self.bands]
        is_count = MEASURES[self.measure].unit == "count" and self.target is None
        if self.compared_as is not None:
            # Places are whole numbers whatever is counted, all other comparisons are quotients.
            is_count = self.compared_as == "place_change"
        yield BandTable(
            f"rules.{self.id}.bands",
            values,
            whole_numbers=is_count,
            # A policy may look only at units that lost places, or rose by several.
            counts_from_one=self.compared_as is None,
        )

    def reach(self) -> PointRange:
        """The points at the ends of every band, and 0 outside them, within floor and cap."""
        # A value outside all bands has no points.
        ends = PointRange(ZERO, ZERO)
        for band in self.bands:
            ends = _widened(ends, self._points_at_ends(band))
        return ends.within(self.floor, self.cap)

    def _points_at_ends(self, band: ValueBand) -> PointRange:
        slope = band.slope or ZERO
        if not slope:
            return PointRange(band.points, band.points)
        low, high = self._attainable_ends(band.value)
        at_low = None if low is None else band.points + slope * low
        at_high = None if high is None else band.points + slope * high
        bounded = [points for points in (at_low, at_high) if points is not None]
        # A band without an end is open where its slope leads: upwards from its end for a positive
        # one, downwards from its beginning.
        falls = at_low is None if slope > 0 else at_high is None
        rises = at_high is None if slope > 0 else at_low is None
        least = None if falls else min(bounded)
        greatest = None if rises else max(bounded)
        return PointRange(least, greatest)

    def _attainable_ends(self, band: Interval) -> tuple[Fraction | None, Fraction | None]:
        """The ends of a band; below 0 only where the measure can lie there."""
        if self.may_be_negative:
            return band.low, band.high
        low = ZERO if band.low is None else max(band.low, ZERO)
        return low, band.high


def _widened(
    ends: PointRange,
    further: PointRange,
) -> PointRange:
    least = None
    if ends.least is not None and further.least is not None:
        least = min(ends.least, further.least)
    greatest = None
    if ends.greatest is not None and further.greatest is not None:
        greatest = max(ends.greatest, further.greatest)
    return PointRange(least, greatest)
