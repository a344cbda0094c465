"""`per_item`: a fixed number of points for each item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import model_validator

from lifecycle.events.vocabulary import MILESTONES, STAGES
from lifecycle.periods import period_of
from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.band_tables import BandTable
from lifecycle.rulebook.counted import LimitPeriod
from lifecycle.rulebook.kinds.item_points import (
    ItemPoints,
    ItemT,
    PointsEach,
    ScorableItem,
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
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.nearest_names import nearest
from lifecycle.rulebook.parts import Exact

ORDER: Final = 10

_PERIODS_IN_A_YEAR: Final = {None: 1, "year": 1, "half_year": 2, "quarter": 4, "month": 12}


class PerItem(ItemRule):
    """Count × points: the same for all, by the item's label, or by a band of the project's size.

    At most `limit` points a year, or in each period of `limit_per`.
    """

    kind: Literal["per_item"]
    points: Exact | None = None
    points_by: dict[str, Exact] | None = None
    bands: Annotated[tuple[PointsBand, ...], NON_EMPTY] | None = None
    limit: Exact | None = None
    limit_per: LimitPeriod | None = None

    @model_validator(mode="after")
    def _one_value(self) -> "PerItem":
        require_one_of(
            self,
            "points",
            "points_by",
            "bands",
        )
        return self

    @property
    def counted_stages(self) -> tuple[str, ...]:
        """The nodes counted; a milestone that has points is named as much as one in `stages`."""
        if self.stages is not None or self.points_by is None:
            return super().counted_stages
        named = [stage for stage in MILESTONES if stage in self.points_by]
        return (*STAGES, *named)

    def points_of_items(self, items: Sequence[ItemT]) -> Iterable[ItemPoints[ItemT, PointsEach]]:
        """Points for each item: the same for all, by its label, or by its project's size."""
        scored = within_each_project(self._points_of_each(items), self.at_most_per_project)
        if self.limit is None:
            return scored
        return _up_to_limit(scored, self.limit, self.limit_per)

    def _points_of_each(self, items: Sequence[ItemT]) -> Iterator[ItemPoints[ItemT, PointsEach]]:
        for credited in items:
            points = self._points_for(credited)
            if points is not None:
                yield item_points(points, credited, self.places)

    def _points_for(self, credited: ScorableItem) -> Fraction | None:
        # A label that the rule does not name has no points: 考(三) counts only the nodes it lists.
        if self.points_by is not None:
            return self.points_by.get(credited.item.label)
        if self.bands is not None:
            return points_of_size(self.bands, credited.size)
        return self.points

    def _looks_across_streams(self) -> bool:
        # A limit on projects fills up over all projects of a unit, each of them a stream.
        return self.limit is not None and self.counts_projects

    def reach(self) -> PointRange:
        """The range of each item's points, as often as the limit lets them count."""
        if self.points_by is not None:
            points_each = list(self.points_by.values())
        elif self.points is not None:
            points_each = [self.points]
        else:
            points_each = [band.points for band in self.bands or ()]
        least, greatest = self.range_of_each(points_each)
        if self.limit is not None:
            # A year has so many periods, each with a limit of its own.
            most = self.limit * _PERIODS_IN_A_YEAR[self.limit_per]
            greatest = most if greatest is None else min(greatest, most)
        return PointRange(least, greatest)

    def unreachable(self) -> Problem | None:
        """A limit that leaves no points, or values that are all zero."""
        if self.limit is not None and self.limit <= 0:
            return Problem(
                "unreachable",
                msg("no history can earn points: the limit is not above zero"),
                {},
                f"rules.{self.id}.limit",
            )
        return super().unreachable()

    def band_tables(self) -> Iterator[BandTable]:
        """Projects of a size outside the bands earn nothing."""
        yield from size_band_tables(self, self.bands, covers_all=False)

    def own_findings(self, rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """Labels that the measure does not have; bands where no project is counted."""
        allowed = MEASURES[self.measure].labels
        if self.stages is not None:
            allowed = self.stages
        for label in self.points_by or {}:
            if label not in allowed:
                yield Problem(
                    "unknown_name",
                    msg("unknown name {name}; most similar: {nearest}; allowed: {allowed}"),
                    {"name": label, "nearest": nearest(label, allowed), "allowed": sorted(allowed)},
                    f"rules.{self.id}.points_by",
                )
        # A comparison is one number: no label would ever have points, without a word.
        if self.points_by is not None and self.compared_as is not None:
            yield Problem(
                "labels_compared",
                msg("a compared value has no labels: give points in place of points_by"),
                {},
                f"rules.{self.id}.points_by",
            )
        yield from size_band_findings(self, self.bands)
        yield from super().own_findings(rules)


def _up_to_limit(
    scored: Iterable[ItemPoints[ItemT, PointsEach]],
    limit: Fraction,
    limit_per: str | None,
) -> Iterator[ItemPoints[ItemT, PointsEach]]:
    """The items in their order until the limit is used up, of the year or of each period."""
    # The item that crosses the limit still gets what is left, so that the points sum to the limit
    # exactly.
    left_by_period: dict[str | None, Fraction] = {}
    for scored_item in scored:
        period = _limited_period(scored_item.credited, limit_per)
        left = left_by_period.get(period, limit)
        points = min(scored_item.points, left)
        left_by_period[period] = left - points
        if points:
            yield scored_item._replace(points=points)


def _limited_period(
    credited: ScorableItem | None,
    limit_per: str | None,
) -> str | None:
    """The month, quarter or half-year that an item's limit is of; None where it is the year's."""
    if limit_per is None or limit_per == "year":
        return None
    assert credited is not None  # only a full start has no item
    return period_of(credited.item.when, limit_per)
