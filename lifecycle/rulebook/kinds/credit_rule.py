"""`credit`: points for each thing counted, to those who brought it about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.kinds.item_points import (
    ItemPoints,
    ItemT,
    PointsEach,
    item_points,
    within_each_project,
)
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import ItemRule, NamedRule
from lifecycle.rulebook.parts import Exact

ORDER: Final = 30


class Credit(ItemRule):
    """Points for each, to those who are due them.

    A project's points go to its first reporter, even after a transfer; an indicator's are split
    equally.
    """

    kind: Literal["credit"]
    points: Exact
    to: Literal["first_reporter", "equally"]

    def points_of_items(self, items: Sequence[ItemT]) -> Iterator[ItemPoints[ItemT, PointsEach]]:
        """Points for each item.

        An indicator's figure has been divided among its units by the measure, a project's items
        stand with its reporter.
        """
        scored = (item_points(self.points, credited, self.places) for credited in items)
        return within_each_project(scored, self.at_most_per_project)

    @property
    def credits_reporter(self) -> bool:
        """Whether a project's points go to its first reporter."""
        return self.to == "first_reporter"

    def reach(self) -> PointRange:
        """Open on the side of the points' sign."""
        return self.range_of_each([self.points])

    def own_findings(self, rules: Mapping[str, NamedRule]) -> Iterator[Problem]:
        """A receiver that does not suit what is counted."""
        yield from super().own_findings(rules)
        # Only a project has a first reporter, only an indicator's report says who shares it.
        if self.credits_reporter is not self.counts_projects:
            yield Problem(
                "credit",
                msg(
                    "credit for a project goes to its first_reporter; credit for an indicator "
                    "is shared equally"
                ),
                {},
                f"rules.{self.id}.to",
            )
