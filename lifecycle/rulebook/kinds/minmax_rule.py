"""`minmax`: a value's position between the least and the greatest of the sequence."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from lifecycle.rulebook.kinds.point_range import PointRange, spanned
from lifecycle.rulebook.kinds.rule_base import SequenceRule
from lifecycle.rulebook.parts import Exact

ORDER: Final = 110


class MinMax(SequenceRule):
    """((x − least) ÷ (greatest − least) × span + base) ÷ `out_of` × weight, over the sequence.

    `when_equal` is the mark where all values are equal.
    """

    kind: Literal["minmax"]
    span: Exact
    base: Exact
    out_of: Annotated[Exact, Field(gt=0)]
    weight: Exact
    when_equal: Exact

    def reach(self) -> PointRange:
        """The points of the least, of the greatest, and of values that are all equal."""
        # A position runs from 0 to 1 over the sequence, so that its ends are the marks' ends.
        marks = (self.base, self.base + self.span, self.when_equal)
        return spanned([mark / self.out_of * self.weight for mark in marks])
