"""`relative`: a value's share of the greatest of the sequence."""

from __future__ import annotations

from typing import Final, Literal

from lifecycle.rulebook.kinds.point_range import ZERO, PointRange, spanned
from lifecycle.rulebook.kinds.rule_base import SequenceRule
from lifecycle.rulebook.parts import Exact

ORDER: Final = 120


class Relative(SequenceRule):
    """Value ÷ the greatest of the sequence × weight; `when_none` where the greatest is 0."""

    kind: Literal["relative"]
    weight: Exact
    when_none: Exact

    def reach(self) -> PointRange:
        """From nothing to the weight, or what counts where the greatest is 0."""
        # No value exceeds the greatest: the weight is the most.
        return spanned([ZERO, self.weight, self.when_none])
