"""`deduct`: points lost for each occurrence, with or without a full start (扣完为止)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import model_validator

from lifecycle.exact_numbers import ZERO
from lifecycle.rejections import Problem
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.kinds.item_points import (
    ItemPoints,
    ItemT,
    PointsEach,
    item_points,
    within_each_project,
)
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import (
    NON_EMPTY,
    ItemRule,
    NamedRule,
    require_one_of,
)
from lifecycle.rulebook.kinds.size_bands import (
    PointsBand,
    points_of_size,
    size_band_findings,
    size_band_tables,
)
from lifecycle.rulebook.parts import Exact

ORDER: Final = 40


class FullStart(NamedTuple):
    """The points that a unit begins with (扣完为止)."""

    start: Fraction


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
    def _one_value(self) -> "Deduct":
        require_one_of(self, "points", "bands")
        return self

    def points_of_items(
        self,
        items: Sequence[ItemT],
    ) -> Iterable[ItemPoints[ItemT, PointsEach | FullStart]]:
        """Points for each occurrence, the same for all or by the band of its project's size."""
        scored = within_each_project(self._points_of_each(items), self.at_most_per_project)
        if self.start is None and self.floor is None:
            return scored
        return self._down_to_floor(scored)

    def _points_of_each(self, items: Sequence[ItemT]) -> Iterator[ItemPoints[ItemT, PointsEach]]:
        for credited in items:
            points = self.points
            if self.bands is not None:
                points = points_of_size(self.bands, credited.size)
            if points is not None:
                yield item_points(points, credited, self.places)

    def _down_to_floor(
        self,
        scored: Iterable[ItemPoints[ItemT, PointsEach]],
    ) -> Iterator[ItemPoints[ItemT, PointsEach | FullStart]]:
        """The full start, then each occurrence as far as the floor lets it count."""
        # A full start is a line of its own, so that the lines of a unit sum to its points.
        balance = self.start or ZERO
        if self.start is not None:
            yield ItemPoints(None, self.start, FullStart(self.start))
        for scored_item in scored:
            balance_after = balance + scored_item.points
            if self.floor is not None:
                balance_after = max(balance_after, self.floor)
            # Once the floor is reached further occurrences have no line, unless one gives points
            # back.
            if balance_after != balance:
                yield scored_item._replace(points=balance_after - balance)
            balance = balance_after

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
