"""Explanations in words: what a score line counted, and why a project earned nothing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.kinds.coefficient_rule import MultipliedModule, MultipliedRule
from lifecycle.rulebook.kinds.exclusive_rule import OnlyHighestCounts
from projections.scoring.counted_items import (
    AssessmentFinding,
    CheckedMilestones,
    ConsultationPassed,
    EventFields,
    FundsCounted,
    IndicatorFigure,
    ItemFacts,
    LimitFellDue,
    NodeReached,
    PeriodResult,
)
from projections.scoring.gate_conditions import ClosedGate, FactorApplied
from projections.scoring.not_counted import NotCounted
from projections.scoring.score_line import CapApplied, FloorApplied, ItemInputs, ScoreLine

_MEASURES: Final = {
    "scale": msg("fixed-asset scale (万元)"),
    "outside_ratio": msg("share of investment from outside the county"),
    "tax_in_year": msg("tax of the year (万元)"),
    "meets_city_standard": msg("meeting the city's standard"),
    "land_acquired": msg("land acquired"),
    "statistics_entered": msg("entered into statistics"),
}
_DISTINGUISHING_FIELDS: Final = (
    "item",
    "activity",
    "person",
    "title",
    "about_project",
    "month",
    "failure",
    "signed_on",
    "acquired_on",
)
"""The fields that tell counted events apart, in the order in which they are read."""


def not_counted_reason(row: NotCounted) -> str:
    """Say in the user's language why a project or event earned nothing."""
    values = {name: _reason_value(value) for name, value in row.values.items()}
    return say(row.template, **values)


def _reason_value(value: object) -> object:
    if isinstance(value, Fraction):
        return decimal_text(value, 6)
    if isinstance(value, list):
        return "、".join(_reason_part(part) for part in value)
    if isinstance(value, str):
        return _(_MEASURES[value]) if value in _MEASURES else word(value)
    return value


def _reason_part(part: object) -> str:
    """A word by itself, or a word with its number."""
    if isinstance(part, (list, tuple)):
        name, number = part
        return f"{word(name)} {number}"
    return word(part)


_SHUT: Final = {"total": "总分"}
"""What a gate stops beside rules and modules."""


def counted_subject(line: ScoreLine, rules: Mapping[str, str]) -> str:
    """Say what a score line counted, in the policy's words; `rules` holds Chinese rule names."""
    match line.inputs:
        case CapApplied():
            return "封顶"
        case FloorApplied():
            return "保底"
        case (
            MultipliedRule(rule=affected)
            | MultipliedModule(module=affected)
            | FactorApplied(multiplied=(MultipliedRule(affected) | MultipliedModule(affected)))
            | OnlyHighestCounts(left_out=affected)
            | ClosedGate(shut=affected)
        ):
            name = rules.get(affected) or _SHUT.get(affected) or word(affected)
            return f"{rules[line.rule]}（{name}）"
        case ItemInputs(item=NodeReached(node, reached_on)):
            return f"{word(node)} {reached_on}"
        case ItemInputs(item=facts):
            return " ".join([rules[line.rule], *map(word, _distinguishing_facts(facts))])
    return rules[line.rule]


def _distinguishing_facts(facts: ItemFacts) -> list[object]:
    """The facts that tell an item from the others of its rule."""
    match facts:
        case FundsCounted("land_fee"):
            return [FIELDS["transfer_fee"].chinese]
        case FundsCounted(_, months):
            return [f"{months} 个月"]
        case CheckedMilestones(name) | PeriodResult(name) | IndicatorFigure(period=name):
            return [name]
        case ConsultationPassed(day) | AssessmentFinding(day) | LimitFellDue(due_on=day):
            return [day]
        case EventFields(fields):
            return [fields[name] for name in _DISTINGUISHING_FIELDS if name in fields]
    return []
