"""A rule of a rulebook in words: what it counts, and the points it gives, as a policy would put it.

Cells are Chinese in every language (spec 5). No code name appears: measures and filters have their
terms in `rule_terms`, and what a rule names goes by the Chinese name that the rulebook gives it.
How a kind words its points is in its module of `commands/words/kinds`.
"""

from __future__ import annotations

from fractions import Fraction

from commands.words.filter_words import NEEDS, filter_texts
from commands.words.kinds import kind_words
from commands.words.rule_phrases import (
    RulebookNames,
    derived_text,
    policy_number,
    selection_texts,
    silence_text,
)
from lifecycle.rulebook.kinds import Rule, RuleBase


def rule_content(rule: Rule, names: RulebookNames) -> str:
    """Say what a rule is called, how its value is formed, and of which projects or units."""
    if not isinstance(rule, RuleBase):
        return rule.chinese
    details: list[str] = []
    # The name of a rule need not say which limit it looks at, and how.
    if rule.time_limit is not None:
        details.append(names.subject(rule))
    derived = derived_text(rule, names)
    if derived:
        details.append(derived)
    details += selection_texts(rule)
    if rule.where is not None:
        details += filter_texts(rule.where)
    details += [NEEDS[need] for need in rule.needs]
    return f"{rule.chinese}（{'；'.join(details)}）" if details else rule.chinese


def rule_points(rule: Rule, names: RulebookNames) -> str:
    """Say what points a rule gives, with its values."""
    text = kind_words()[rule.kind].points(rule, names)
    if isinstance(rule, RuleBase):
        text += _bounds_text(rule)
    coefficient = getattr(rule, "coefficient", None)
    if coefficient is not None:
        text += f"，乘以{names.coefficient(coefficient)}"
    places = getattr(rule, "places", None)
    return text if places is None else f"{text}，四舍五入至 {places} 位小数"


def _bounds_text(rule: RuleBase) -> str:
    """Say how much one project may have, whether only whole steps count, and what silence means."""
    texts = []
    steps = getattr(rule, "whole_steps", None)
    if isinstance(steps, Fraction):
        texts.append(f"按 {policy_number(steps)} 个百分点的整档计")
    elif steps:
        texts.append("不足一档的不计")
    if rule.at_most_per_project is not None:
        texts.append(f"单个项目最多 {policy_number(rule.at_most_per_project)} 分")
    silence = silence_text(rule)
    if silence:
        texts.append(silence)
    return "".join(f"，{text}" for text in texts)
