"""`coefficient`: a factor for units of some categories or sequences."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from lifecycle.rulebook.kinds.unit_coefficient_rule import UnitCoefficient, UnitFactor
from projections.facts.unit_facts import UnitFacts
from projections.scoring.exact_sums import ONE, exact_product
from projections.scoring.project_filters import unit_matches


class MultipliedRule(NamedTuple):
    """A rule, what it gave the unit, and the factor on it."""

    rule: str
    sum_of_rule: Fraction
    factor: Fraction


def unit_factor(
    rule: UnitCoefficient,
    unit: UnitFacts,
) -> Fraction:
    """The highest of the factors that apply to a unit, or their product; 1 where none does."""
    # A row counts once, however many of its filters take the unit.
    factors = [row.factor for row in rule.rows if _takes(row, unit)]
    if rule.combine == "product":
        return exact_product(factors)
    return max(factors, default=ONE)


def _takes(row: UnitFactor, unit: UnitFacts) -> bool:
    return any(unit_matches(where, unit) for where in row.where)
