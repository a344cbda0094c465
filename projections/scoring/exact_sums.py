"""Sums, products and bounds of exact numbers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import prod
from typing import Final

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


def exact_sum(amounts: Iterable[Fraction]) -> Fraction:
    """The sum of the amounts, a fraction even of none: what is divided by it stays exact."""
    return sum(amounts, ZERO)


def exact_product(factors: Iterable[Fraction]) -> Fraction:
    """The product of the factors, a fraction even of none."""
    return prod(factors, start=ONE)


def clamped(
    value: Fraction,
    floor: Fraction | None,
    cap: Fraction | None,
) -> Fraction:
    """The value within a floor and a cap; None where there is no such end."""
    if floor is not None:
        value = max(value, floor)
    if cap is not None:
        value = min(value, cap)
    return value
