"""Points of a unit by module and by basis, with what acts on its modules and total."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from lifecycle.exact_numbers import NamedSums
from lifecycle.rulebook.kinds.gate_rule import Gate
from projections.scoring.gate_conditions import UnmetAlternatives
from projections.scoring.prepared_policy import BASES, Policy
from projections.scoring.score_line import ScoreLine


class ClosedTotal(NamedTuple):
    """The gate that stops a unit's total, and the conditions that did not hold."""

    gate: Gate
    unmet: UnmetAlternatives


class FactorOfTotal(NamedTuple):
    """A rule that multiplies the total, its basis, and a unit's factor by it."""

    rule: str
    basis: str
    factor: Fraction


class PointTally:
    """Points of a unit by module and by basis, summed as its lines come in.

    With them stand the gate that closes the unit's total, if any, and its outcomes.
    """

    __slots__ = (
        "_after_limits",
        "_basis",
        "_modules",
        "_signed",
        "closed_by",
        "outcomes",
        "total_factors",
    )

    def __init__(self, policy: Policy) -> None:
        self._modules = NamedSums(policy.modules)
        self._basis = NamedSums(BASES)
        self._signed = NamedSums(BASES)
        self._after_limits = NamedSums(policy.modules)
        self.total_factors: list[FactorOfTotal] = []
        self.closed_by: ClosedTotal | None = None
        self.outcomes: list[str] = []

    def add(
        self,
        line: ScoreLine,
        *,
        based: bool = True,
    ) -> None:
        """Add a line; one that only stops other points has no basis (`based` is false)."""
        numerator, denominator = line.points.as_integer_ratio()
        self._modules.add(line.module, numerator, denominator)
        self._signed.add(line.basis, numerator, denominator)
        if based:
            self._basis.add(line.basis, abs(numerator), denominator)

    def add_after_limits(self, line: ScoreLine) -> None:
        """Add a line that a module's floor and cap no longer touch."""
        numerator, denominator = line.points.as_integer_ratio()
        self._after_limits.add(line.module, numerator, denominator)
        self._signed.add(line.basis, numerator, denominator)
        self._basis.add(line.basis, abs(numerator), denominator)

    def take_back(self, line: ScoreLine) -> None:
        """Take back what `add` added of a line with a basis."""
        numerator, denominator = line.points.as_integer_ratio()
        self.remove(line.module, line.basis, line.points)
        self._signed.add(line.basis, -numerator, denominator)

    def copy(self, policy: Policy) -> PointTally:
        """Return another tally with the same points, before anything acts on its total."""
        tally = PointTally(policy)
        tally.add_tally(self)
        return tally

    def remove(self, module: str, basis: str, points: Fraction) -> None:
        """Take back what a line of these points had added."""
        numerator, denominator = points.as_integer_ratio()
        self._modules.add(module, -numerator, denominator)
        self._basis.add(basis, -abs(numerator), denominator)

    def add_sums(self, modules: Mapping[str, Fraction], basis: Mapping[str, Fraction]) -> None:
        """Add sums of modules and bases, such as those of an earlier tally."""
        for name, points in modules.items():
            self._modules.add(name, *points.as_integer_ratio())
        for name, points in basis.items():
            self._basis.add(name, *points.as_integer_ratio())

    def add_tally(self, other: PointTally) -> None:
        """Add the points of other lines of the unit, before anything acts on its total."""
        self.shift(other)
        self._signed.add_all(other._signed)
        self._after_limits.add_all(other._after_limits)

    def shift(self, change: PointTally) -> None:
        """Add the difference between two tallies."""
        self._modules.add_all(change._modules)
        self._basis.add_all(change._basis)

    def module_points(self, module: str) -> Fraction:
        """The sum of a module's points, before its limits."""
        return self._modules.total(module)

    def points_after_limits(self, module: str) -> Fraction:
        """The sum of the points that a module's floor and cap don't touch."""
        return self._after_limits.total(module)

    def signed_points(self) -> dict[str, Fraction]:
        """The sum of the points by basis, before the limits of modules, groups and total."""
        return self._signed.totals()

    def basis_points(self) -> dict[str, Fraction]:
        """The sum of the points' distances from zero by basis."""
        return self._basis.totals()
