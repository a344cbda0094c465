"""`gate` in words: what must hold for rules to count."""

from __future__ import annotations

from typing import Final

from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import RulebookNames, alternatives_text, number
from commands.words.terms import PolicyTerm
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.gate_rule import Gate
from projections.scoring.gate_conditions import ClosedGate
from projections.scoring.unit_values import ConditionResult, ResultRead


def _points(rule: Gate, names: RulebookNames) -> str:
    return f"方才计分：{alternatives_text(rule.any_of, names)}"


def _formula(gate: ClosedGate) -> str:
    results = "；".join(_condition_result(result) for result in gate.conditions)
    return say(msg("does not count: {conditions}"), conditions=results)


def _condition_result(result: ConditionResult) -> str:
    sign = "✓" if result.holds else "✗"
    if isinstance(result.counted, ResultRead):
        return f"{_result_read(result.counted, number(result.value))} {sign}"
    return f"{word(result.counted.what)} {number(result.value)} {sign}"


def _result_read(read: ResultRead, value: str) -> str:
    """A result with its value; how many modules are low; a place among the sequence's units."""
    names = "、".join(read.names)
    subject = f"{_RESULTS[read.what]} {names}" if names else _RESULTS[read.what]
    if read.each_below is not None:
        return f"{subject} ＜ {number(read.each_below)}：{value} 个"
    if read.end is None:
        return f"{subject} {value}"
    return f"{subject} {_ENDS[read.end]}第 {value} 名，共 {read.of} 个"


_RESULTS: Final = {"rule": "规则", "modules": "模块", "group": "板块", "total": "总分"}
_ENDS: Final = {"top": "", "bottom": "倒数"}


WORDS: Final = KindWords(
    kind="gate",
    term=PolicyTerm("gate", "计分前提"),
    points=_points,
    formula=Formula(ClosedGate, _formula),
)
