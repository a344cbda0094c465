"""`coefficient` in words: points multiplied by the unit's coefficient."""

from __future__ import annotations

from typing import Final

from commands.words.filter_words import unit_filter_text
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.unit_coefficient_rule import MultipliedRule, UnitCoefficient


def _points(
    rule: UnitCoefficient,
    _names: RulebookNames,
) -> str:
    rows = []
    for row in rule.rows:
        units = "或".join(unit_filter_text(where) for where in row.where)
        rows.append(f"{units} ×{number(row.factor)}")
    combination = "取高" if rule.combine == "highest" else "连乘"
    return f"{'，'.join(rows)}（{combination}）"


def _formula(multiplied: MultipliedRule) -> str:
    return f"{number(multiplied.sum_of_rule)} × ({number(multiplied.factor)} − 1)"


WORDS: Final = KindWords(
    kind="coefficient",
    term=PolicyTerm("coefficient of the unit", "单位系数"),
    points=_points,
    formula=Formula(MultipliedRule, _formula),
)
