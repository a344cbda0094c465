"""`ratio`: completion of a target, times a weight."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import model_validator

from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.kinds.rule_base import ValueRule, require_target
from lifecycle.rulebook.parts import Exact

ORDER: Final = 70


class Ratio(ValueRule):
    """Value ÷ target × weight, within floor and cap; the cap may lie above the weight."""

    kind: Literal["ratio"]
    weight: Exact
    floor: Exact | None = None
    cap: Exact | None = None

    @model_validator(mode="after")
    def _over_a_target(self) -> Ratio:
        require_target(self)
        return self

    def reach(self) -> PointRange:
        """Open on the side of the weight's sign, within floor and cap."""
        # Completion has no upper end of its own: only a cap limits what lies over 100 %.
        return self.range_of_each([self.weight]).within(self.floor, self.cap)
