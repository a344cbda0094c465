"""`relative` in words: points relative to the greatest of the sequence."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import neighbours, quotient
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, number, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.relative_rule import Relative, ShareOfGreatest
from projections.scoring.unit_values import CountedNumber


def _points(rule: Relative, _names: RulebookNames) -> str:
    return f"值÷最高×{policy_number(rule.weight)}，最高为零 {policy_number(rule.when_none)}"


def _formula(shape: ShareOfGreatest, counted: CountedNumber) -> str:
    share = f"{quotient(counted)} ÷ {number(shape.greatest)} × {policy_number(shape.weight)}"
    return share + neighbours(shape.neighbours)


WORDS: Final = KindWords(
    kind="relative",
    term=PolicyTerm("relative to the greatest", "相对最高值计分"),
    points=_points,
    fields={
        "when_none": PolicyTerm("value when the greatest is zero", "最高为零时"),
    },
    formula=Formula(ShareOfGreatest, _formula),
)
