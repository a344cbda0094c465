"""`deduct` in words: points taken off, from a full mark or from none."""

from __future__ import annotations

from typing import Final

from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import RulebookNames, each_or_bands, limits_text, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.deduct_rule import Deduct, FullStart


def _points(rule: Deduct, _names: RulebookNames) -> str:
    start = "" if rule.start is None else f"满分 {policy_number(rule.start)}，"
    return f"{start}{each_or_bands(rule)}{limits_text(rule)}"


def _formula(full: FullStart) -> str:
    return say(msg("starting points {points}"), points=policy_number(full.start))


WORDS: Final = KindWords(
    kind="deduct",
    term=PolicyTerm("deduction", "扣分"),
    points=_points,
    fields={
        "start": PolicyTerm("starting points", "起始分"),
    },
    formula=Formula(FullStart, _formula),
)
