"""`outcome` in words: what follows for a unit."""

from __future__ import annotations

from typing import Final

from commands.words.condition_phrases import alternatives_text
from commands.words.kinds import KindWords
from commands.words.rank_words import UNRANKED
from commands.words.rule_phrases import RulebookNames
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.outcome_rule import Outcome


def _points(rule: Outcome, names: RulebookNames) -> str:
    steps = ""
    if rule.steps is not None:
        direction = "上升" if rule.steps > 0 else "下降"
        steps = f"（等次{direction} {abs(rule.steps)} 档）"
    unranked = f"（{UNRANKED}）" if rule.unranked else ""
    return f"{rule.outcome}{steps}{unranked}：{alternatives_text(rule.any_of, names)}"


WORDS: Final = KindWords(
    kind="outcome",
    term=PolicyTerm("outcome", "结果运用"),
    points=_points,
    fields={
        "outcome": PolicyTerm("outcome", "结果运用"),
        "steps": PolicyTerm("steps in grade", "等次升降"),
        "unranked": PolicyTerm("out of the ranking", "不参与排名"),
    },
)
