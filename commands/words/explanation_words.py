"""Explanations in words: what a score line counted, and why a project earned nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from projections.scoring.explanation import NotCounted
from projections.scoring.rounding import decimal_text
from projections.scoring.score_line import ScoreLine

_MEASURES: Final = {
    "scale": msg("fixed-asset scale (万元)"),
    "outside_ratio": msg("share of investment from outside the county"),
    "tax_in_year": msg("tax of the year (万元)"),
    "meets_city_standard": msg("meeting the city's standard"),
    "land_acquired": msg("land acquired"),
    "statistics_entered": msg("entered into statistics"),
}
_TELLING_INPUTS: Final = (
    "check",
    "item",
    "activity",
    "person",
    "title",
    "about_project",
    "month",
    "passed_on",
    "assessed_on",
    "failure",
    "signed_on",
    "period",
)
"""The inputs that tell one line of a rule from the next, in the order in which they are read."""


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


def counted_subject(line: ScoreLine, rules: dict[str, str]) -> str:
    """Say in the policy's words what a score line counted; `rules` names each rule in Chinese."""
    inputs = line.inputs
    if line.rule not in rules:
        return "封顶" if "cap" in inputs else "保底"
    rule_name = rules[line.rule]
    if "sum_of_rule" in inputs or "left_out" in inputs or "shut" in inputs:
        related = str(inputs.get("rule", inputs.get("left_out", inputs.get("shut"))))
        return f"{rule_name}（{rules.get(related, word(related))}）"
    parts = [rule_name]
    if "node" in inputs:
        parts = [word(inputs["node"]), str(inputs["reached_on"])]
    if "months" in inputs and "source" in inputs:
        is_land_fee = inputs["source"] == "land_fee"
        parts.append(FIELDS["transfer_fee"].chinese if is_land_fee else f"{inputs['months']} 个月")
    parts += [word(inputs[name]) for name in _TELLING_INPUTS if name in inputs]
    return " ".join(parts)
