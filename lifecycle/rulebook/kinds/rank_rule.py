"""`rank`: points by place within the sequence."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from lifecycle.exact_numbers import ZERO, exact_sum
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.kinds.point_range import PointRange, spanned
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, SequenceRule
from lifecycle.rulebook.kinds.value_points import UnitValues, ValuePoints
from lifecycle.rulebook.parts import Exact, Part

ORDER: Final = 100


class PlaceInSequence(NamedTuple):
    """A unit's place, if it has any, among how many, and the units next to it."""

    place: int | None
    of: int
    neighbours: tuple[str, ...]


class PlacesBand(Part):
    """Points for places of the sequence."""

    place: Band
    points: Exact


class Rank(SequenceRule):
    """Points by place within the sequence.

    Equal values share the first of their places, or take the mean of these places' points. Units
    whose value is not `above` a least have no place.
    """

    kind: Literal["rank"]
    bands: Annotated[tuple[PlacesBand, ...], NON_EMPTY]
    first: Literal["greatest", "least"]
    ties: Literal["share", "mean"]
    above: Exact | None = None

    def points_of_units(self, values: UnitValues) -> dict[str, ValuePoints[PlaceInSequence]]:
        """Points by place; units whose value is not `above` the least asked for have no place."""
        order = self._units_in_order(values)
        no_place = ValuePoints(ZERO, PlaceInSequence(None, len(order), ()))
        points_by_unit = dict.fromkeys(values, no_place)
        for unit in order:
            shared = _places_of_equals(unit, order, values)
            # `share` gives all equals the first of their places, `mean` the mean of these places'
            # points.
            places = shared[:1] if self.ties == "share" else shared
            points = exact_sum(self._points_of_place(place) for place in places) / len(places)
            inputs = PlaceInSequence(shared[0], len(order), _next_to(unit, shared, order))
            points_by_unit[unit] = ValuePoints(points, inputs)
        return points_by_unit

    def _units_in_order(self, values: UnitValues) -> list[str]:
        ranked = [unit for unit in values if self.above is None or values[unit] > self.above]
        # Sorting is stable: equal units keep the order of registration.
        return sorted(ranked, key=values.__getitem__, reverse=self.first == "greatest")

    def _points_of_place(self, place: int) -> Fraction:
        for band in self.bands:
            if place in band.place:
                return band.points
        return ZERO

    def band_tables(self) -> Iterator[BandTable]:
        """The bands of places."""
        places = [band.place for band in self.bands]
        yield BandTable(f"rules.{self.id}.bands", places, whole_numbers=True)

    def reach(self) -> PointRange:
        """The points of the bands, and 0 for a place outside them."""
        # A mean of tied places lies between the points of these places.
        return spanned([ZERO, *(band.points for band in self.bands)])


def _places_of_equals(
    unit: str,
    order: list[str],
    values: UnitValues,
) -> list[int]:
    """The places, from 1, of all units with this unit's value."""
    value = values[unit]
    return [place for place, name in enumerate(order, start=1) if values[name] == value]


def _next_to(
    unit: str,
    shared: list[int],
    order: list[str],
) -> tuple[str, ...]:
    """The units of equal value and those just before and behind, which could move this one."""
    # One place to each side: a step of a unit further away cannot change this one's place by
    # itself.
    first, last = max(1, shared[0] - 1), min(len(order), shared[-1] + 1)
    around = order[first - 1 : last]
    return tuple(name for name in around if name != unit)
