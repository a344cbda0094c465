"""A part of a composite that takes a module by period, in the words of a policy."""

from __future__ import annotations

import pytest

from commands.words.rule_phrases import RulebookNames
from commands.words.rule_words import rule_points
from lifecycle.rulebook import parse
from tests.agreement.test_period_vectors import AMOUNT, assessed
from tests.lifecycle.rulebook.test_rulebook_review import HEAD


@pytest.mark.parametrize(
    ("length", "how", "words"),
    [
        ("quarter", 'take = "sum"', "逐期各季度得分之和"),
        ("month", 'take = "mean"', "逐期各月得分的均值"),
        (
            "half_year",
            'take = "mean", only = ["H2"], when_missing = 3',
            "逐期下半年得分的均值（尚无得分的计 3）",
        ),
        (
            "quarter",
            'take = "best", best = 1, only = ["Q3", "Q1"], when_missing = "none"',
            "逐期第 1 季度、第 3 季度得分中最高的 1 个之和（尚无得分的不计分）",
        ),
        ("month", 'take = "sum", only = ["03", "12"]', "逐期3 月、12 月得分之和"),
    ],
)
def test_a_part_says_of_which_periods_it_takes_what(length: str, how: str, words: str) -> None:
    book = parse(HEAD + assessed(length, AMOUNT, how)).rulebook
    names = RulebookNames(book)
    [composite] = [rule for rule in book.rules if rule.kind == "composite"]
    assert rule_points(composite, names) == words
