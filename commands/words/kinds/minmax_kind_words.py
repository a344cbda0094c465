"""`minmax` in words: points between the least and the greatest of the sequence."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import final_value, neighbours
from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import RulebookNames, number, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.minmax_rule import MinMax, MinMaxPosition
from projections.scoring.unit_values import CountedNumber


def _points(rule: MinMax, _names: RulebookNames) -> str:
    mark = f"(值－最低)÷(最高－最低)×{policy_number(rule.span)}＋{policy_number(rule.base)}"
    points = f"({mark})÷{policy_number(rule.out_of)}×{policy_number(rule.weight)}"
    return f"{points}，全相等 {policy_number(rule.when_equal)}"


def _formula(shape: MinMaxPosition, counted: CountedNumber) -> str:
    return _position(shape, counted) + neighbours(shape.neighbours)


def _position(shape: MinMaxPosition, counted: CountedNumber) -> str:
    scaled = f" ÷ {policy_number(shape.out_of)} × {policy_number(shape.weight)}"
    if shape.least == shape.greatest:
        return say(msg("all equal: {mark}"), mark=number(shape.mark)) + scaled
    value, least, greatest = (
        final_value(counted),
        number(shape.least),
        number(shape.greatest),
    )
    span, base = policy_number(shape.span), policy_number(shape.base)
    return f"(({value} − {least}) ÷ ({greatest} − {least}) × {span} + {base}){scaled}"


WORDS: Final = KindWords(
    kind="minmax",
    term=PolicyTerm("min-max scaling", "极差标准化计分"),
    points=_points,
    fields={
        "span": PolicyTerm("span", "幅度"),
        "when_equal": PolicyTerm("value when all are equal", "全相等时"),
    },
    formula=Formula(MinMaxPosition, _formula),
)
