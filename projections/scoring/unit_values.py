"""A unit's value of what a rule counts, with the numbers behind it; conditions on it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from lifecycle.rulebook.conditions import AnyCondition


class ValueComparison(NamedTuple):
    """What a value is compared with, or its places then and now among `of` units; the result.

    A unit that is not compared has no places. JSON names `as_` as the rulebook does.
    """

    as_: str
    compared_with: Fraction | None
    place_then: int | None
    place_now: int | None
    of: int | None
    compared: Fraction


class CountedNumber(NamedTuple):
    """What was counted and how much of it; its target and the quotient; how it compares."""

    what: str
    actual: Fraction
    target: Fraction | None = None
    ratio: Fraction | None = None
    comparison: ValueComparison | None = None


class PeriodRun(NamedTuple):
    """What was counted, and in how many consecutive periods at most it met the bounds."""

    what: str
    in_a_row: int


class ResultRead(NamedTuple):
    """Which result of a unit was read: `rule`, `modules`, `group` or `total`, and its names.

    `each_below` is what the modules counted are below; `end` from where a place counts, among `of`
    units.
    """

    what: str
    names: tuple[str, ...]
    each_below: Fraction | None = None
    end: str | None = None
    of: int | None = None


class UnitValue(NamedTuple):
    """A unit's value of what a rule counts, the numbers and the events behind it."""

    value: Fraction
    inputs: CountedNumber | PeriodRun | ResultRead
    events: tuple[str, ...]


class ConditionResult(NamedTuple):
    """A condition's value, and whether the condition holds."""

    counted: CountedNumber | PeriodRun | ResultRead
    value: Fraction
    holds: bool


def within_bounds(condition: AnyCondition, value: Fraction) -> bool:
    """Whether a value meets every bound of a condition."""
    if condition.at_least is not None and value < condition.at_least:
        return False
    if condition.at_most is not None and value > condition.at_most:
        return False
    if condition.above is not None and value <= condition.above:
        return False
    return condition.below is None or value < condition.below
