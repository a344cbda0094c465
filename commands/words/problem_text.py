"""A problem as one line for the user."""

from __future__ import annotations

from commands.words.event_words import field_place
from commands.words.messages import say
from commands.words.rulebook_fields import is_rulebook_place, rulebook_place, rulebook_values
from commands.words.vocabulary_words import named_word
from lifecycle.rejections import Problem


def problem_text(problem: Problem) -> str:
    """Say which field is wrong, why, and by which rule: `字段: text [rule]`."""
    values = problem.values
    if is_rulebook_place(problem.field):
        values = rulebook_values(problem)
    elif problem.rule == "vocabulary":
        # A clerk may type either name of a word, so both are listed.
        values = {**values, "expected": _named_words(values["expected"])}
    elif "milestone" in values:
        values = {**values, "milestone": named_word(str(values["milestone"]))}
    text = say(problem.template, **values)
    return f"{_place_text(problem.field)}{text} [{problem.rule}]"


def _place_text(place: str | None) -> str:
    if not place:
        return ""
    if is_rulebook_place(place):
        return f"{rulebook_place(place)}: "
    return f"{field_place(place)}: "


def _named_words(expected: object) -> list[str]:
    assert isinstance(expected, (list, tuple))
    return [named_word(value) for value in expected]
