"""The kinds of rule: each a small pure function from items to lines of points (spec 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lifecycle.rulebook.model import Deduct, Escalating, PerAmount, PerItem, Rule
from projections.facts import MICRO
from projections.measures import Item
from projections.policy import Factor, weakest, within


class Line(NamedTuple):
    """One line of points of a unit: the rule and its clause, the basis, what it was worked out from, its events."""

    rule: str
    module: str
    points: Fraction
    clause: str
    basis: str
    unit: str
    project: str | None
    inputs: dict[str, Any]
    events: tuple[str, ...]


class Scored(NamedTuple):
    """An item with its points, exact."""

    item: Item
    points: Fraction
    inputs: dict[str, Any]


@lru_cache(maxsize=4_096)
def _times(points: Fraction, factor: Fraction) -> Fraction:
    return points * factor


def per_item(rule: PerItem, items: Sequence[Item], factor: Fraction, _: int) -> Iterator[Scored]:
    """Points for each item, by its label where the rule has a table; once `limit` is reached, no more."""
    left = rule.limit
    for item in items:
        base = rule.points if rule.points is not None else (rule.points_by or {}).get(item.label)
        if base is None:
            continue
        points = _times(base, factor)
        if left is not None:
            points = min(points, left)
            left -= points
            if not points:
                return
        yield Scored(item, points, {"points": base})


def per_amount(rule: PerAmount, items: Sequence[Item], factor: Fraction, _: int) -> Iterator[Scored]:
    """Amount ÷ per × points × factor."""
    rate = _times(rule.points / rule.per, factor)
    for item in items:
        points = Fraction(item.value * rate.numerator, MICRO * rate.denominator)
        yield Scored(item, points, {"amount": Fraction(item.value, MICRO), "per": rule.per, "points": rule.points})


def deduct(rule: Deduct, items: Sequence[Item], factor: Fraction, scale: int) -> Iterator[Scored]:
    """Points for each occurrence, by the band of the project's scale where the rule has bands."""
    points = rule.points
    if rule.bands is not None:
        points = next(band.points for band in rule.bands if within(band.scale)(scale))
    assert points is not None
    for item in items:
        yield Scored(item, _times(points, factor), {"points": points})


def escalating(rule: Escalating, items: Sequence[Item], factor: Fraction, _: int) -> Iterator[Scored]:
    """Points each by the count: of all of them where `applies_to` is all, else by each one's own place."""
    count = len(items)
    for place, item in enumerate(items, start=1):
        by = count if rule.applies_to == "all" else place
        points = next((band.points for band in rule.bands if by in band.count), Fraction(0))
        yield Scored(item, _times(points, factor), {"count": count, "points": points})


Kind = Callable[[Any, Sequence[Item], Fraction, int], Iterator[Scored]]
KINDS: Final[dict[str, Kind]] = {
    "per_item": per_item,
    "per_amount": per_amount,
    "deduct": deduct,
    "escalating": escalating,
}


def lines(
    rule: Rule, items: Sequence[Item], unit: str, stream: str, *, project: str | None, factor: Factor | None, scale: int
) -> Iterator[Line]:
    """The lines that a rule makes of items: of a project (then with its scale and factor) or of a unit."""
    value = Fraction(1) if factor is None else factor.value
    basis = rule.basis if factor is None else weakest(rule.basis, factor.basis)
    for item, points, inputs in KINDS[rule.kind](rule, items, value, scale):
        used = item.inputs | inputs
        if factor is not None:
            used["coefficient"] = value
        events = tuple([f"{stream}#{version}" for version in item.versions])
        yield Line(rule.id, rule.module, points, rule.clause, basis, unit, project, used, events)
