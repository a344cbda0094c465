"""`coefficient` in words: points multiplied by the unit's coefficient."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from commands.words.condition_phrases import alternatives_text
from commands.words.condition_results import condition_results
from commands.words.filter_words import unit_filter_text
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, number, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.coefficient_rule import (
    MultipliedModule,
    MultipliedRule,
    UnitCoefficient,
)
from projections.scoring.gate_conditions import FactorApplied


def _points(
    rule: UnitCoefficient,
    names: RulebookNames,
) -> str:
    rows = []
    for row in rule.rows:
        units = "或".join(unit_filter_text(where) for where in row.where or ())
        if row.any_of is not None:
            units = f"{alternatives_text(row.any_of, names)} 时"
        rows.append(f"{units} ×{policy_number(row.factor)}")
    if rule.otherwise is not None:
        rows.append(f"其余 ×{policy_number(rule.otherwise)}")
    text = f"{_multiplied(rule, names)}{'，'.join(rows)}"
    if rule.combine is None:
        return text
    combination = "取高" if rule.combine == "highest" else "连乘"
    return f"{text}（{combination}）"


def _multiplied(rule: UnitCoefficient, names: RulebookNames) -> str:
    """What is multiplied, where it is not the points of rules."""
    if rule.modules is not None:
        return f"{names.modules(rule.modules)}得分："
    return "总分：" if rule.total else ""


def _formula(multiplied: MultipliedRule) -> str:
    return _times(multiplied.sum_of_rule, multiplied.factor)


def _module_formula(multiplied: MultipliedModule) -> str:
    return _times(multiplied.sum_of_module, multiplied.factor)


def _formula_with_conditions(applied: FactorApplied) -> str:
    multiplied = applied.multiplied
    if isinstance(multiplied, MultipliedRule):
        text = _formula(multiplied)
    else:
        text = _module_formula(multiplied)
    return f"{text}（{condition_results(applied.conditions)}）"


def _times(points: Fraction, factor: Fraction) -> str:
    return f"{number(points)} × ({policy_number(factor)} − 1)"


WORDS: Final = KindWords(
    kind="coefficient",
    term=PolicyTerm("coefficient of the unit", "单位系数"),
    points=_points,
    fields={
        "otherwise": PolicyTerm("factor of the others", "其余系数"),
    },
    formula=Formula(MultipliedRule, _formula),
    further_formulas=(
        Formula(MultipliedModule, _module_formula),
        Formula(FactorApplied, _formula_with_conditions),
    ),
)
