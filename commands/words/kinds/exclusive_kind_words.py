"""`exclusive` in words: of several rules only the highest counts."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import only_counts
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.exclusive_rule import Exclusive, OnlyHighestCounts


def _points(rule: Exclusive, names: RulebookNames) -> str:
    scope = "同一项目" if rule.per == "project" else "同一单位"
    return f"{scope}就高不重复：{names.rules(rule.rules)}"


def _formula(highest: OnlyHighestCounts) -> str:
    return only_counts(highest.kept)


WORDS: Final = KindWords(
    kind="exclusive",
    term=PolicyTerm("only the highest counts", "就高不重复"),
    points=_points,
    formula=Formula(OnlyHighestCounts, _formula),
)
