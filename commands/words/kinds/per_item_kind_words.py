"""`per_item` in words: points for each item, by its amount or its class."""

from __future__ import annotations

from typing import Final

from commands.words.kinds import KindWords
from commands.words.rule_phrases import EACH, RulebookNames, each_or_bands, policy_number
from commands.words.terms import PolicyTerm
from commands.words.vocabulary_words import word
from lifecycle.rulebook.kinds.per_item_rule import PerItem


def _points(rule: PerItem, _names: RulebookNames) -> str:
    if rule.points_by is not None:
        values = [
            f"{word(label)} {policy_number(points)}" for label, points in rule.points_by.items()
        ]
        text = "，".join(values)
    else:
        text = each_or_bands(rule)
    if rule.limit is None:
        return text
    return f"{text}（{EACH[rule.limit_per]}至多 {policy_number(rule.limit)}）"


WORDS: Final = KindWords(
    kind="per_item",
    term=PolicyTerm("points per item", "按项计分"),
    points=_points,
    fields={
        "points_by": PolicyTerm("points by label", "分项分值"),
        "limit": PolicyTerm("limit", "上限"),
        "limit_per": PolicyTerm("limit per period", "上限周期"),
    },
)
