"""A problem as one line for the user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commands.words.declared_words import declared_values
from commands.words.event_words import field_place
from commands.words.messages import joined, labelled, say, shortened
from commands.words.rulebook_fields import is_rulebook_place, rulebook_place, rulebook_values
from commands.words.typed_advice import is_advice, with_advice
from commands.words.vocabulary_words import named_word
from lifecycle.rejections import Problem, msg

TYPED_AT: Final = msg('{place} "{typed}"')
"""A place with what is typed there."""
_LINE: Final = msg("line {line}")
_SHEET_ROW: Final = msg("sheet {sheet}, row {row}")
_LINES: Final = msg("{count} lines ({ranges})")
_SHEET_ROWS: Final = msg("sheet {sheet}, {count} rows ({ranges})")
_RANGES_SHOWN: Final = 12


def problem_text(
    problem: Problem,
    typed: str = "",
    *,
    is_strict: bool = False,
    of_rulebook: bool = False,
) -> str:
    """Say which field is wrong, why, and by which rule: `字段: text [rule]`.

    `typed` is what stands in the field; it is quoted unless the sentence quotes it itself.
    `is_strict` says that it was read as it stands, as JSON is, and not as people type.
    `of_rulebook` says that fields of the head, such as `title`, are those of a rulebook.
    """
    problem = problem if is_strict else with_advice(problem)
    # Advice never quotes what was typed, though its examples may contain it: 3月5日, 24/3/5.
    may_quote = not is_advice(problem)
    values = problem.values
    of_rulebook = of_rulebook or is_rulebook_place(problem.field)
    if of_rulebook:
        values = rulebook_values(problem)
    elif problem.rule == "vocabulary":
        # A clerk may type either name of a word, so both are listed.
        values = {**values, "expected": _named_words(values)}
    for name in ("milestone", "figure"):
        if name in values:
            values = {**values, name: named_word(str(values[name]))}
    text = say(problem.template, **values)
    sentence = f"{text} [{problem.rule}]"
    if not problem.field:
        return sentence
    if of_rulebook:
        place = rulebook_place(problem.field)
    else:
        place = field_place(problem.field, problem.event)
    is_quoted = may_quote and typed in text
    if typed and not is_quoted:
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


def rows_place(sheet: str, rows: Sequence[int]) -> str:
    """Say where rows of a file stand that are alike, such as `sheet 台账, 9 rows (3-10, 12)`."""
    if len(rows) == 1:
        return row_place(sheet, rows[0])
    ranges = _ranges(rows)
    if len(ranges) > _RANGES_SHOWN:
        ranges = [*ranges[:_RANGES_SHOWN], "…"]
    template = _SHEET_ROWS if sheet else _LINES
    return say(template, sheet=sheet, count=len(rows), ranges=ranges)


def _ranges(rows: Sequence[int]) -> list[str]:
    """Return rows as ranges of such as follow one another."""
    bounds: list[tuple[int, int]] = []
    for row in rows:
        if bounds and row == bounds[-1][1] + 1:
            bounds[-1] = (bounds[-1][0], row)
        else:
            bounds.append((row, row))
    ranges = []
    for first, last in bounds:
        ranges.append(str(first) if first == last else f"{first}-{last}")
    return ranges


def typed_at(place: str | None, record: Mapping[str, Any]) -> str:
    """Return what a record has at a place such as `milestones.0.due_on`; "" for no value.

    The words of a list are joined.
    """
    value: Any = record
    for part in (place or "").split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return joined(value)
    is_single = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return str(value) if is_single else ""


def _named_words(values: Mapping[str, Any]) -> list[str]:
    """Name the words that are allowed; what a field's type rejects knows those built in alone."""
    words = list(values["expected"])
    if "word_list" in values:
        words += declared_values(values["word_list"])
    return [named_word(value) for value in dict.fromkeys(words)]
