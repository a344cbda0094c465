"""A unit's value of what a rule counts, with the numbers behind it; conditions on it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from lifecycle.rulebook.conditions import AnyCondition


class CountedNumber(NamedTuple):
    """What was counted and how much of it; over a target, the target and the quotient."""

    what: str
    actual: Fraction
    target: Fraction | None = None
    ratio: Fraction | None = None


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
