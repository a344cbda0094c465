"""`escalating`: points for each occurrence that depend on how many there are (考(八)4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, ItemRule
from lifecycle.rulebook.parts import Exact, Part

ORDER: Final = 50


class CountBand(Part):
    """Points for each occurrence, for a band of the count."""

    count: Band
    points: Exact


class Escalating(ItemRule):
    """Points for each occurrence by their count: the same for all, or each by its own place."""

    kind: Literal["escalating"]
    bands: Annotated[tuple[CountBand, ...], NON_EMPTY]
    applies_to: Literal["all", "further"]

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
