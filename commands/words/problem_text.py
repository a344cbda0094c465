"""A problem as one line for the user."""

from __future__ import annotations

from commands.words.event_words import field_place
from commands.words.messages import say
from commands.words.vocabulary_words import named_word
from lifecycle.rejections import Problem


def problem_text(problem: Problem) -> str:
    """Say what is wrong with which field, what is allowed, and by which rule: `字段: text [rule]`."""
    values = problem.values
    if problem.rule == "vocabulary":
        # A clerk may type either name of a word, so both are listed.
        values = {"expected": _named_words(values["expected"])}
    text = say(problem.template, **values)
    place = f"{field_place(problem.field)}: " if problem.field else ""
    return f"{place}{text} [{problem.rule}]"


def _named_words(expected: object) -> list[str]:
    assert isinstance(expected, (list, tuple))
    return [named_word(value) for value in expected]
