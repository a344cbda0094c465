"""What to write in a field, by the form of its values: the same words in prompts and errors."""

from __future__ import annotations

from typing import Final, Literal

from commands.words.field_examples import FIELD_EXAMPLES, example_of
from commands.words.reader_language import _
from commands.words.typed_words import SHARES, SIGNED_NUMBERS, is_sum_of_money
from lifecycle.rejections import Problem, msg

AdvisedForm = Literal[
    "day", "month", "moment", "number", "money", "ratio", "truth", "count", "points"
]
_REPLACEMENT: Final = "replacement."

EXAMPLES_BY_FORM: Final[dict[str, str]] = {
    "day": msg("2024-03-05, 2024/3/5 or 2024年3月5日"),
    "month": msg("2024-05, 2024/5 or 2024年5月"),
    "moment": msg("2024-03-05 9:30 or 2024年3月5日 9:30"),
    "number": msg("1500 or 1,500.5"),
    "money": msg("15000 or 1.5亿"),
    "ratio": msg("0.3 or 30%"),
    "count": "3",
    "points": msg("2 or -0.5"),
}
"""Each form of text with examples of what may be written."""
_ADVICE: Final[dict[AdvisedForm, str]] = {
    "day": msg("must be a day that exists: write {examples}"),
    "month": msg("must be a month: write {examples}"),
    "moment": msg("must be a day and a time: write {examples}"),
    "number": msg(
        "must be a number, not below 0: write {examples}; at most 18 digits before and 6 after "
        "the point"
    ),
    "points": msg(
        "must be a number: write {examples}; at most 18 digits before and 6 after the point"
    ),
    "money": msg(
        "must be an amount in 万元, not below 0: write {examples}; at most 18 digits before and "
        "6 after the point"
    ),
    "ratio": msg("must be a share between 0 and 1: write {examples}"),
    "truth": msg("must be yes or no: write 是 or 否, 有 or 无, √ or ×"),
    "count": msg("must be a whole number, at least 1: write {examples}"),
}
_FORM_BY_RULE: Final[dict[str, AdvisedForm]] = {
    "ratio": "ratio",
    "date": "day",
    "datetime": "moment",
    "truth": "truth",
    "count": "count",
}


def examples_of_field(form: AdvisedForm | None, field: str) -> str | None:
    """Return what may be written in a field, as its errors tell it too; None if it is obvious."""
    # Typed points are a number to the reader, but may be negative.
    advised = "points" if field in SIGNED_NUMBERS else form
    # A year is counted too, but 3 is none.
    if advised in EXAMPLES_BY_FORM and field != "year":
        return _(EXAMPLES_BY_FORM[advised])
    return example_of(field)


def examples_of_form(form: AdvisedForm) -> str:
    """Return what may be written in a form."""
    return _(EXAMPLES_BY_FORM[form])


def what_to_write(form: AdvisedForm) -> tuple[str, str]:
    """Return the sentence that tells what to write in a form, and its examples."""
    return _ADVICE[form], examples_of_form(form)


def is_advice(problem: Problem) -> bool:
    """Return whether the problem's sentence tells what to write, by examples of its own."""
    return problem.template in _ADVICE.values()


def with_advice(problem: Problem) -> Problem:
    """Return the problem of a typed field with a sentence that tells what to write.

    The events' own sentences tell the strict text that JSON holds; other problems are unchanged.
    """
    form = _advised_form(problem)
    if form is None:
        return problem
    field = (problem.field or "").removeprefix(_REPLACEMENT)
    examples = examples_of_field(form, field)
    values: dict[str, object] = {"examples": examples}
    return Problem(problem.rule, _ADVICE[form], values, problem.field, problem.event)


def _advised_form(problem: Problem) -> AdvisedForm | None:
    # Only a field of an event is read in the forms that people type.
    if not problem.event or not problem.field:
        return None
    if problem.rule == "form":
        is_month = problem.values.get("form") == FIELD_EXAMPLES["month"]
        return "month" if is_month else None
    if problem.rule == "number":
        return _number_form(problem.event, problem.field.removeprefix(_REPLACEMENT))
    return _FORM_BY_RULE.get(problem.rule)


def _number_form(event: str, field: str) -> AdvisedForm:
    if field in SHARES:
        return "ratio"
    if field in SIGNED_NUMBERS:
        return "points"
    return "money" if is_sum_of_money(event, field) else "number"
