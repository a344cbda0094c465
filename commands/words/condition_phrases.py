"""Phrases of conditions: what is counted or reached, within which bounds, and what silence means.

Cells are Chinese in every language (spec 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from commands.words.filter_words import filter_texts
from commands.words.rule_phrases import (
    PERIOD_NOUN,
    RulebookNames,
    derived_text,
    policy_number,
    selection_texts,
    silence_text,
)
from lifecycle.rulebook.conditions import Alternative, AnyCondition, Condition
from lifecycle.rulebook.result_conditions import ResultCondition

_ENDS: Final = {"top": "在本序列列前", "bottom": "在本序列列后"}
_BOUNDS: Final = {"at_least": "≥", "above": "＞", "at_most": "≤", "below": "＜"}


def alternatives_text(
    any_of: Iterable[Alternative],
    names: RulebookNames,
) -> str:
    """List alternatives of conditions."""
    return "；或".join(_all_conditions(alternative, names) for alternative in any_of)


def _all_conditions(
    alternative: Alternative,
    names: RulebookNames,
) -> str:
    return "，且".join(_condition(condition, names) for condition in alternative.all)


def _condition(condition: AnyCondition, names: RulebookNames) -> str:
    if isinstance(condition, ResultCondition):
        value, details = _result_condition(condition, names), []
    else:
        value, details = _counted_condition(condition, names), selection_texts(condition)
    if condition.where is not None:
        details += filter_texts(condition.where)
    if isinstance(condition, Condition) and condition.when_missing is not None:
        details.append(silence_text(condition))
    return f"{value}（{'；'.join(details)}）" if details else value


def _counted_condition(condition: Condition, names: RulebookNames) -> str:
    run = ""
    if condition.in_a_row is not None and condition.each_period is not None:
        run = f"连续 {condition.in_a_row} 个{PERIOD_NOUN[condition.each_period]}"
    return f"{run}{names.subject(condition)}{derived_text(condition, names)}{_bounds(condition)}"


def _result_condition(condition: ResultCondition, names: RulebookNames) -> str:
    result = condition.result
    if condition.each_below is not None:
        below, least = policy_number(condition.each_below), policy_number(condition.at_least)
        return f"{names.modules(result.modules or ())}中低于 {below} 分的不少于 {least} 个"
    if condition.place is None:
        return f"{names.result(result)}{_bounds(condition)}"
    text = f"{names.result(result)}{_ENDS[condition.place]} {policy_number(condition.at_most)} 名"
    # Every sequence with a place has one unit.
    if condition.of_at_least is None or condition.of_at_least == 1:
        return text
    return f"{text}（本序列不少于 {condition.of_at_least} 个单位）"


def _bounds(condition: AnyCondition) -> str:
    bounds = ""
    for field, sign in _BOUNDS.items():
        bound = getattr(condition, field)
        if bound is not None:
            bounds += f" {sign} {policy_number(bound)}"
    return bounds
