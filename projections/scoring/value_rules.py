"""The kinds of rule that score a unit's value, by itself or within its sequence: each a small pure function (spec 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.rulebook.kinds import Bracket, Composite, MinMax, Rank, Ratio, Relative, Stepped
from projections.scoring.gathered_values import Got, Value
from projections.scoring.item_rules import ZERO, summed

HUNDRED: Final = Fraction(100)


class Worth(NamedTuple):
    """Points of a unit's value, and what they were worked out from beside it."""

    points: Fraction
    inputs: dict[str, Any]


def clamped(value: Fraction, floor: Fraction | None, cap: Fraction | None) -> Fraction:
    """Within floor and cap."""
    if floor is not None:
        value = max(value, floor)
    return value if cap is None else min(value, cap)


def bracket(rule: Bracket, value: Fraction) -> Worth:
    """Points of the band that the value lies in, and its slope; outside all bands none."""
    band = next((band for band in rule.bands if value in band.value), None)
    if band is None:
        return Worth(ZERO, {"band": None, "points": ZERO})
    slope = band.slope or ZERO
    inputs: dict[str, Any] = {"band": band.value.text, "points": band.points}
    if slope:
        inputs["slope"] = slope
    return Worth(clamped(band.points + slope * value, rule.floor, rule.cap), inputs)


def ratio(rule: Ratio, value: Fraction) -> Worth:
    """Quotient × weight, within floor and cap."""
    return Worth(
        clamped(value * rule.weight, rule.floor, rule.cap), {"weight": rule.weight, **_ends(rule)}
    )


def _ends(rule: Ratio | Composite) -> dict[str, Any]:
    return {
        name: end for name, end in (("floor", rule.floor), ("cap", rule.cap)) if end is not None
    }


def stepped(rule: Stepped, value: Fraction) -> Worth:
    """The base, and the steps of every percentage point between 100 and the completion; within both ends."""
    percent = value * HUNDRED
    low, high = min(percent, HUNDRED), max(percent, HUNDRED)
    moved = summed(
        _overlap(segment.percent.low, segment.percent.high, low, high) * segment.step
        for segment in rule.segments
    )
    moved = clamped(moved if percent > HUNDRED else -moved, rule.least, rule.most)
    return Worth(rule.base + moved, {"base": rule.base, "percent": percent, "moved": moved})


def _overlap(
    begins: Fraction | None, ends: Fraction | None, low: Fraction, high: Fraction
) -> Fraction:
    return max(
        ZERO,
        (high if ends is None else min(high, ends)) - (low if begins is None else max(low, begins)),
    )


VALUED: Final[dict[str, Callable[[Any, Fraction], Worth]]] = {
    "bracket": bracket,
    "ratio": ratio,
    "stepped": stepped,
}


def composite(rule: Composite, marks: Sequence[Sequence[Got]], values: Sequence[Value]) -> Worth:
    """Σ share × part ÷ `out_of` × weight; a part is a sum, or the mean of its marks; without marks it is 0."""
    parts = []
    total = ZERO
    for part, got, value in zip(rule.parts, marks, values, strict=True):
        found = value.value / len(got) if part.take == "mean" and got else value.value
        parts.append({"what": value.inputs["what"], "share": part.share, "value": found})
        total += part.share * found
    return Worth(
        clamped(total / rule.out_of * rule.weight, rule.floor, rule.cap),
        {"parts": parts, "out_of": rule.out_of, "weight": rule.weight, **_ends(rule)},
    )


# Within the sequence --------------------------------------------------------------------------------------------------


def rank(rule: Rank, values: Mapping[str, Fraction]) -> dict[str, Worth]:
    """Points by place; units that are not `above` the least asked for have none, and stand in nobody's way."""
    placed = {
        unit: value for unit, value in values.items() if rule.above is None or value > rule.above
    }
    order = sorted(placed, key=lambda unit: placed[unit], reverse=rule.first == "greatest")
    found = {
        unit: Worth(ZERO, {"place": None, "of": len(order), "neighbours": []}) for unit in values
    }
    for unit in order:
        own = [place for place, other in enumerate(order, start=1) if placed[other] == placed[unit]]
        places = own[:1] if rule.ties == "share" else own
        points = summed(_place_points(rule, place) for place in places) / len(places)
        around = [
            order[place - 1]
            for place in range(max(1, own[0] - 1), min(len(order), own[-1] + 1) + 1)
        ]
        found[unit] = Worth(
            points,
            {
                "place": own[0],
                "of": len(order),
                "neighbours": [other for other in around if other != unit],
            },
        )
    return found


def _place_points(rule: Rank, place: int) -> Fraction:
    return next((band.points for band in rule.bands if place in band.place), ZERO)


def minmax(rule: MinMax, values: Mapping[str, Fraction]) -> dict[str, Worth]:
    """((x − least) ÷ (greatest − least) × span + base) ÷ `out_of` × weight."""
    least, greatest = min(values.values()), max(values.values())
    ends = [unit for end in (greatest, least) for unit, value in values.items() if value == end]
    shared = {
        "least": least,
        "greatest": greatest,
        "span": rule.span,
        "base": rule.base,
        "out_of": rule.out_of,
        "weight": rule.weight,
    }
    found = {}
    for unit, value in values.items():
        mark = (
            rule.when_equal
            if least == greatest
            else (value - least) / (greatest - least) * rule.span + rule.base
        )
        neighbours = [other for other in dict.fromkeys(ends) if other != unit]
        found[unit] = Worth(
            mark / rule.out_of * rule.weight, {**shared, "mark": mark, "neighbours": neighbours}
        )
    return found


def relative(rule: Relative, values: Mapping[str, Fraction]) -> dict[str, Worth]:
    """Value ÷ the greatest × weight; `when_none` where the greatest is 0."""
    greatest = max(values.values())
    best = [unit for unit, value in values.items() if value == greatest]
    found = {}
    for unit, value in values.items():
        points = value / greatest * rule.weight if greatest else rule.when_none
        found[unit] = Worth(
            points,
            {
                "greatest": greatest,
                "weight": rule.weight,
                "neighbours": [other for other in best if other != unit],
            },
        )
    return found


RANKED: Final[dict[str, Callable[[Any, Mapping[str, Fraction]], dict[str, Worth]]]] = {
    "rank": rank,
    "minmax": minmax,
    "relative": relative,
}
