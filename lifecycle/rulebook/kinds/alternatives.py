"""The conditions of a rule's alternatives, each with its place below the rule's id."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rulebook.conditions import Alternative, AnyCondition, Condition
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.result_conditions import ResultCondition


def placed_conditions(
    place: str, alternatives: tuple[Alternative, ...]
) -> Iterator[tuple[str, AnyCondition]]:
    """Every condition, with its place such as `gate.any_of.0.1`."""
    for number, alternative in enumerate(alternatives):
        for index, condition in enumerate(alternative.all):
            yield f"{place}.any_of.{number}.{index}", condition


def counted_conditions(
    place: str, alternatives: tuple[Alternative, ...]
) -> Iterator[tuple[str, Counted]]:
    """The conditions on what is counted."""
    for condition_place, condition in placed_conditions(place, alternatives):
        if isinstance(condition, Condition):
            yield condition_place, condition


def result_conditions(
    place: str, alternatives: tuple[Alternative, ...]
) -> Iterator[tuple[str, ResultCondition]]:
    """The conditions on results."""
    for condition_place, condition in placed_conditions(place, alternatives):
        if isinstance(condition, ResultCondition):
            yield condition_place, condition
