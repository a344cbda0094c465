"""Sums, products and bounds of exact numbers, and the unit in which amounts are folded."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm, prod, trunc
from typing import Final

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)
MICRO: Final = 1_000_000
"""Exact numbers are folded as whole millionths: of an amount in 万元, one millionth is one 分."""


def exact_sum(amounts: Iterable[Fraction]) -> Fraction:
    """The sum of the amounts, a fraction even of none: what is divided by it stays exact."""
    return sum(amounts, ZERO)


def exact_product(factors: Iterable[Fraction]) -> Fraction:
    """The product of the factors, a fraction even of none."""
    return prod(factors, start=ONE)


def in_whole_steps(amount: Fraction, step: Fraction) -> Fraction:
    """The amount cut toward 0 to a multiple of a step."""
    return trunc(amount / step) * step


class NamedSums:
    """Exact sums by name, each held as one integer for each denominator among its amounts.

    Adding a fraction to a fraction costs ten times as much, and most amounts are whole.
    """

    __slots__ = ("_numerators",)

    def __init__(self, names: Iterable[str]) -> None:
        self._numerators: dict[str, dict[int, int]] = {name: {} for name in names}

    def add(self, name: str, numerator: int, denominator: int) -> None:
        """Add an amount to the sum of that name. Raises `KeyError` for any other name."""
        numerators = self._numerators[name]
        numerators[denominator] = numerators.get(denominator, 0) + numerator

    def total(self, name: str) -> Fraction:
        """The sum of that name."""
        numerators = self._numerators[name]
        if not numerators:
            return ZERO
        # One fraction at the end: adding fractions would reduce each sum on the way.
        common = lcm(*numerators)
        total = 0
        for denominator, numerator in numerators.items():
            total += numerator * (common // denominator)
        return Fraction(total, common)

    def totals(self) -> dict[str, Fraction]:
        """Every sum by its name."""
        return {name: self.total(name) for name in self._numerators}

    def add_all(self, others: NamedSums) -> None:
        """Add the sums of others to those of the same names."""
        for name, numerators in others._numerators.items():
            for denominator, numerator in numerators.items():
                self.add(name, numerator, denominator)


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
