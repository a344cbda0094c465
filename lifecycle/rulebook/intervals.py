"""Bands of a number, written as mathematicians write intervals: each end open or closed, or missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from lifecycle.rejections import msg

_FORM: Final = re.compile(r"([\[(])\s*(-?[0-9.]*)\s*,\s*(-?[0-9.]*)\s*([\])])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interval:
    """A band from `low` to `high`; None where it does not end. `text` is how the rulebook wrote it."""

    text: str
    low: Fraction | None
    high: Fraction | None
    with_low: bool
    with_high: bool

    def __contains__(self, value: Fraction | int) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and not self.with_low)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.with_high)

    def meets(self, following: Interval) -> str | None:
        """How the next band joins this one: None where exactly, else `gap` or `overlap`."""
        if self.high is None or following.low is None or self.high > following.low:
            return "overlap"
        if self.high < following.low or not (self.with_high or following.with_low):
            return "gap"
        return "overlap" if self.with_high and following.with_low else None


def interval(text: str) -> Interval:
    """Read `[10000,50000]`, `(,10000)`, `(50000,)`. Raises a validation error that shows the form."""
    match = _FORM.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        low, high = (Fraction(Decimal(part)) if part else None for part in (match[2], match[3]))
        found = Interval(text, low, high, match[1] == "[", match[4] == "]")
    except (ValueError, ArithmeticError):
        raise PydanticCustomError(
            "interval", msg("must be an interval such as [10000,50000], (,10000) or (50000,)")
        ) from None
    if (
        low is not None
        and high is not None
        and (low > high or (low == high and not (found.with_low and found.with_high)))
    ):
        raise PydanticCustomError("interval", msg("the interval holds no number"))
    return found


def _read(value: Any) -> Interval:
    return value if isinstance(value, Interval) else interval(str(value))


Band = Annotated[Interval, BeforeValidator(_read), PlainSerializer(lambda band: band.text)]


def seams(bands: Sequence[Interval]) -> list[tuple[str, str, str]]:
    """Where neighbouring bands leave a gap or overlap: (which, the one, the next), in ascending order."""
    ordered = sorted(
        bands, key=lambda band: (band.low is not None, band.low or 0, not band.with_low)
    )
    return [
        (how, one.text, other.text) for one, other in pairwise(ordered) if (how := one.meets(other))
    ]
