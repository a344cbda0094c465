"""Cases in a rulebook's file: run by `check` and `adopt`, and no part of its digest."""

from __future__ import annotations

import pytest

from commands.handlers.rulebook_cases import case_problems
from lifecycle.rulebook import parse
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, RULE

OUTCOME = """
[[grades]]
chinese = "优"
total = "[5,)"
clause = "一"
basis = "policy"
[[grades]]
chinese = "差"
total = "(,5)"
clause = "一"
basis = "policy"
"""
BOOK = HEAD + OUTCOME + RULE + FIGURE + 'kind = "per_item"\npoints = "1/3"\n'
FACT = (
    '{ event = "IndicatorReported", unit = "甲镇", indicator = "x", period = "2024", actual = 16 }'
)


def case(*lines: str, fact: str = FACT) -> str:
    """The rulebook with one case."""
    return BOOK + "[[case]]\n" + f"facts = [{fact}]\n" + "\n".join(lines) + "\n"


def findings(text: str) -> list[tuple[str, str | None]]:
    """The rule and the place of each problem."""
    return [(problem.rule, problem.field) for problem in case_problems(parse(text))]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('points = { "甲镇" = "16/3", "乙镇" = 0 }', None),
        ('points = { "甲镇" = 5.3333333333 }', None),
        ('points = { "甲镇" = 5.3333333334 }', "case.0.points"),
        ('points = { "丁镇" = 0 }', "case.0.points"),
        ('modules = { "甲镇" = { m = "16/3" } }', None),
        ('modules = { "甲镇" = { m = 5 } }', "case.0.modules.m"),
        ('grades = { "甲镇" = "优", "乙镇" = "差" }', None),
        ('grades = { "甲镇" = "差" }', "case.0.grades"),
        ('outcomes = { "甲镇" = [] }', None),
        ('outcomes = { "甲镇" = ["x"] }', "case.0.outcomes"),
        ('not_counted = [{ name = "x" }]', "case.0.not_counted"),
        ('as_of = 2024-06-30\npoints = { "甲镇" = "16/3" }', None),
        ('units = ["丁镇"]\npoints = { "丁镇" = 0 }', "case.0.facts"),
    ],
)
def test_a_case_is_compared_with_what_the_rulebook_gives(line: str, place: str | None) -> None:
    expected = [] if place is None else [place]
    assert [field for _rule, field in findings(case(line))] == expected


def test_what_is_not_counted_can_be_expected() -> None:
    other = FACT.replace('"x"', '"y"')
    row = 'not_counted = [{ name = "y", unit = "甲镇", reason = "read_by_no_rule" }]'
    assert findings(case(row, fact=other)) == []


def test_a_rejected_fact_names_the_case() -> None:
    assert findings(case(fact=FACT.replace("16", "-1"))) == [("case_facts", "case.0.facts")]


def test_cases_are_no_part_of_the_digest() -> None:
    assert parse(case('points = { "甲镇" = 1 }')).digest == parse(BOOK).digest
