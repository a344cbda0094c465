"""Modules assessed by period: what is rejected with its place, their books, and their range."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import parse
from lifecycle.rulebook.assessed_modules import period_books, period_parts, year_book
from lifecycle.rulebook.kinds.period_part import PeriodPoints
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.reach import reach
from lifecycle.rulebook.rulebook_review import review
from tests.lifecycle.rulebook.test_rulebook_review import (
    FIGURE,
    HEAD,
    OUTCOME,
    PARTS,
    PER_ITEM,
    QUARTERS,
    RATIO,
    RULE,
    SET_TARGET,
    conditions,
)

QUARTERLY = (
    '[[modules]]\nid = "q"\nchinese = "每季"\nassessed = "quarter"\n'
    'clause = "一"\nbasis = "policy"\n'
)
IN_Q = RULE.replace("r.1", "q.1").replace('"m"', '"q"')
COUNT = IN_Q + FIGURE + 'kind = "per_item"\npoints = 1\nlimit = 6\n'
SECOND = IN_Q.replace("q.1", "q.2")
ALL = 'take = "sum"'
ON_Q = 'any_of = [{ all = [{ result = { modules = ["q"] }, at_least = 1 }] }]\n'
ON_M = ON_Q.replace('"q"', '"m"')
GROUP = '[[groups]]\nid = "g"\nchinese = "板块"\nmodules = ["q"]\nclause = "一"\nbasis = "policy"\n'


def taking(how: str = ALL, each: str = "quarter", module: str = "q") -> str:
    """A composite whose one part takes a module by period."""
    part = f'{{ result = {{ module = "{module}" }}, each = "{each}", share = 1, {how} }}'
    return PARTS.replace("100", "10") + f"parts = [{part}]\n"


SOUND = QUARTERLY + COUNT + taking()
REJECTED = {
    "beside the table": (SOUND + QUARTERS, "assessed_twice", "assessed"),
    "another length": (
        QUARTERLY + COUNT + taking(each="month"),
        "assessed_length",
        "rules.r.1.parts.0.each",
    ),
    "a module of the year": (
        SOUND + taking(module="m").replace("r.1", "r.2"),
        "assessed_length",
        "rules.r.2.parts.0.result.module",
    ),
    "an unknown module": (
        SOUND + taking(module="n").replace("r.1", "r.2"),
        "unknown_name",
        "rules.r.2.parts.0.result.module",
    ),
    "a composite within such a module": (
        SOUND + taking().replace("r.1", "q.3").replace('"m"', '"q"'),
        "assessed_module",
        "rules.q.3.parts.0.result",
    ),
    "an outcome": (
        SOUND + SECOND + OUTCOME + conditions("at_least = 1"),
        "assessed_module",
        "rules.q.2.module",
    ),
    "a gate of the total": (
        SOUND + SECOND + 'kind = "gate"\ngates = "total"\n' + conditions("at_least = 1"),
        "assessed_module",
        "rules.q.2",
    ),
    "a condition on the year": (
        SOUND + SECOND + 'kind = "gate"\ngates = "module"\n' + ON_M,
        "assessed_module",
        "rules.q.2.any_of.0.0.result",
    ),
    "a condition of the year on a period": (
        SOUND + RULE.replace("r.1", "r.2") + OUTCOME + ON_Q,
        "assessed_module",
        "rules.r.2.any_of.0.0.result",
    ),
    "a factor of the year on a period": (
        SOUND
        + RULE.replace("r.1", "r.2")
        + 'kind = "coefficient"\nmodules = ["q"]\ncombine = "highest"\n'
        + 'rows = [{ where = [{ category = ["township"] }], factor = 2 }]\n',
        "assessed_module",
        "rules.r.2",
    ),
    "an unknown period": (
        QUARTERLY + COUNT + taking(ALL + ', only = ["Q5"]'),
        "unknown_period",
        "rules.1.composite.parts.0",
    ),
    "a period named twice": (
        QUARTERLY + COUNT + taking(ALL + ', only = ["Q1", "Q1"]'),
        "only",
        "rules.1.composite.parts.0",
    ),
    "the best of how many": (
        QUARTERLY + COUNT + taking('take = "best"'),
        "best",
        "rules.1.composite.parts.0",
    ),
    "more than are taken": (
        QUARTERLY + COUNT + taking('take = "best", best = 3, only = ["Q1", "Q2"]'),
        "too_many_best",
        "rules.1.composite.parts.0",
    ),
    "silence of a sum": (
        QUARTERLY + COUNT + taking(ALL + ", when_missing = 1"),
        "when_missing",
        "rules.1.composite.parts.0",
    ),
    "a condition's silence": (
        QUARTERLY + COUNT + taking('take = "mean", when_missing = "holds"'),
        "when_missing",
        "rules.1.composite.parts.0",
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_worked_out_is_rejected_at_its_place(name: str) -> None:
    text, rule, place = REJECTED[name]
    assert review(parse(HEAD + SOUND).rulebook) == []
    with pytest.raises(Rejected) as rejection:
        parse(HEAD + text)
    assert [(problem.rule, problem.field) for problem in rejection.value.problems] == [
        (rule, place)
    ]


FOUND = {
    "no part takes it": (QUARTERLY + COUNT + PER_ITEM, "assessed_untaken", "modules.q"),
    "it stands in a group": (SOUND + GROUP, "assessed_untaken", "groups.g.modules"),
    "how much of the year's target": (
        SOUND.replace(COUNT, RATIO.replace("r.1", "q.1").replace('"m"', '"q"') + SET_TARGET),
        "target_per",
        "rules.q.1",
    ),
    "a mean of nothing": (QUARTERLY + COUNT + taking('take = "mean"'), "when_missing", None),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_adds_nothing_is_found_by_check_and_can_be_read(name: str) -> None:
    text, rule, place = FOUND[name]
    [finding] = review(parse(HEAD + text).rulebook)
    assert finding.problem.rule == rule
    assert finding.problem.field == (place or "rules.r.1.parts.0")


def test_periods_and_the_year_have_books_of_their_own() -> None:
    loaded = parse(HEAD + SOUND)
    of_year = year_book(loaded.rulebook)
    [(length, of_quarter)] = period_books(loaded.rulebook).items()
    assert [rule.id for rule in of_year.rules] == ["r.1"]
    assert [module.id for module in of_year.modules] == ["m", "q"]
    assert length == "quarter"
    assert [rule.id for rule in of_quarter.rules] == ["q.1"]
    assert [module.id for module in of_quarter.modules] == ["q"]
    # A rulebook without such modules is neither copied nor read otherwise.
    plain = parse(HEAD + PER_ITEM)
    assert year_book(plain.rulebook) is plain.rulebook


@pytest.mark.parametrize(
    ("how", "least", "greatest"),
    [
        (ALL, 0, 24),
        (ALL + ', only = ["Q1", "Q3"]', 0, 12),
        ('take = "mean"', 0, 6),
        ('take = "mean", when_missing = 8', 0, 8),
        ('take = "best", best = 3', 0, 18),
        ('take = "best", best = 1, when_missing = -2', -2, 6),
    ],
)
def test_the_range_of_a_part_is_that_of_its_periods(how: str, least: int, greatest: int) -> None:
    ranges = reach(parse(HEAD + QUARTERLY + COUNT + taking(how)).rulebook)
    assert ranges == {
        "m": PointRange(Fraction(least), Fraction(greatest)),
        "q": PointRange(Fraction(0), Fraction(6)),
    }


def test_marks_are_those_of_the_periods_in_which_the_unit_was_there() -> None:
    book = parse(HEAD + QUARTERLY + COUNT + taking('take = "best", best = 2')).rulebook
    [(_rule, _place, part)] = period_parts(book)
    points = [
        PeriodPoints("2024-Q1", None),
        PeriodPoints("2024-Q2", Fraction(-1)),
        PeriodPoints("2024-Q3", Fraction(4)),
        PeriodPoints("2024-Q4", Fraction(3)),
    ]
    marks = part.marks_of(points)
    assert (marks.what, marks.total, marks.marks) == ("q", Fraction(7), 2)
    assert marks.periods == tuple(points)
