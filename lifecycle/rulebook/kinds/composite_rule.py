"""`composite`: the weighted sum of several values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds.point_range import PointRange, open_by_sign
from lifecycle.rulebook.kinds.rule_base import NON_EMPTY, NamedRule, Places
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.parts import Exact

ORDER: Final = 90


class CompositePart(Counted):
    """A part of a composite: its share, and whether marks are added or their mean is taken."""

    share: Annotated[Exact, Field(gt=0)]
    take: Literal["sum", "mean"]


class Composite(NamedRule):
    """Weighted sum of parts: Σ share × part ÷ `out_of` × weight, within floor and cap."""

    kind: Literal["composite"]
    parts: Annotated[tuple[CompositePart, ...], NON_EMPTY]
    weight: Exact
    out_of: Annotated[Exact, Field(gt=0)]
    cap: Exact | None = None
    floor: Exact | None = None
    places: Places | None = None

    def counted(self) -> Iterator[tuple[str, Counted]]:
        """The value of each part."""
        for number, part in enumerate(self.parts):
            yield f"{self.id}.parts.{number}", part

    def reach(self) -> PointRange:
        """Open on the side of the weight's sign, within floor and cap."""
        # Shares are above 0, so that the sum has the sign of its parts.
        may_be_negative = any(MEASURES[part.measure].may_be_negative for part in self.parts)
        points = open_by_sign([self.weight], may_be_negative=may_be_negative)
        return points.within(self.floor, self.cap)
