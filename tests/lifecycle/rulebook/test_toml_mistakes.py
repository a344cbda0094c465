"""A rulebook that is no TOML: what is wrong, in words of our own, and on which line."""

from __future__ import annotations

import re

import pytest

from lifecycle.rejections import Problem, Rejected
from lifecycle.rulebook import parse
from tests.lifecycle.rulebook.test_rulebook_review import HEAD


def problem_with(line: str) -> Problem:
    """What is found where the line comes after the head of a rulebook."""
    with pytest.raises(Rejected) as rejection:
        parse(HEAD + line + "\n")
    (problem,) = rejection.value.problems
    return problem


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("cap = 1\ncap = 2", "written twice in a table"),
        ("cap = ten", "misspelled"),
        ("cap =", "missing"),
        ("cap = “10”", "straight quotes"),
        ("[modules]", "double brackets"),
        ("[ranking]", "written twice"),
        ("day = 2024-02-30", "no such day"),
        ("cap = 10分", "more follows"),
        ("list = [1 2]", "list is not closed"),
        ("rows = { a = 1 b = 2 }", "braces are not closed"),
        ("cap 10", "equals sign"),
        ("cap ＝ 10", "equals sign"),
        ('name = "a', "not closed on its line"),
        ("[total", "brackets around"),
        ('name = "C:\\dir"', "backslash"),
        ("封顶 = 10", "Latin letters"),
        ("rows = {{ a = 1 }}", "Latin letters"),
        ("【total】", "Latin letters"),
    ],
)
def test_a_slip_is_named_with_its_line(line: str, sentence: str) -> None:
    problem = problem_with(line)
    text = str(problem)
    assert problem.rule == "toml"
    assert re.search(sentence, text), text
    last_line = (HEAD + line).count("\n") + 1
    assert last_line <= int(str(problem.values["line"])) + 1
    assert "Expected" not in text


def test_what_tomllib_says_otherwise_is_passed_on_with_its_line() -> None:
    problem = problem_with('name = "\\ud800"')
    assert str(problem).startswith("is not valid TOML: ")
    assert problem.values["line"] == HEAD.count("\n") + 1
