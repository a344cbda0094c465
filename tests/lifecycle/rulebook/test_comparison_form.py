"""The form of comparisons: what `as` needs and excludes, and how far points reach with it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import parse
from lifecycle.rulebook.kinds.point_range import PointRange
from lifecycle.rulebook.reach import reach
from lifecycle.rulebook.rulebook_review import review
from tests.lifecycle.rulebook.test_rulebook_review import (
    FIGURE,
    HEAD,
    OUTCOME,
    PER_ITEM,
    RULE,
    conditions,
    second,
)

COUNT = RULE + FIGURE + 'kind = "per_item"\npoints = 2\n'
GROWTH = 'as = "to_last_year"\nwhen_zero = 1\nwhen_missing = 3\n'
PLACES = 'as = "place_change"\nwhen_missing = -1\n'
SHARE = 'as = "share_of_sequence"\nwhen_zero = 0\n'
RUN = 'each = "month", in_a_row = 2, at_least = 1'
REJECTED = {
    COUNT + 'as = "to_mean"\n': "give when_zero",
    COUNT + 'as = "share_of_sequence"\n': "give when_zero",
    COUNT + 'as = "to_last_year"\nwhen_zero = 1\n': "give when_missing",
    COUNT + 'as = "place_change"\n': "give when_missing",
    COUNT + SHARE + "when_missing = 3\n": "give when_missing only where",
    PER_ITEM + GROWTH + 'each = "project"\n': "it excludes each",
    COUNT + GROWTH.replace("= 3", '= "fails"'): 'must be "none" or a number',
    COUNT + 'as = "to_previous_quarter"\nwhen_zero = 1\n': "to_last_year",
    RULE + FIGURE + 'kind = "ratio"\nweight = 10\n' + PLACES: "needs a target, or as",
    RULE + FIGURE + 'kind = "ratio"\nweight = 10\n': "needs a target, or as",
    RULE
    + 'measure = "nodes_reached"\nkind = "per_item"\npoints_by = { signing = 1 }\n'
    + GROWTH: "has no labels",
    PER_ITEM
    + second(RULE)
    + OUTCOME
    + conditions(RUN + ', as = "to_mean", when_zero = 0'): "in_a_row excludes as",
}
PASSING = {
    COUNT + SHARE: PointRange(Fraction(0), Fraction(2)),
    COUNT + SHARE.replace("= 0", "= 2"): PointRange(Fraction(0), Fraction(4)),
    COUNT + GROWTH: PointRange(Fraction(0), None),
    COUNT + PLACES: PointRange(None, None),
    RULE + FIGURE + 'kind = "ratio"\nweight = 10\n' + SHARE: PointRange(Fraction(0), Fraction(10)),
    RULE + FIGURE + 'kind = "per_amount"\nper = 0.1\npoints = 1\n' + SHARE: PointRange(
        Fraction(0), Fraction(10)
    ),
    # Places are whole numbers, whatever is counted: between the bands there is none.
    RULE
    + FIGURE
    + 'kind = "bracket"\nbands = [{ value = "(,-1]", points = -5 }, '
    + '{ value = "[0,2]", points = 0 }, { value = "[3,)", points = 5 }]\n'
    + PLACES: PointRange(Fraction(-5), Fraction(5)),
    # A sum and its growth are two things counted under one clause.
    COUNT + second(COUNT) + GROWTH: PointRange(Fraction(0), None),
}


@pytest.mark.parametrize("text", REJECTED)
def test_a_comparison_that_lacks_something_is_rejected(text: str) -> None:
    with pytest.raises(Rejected) as rejection:
        parse(HEAD + text)
    problems = rejection.value.problems
    sentences = [problem.template.format(**problem.values) for problem in problems]
    assert any(REJECTED[text] in sentence for sentence in sentences)


@pytest.mark.parametrize("text", PASSING)
def test_a_comparison_passes_and_reaches_so_far(text: str) -> None:
    book = parse(HEAD + text).rulebook
    assert review(book) == []
    assert reach(book)["m"] == PASSING[text]


def test_a_quotient_s_bands_join_where_places_may_not() -> None:
    bands = '[{ value = "(,1]", points = 0 }, { value = "[2,)", points = 5 }]'
    bracket = RULE + FIGURE + f'kind = "bracket"\nbands = {bands}\n'
    assert review(parse(HEAD + bracket + PLACES).rulebook) == []
    with pytest.raises(Rejected) as rejection:
        parse(HEAD + bracket + GROWTH)
    assert [problem.rule for problem in rejection.value.problems] == ["bands_gap"]
