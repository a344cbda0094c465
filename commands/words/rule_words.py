"""A rule of a rulebook in words: what it counts, and the points it gives, as a policy would put it.

Cells are Chinese in every language (spec 5). No code name appears: measures and filters have their
terms in `rule_terms`, and what a rule names goes by the Chinese name that the rulebook gives it.
How a kind words its points is in its module of `commands/words/kinds`.
"""

from __future__ import annotations

from typing import Final

from commands.words.filter_words import filter_texts
from commands.words.kinds import kind_words
from commands.words.rule_phrases import RulebookNames, derived_text
from lifecycle.rulebook.kinds import Rule, RuleBase

_NEEDS: Final = {"recognised": "须经认可", "eligible": "须符合条件", "not_excluded": "须列入考核"}


def rule_content(rule: Rule, names: RulebookNames) -> str:
    """Say what a rule is called, how its value is formed, and of which projects or units."""
    if not isinstance(rule, RuleBase):
        return rule.chinese
    details: list[str] = []
    if rule.derived:
        details.append(derived_text(rule, names))
    if rule.where is not None:
        details += filter_texts(rule.where)
    details += [_NEEDS[need] for need in rule.needs]
    return f"{rule.chinese}（{'；'.join(details)}）" if details else rule.chinese


def rule_points(rule: Rule, names: RulebookNames) -> str:
    """Say what points a rule gives, with its values."""
    text = kind_words()[rule.kind].points(rule, names)
    places = getattr(rule, "places", None)
    return text if places is None else f"{text}，四舍五入至 {places} 位小数"
