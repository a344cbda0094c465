"""`exclusive`: of several rules only the highest counts, per project or per unit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from lifecycle.rulebook.kinds.exclusive_rule import Exclusive


class OnlyHighestCounts(NamedTuple):
    """The rule that counts, and the one that does not because of it."""

    kept: str
    left_out: str


def highest_rule(
    rule: Exclusive,
    points_by_rule: Mapping[str, Fraction],
) -> str:
    """The rule with the most points; of equals the first that the rulebook names."""
    # `max` takes the first of equals.
    return max(rule.rules, key=points_by_rule.__getitem__)
