"""The names that the rulebook whose result is shown gives to its rules and to what they count.

A line of a result holds ids: they are the policy's content. Readers see the names that `rulebook
show` has, once the rulebook is known here; until then the ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Final

from commands.words.rule_phrases import RulebookNames
from commands.words.rule_terms import MEASURES, measure
from commands.words.vocabulary_words import word
from lifecycle.rulebook import Rulebook

# Not a global: pages are made in threads, and each shows a rulebook of its own.
_NAMES: Final[ContextVar[RulebookNames | None]] = ContextVar("shown_names", default=None)


def show_rulebook(book: Rulebook) -> None:
    """Let what this context shows name rules and indicators as this rulebook does."""
    _NAMES.set(RulebookNames(book))


def shown_rule(rule_id: str) -> str:
    """Name a rule."""
    names = _NAMES.get()
    return rule_id if names is None else names.rules([rule_id])


def shown_subject(code: str) -> str:
    """Name an indicator, a figure or a measure."""
    names = _NAMES.get()
    if names is not None:
        return names.counted(code)
    return measure(code) if code in MEASURES else word(code)


def shown_result(kind: str, ids: Sequence[str]) -> str:
    """Name what a condition read: rules, modules together, or a group."""
    names = _NAMES.get()
    if names is None:
        return "、".join(ids)
    if kind == "group":
        return names.groups(ids)
    return names.modules(ids) if kind == "modules" else names.rules(ids)
