"""The conditions that a gate or an outcome asks of a unit: whether one alternative holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from lifecycle.rulebook.conditions import Alternative, AnyCondition
from lifecycle.rulebook.kinds.coefficient_rule import MultipliedModule, MultipliedRule
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from projections.scoring.unit_values import ConditionResult, UnitValue


class ClosedGate(NamedTuple):
    """What a gate stops (a rule, a module, `total`), and the conditions that did not hold."""

    shut: str
    conditions: tuple[ConditionResult, ...]


class FactorApplied(NamedTuple):
    """What a factor multiplied, and the conditions that led to the factor."""

    multiplied: MultipliedRule | MultipliedModule
    conditions: tuple[ConditionResult, ...]


class UnmetAlternatives(NamedTuple):
    """The conditions of alternatives of which none holds, and the events behind them."""

    conditions: tuple[ConditionResult, ...]
    events: tuple[str, ...]


ConditionCheck = Callable[[str, AnyCondition], tuple[bool, UnitValue]]
"""Whether a condition, by its place in the rulebook, holds of a unit, and its value."""


class CheckedAlternatives(NamedTuple):
    """Whether one of several alternatives holds, the conditions looked at, and their events."""

    holds: bool
    conditions: tuple[ConditionResult, ...]
    events: tuple[str, ...]


def checked_alternatives(
    place: str,
    alternatives: Iterable[Alternative],
    check: ConditionCheck,
) -> CheckedAlternatives:
    """The conditions of alternatives below a place, up to the first alternative that holds."""
    results: list[ConditionResult] = []
    events: dict[str, None] = {}
    holds_one = False
    for alternative_number, alternative in enumerate(alternatives):
        all_hold = True
        # No condition is skipped after one that fails: the explanation shows them all.
        for number, condition in enumerate(alternative.all):
            condition_place = f"{place}.any_of.{alternative_number}.{number}"
            holds, value = check(condition_place, condition)
            all_hold = all_hold and holds
            results.append(ConditionResult(value.inputs, value.value, holds))
            events.update(dict.fromkeys(value.events))
        if all_hold:
            holds_one = True
            break
    return CheckedAlternatives(holds_one, tuple(results), tuple(events))


def unmet_alternatives(
    rule: Gate | Outcome,
    check: ConditionCheck,
) -> UnmetAlternatives | None:
    """The conditions checked where none of the alternatives holds; None where one does."""
    checked = checked_alternatives(rule.id, rule.any_of, check)
    return None if checked.holds else UnmetAlternatives(checked.conditions, checked.events)
