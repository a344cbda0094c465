"""The least and greatest points that a module can reach under a rulebook (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from lifecycle.rulebook.model import Deduct, PerAmount, PerItem, Rule, Rulebook

Reach = tuple[Fraction | None, Fraction | None]
"""Least and greatest; None where nothing limits."""

_FREE = frozenset({"routine_points"})
"""Measures whose amounts may be negative."""


def reach(rulebook: Rulebook) -> dict[str, Reach]:
    """Each module's least and greatest attainable points, after its floor and cap."""
    result: dict[str, Reach] = {}
    for module in rulebook.modules:
        ends = [_of_rule(rule) for rule in rulebook.rules if rule.module == module.id]
        low = _sum(end[0] for end in ends)
        high = _sum(end[1] for end in ends)
        if module.floor is not None:
            low = module.floor if low is None else max(low, module.floor)
        if module.cap is not None:
            high = module.cap if high is None else min(high, module.cap)
        result[module.id] = low, high
    return result


def _sum(ends: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for end in ends:
        if end is None:
            return None
        total += end
    return total


def _of_rule(rule: Rule) -> Reach:
    """A rule without a limit reaches as far as history goes, to the side of its points' sign."""
    values = _values(rule)
    low: Fraction | None = None if any(value < 0 for value in values) or rule.measure in _FREE else Fraction(0)
    high: Fraction | None = None if any(value > 0 for value in values) else Fraction(0)
    if isinstance(rule, PerItem) and rule.limit is not None:
        high = rule.limit
    return low, high


def _values(rule: Rule) -> list[Fraction]:
    if isinstance(rule, PerItem):
        return [rule.points] if rule.points is not None else list((rule.points_by or {}).values())
    if isinstance(rule, PerAmount):
        return [rule.points]
    bands = [band.points for band in rule.bands or ()]
    return [rule.points] if isinstance(rule, Deduct) and rule.points is not None else bands
