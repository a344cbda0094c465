"""`deduct`: points lost for each occurrence, with or without a full start (扣完为止)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import model_validator

from lifecycle.rejections import Problem
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.kinds.point_range import ZERO, PointRange
from lifecycle.rulebook.kinds.rule_base import (
    NON_EMPTY,
    ItemRule,
    NamedRule,
    PointsBand,
    require_one_of,
    size_band_findings,
    size_band_tables,
)
from lifecycle.rulebook.parts import Exact

ORDER: Final = 40


class Deduct(ItemRule):
    """Points for each occurrence, the same for all or by a band of the project's size.

    With `start` the unit begins with these points; with `floor` nothing is taken below it
    (扣完为止).
    """

    kind: Literal["deduct"]
    points: Exact | None = None
    bands: Annotated[tuple[PointsBand, ...], NON_EMPTY] | None = None
    start: Exact | None = None
    floor: Exact | None = None

    @model_validator(mode="after")
    def _one_value(self) -> Deduct:
        require_one_of(self, "points", "bands")
        return self

    def _looks_across_streams(self) -> bool:
        # A start belongs to the unit, even to one without any occurrence; a floor sums over all its
        # projects.
        return self.start is not None or (self.floor is not None and self.counts_projects)

    def reach(self) -> PointRange:
        """From the floor, or from what occurrences take away, to the start and what they add."""
        if self.points is not None:
            points_each = [self.points]
        else:
            points_each = [band.points for band in self.bands or ()]
        shifted = self.range_of_each(points_each).shifted(self.start or ZERO)
        if self.floor is None:
            return shifted
        # Enough occurrences reach the floor, and nothing lies below it.
        return PointRange(self.floor, shifted.greatest)

    def band_tables(self) -> Iterator[BandTable]:
        """Every occurrence costs points, so that the bands must hold every size."""
        yield from size_band_tables(self, self.bands, covers_all=True)

    def own_findings(self, rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """Bands where no project is counted."""
        yield from size_band_findings(self, self.bands)
        yield from super().own_findings(rules)
