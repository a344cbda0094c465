"""`rank`: points by place within the sequence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.kinds.point_range import ZERO, PointRange, spanned
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, SequenceRule
from lifecycle.rulebook.parts import Exact, Part

ORDER: Final = 100


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

    def band_tables(self) -> Iterator[BandTable]:
        """The bands of places."""
        places = [band.place for band in self.bands]
        yield BandTable(f"rules.{self.id}.bands", places, whole_numbers=True)

    def reach(self) -> PointRange:
        """The points of the bands, and 0 for a place outside them."""
        # A mean of tied places lies between the points of these places.
        return spanned([ZERO, *(band.points for band in self.bands)])
