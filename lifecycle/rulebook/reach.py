"""The least and greatest points that a rule, and a module, can reach under a rulebook (spec 6, `rulebook check`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Final

from lifecycle.rulebook import kinds as k
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.reads import counted_of
from lifecycle.rulebook.rulebook_model import Rulebook

Reach = tuple[Fraction | None, Fraction | None]
"""Least and greatest; None where nothing limits."""

ZERO: Final = Fraction(0)
NOTHING: Final[Reach] = (ZERO, ZERO)
_FREE: Final = frozenset({"routine_points", "days_between"})
"""Measures whose amounts may be negative."""


def reach(rulebook: Rulebook) -> dict[str, Reach]:
    """Each module's least and greatest attainable points, after its floor and cap."""
    result: dict[str, Reach] = {}
    gated = {
        rule.module for rule in rulebook.rules if isinstance(rule, k.Gate) and rule.gates != "rule"
    }
    closed = any(isinstance(rule, k.Gate) and rule.gates == "total" for rule in rulebook.rules)
    for module in rulebook.modules:
        ends = [_as_gated(rule, rulebook) for rule in rulebook.rules if rule.module == module.id]
        low, high = _sum(end[0] for end in ends), _sum(end[1] for end in ends)
        if closed or module.id in gated:
            low, high = _with_zero(low, high)
        result[module.id] = _clamped((low, high), module.floor, module.cap)
    return result


def _as_gated(rule: k.Rule, book: Rulebook) -> Reach:
    """A rule's ends; those of one that may be stopped, or multiplied, with what becomes of them."""
    low, high = of_rule(rule)
    for other in book.rules:
        if isinstance(other, k.UnitCoefficient) and rule.id in other.rules:
            factors = [Fraction(1), *(row.factor for row in other.rows)]
            low = None if low is None else min(low * factor for factor in factors)
            high = None if high is None else max(high * factor for factor in factors)
        if (isinstance(other, k.Gate) and other.rule == rule.id) or (
            isinstance(other, k.Exclusive) and rule.id in other.rules
        ):
            low, high = _with_zero(low, high)
    return low, high


def _with_zero(low: Fraction | None, high: Fraction | None) -> Reach:
    return None if low is None else min(low, ZERO), None if high is None else max(high, ZERO)


def _sum(ends: Iterable[Fraction | None]) -> Fraction | None:
    total = ZERO
    for end in ends:
        if end is None:
            return None
        total += end
    return total


def _clamped(ends: Reach, floor: Fraction | None, cap: Fraction | None) -> Reach:
    low, high = ends
    if floor is not None:
        low, high = (
            (floor if low is None else max(low, floor)),
            (None if high is None else max(high, floor)),
        )
    if cap is not None:
        low, high = (
            (None if low is None else min(low, cap)),
            (cap if high is None else min(high, cap)),
        )
    return low, high


def _signed(values: Iterable[Fraction], rule: Any) -> Reach:
    """As far as history goes, to the side of the points' sign."""
    found = list(values)
    free = any(counted.measure in _FREE for _, counted in counted_of(rule)) and any(found)
    low: Fraction | None = None if free or any(value < 0 for value in found) else ZERO
    return low, None if free or any(value > 0 for value in found) else ZERO


def _item(rule: k.PerItem | k.Deduct | k.Escalating) -> list[Fraction]:
    if isinstance(rule, k.PerItem) and rule.points_by is not None:
        return list(rule.points_by.values())
    if not isinstance(rule, k.Escalating) and rule.points is not None:
        return [rule.points]
    return [band.points for band in rule.bands or ()]


def _per_item(rule: k.PerItem) -> Reach:
    low, high = _signed(_item(rule), rule)
    periods = {None: 1, "year": 1, "quarter": 4, "month": 12}[rule.limit_per]
    return low, high if rule.limit is None else min(
        high, rule.limit * periods
    ) if high is not None else rule.limit * periods


def _deduct(rule: k.Deduct) -> Reach:
    low, high = _signed(_item(rule), rule)
    start = rule.start or ZERO
    if rule.floor is not None:
        low = rule.floor
    elif low is not None:
        low += start
    return low, None if high is None else high + start


def _bracket(rule: k.Bracket) -> Reach:
    lows: list[Fraction | None] = [ZERO]
    highs: list[Fraction | None] = [ZERO]
    for band in rule.bands:
        for end in _ends(band.value, free=rule.measure in _FREE):
            slope = band.slope or ZERO
            if end is not None or not slope:
                value = band.points + slope * (end or ZERO)
                lows.append(value)
                highs.append(value)
            else:
                (highs if slope > 0 else lows).append(None)
    low = None if None in lows else min(value for value in lows if value is not None)
    high = None if None in highs else max(value for value in highs if value is not None)
    return _clamped((low, high), rule.floor, rule.cap)


def _ends(band: Interval, *, free: bool) -> tuple[Fraction | None, Fraction | None]:
    low = band.low if free or (band.low is not None and band.low > 0) else ZERO
    return low, band.high


def _ratio(rule: k.Ratio) -> Reach:
    return _clamped(_signed([rule.weight], rule), rule.floor, rule.cap)


def _stepped(rule: k.Stepped) -> Reach:
    hundred = Fraction(100)
    under = [_length(segment.percent, ZERO, hundred) * segment.step for segment in rule.segments]
    over = [
        None
        if segment.percent.high is None and segment.step > 0
        else _length(segment.percent, hundred, None) * segment.step
        for segment in rule.segments
    ]
    low = _clamped((-sum(under, ZERO), ZERO), rule.least, None)[0]
    high = _clamped((ZERO, _sum(over)), None, rule.most)[1]
    return None if low is None else rule.base + low, None if high is None else rule.base + high


def _length(band: Interval, low: Fraction, high: Fraction | None) -> Fraction:
    begins = max(low, band.low) if band.low is not None else low
    ends = [end for end in (band.high, high) if end is not None]
    return max(ZERO, min(ends) - begins) if ends else ZERO


def _composite(rule: k.Composite) -> Reach:
    return _clamped(_signed([rule.weight], rule), rule.floor, rule.cap)


def _rank(rule: k.Rank) -> Reach:
    values = [ZERO, *(band.points for band in rule.bands)]
    return min(values), max(values)


def _minmax(rule: k.MinMax) -> Reach:
    ends = [
        end / rule.out_of * rule.weight
        for end in (rule.base, rule.base + rule.span, rule.when_equal)
    ]
    return min(ends), max(ends)


def _relative(rule: k.Relative) -> Reach:
    ends = [ZERO, rule.weight, rule.when_none]
    return min(ends), max(ends)


_OF: Final[dict[str, Callable[[Any], Reach]]] = {
    "per_item": _per_item,
    "per_amount": lambda rule: _signed([rule.points], rule),
    "credit": lambda rule: _signed([rule.points], rule),
    "deduct": _deduct,
    "escalating": lambda rule: _signed(_item(rule), rule),
    "bracket": _bracket,
    "ratio": _ratio,
    "stepped": _stepped,
    "composite": _composite,
    "rank": _rank,
    "minmax": _minmax,
    "relative": _relative,
}


def of_rule(rule: k.Rule) -> Reach:
    """A rule's own least and greatest; what only looks at others' points adds nothing itself."""
    return _OF[rule.kind](rule) if rule.kind in _OF else NOTHING
