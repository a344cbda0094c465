"""Cases in a rulebook's file: run by `check` and `adopt`, and no part of its digest."""

from __future__ import annotations

import pytest

from commands.handlers.rulebook_cases import case_problems
from commands.words.problem_text import problem_text
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
        ("as_of = 2023-12-31", "case.0.as_of"),
        ('units = ["丁镇"]\npoints = { "丁镇" = 0 }', "case.0.facts.0"),
    ],
)
def test_a_case_is_compared_with_what_the_rulebook_gives(line: str, place: str | None) -> None:
    expected = [] if place is None else [place]
    assert [field for _rule, field in findings(case(line))] == expected


def test_what_is_not_counted_can_be_expected() -> None:
    other = FACT.replace('"x"', '"y"')
    row = 'not_counted = [{ name = "y", unit = "甲镇", reason = "read_by_no_rule" }]'
    assert findings(case(row, fact=other)) == []


REWARD = """
[[rewards]]
id = "signed"
chinese = "签约奖励"
amount = 10
stages = [{ share = 0.4, at = "signing" }, { share = 0.6, at = "signing", months = 3 }]
to = "first_reporter"
clause = "二"
basis = "policy"
"""
SIGNED = (
    '{ event = "InformationReported", project = "P", on = 2024-09-01, reporting_unit = "甲镇", '
    'name = "项目", investor = "公司", sector = "industrial", kind = "new", outside_ratio = 1, '
    "planned_investment = 5000, planned_fixed_assets = 4000 }, "
    '{ event = "AgreementSigned", project = "P", on = 2024-10-15, '
    "contract_investment = 5000, contract_fixed_assets = 4000 }"
)
FIRST = '{ stage = 1, amount = 4, due_on = 2024-10-15, status = "due" }'


@pytest.mark.parametrize(
    ("lines", "is_right"),
    [
        ([f"rewards = [{FIRST}, {{ stage = 2, amount = 6, status = 'upcoming' }}]"], True),
        # In the following year the second stage has fallen due; the year's score stays.
        (["as_of = 2025-01-15", f"rewards = [{FIRST}, {{ due_on = 2025-01-15 }}]"], True),
        (["as_of = 2025-01-15", f"rewards = [{FIRST}, {{ status = 'upcoming' }}]"], False),
        ([f"rewards = [{FIRST}]"], False),
        (["rewards = []"], False),
        (["rewards = [{ amount = 5 }, {}]"], False),
    ],
)
def test_the_stages_of_rewards_can_be_expected(lines: list[str], *, is_right: bool) -> None:
    text = BOOK + REWARD + f"[[case]]\nfacts = [{SIGNED}]\n" + "\n".join(lines) + "\n"
    assert findings(text) == ([] if is_right else [("case", "case.0.rewards")])


def test_what_differs_in_a_stage_of_a_reward_is_named() -> None:
    rows = "rewards = [{ amount = 5 }, { due_on = 2025-01-16 }]"
    text = BOOK + REWARD + f"[[case]]\nfacts = [{SIGNED}]\n{rows}\n"
    sentences = [problem_text(problem, is_strict=True) for problem in case_problems(parse(text))]
    amount, due_day = [sentence.partition("): ")[2] for sentence in sentences]
    assert amount == "stage 1 of signed for P: amount (数额) is 4, and the case says 5 [case]"
    assert due_day.endswith("due_on is 2025-01-15, and the case says 2025-01-16 [case]")


def test_a_rejected_fact_names_the_case() -> None:
    assert findings(case(fact=FACT.replace("16", "-1"))) == [("case_facts", "case.0.facts.0")]


def test_cases_are_no_part_of_the_digest() -> None:
    assert parse(case('points = { "甲镇" = 1 }')).digest == parse(BOOK).digest
