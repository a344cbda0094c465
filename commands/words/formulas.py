"""A line's formula with the numbers put in, one function for each shape of inputs."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, assert_never

from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from projections.scoring.counted_items import (
    Difference,
    IndicatorFigure,
    ItemFacts,
    PeriodResult,
)
from projections.scoring.kinds import SingleValueShape
from projections.scoring.kinds.bracket_points import BandPoints
from projections.scoring.kinds.composite_points import WeightedParts
from projections.scoring.kinds.deduct_points import FullStart
from projections.scoring.kinds.escalating_points import PointsByCount
from projections.scoring.kinds.exclusive_effect import OnlyHighestCounts
from projections.scoring.kinds.gate_effect import ClosedGate
from projections.scoring.kinds.item_points import PointsEach
from projections.scoring.kinds.minmax_points import MinMaxPosition
from projections.scoring.kinds.per_amount_points import AmountRate
from projections.scoring.kinds.rank_points import PlaceInSequence
from projections.scoring.kinds.ratio_points import WeightedRatio
from projections.scoring.kinds.relative_points import ShareOfGreatest
from projections.scoring.kinds.stepped_points import StepsTaken
from projections.scoring.kinds.unit_coefficient_effect import MultipliedRule
from projections.scoring.rounding import decimal_text
from projections.scoring.score_line import (
    CapApplied,
    EffectInputs,
    FloorApplied,
    ItemInputs,
    ScoreLine,
    ValueInputs,
)
from projections.scoring.unit_values import ConditionResult, CountedNumber

_PLACES: Final = 6
_NAMED_NEIGHBOURS: Final = 3
"""Neighbours that are named; the rest are counted, JSON has them all."""


def formula(line: ScoreLine) -> str:
    """How the points of a line were computed."""
    inputs = line.inputs
    if isinstance(inputs, ItemInputs):
        return _item(inputs)
    if isinstance(inputs, ValueInputs):
        return _value(inputs)
    return _effect(inputs)


def _effect(inputs: EffectInputs) -> str:
    """Points that rest on other points, or on nothing but the rule."""
    match inputs:
        case FullStart(start):
            return say(msg("starting points {points}"), points=_number(start))
        case CapApplied(points, limit) | FloorApplied(points, limit):
            return f"{_number(points)} → {_number(limit)}"
        case MultipliedRule(_rule, points, factor):
            return f"{_number(points)} × ({_number(factor)} − 1)"
        case OnlyHighestCounts(kept):
            return say(msg("only {rule} counts"), rule=kept)
        case ClosedGate(_shut, conditions):
            return _closed_gate(conditions)
    assert_never(inputs)


def _number(value: Fraction) -> str:
    return decimal_text(value, _PLACES)


# Of an item ---------------------------------------------------------------------------------------


def _item(inputs: ItemInputs) -> str:
    if inputs.left_for is not None:
        return say(msg("only {rule} counts"), rule=inputs.left_for)
    text = _points_each(inputs.points) + _of_item(inputs.item)
    if isinstance(inputs.points, PointsByCount):
        text += f"（共 {_number(inputs.points.count_)} 次）"
    if inputs.coefficient is not None and inputs.coefficient != 1:
        text += f" × {_number(inputs.coefficient)}"
    return text


def _points_each(points: PointsEach | AmountRate | PointsByCount) -> str:
    """Points per item, for a number of items, or for an amount."""
    if isinstance(points, AmountRate):
        amount = _number(points.amount)
        if points.points == points.per:
            return amount
        return f"{amount} × {_number(points.points)}/{_number(points.per)}"
    if points.value is None:
        return _number(points.points)
    return f"{_number(points.points)} × {_number(points.value)}"


def _of_item(facts: ItemFacts) -> str:
    """What the number of an item rests on, where that is not plain."""
    match facts:
        case Difference(actual, due) | PeriodResult(_, actual, due):
            return say(
                msg(" (due {due}, actual {actual})"), due=_number(due), actual=_number(actual)
            )
        case IndicatorFigure(shared_by=int(count)):
            return say(msg(" (shared by {count})"), count=count)
    return ""


# Of a unit's value --------------------------------------------------------------------------------


def _value(inputs: ValueInputs) -> str:
    if isinstance(inputs.points, WeightedParts):
        return _weighted_parts(inputs.points)
    assert inputs.counted is not None  # a composite alone has its values in its parts
    return _shape(inputs.counted, inputs.points)


def _shape(
    counted: CountedNumber,
    shape: SingleValueShape,
) -> str:
    match shape:
        case BandPoints():
            return _band(counted, shape)
        case WeightedRatio():
            ends = _ends(shape.floor, shape.cap)
            return f"{_quotient(counted)} × {_number(shape.weight)}{ends}"
        case StepsTaken():
            return _steps(counted, shape)
        case PlaceInSequence():
            return _place(counted, shape) + _neighbours(shape.neighbours)
        case MinMaxPosition():
            return _position(counted, shape) + _neighbours(shape.neighbours)
        case ShareOfGreatest():
            share = f"{_quotient(counted)} ÷ {_number(shape.greatest)} × {_number(shape.weight)}"
            return share + _neighbours(shape.neighbours)
    assert_never(shape)


def _quotient(counted: CountedNumber) -> str:
    """What was counted over its target, if any; where that is 0, the value in its place."""
    if counted.target is None:
        return _number(counted.actual)
    if counted.target == 0:
        assert counted.ratio is not None
        return _number(counted.ratio)
    return f"{_number(counted.actual)} ÷ {_number(counted.target)}"


def _final_value(counted: CountedNumber) -> str:
    """The value itself, the quotient computed."""
    return _number(counted.actual if counted.ratio is None else counted.ratio)


def _ends(floor: Fraction | None, cap: Fraction | None) -> str:
    text = ""
    if floor is not None:
        text += f"，保底 {_number(floor)}"
    if cap is not None:
        text += f"，封顶 {_number(cap)}"
    return text


def _band(counted: CountedNumber, shape: BandPoints) -> str:
    if shape.band is None:
        return say(msg("{value} is in no band"), value=_quotient(counted))
    text = f"{_quotient(counted)} ∈ {shape.band} → {_number(shape.points)}"
    if shape.slope is not None:
        text += f" + {_number(shape.slope)} × {_final_value(counted)}"
    return text


def _steps(counted: CountedNumber, shape: StepsTaken) -> str:
    moved = _number(shape.moved)
    sign = "−" if moved.startswith("-") else "+"
    moved = moved.removeprefix("-")
    percent, base = _number(shape.percent), _number(shape.base)
    return f"{_quotient(counted)} = {percent} %: {base} {sign} {moved}"


def _weighted_parts(shape: WeightedParts) -> str:
    parts = " + ".join(f"{_number(part.value)} × {_number(part.share)}" for part in shape.parts)
    ends = _ends(shape.floor, shape.cap)
    return f"({parts}) ÷ {_number(shape.out_of)} × {_number(shape.weight)}{ends}"


def _place(
    counted: CountedNumber,
    shape: PlaceInSequence,
) -> str:
    if shape.place is None:
        return say(msg("{value}: no place"), value=_quotient(counted))
    return say(
        msg("{value}: place {place} of {of}"),
        value=_quotient(counted),
        place=shape.place,
        of=shape.of,
    )


def _position(
    counted: CountedNumber,
    shape: MinMaxPosition,
) -> str:
    scaled = f" ÷ {_number(shape.out_of)} × {_number(shape.weight)}"
    if shape.least == shape.greatest:
        return say(msg("all equal: {mark}"), mark=_number(shape.mark)) + scaled
    value, least, greatest = (
        _final_value(counted),
        _number(shape.least),
        _number(shape.greatest),
    )
    span, base = _number(shape.span), _number(shape.base)
    return f"(({value} − {least}) ÷ ({greatest} − {least}) × {span} + {base}){scaled}"


def _neighbours(units: tuple[str, ...]) -> str:
    """The units whose change would move this one's points."""
    if not units:
        return ""
    names = "、".join(units[:_NAMED_NEIGHBOURS])
    if len(units) > _NAMED_NEIGHBOURS:
        names += f" 等 {len(units)} 家"
    return say(msg("; depends on {units}"), units=names)


# Of a gate ----------------------------------------------------------------------------------------


def _closed_gate(conditions: tuple[ConditionResult, ...]) -> str:
    results = "；".join(_condition(result) for result in conditions)
    return say(msg("does not count: {conditions}"), conditions=results)


def _condition(result: ConditionResult) -> str:
    sign = "✓" if result.holds else "✗"
    return f"{word(result.counted.what)} {_number(result.value)} {sign}"
