"""Whether conditions hold of a unit: on its value, on periods in a row, or on its results."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple, Protocol

from lifecycle.rulebook.conditions import AnyCondition, Condition
from lifecycle.rulebook.kinds import RuleOnResults
from lifecycle.rulebook.kinds.coefficient_rule import UnitCoefficient, UnitFactor
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from lifecycle.rulebook.result_conditions import ResultCondition, ResultSelection
from projections.scoring.compared_values import unit_value
from projections.scoring.gate_conditions import (
    UnmetAlternatives,
    checked_alternatives,
    unmet_alternatives,
)
from projections.scoring.gathered_values import GatheredItems, total_of
from projections.scoring.missing_targets import silence
from projections.scoring.project_filters import unit_matches
from projections.scoring.unit_values import (
    ConditionResult,
    PeriodRun,
    ResultRead,
    UnitValue,
    within_bounds,
)


class ResultSource(Protocol):
    """Where conditions read the results of units."""

    def amount(
        self,
        result: ResultSelection,
        unit: str,
        reader: RuleOnResults,
    ) -> Fraction:
        """A unit's result, as the rule that asks may read it."""

    def modules(
        self,
        result: ResultSelection,
        unit: str,
        reader: RuleOnResults,
    ) -> Sequence[Fraction]:
        """The points of each module that a selection names."""

    def sequence_of(self, unit: str) -> Sequence[str]:
        """The units of a unit's sequence, itself included."""


class UnitFactorResult(NamedTuple):
    """A unit's factor, the conditions that led to it, and the events behind them."""

    factor: Fraction
    conditions: tuple[ConditionResult, ...]
    events: tuple[str, ...]


class UnitConditions:
    """The conditions of gates and outcomes, with what they look at."""

    def __init__(self, gathered: GatheredItems, results: ResultSource) -> None:
        self._gathered, self._results = gathered, results

    def unmet(self, rule: Gate | Outcome, unit: str) -> UnmetAlternatives | None:
        """The conditions of a unit where none of the alternatives holds; None where one does."""
        return unmet_alternatives(rule, partial(self._holds, rule, unit))

    def unit_factor(self, rule: UnitCoefficient, unit: str) -> UnitFactorResult:
        """A unit's factor, with the conditions that its rows looked at."""
        conditions: list[ConditionResult] = []
        events: dict[str, None] = {}

        def takes_unit(number: int, row: UnitFactor) -> bool:
            if row.any_of is None:
                return row.takes(self._gathered.units[unit])
            check = partial(self._holds, rule, unit)
            checked = checked_alternatives(f"{rule.id}.rows.{number}", row.any_of, check)
            conditions.extend(checked.conditions)
            events.update(dict.fromkeys(checked.events))
            return checked.holds

        factor = rule.factor(takes_unit)
        return UnitFactorResult(factor, tuple(conditions), tuple(events))

    def _holds(
        self,
        rule: RuleOnResults,
        unit: str,
        place: str,
        condition: AnyCondition,
    ) -> tuple[bool, UnitValue]:
        if isinstance(condition, Condition):
            return counted_condition_holds(self._gathered, place, condition, unit)
        value = self._result_value(rule, unit, condition)
        if not unit_matches(condition.where, self._gathered.units[unit]):
            return False, value
        holds = within_bounds(condition, value.value)
        if condition.of_at_least is not None:
            holds = holds and len(self._results.sequence_of(unit)) >= condition.of_at_least
        return holds, value

    def _result_value(
        self,
        rule: RuleOnResults,
        unit: str,
        condition: ResultCondition,
    ) -> UnitValue:
        """A unit's result, how many of its modules are low, or its place by the result."""
        result = condition.result
        read = ResultRead(result.form, result.names)
        if condition.each_below is not None:
            bound = condition.each_below
            low = sum(points < bound for points in self._results.modules(result, unit, rule))
            return UnitValue(Fraction(low), read._replace(each_below=bound), ())
        amount = self._results.amount(result, unit, rule)
        if condition.place is None:
            return UnitValue(amount, read, ())
        members = self._results.sequence_of(unit)
        amounts = [self._results.amount(result, member, rule) for member in members]
        place = _place(amount, amounts, condition.place)
        read = read._replace(end=condition.place, of=len(members))
        return UnitValue(Fraction(place), read, ())


def _place(
    amount: Fraction,
    amounts: Sequence[Fraction],
    end: str,
) -> int:
    """The place from an end of a sequence; equal amounts share the first of their places."""
    if end == "top":
        ahead = sum(other > amount for other in amounts)
    else:
        ahead = sum(other < amount for other in amounts)
    return ahead + 1


def counted_condition_holds(
    gathered: GatheredItems,
    place: str,
    condition: Condition,
    unit: str,
) -> tuple[bool, UnitValue]:
    """Whether a condition holds of a unit, and the value that it was compared with."""
    value = unit_value(gathered, place, condition, unit)
    if not unit_matches(condition.where, gathered.units[unit]):
        return False, value
    answer = silence(gathered, place, condition, unit)
    if answer is not None:
        return answer == "holds", value
    if condition.in_a_row is None:
        return within_bounds(condition, value.value), value
    longest = _longest_run(gathered, place, condition, unit)
    run = UnitValue(Fraction(longest), PeriodRun(condition.subject, longest), value.events)
    return longest >= condition.in_a_row, run


def _longest_run(
    gathered: GatheredItems,
    place: str,
    condition: Condition,
    unit: str,
) -> int:
    """In how many consecutive periods at most the bounds were met, each by itself."""
    assert condition.each_period is not None  # `in_a_row` is of periods
    run = longest = 0
    items_of_unit = gathered.gathered(place, 0, unit)
    for _period, items in gathered.by_period(condition.each_period, items_of_unit):
        run = run + 1 if within_bounds(condition, total_of(items)) else 0
        longest = max(longest, run)
    return longest
