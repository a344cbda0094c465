"""Bands of a number, written as intervals: each end open, closed, or missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Annotated, Any, Final

from pydantic_core import PydanticCustomError

from lifecycle.events.read_by import ReadBy
from lifecycle.exact_numbers import MICRO
from lifecycle.rejections import msg

_FORM: Final = re.compile(r"([\[(])\s*(-?[0-9.]*)\s*,\s*(-?[0-9.]*)\s*([\])])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interval:
    """A band from `low` to `high`, None where it has no end; `text` is as in the rulebook."""

    text: str
    low: Fraction | None
    high: Fraction | None
    with_low: bool
    with_high: bool

    def __contains__(self, value: Fraction | int) -> bool:
        return not self._begins_after(value) and not self._ends_before(value)

    def _begins_after(self, value: Fraction | int) -> bool:
        if self.low is None:
            return False
        return value < self.low or (value == self.low and not self.with_low)

    def _ends_before(self, value: Fraction | int) -> bool:
        if self.high is None:
            return False
        return value > self.high or (value == self.high and not self.with_high)

    @property
    def empty(self) -> bool:
        """Whether no number lies in the band."""
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return not (self.with_low and self.with_high)
        return self.low > self.high

    def seam(self, following: Interval) -> str | None:
        """How the next band joins this one: None where exactly, else `gap` or `overlap`."""
        if self.high is None or following.low is None or self.high > following.low:
            return "overlap"
        if self.high < following.low:
            return "gap"
        # The bands meet in a number: exactly one of them must hold it.
        if self.with_high and following.with_low:
            return "overlap"
        if not self.with_high and not following.with_low:
            return "gap"
        return None


def interval_test(interval: Interval) -> Callable[[int], bool]:
    """The interval as a test on whole millionths: integers compare faster than fractions."""
    low = _least_whole(interval)
    high = _greatest_whole(interval)

    def lies_within(value: int) -> bool:
        return (low is None or value >= low) and (high is None or value <= high)

    return lies_within


def _least_whole(interval: Interval) -> int | None:
    if interval.low is None:
        return None
    bound = interval.low * MICRO
    least = ceil(bound)
    return least + 1 if least == bound and not interval.with_low else least


def _greatest_whole(interval: Interval) -> int | None:
    if interval.high is None:
        return None
    bound = interval.high * MICRO
    greatest = floor(bound)
    return greatest - 1 if greatest == bound and not interval.with_high else greatest


def interval(text: str) -> Interval:
    """Read `[10000,50000]`, `(,10000)` or `(50000,)`. Raises a validation error."""
    band = _read(text)
    if band is None:
        raise PydanticCustomError(
            "interval", msg("must be an interval such as [10000,50000], (,10000) or (50000,)")
        )
    if band.empty:
        raise PydanticCustomError("interval", msg("the interval contains no number"))
    return band


def _read(text: str) -> Interval | None:
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    opening, low, high, closing = match.groups()
    try:
        return Interval(
            text,
            _end(low),
            _end(high),
            opening == "[",
            closing == "]",
        )
    except ArithmeticError:
        # The form lets `1.2.3` and `-` through, which are no numbers.
        return None


def _end(digits: str) -> Fraction | None:
    return Fraction(Decimal(digits)) if digits else None


def _to_interval(value: Any) -> Interval:
    return value if isinstance(value, Interval) else interval(str(value))


def _to_text(band: Interval) -> str:
    return band.text


Band = Annotated[Interval, ReadBy(_to_interval, _to_text)]
"""A band of a rulebook, in its file and its JSON as text."""


def seams(bands: Sequence[Interval]) -> list[tuple[str, str, str]]:
    """Where neighbouring bands leave a gap or overlap: (which, the band, the next), ascending."""
    ordered = sorted(bands, key=_place)
    faults = []
    for band, following in pairwise(ordered):
        fault = band.seam(following)
        if fault is not None:
            faults.append((fault, band.text, following.text))
    return faults


def _place(band: Interval) -> tuple[bool, Fraction | int, bool]:
    # A band without a lower end comes first, a closed end before an open one.
    return band.low is not None, band.low or 0, not band.with_low
