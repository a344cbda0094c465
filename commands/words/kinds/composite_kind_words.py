"""`composite` in words: points for several values with shares."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import ends_text
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import (
    RulebookNames,
    compared_text,
    limits_text,
    number,
    over_target,
    policy_number,
)
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.composite_rule import Composite, CompositePart, WeightedParts


def _points(rule: Composite, names: RulebookNames) -> str:
    parts = "＋".join(_composite_part(part, names) for part in rule.parts)
    return f"({parts})÷{policy_number(rule.out_of)}×{policy_number(rule.weight)}{limits_text(rule)}"


def _composite_part(
    part: CompositePart,
    names: RulebookNames,
) -> str:
    value = "均值" if part.take == "mean" else over_target(part, names)
    value = compared_text(part, value)
    return f"{names.subject(part)}{value}×{policy_number(part.share)}"


def _formula(shape: WeightedParts) -> str:
    shares = [f"{number(part.value)} × {policy_number(part.share)}" for part in shape.parts]
    parts = " + ".join(shares)
    ends = ends_text(shape.floor, shape.cap)
    return f"({parts}) ÷ {policy_number(shape.out_of)} × {policy_number(shape.weight)}{ends}"


WORDS: Final = KindWords(
    kind="composite",
    term=PolicyTerm("weighted composite", "加权综合计分"),
    points=_points,
    formula=Formula(WeightedParts, _formula),
)
