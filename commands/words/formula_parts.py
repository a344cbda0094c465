"""Parts that the formulas of several kinds of rule share: quotients, ends, an item's basis."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from commands.words.messages import say
from commands.words.rule_phrases import number, policy_number
from commands.words.shown_names import shown_rule
from lifecycle.rejections import msg
from projections.scoring.counted_items import (
    Difference,
    IndicatorFigure,
    ItemFacts,
    LimitFellDue,
    PeriodResult,
)
from projections.scoring.unit_values import CountedNumber

_NAMED_NEIGHBOURS: Final = 3
"""Neighbours that are named; the rest are counted, JSON has them all."""


def points_each(points: Fraction, value: Fraction | None) -> str:
    """Points per item, or for a number of items."""
    if value is None:
        return policy_number(points)
    return f"{policy_number(points)} × {number(value)}"


def only_counts(rule_id: str) -> str:
    """Say which rule counts in the place of others."""
    return say(msg("only {rule} counts"), rule=shown_rule(rule_id))


def item_basis(facts: ItemFacts) -> str:
    """What the number of an item rests on, where that is not plain."""
    match facts:
        case Difference(actual, due) | PeriodResult(_, actual, due):
            return say(msg(" (due {due}, actual {actual})"), due=number(due), actual=number(actual))
        case LimitFellDue(_, due_on, met_on, days_late):
            return _due_day(due_on, met_on, days_late)
        case IndicatorFigure(shared_by=int(count)):
            return say(msg(" (shared by {count})"), count=count)
        case CountedNumber() if facts.comparison is not None:
            return say(msg(" ({comparison})"), comparison=quotient(facts))
    return ""


def _due_day(due_on: date, met_on: date | None, days_late: int) -> str:
    if not days_late:
        return say(msg(" (due on {due_on}, done on {met_on})"), due_on=due_on, met_on=met_on)
    if met_on is None:
        return say(msg(" (due on {due_on}, {count} days late)"), due_on=due_on, count=days_late)
    return say(
        msg(" (due on {due_on}, done on {met_on}, {count} days late)"),
        due_on=due_on,
        met_on=met_on,
        count=days_late,
    )


def quotient(counted: CountedNumber) -> str:
    """What was counted over its target, if any, and what that is compared with.

    Where a divisor is 0, the value in its place.
    """
    comparison = counted.comparison
    if comparison is None:
        return _over_target(counted)
    if comparison.place_then is not None:
        return say(
            msg("from place {place_then} to {place_now}"),
            place_then=comparison.place_then,
            place_now=comparison.place_now,
        )
    if not comparison.compared_with:
        return number(comparison.compared)
    own = _over_target(counted)
    if counted.target:
        own = f"({own})"
    return f"{own} ÷ {number(comparison.compared_with)}"


def _over_target(counted: CountedNumber) -> str:
    if counted.target is None:
        return number(counted.actual)
    if counted.target == 0:
        assert counted.ratio is not None
        return number(counted.ratio)
    return f"{number(counted.actual)} ÷ {number(counted.target)}"


def final_value(counted: CountedNumber) -> str:
    """The value itself, the quotient or the comparison computed."""
    if counted.comparison is not None:
        return number(counted.comparison.compared)
    return number(counted.actual if counted.ratio is None else counted.ratio)


def percent_of(counted: CountedNumber) -> Fraction:
    """The value itself, the quotient or the comparison in percent."""
    if counted.comparison is not None:
        return counted.comparison.compared * 100
    value = counted.actual if counted.ratio is None else counted.ratio
    return value * 100


def ends_text(floor: Fraction | None, cap: Fraction | None) -> str:
    """Name the least and the greatest that points are cut to; nothing where they have none."""
    text = ""
    if floor is not None:
        text += f"，保底 {policy_number(floor)}"
    if cap is not None:
        text += f"，封顶 {policy_number(cap)}"
    return text


def neighbours(units: tuple[str, ...]) -> str:
    """The units whose change would move this one's points."""
    if not units:
        return ""
    names = "、".join(units[:_NAMED_NEIGHBOURS])
    if len(units) > _NAMED_NEIGHBOURS:
        names += f" 等 {len(units)} 家"
    return say(msg("; depends on {units}"), units=names)
