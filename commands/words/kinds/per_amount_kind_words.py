"""`per_amount` in words: points for an amount."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import item_basis
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, number, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.per_amount_rule import AmountRate, PerAmount
from lifecycle.rulebook.measures import MEASURES
from projections.scoring.counted_items import ItemFacts

_UNITS: Final = {
    "count": "个",
    "万元": "万元",
    "亩": "亩",
    "points": "分",
    "days": "天",
    "figure": "",
}


def _points(rule: PerAmount, _names: RulebookNames) -> str:
    # Marks and counts are no amounts of money.
    unit = _UNITS[MEASURES[rule.measure].unit]
    return f"{policy_number(rule.points)}／{policy_number(rule.per)}{unit}"


def _formula(points: AmountRate, facts: ItemFacts) -> str:
    amount = number(points.amount)
    if points.steps is not None:
        # Points of full steps only are no product of the amount: the reader sees what was cut.
        steps = f"{number(points.steps)} × {policy_number(points.points)}"
        return f"{amount} ÷ {policy_number(points.per)} → {steps}{item_basis(facts)}"
    if points.points == points.per:
        return amount + item_basis(facts)
    rate = f"{policy_number(points.points)}/{policy_number(points.per)}"
    return f"{amount} × {rate}{item_basis(facts)}"


WORDS: Final = KindWords(
    kind="per_amount",
    term=PolicyTerm("points per amount", "按额计分"),
    points=_points,
    formula=Formula(AmountRate, _formula),
)
