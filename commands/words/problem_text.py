"""A problem as one line for the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from commands.words.event_words import field_place
from commands.words.messages import labelled, say, shortened
from commands.words.rulebook_fields import is_rulebook_place, rulebook_place, rulebook_values
from commands.words.typed_advice import with_advice
from commands.words.vocabulary_words import named_word
from lifecycle.rejections import Problem, msg

TYPED_AT: Final = msg('{place} "{typed}"')
"""A place with what is typed there."""
_LINE: Final = msg("line {line}")
_SHEET_ROW: Final = msg("sheet {sheet}, row {row}")


def problem_text(
    problem: Problem,
    typed: str = "",
    *,
    is_strict: bool = False,
) -> str:
    """Say which field is wrong, why, and by which rule: `字段: text [rule]`.

    `typed` is what stands in the field; it is quoted unless the sentence quotes it itself.
    `is_strict` says that it was read as it stands, as JSON is, and not as people type.
    """
    if not is_strict:
        problem = with_advice(problem)
    values = problem.values
    if is_rulebook_place(problem.field):
        values = rulebook_values(problem)
    elif problem.rule == "vocabulary":
        # A clerk may type either name of a word, so both are listed.
        values = {**values, "expected": _named_words(values["expected"])}
    elif "milestone" in values:
        values = {**values, "milestone": named_word(str(values["milestone"]))}
    text = say(problem.template, **values)
    sentence = f"{text} [{problem.rule}]"
    if not problem.field:
        return sentence
    place = _place_text(problem.field, problem.event)
    if typed and typed not in text:
        place = say(TYPED_AT, place=place, typed=shortened(typed))
    return labelled(place, sentence)


def row_problem_text(
    problem: Problem,
    record: Mapping[str, Any],
    *,
    is_strict: bool = False,
) -> str:
    """Word a problem of a row, whose cell is not before the reader's eyes."""
    typed = typed_at(problem.field, record)
    return problem_text(problem, typed, is_strict=is_strict)


def row_place(sheet: str, row: int) -> str:
    """Say where a row of a file stands; `sheet` is empty in a text file."""
    if not sheet:
        return say(_LINE, line=row)
    return say(_SHEET_ROW, sheet=sheet, row=row)


def typed_at(place: str | None, record: Mapping[str, Any]) -> str:
    """Return what a record has at a place such as `milestones.0.due_on`; "" for no single value."""
    value: Any = record
    for part in (place or "").split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ""
    is_single = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return str(value) if is_single else ""


def _place_text(place: str, event: str) -> str:
    if is_rulebook_place(place):
        return rulebook_place(place)
    return field_place(place, event)


def _named_words(expected: object) -> list[str]:
    assert isinstance(expected, (list, tuple))
    return [named_word(value) for value in expected]
