"""A line's formula with the numbers put in; each shape of inputs has its text with its kind."""

from __future__ import annotations

from commands.words.formula_parts import item_basis, only_counts, points_each
from commands.words.kinds import formulas_by_shape
from commands.words.line_names import NO_NAMES, LineNames, with_names
from commands.words.messages import say
from commands.words.rule_phrases import number, policy_number
from commands.words.shown_names import shown_subject
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.composite_rule import WeightedParts
from lifecycle.rulebook.kinds.item_points import PointsEach
from projections.scoring.score_line import (
    CapApplied,
    EffectInputs,
    FloorApplied,
    ItemInputs,
    MissingTarget,
    MissingYear,
    ScoreLine,
    ValueInputs,
)


def formula(line: ScoreLine, names: LineNames = NO_NAMES) -> str:
    """How the points of a line were computed; `names` are those of its rulebook."""
    inputs = with_names(line.inputs, names)
    if isinstance(inputs, ItemInputs):
        return _item(inputs)
    if isinstance(inputs, ValueInputs):
        return _value(inputs)
    return _effect(inputs)


def _effect(inputs: EffectInputs) -> str:
    """Points that rest on other points, or on nothing but the rule."""
    if isinstance(inputs, CapApplied | FloorApplied):
        total, limit = inputs
        return f"{number(total)} → {policy_number(limit)}"
    if isinstance(inputs, MissingTarget):
        subject = shown_subject(inputs.missing_target)
        return say(msg("no target was set or reported: {what}"), what=subject)
    if isinstance(inputs, MissingYear):
        template = msg("no fact of {year} to compare with: {what}")
        return say(template, year=inputs.missing_year, what=shown_subject(inputs.what))
    return formulas_by_shape()[type(inputs)](inputs)


def _item(inputs: ItemInputs) -> str:
    if inputs.left_for is not None:
        return only_counts(inputs.left_for)
    text = _item_points(inputs)
    if inputs.coefficient is not None and inputs.coefficient != 1:
        text += f" × {number(inputs.coefficient)}"
    return text


def _item_points(inputs: ItemInputs) -> str:
    points = inputs.points
    if isinstance(points, PointsEach):
        # Several kinds give points for each item.
        return points_each(points.points, points.value) + item_basis(inputs.item)
    return formulas_by_shape()[type(points)](points, inputs.item)


def _value(inputs: ValueInputs) -> str:
    shape = inputs.points
    text = formulas_by_shape()[type(shape)]
    if isinstance(shape, WeightedParts):
        return text(shape)
    assert inputs.counted is not None  # a composite alone has its values in its parts
    return text(shape, inputs.counted)
