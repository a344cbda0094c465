"""The form of time limits: what each needs and excludes; rulebooks without any stay the same."""

from __future__ import annotations

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import canonical, parse
from lifecycle.rulebook.rulebook_review import review
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, PER_ITEM

LEVELS = "levels = { orange = 3, yellow = 7, blue = 15 }\n"
SOURCE = 'clause = "一"\nbasis = "policy"\n'
LIMIT = '[[limits]]\nid = "land"\nchinese = "摘牌"\nfrom = "signing"\n' + SOURCE
TO_LAND = 'to = "land"\n'
CADENCE = 'every = true\nby = ["FollowedUp"]\n'
BASE = HEAD + PER_ITEM
PASSING = [
    LIMIT + TO_LAND + "days = 1\n" + LEVELS,
    LIMIT + TO_LAND + "months = 3\n" + LEVELS,
    LIMIT + TO_LAND + "working_days = 60\n" + LEVELS,
    LIMIT + CADENCE + "days = 30\n" + LEVELS,
    LIMIT + CADENCE + 'days = 30\nuntil = "production_started"\n' + LEVELS,
    LIMIT + 'every = true\nby = "any"\ndays = 30\n' + LEVELS,
    LIMIT + 'every = true\nby = ["any"]\ndays = 30\n' + LEVELS,
]
REJECTED = {
    LIMIT + "days = 1\n" + LEVELS: "either to, or every",
    LIMIT + TO_LAND + CADENCE + "days = 1\n" + LEVELS: "either to, or every",
    LIMIT + "every = true\ndays = 1\n" + LEVELS: "a cadence needs by",
    LIMIT + TO_LAND + 'by = ["FollowedUp"]\ndays = 1\n' + LEVELS: "a limit has neither",
    LIMIT + TO_LAND + 'until = "filing"\ndays = 1\n' + LEVELS: "a limit has neither",
    LIMIT + 'to = "signing"\ndays = 1\n' + LEVELS: "may not end where it begins",
    LIMIT + CADENCE + 'until = "signing"\ndays = 1\n' + LEVELS: "may not end where it begins",
    LIMIT + TO_LAND + LEVELS: "give exactly one of",
    LIMIT + TO_LAND + "days = 1\nmonths = 1\n" + LEVELS: "give exactly one of",
    LIMIT + TO_LAND + "days = 0\n" + LEVELS: "1",
    LIMIT + CADENCE.replace("FollowedUp", "FolowedUp") + "days = 1\n" + LEVELS: "FollowedUp",
    LIMIT + CADENCE.replace('["', '["any", "') + "days = 1\n" + LEVELS: "no event of projects",
    LIMIT + CADENCE.replace("FollowedUp", "ActivityHeld") + "days = 1\n" + LEVELS: "no event of",
    LIMIT + TO_LAND + "days = 1\n": "give levels",
    LIMIT + TO_LAND + "days = 1\nlevels = { orange = 3, yellow = 3, blue = 15 }\n": "ascend",
    (LIMIT + TO_LAND + "days = 1\n" + LEVELS) * 2: "appears twice",
    LIMIT.replace("signing", "sining") + TO_LAND + "days = 1\n" + LEVELS: "signing",
    LIMIT + TO_LAND + "days = 1\nwhere = { information_years = [2024, 2023] }\n" + LEVELS: "years",
}


@pytest.mark.parametrize("text", PASSING)
def test_a_limit_passes(text: str) -> None:
    assert review(parse(BASE + text).rulebook) == []


@pytest.mark.parametrize("text", REJECTED)
def test_a_limit_that_says_too_little_or_too_much_is_rejected(text: str) -> None:
    with pytest.raises(Rejected) as rejection:
        parse(BASE + text)
    problems = rejection.value.problems
    sentences = [problem.template.format(**problem.values) for problem in problems]
    assert any(REJECTED[text] in sentence for sentence in sentences), sentences


def test_one_word_and_a_list_of_it_are_the_same_rulebook() -> None:
    word, names = (parse(BASE + text) for text in PASSING[-2:])
    assert word.digest == names.digest


def test_a_rulebook_without_limits_says_nothing_of_them() -> None:
    assert b"limits" not in canonical(parse(BASE).rulebook)


def test_a_clause_that_only_a_limit_names_is_named() -> None:
    text = 'clauses = ["二"]\n' + BASE + PASSING[0].replace('"一"', '"二"')
    assert parse(text).rulebook.limits is not None


def test_a_size_that_looks_like_100_million_is_a_doubt() -> None:
    text = PASSING[0] + 'where = { investment = "[5,)" }\n'
    [finding] = review(parse(BASE + text).rulebook)
    assert (finding.level, finding.problem.rule) == ("doubt", "amount_in_100_million")
