"""What a share of a year's streams gave: shares are merged in any order, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from lifecycle.exact_numbers import ZERO
from projections.scoring.counted_items import CreditedItem
from projections.scoring.point_tally import PointTally
from projections.scoring.prepared_policy import Policy
from projections.scoring.score_line import ScoreLine

ItemsByPlace = dict[tuple[str, str], list[CreditedItem]]
"""Items by the place of the rulebook that counts them, and the unit that they belong to."""


@dataclass(slots=True)
class PartialYear:
    """The tallies, sums and items of some of a year's streams.

    A project's items stand together, in the order of its measures; of several projects the order
    does not count, because the year puts them into that of the codes before it concludes. `lines`
    are those of the streams in their order, where they were asked for: they are not merged.
    """

    tallies: dict[str, PointTally]
    rule_sums: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    items: ItemsByPlace = field(default_factory=dict)
    items_of_last_year: ItemsByPlace = field(default_factory=dict)
    lines: list[ScoreLine] = field(default_factory=list)

    @classmethod
    def of_units(
        cls,
        units: Mapping[str, object],
        policy: Policy,
    ) -> PartialYear:
        """Return what no stream gave yet."""
        return cls({name: PointTally(policy) for name in units})

    def merge(self, other: PartialYear) -> None:
        """Add what other streams of the same year, units and policy gave."""
        for name, tally in other.tallies.items():
            self.tallies[name].add_tally(tally)
        for key, points in other.rule_sums.items():
            self.rule_sums[key] = self.rule_sums.get(key, ZERO) + points
        _add_items(self.items, other.items)
        _add_items(self.items_of_last_year, other.items_of_last_year)


def _add_items(
    items: ItemsByPlace,
    others: ItemsByPlace,
) -> None:
    for key, of_place in others.items():
        items.setdefault(key, []).extend(of_place)
