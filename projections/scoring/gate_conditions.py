"""The conditions that a gate or an outcome asks of a unit: whether one alternative holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lifecycle.rulebook.counted import AnyCondition
from lifecycle.rulebook.kinds.gate_rule import Gate
from lifecycle.rulebook.kinds.outcome_rule import Outcome
from projections.scoring.unit_values import ConditionResult, UnitValue


class ClosedGate(NamedTuple):
    """What a gate stops (a rule, a module, `total`), and the conditions that did not hold."""

    shut: str
    conditions: tuple[ConditionResult, ...]


class UnmetAlternatives(NamedTuple):
    """The conditions of alternatives of which none holds, and the events behind them."""

    conditions: tuple[ConditionResult, ...]
    events: tuple[str, ...]


ConditionCheck = Callable[[str, AnyCondition], tuple[bool, UnitValue]]
"""Whether a condition, by its place in the rulebook, holds of a unit, and its value."""


def unmet_alternatives(
    rule: Gate | Outcome,
    check: ConditionCheck,
) -> UnmetAlternatives | None:
    """The conditions checked where none of the alternatives holds; None where one does."""
    results: list[ConditionResult] = []
    events: dict[str, None] = {}
    for place, alternative in enumerate(rule.any_of):
        all_hold = True
        # No condition is skipped after one that fails: the explanation shows them all.
        for number, condition in enumerate(alternative.all):
            holds, value = check(f"{rule.id}.any_of.{place}.{number}", condition)
            all_hold = all_hold and holds
            results.append(ConditionResult(value.inputs, value.value, holds))
            events.update(dict.fromkeys(value.events))
        if all_hold:
            return None
    return UnmetAlternatives(tuple(results), tuple(events))
