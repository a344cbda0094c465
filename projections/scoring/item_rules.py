"""The kinds of rule that score each thing counted: each a small pure function from items to lines of points (spec 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, NamedTuple, Protocol

from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds import Credit, Deduct, Escalating, PerAmount, PerItem, RuleBase
from projections.facts.narrow_events import MICRO
from projections.scoring.measure_values import CountedItem
from projections.scoring.prepared_policy import Factor, weakest, within
from projections.scoring.rounding import round_half_up
from projections.scoring.score_line import ScoreLine


class ItemPoints(NamedTuple):
    """Points of an item, exact, and what they were worked out from; `at` is the item's place among the items, None for a full start."""

    at: int | None
    points: Fraction
    inputs: dict[str, Any]


class HasSize(Protocol):
    """What has a scale and a total investment, in millionths of 万元: a judged project."""

    @property
    def scale(self) -> int:
        """Fixed-asset scale."""

    @property
    def investment(self) -> int:
        """Total investment."""


class Size(NamedTuple):
    """A size without its project; nothing for a unit."""

    scale: int
    investment: int


NO_SIZE: Final = Size(0, 0)
ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


def summed(amounts: Iterable[Fraction]) -> Fraction:
    """Their sum; of none at all a fraction too, so that what is divided stays exact."""
    return sum(amounts, ZERO)


def _each(points: Fraction, factor: Fraction, value: int | Fraction) -> Fraction:
    """Points for a thing that counts as one, or as so many millionths."""
    found = points if factor == 1 else points * factor
    return found if value == MICRO else found * value / MICRO


def per_item(
    rule: PerItem, items: Sequence[CountedItem], factor: Fraction, size: HasSize
) -> Iterator[ItemPoints]:
    """Points for each item: the same for all, by its label, or by the band of the project's size."""
    banded = _by_band(rule, size) if rule.bands is not None else rule.points
    for at, item in enumerate(items):
        base = banded if rule.points_by is None else rule.points_by.get(item.label)
        if base is not None:
            yield ItemPoints(at, _each(base, factor, item.value), {"points": base, **_many(item)})


def credit(
    rule: Credit, items: Sequence[CountedItem], factor: Fraction, _: HasSize
) -> Iterator[ItemPoints]:
    """Points for each, split equally among those who share it: the measure has divided already."""
    for at, item in enumerate(items):
        yield ItemPoints(
            at, _each(rule.points, factor, item.value), {"points": rule.points, **_many(item)}
        )


def _many(item: CountedItem) -> dict[str, Any]:
    return {} if item.value == MICRO else {"value": Fraction(item.value) / MICRO}


def _by_band(rule: PerItem | Deduct, size: HasSize) -> Fraction | None:
    for band in rule.bands or ():
        value = size.scale if band.scale is not None else size.investment
        if within(band.band)(value):
            return band.points
    return None


def per_amount(
    rule: PerAmount, items: Sequence[CountedItem], factor: Fraction, _: HasSize
) -> Iterator[ItemPoints]:
    """Amount ÷ per × points × factor."""
    rate = rule.rate if factor == 1 else rule.rate * factor
    for at, item in enumerate(items):
        points = Fraction(item.value * rate.numerator, MICRO * rate.denominator)
        yield ItemPoints(
            at,
            points,
            {"amount": Fraction(item.value, MICRO), "per": rule.per, "points": rule.points},
        )


def deduct(
    rule: Deduct, items: Sequence[CountedItem], factor: Fraction, size: HasSize
) -> Iterator[ItemPoints]:
    """Points for each occurrence, by the band of the project's size where the rule has bands."""
    points = _by_band(rule, size) if rule.bands is not None else rule.points
    if points is not None:
        for at, item in enumerate(items):
            yield ItemPoints(
                at, _each(points, factor, item.value), {"points": points, **_many(item)}
            )


def escalating(
    rule: Escalating, items: Sequence[CountedItem], factor: Fraction, _: HasSize
) -> Iterator[ItemPoints]:
    """Points each by the count: of all of them where `applies_to` is all, else by each one's own place."""
    total = sum(item.value for item in items)
    place = ZERO
    for at, item in enumerate(items):
        if rule.applies_to == "all":
            base = _by_count(rule, Fraction(total, MICRO))
            points = base * item.value / MICRO
        else:
            points, base = _along(rule, place, Fraction(item.value, MICRO))
            place += Fraction(item.value, MICRO)
        yield ItemPoints(
            at, points * factor, {"count": Fraction(total, MICRO), "points": base, **_many(item)}
        )


def _by_count(rule: Escalating, count: Fraction) -> Fraction:
    return next((band.points for band in rule.bands if count in band.count), ZERO)


def _along(rule: Escalating, before: Fraction, more: Fraction) -> tuple[Fraction, Fraction]:
    """The points of the further ones after so many, each by its own place (the first of them from 0 to 1); and those of the last."""
    points, last = ZERO, ZERO
    for band in rule.bands:
        first, final = _places(band.count)
        ends = before + more if final is None else min(before + more, Fraction(final))
        length = ends - max(before, Fraction(first - 1))
        if length > 0:
            points, last = points + length * band.points, band.points
    return points, last


def _places(band: Interval) -> tuple[int, int | None]:
    """The first and the last whole number in a band of counts; None where it does not end."""
    first = (
        1
        if band.low is None
        else ceil(band.low) + (not band.with_low and band.low == ceil(band.low))
    )
    final = (
        None
        if band.high is None
        else floor(band.high) - (not band.with_high and band.high == floor(band.high))
    )
    return max(first, 1), final


Kind = Callable[[Any, Sequence[CountedItem], Fraction, HasSize], Iterator[ItemPoints]]
KINDS: Final[dict[str, Kind]] = {
    "per_item": per_item,
    "per_amount": per_amount,
    "credit": credit,
    "deduct": deduct,
    "escalating": escalating,
}

# Limits over several items --------------------------------------------------------------------------------------------


def within_limits(
    rule: RuleBase, items: Sequence[CountedItem], scored: Iterable[ItemPoints]
) -> Iterable[ItemPoints]:
    """Rounded where the rule says so; a limit of a period fills up, a full start is used up, nothing goes beyond."""
    if rule.places is not None:
        scored = [one._replace(points=round_half_up(one.points, rule.places)) for one in scored]
    if type(rule) is PerItem and rule.limit is not None:
        return _filled(rule, items, scored)
    if type(rule) is Deduct and (rule.start is not None or rule.floor is not None):
        return _used_up(rule, scored)
    return scored


def _filled(
    rule: PerItem, items: Sequence[CountedItem], scored: Iterable[ItemPoints]
) -> Iterator[ItemPoints]:
    assert rule.limit is not None
    each = rule.limit_per
    left: dict[str | None, Fraction] = {}
    for one in scored:
        assert one.at is not None
        key = None if each is None or each == "year" else period_of(items[one.at].when, each)
        points = min(one.points, left.get(key, rule.limit))
        left[key] = left.get(key, rule.limit) - points
        if points:
            yield one._replace(points=points)


def _used_up(rule: Deduct, scored: Iterable[ItemPoints]) -> Iterator[ItemPoints]:
    now = rule.start or ZERO
    if rule.start is not None:
        yield ItemPoints(None, rule.start, {"start": rule.start})
    for one in scored:
        after = now + one.points if rule.floor is None else max(now + one.points, rule.floor)
        if after != now:
            yield one._replace(points=after - now)
        now = after


def period_of(when: date | str | None, each: str) -> str | None:
    """The month `2024-05` or quarter `2024-Q2` that something lies in; None where it is not told so finely."""
    if when is None:
        return None
    text = when if isinstance(when, str) else f"{when:%Y-%m}"
    if each == "month":
        return text if len(text) == len("2024-05") and "Q" not in text else None
    if "Q" in text:
        return text
    return f"{text[:4]}-Q{(int(text[5:]) + 2) // 3}" if len(text) == len("2024-05") else None


# Lines ----------------------------------------------------------------------------------------------------------------


def lines(
    rule: Any,
    items: Sequence[CountedItem],
    unit: str,
    stream: str,
    *,
    project: str | None,
    factor: Factor | None,
    size: HasSize = NO_SIZE,
) -> Iterator[ScoreLine]:
    """The lines that a rule makes of one stream's items: of a project (then with its size and factor) or of a unit."""
    value = ONE if factor is None else factor.value
    basis = rule.basis if factor is None else weakest(rule.basis, factor.basis)
    for at, points, inputs in within_limits(
        rule, items, KINDS[rule.kind](rule, items, value, size)
    ):
        assert at is not None  # a start is told of the whole
        item = items[at]
        used = item.inputs | inputs
        if factor is not None:
            used["coefficient"] = value
        events = tuple([f"{stream}#{version}" for version in item.versions])
        yield ScoreLine(
            rule.id, rule.module, points, rule.clause, basis, unit, project, used, events
        )
