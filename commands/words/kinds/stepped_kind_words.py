"""`stepped` in words: points for each percentage point above or below."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import percent_of, quotient
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, limits_text, number, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.stepped_rule import Segment, Stepped, StepsTaken
from projections.scoring.unit_values import CountedNumber


def _points(rule: Stepped, _names: RulebookNames) -> str:
    steps = "，".join(_segment(segment) for segment in rule.segments)
    return f"100% 为 {policy_number(rule.base)}，每增减一个百分点 {steps}{limits_text(rule)}"


def _segment(segment: Segment) -> str:
    step = f"±{policy_number(segment.step)}"
    band = segment.percent
    # A band of every number says nothing.
    if band.low is None and band.high is None:
        return step
    return f"{band.text} {step}"


def _formula(shape: StepsTaken, counted: CountedNumber) -> str:
    moved = number(shape.moved)
    sign = "−" if moved.startswith("-") else "+"
    moved = moved.removeprefix("-")
    percent, base = number(shape.percent), policy_number(shape.base)
    # A percentage cut to whole steps is no longer what the quotient is.
    equals = "=" if percent_of(counted) == shape.percent else "→"
    return f"{quotient(counted)} {equals} {percent} %: {base} {sign} {moved}"


WORDS: Final = KindWords(
    kind="stepped",
    term=PolicyTerm("per percentage point", "按百分点增减计分"),
    points=_points,
    fields={
        "segments": PolicyTerm("segments", "分段"),
        "percent": PolicyTerm("percentage", "百分比"),
        "step": PolicyTerm("step", "每百分点分值"),
        "most": PolicyTerm("most", "最高"),
        "least": PolicyTerm("least", "最低"),
    },
    formula=Formula(StepsTaken, _formula),
)
