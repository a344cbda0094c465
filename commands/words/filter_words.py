"""Which projects and units a rule counts, in words.

Chinese in every language, as cells are (spec 5).
"""

from __future__ import annotations

from typing import Any, Final

from commands.words.rule_terms import filter_field
from commands.words.vocabulary_words import word
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.parts import Filter, Within

NEEDS: Final = {"recognised": "须经认可", "eligible": "须符合条件", "not_excluded": "须列入考核"}
"""What a project must be → how a policy says so."""
_CURRENT: Final = {"year": "当年", "half_year": "当期半年", "quarter": "当季", "month": "当月"}


def filter_texts(where: Filter) -> list[str]:
    """Say each condition of a filter: the field's term and the values that it takes."""
    return [
        f"{filter_field(field)}：{_value_text(field, value)}"
        for field, value in where
        if value is not None
    ]


def unit_filter_text(where: Filter) -> str:
    """Say which units a filter takes; the values speak for themselves."""
    if where.except_sequence is not None:
        return f"{'、'.join(where.except_sequence)}以外"
    return "、".join(word(value) for value in where.category or where.sequence or ())


def _value_text(field: str, value: Any) -> str:
    if field == "information_years":
        # Two years are the ends of a span, both included.
        first, last = value
        return f"{first}—{last}年"
    if isinstance(value, Within):
        return f"{_CURRENT[value.period]}到达{word(value.stage)}"
    if isinstance(value, Interval):
        return value.text
    if isinstance(value, dict):
        return "，".join(f"{word(name)} {band.text}" for name, band in value.items())
    return word(value)
