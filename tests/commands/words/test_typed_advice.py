"""A value that cannot be read is answered with what to write, as its prompt says it."""

from __future__ import annotations

import pytest

from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.messages import choose_language
from commands.words.problem_text import problem_text
from commands.words.typed_advice import EXAMPLES_BY_FORM, examples_of_field
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.events import BY_NAME, Event
from lifecycle.rejections import Problem, Rejected, msg

_FORMED = [
    (kind, field)
    for kind in BY_NAME.values()
    for field in fields_of_kind(kind)
    if field.form is not None or field.shape == "truth"
]
_UNREADABLE = "三成左右"


def _rejection(kind: type[Event], name: str, value: object) -> Problem:
    with pytest.raises(Rejected) as rejection:
        normalised_replacement({name: value}, kind)
    return rejection.value.problems[0]


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    monkeypatch.setenv("LIFECYCLE_LANG", name)
    choose_language()
    return name


@pytest.mark.parametrize(
    ("kind", "field"),
    _FORMED,
    ids=[f"{kind.__name__}.{field.name}" for kind, field in _FORMED],
)
def test_every_typed_field_tells_in_its_error_what_its_prompt_tells(
    kind: type[Event], field: TypedField, language: str
) -> None:
    problem = _rejection(kind, field.name, field.read(_UNREADABLE))
    sentence = problem_text(problem)
    if field.shape == "truth":
        assert all(sign in sentence for sign in "是否有无√×")
        return
    examples = examples_of_field(field.form, field.name)
    assert examples is not None
    assert examples in sentence


@pytest.mark.parametrize(
    ("kind", "field"),
    [pair for pair in _FORMED if pair[1].form is not None],
    ids=[f"{kind.__name__}.{field.name}" for kind, field in _FORMED if field.form is not None],
)
def test_what_an_error_tells_to_write_is_taken(kind: type[Event], field: TypedField) -> None:
    examples = examples_of_field(field.form, field.name)
    assert examples is not None
    for example in examples.replace(" or ", ", ").split(", "):
        normalised_replacement({field.name: field.read(example)}, kind)


def test_each_form_has_a_field_that_shows_it() -> None:
    shown = {examples_of_field(field.form, field.name) for _kind, field in _FORMED}
    assert set(EXAMPLES_BY_FORM.values()) <= shown


def test_a_share_typed_as_a_word_and_one_above_the_whole_are_told_alike() -> None:
    kind = BY_NAME["InformationReported"]
    sentences = {
        problem_text(_rejection(kind, "outside_ratio", value)).partition(" [")[0]
        for value in (_UNREADABLE, "30")
    }
    assert len(sentences) == 1
    assert "0.3 or 30%" in sentences.pop()


def test_what_is_read_as_json_is_told_in_the_strict_form() -> None:
    problem = _rejection(BY_NAME["AgreementSigned"], "contract_investment", "1.5亿")
    assert "without sign, exponent or separators" in problem_text(problem, is_strict=True)
    assert "15000 or 1.5亿" in problem_text(problem)


def test_a_problem_of_no_events_field_keeps_its_sentence() -> None:
    problem = Problem("date", msg("must be a date such as 2024-03-31"), {}, "day")
    assert "must be a date such as 2024-03-31" in problem_text(problem)
