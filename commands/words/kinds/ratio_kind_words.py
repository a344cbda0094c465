"""`ratio` in words: points by the completion of a target."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import ends_text, quotient
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, limits_text, number, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.ratio_rule import Ratio, WeightedRatio
from projections.scoring.unit_values import CountedNumber


def _points(rule: Ratio, _names: RulebookNames) -> str:
    # What is compared with others is no completion.
    quotient_of = "完成率" if rule.compared_as is None else "比值"
    return f"{quotient_of}×{policy_number(rule.weight)}{limits_text(rule)}"


def _formula(shape: WeightedRatio, counted: CountedNumber) -> str:
    completion = quotient(counted)
    if shape.percent is not None:
        completion += f" → {number(shape.percent)} %"
    ends = ends_text(shape.floor, shape.cap)
    return f"{completion} × {policy_number(shape.weight)}{ends}"


WORDS: Final = KindWords(
    kind="ratio",
    term=PolicyTerm("completion ratio", "按完成率计分"),
    points=_points,
    formula=Formula(WeightedRatio, _formula),
)
