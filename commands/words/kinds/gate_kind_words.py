"""`gate` in words: what must hold for rules to count."""

from __future__ import annotations

from typing import Final

from commands.words.condition_phrases import alternatives_text
from commands.words.condition_results import condition_results
from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import RulebookNames
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.gate_rule import Gate
from projections.scoring.gate_conditions import ClosedGate


def _points(rule: Gate, names: RulebookNames) -> str:
    return f"方才计分：{alternatives_text(rule.any_of, names)}"


def _formula(gate: ClosedGate) -> str:
    return say(msg("does not count: {conditions}"), conditions=condition_results(gate.conditions))


WORDS: Final = KindWords(
    kind="gate",
    term=PolicyTerm("gate", "计分前提"),
    points=_points,
    fields={
        "gates": PolicyTerm("what the gate is for", "限制对象"),
    },
    formula=Formula(ClosedGate, _formula),
)
