"""`composite` in words: points for several values with shares."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import ends_text
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, limits_text, number, over_target
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.composite_rule import Composite, CompositePart, WeightedParts


def _points(rule: Composite, names: RulebookNames) -> str:
    parts = "＋".join(_composite_part(part, names) for part in rule.parts)
    return f"({parts})÷{number(rule.out_of)}×{number(rule.weight)}{limits_text(rule)}"


def _composite_part(
    part: CompositePart,
    names: RulebookNames,
) -> str:
    value = "均值" if part.take == "mean" else over_target(part, names)
    return f"{names.subject(part)}{value}×{number(part.share)}"


def _formula(shape: WeightedParts) -> str:
    parts = " + ".join(f"{number(part.value)} × {number(part.share)}" for part in shape.parts)
    ends = ends_text(shape.floor, shape.cap)
    return f"({parts}) ÷ {number(shape.out_of)} × {number(shape.weight)}{ends}"


WORDS: Final = KindWords(
    kind="composite",
    term=PolicyTerm("weighted composite", "加权综合计分"),
    points=_points,
    formula=Formula(WeightedParts, _formula),
)
