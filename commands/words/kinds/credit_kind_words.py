"""`credit` in words: points for a project brought in."""

from __future__ import annotations

from typing import Final

from commands.words.kinds import KindWords
from commands.words.rule_phrases import RulebookNames, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.credit_rule import Credit


def _points(rule: Credit, _names: RulebookNames) -> str:
    receiver = "归首报单位" if rule.to == "first_reporter" else "平分"
    return f"每个 {policy_number(rule.points)}（{receiver}）"


WORDS: Final = KindWords(
    kind="credit",
    term=PolicyTerm("points per credited project", "按引进项目计分"),
    points=_points,
)
