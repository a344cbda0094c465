"""Clauses left out: named with their reason, doubted where they are encoded, absent by default."""

from __future__ import annotations

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import canonical, parse, shipped
from lifecycle.rulebook.rulebook_library import every_shipped
from lifecycle.rulebook.rulebook_review import review
from lifecycle.rulebook.toml_places import TomlPlaces
from projections.audit.verifier import verify_bundle as verifier
from tests.lifecycle.rulebook.test_limit_form import LEVELS, LIMIT, TO_LAND
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, PER_ITEM

REWARD = """
[[rewards]]
id = "settled"
chinese = "落户奖励"
amount = 5
stages = [{ share = 1, at = "signing" }]
to = "investor"
clause = "八"
basis = "policy"
"""
BOOK = HEAD + PER_ITEM + LIMIT.replace('"一"', '"七"') + TO_LAND + "days = 1\n" + LEVELS + REWARD
EMPTY_REASONS = ['""', '" "', '"\\t\\n"']


def left_out(*clauses: str, why: str = '"评议"') -> str:
    """A rulebook that leaves the clauses out; they stand before its first table."""
    entries = [f'    {{ clause = "{clause}", why = {why} }},\n' for clause in clauses]
    return f"left_out = [\n{''.join(entries)}]\n{BOOK}"


def doubts(text: str) -> list[tuple[str, str, object]]:
    """Level, place and clause of every finding."""
    findings = review(parse(text).rulebook)
    problems = [(finding.level, finding.problem) for finding in findings]
    return [
        (level, problem.field or "", problem.values.get("clause")) for level, problem in problems
    ]


def test_a_clause_that_nothing_encodes_is_left_out_without_a_doubt() -> None:
    text = left_out("九", "一 第二句", "十一")
    assert doubts(text) == []
    clauses = [clause.clause for clause in parse(text).rulebook.left_out or ()]
    assert clauses == ["九", "一 第二句", "十一"]


@pytest.mark.parametrize("clause", ["一", "七", "八"], ids=["rule", "limit", "reward"])
def test_a_clause_that_is_left_out_and_encoded_is_a_doubt(clause: str) -> None:
    assert doubts(left_out("九", clause)) == [("doubt", "left_out.1.clause", clause)]


def test_one_reference_may_name_several_clauses() -> None:
    assert doubts(left_out("九,一")) == [("doubt", "left_out.0.clause", "一")]
    several = left_out("九").replace('clause = "七"', 'clause = "七, 九"')
    assert doubts(several) == [("doubt", "left_out.0.clause", "九")]


@pytest.mark.parametrize("why", EMPTY_REASONS)
def test_a_clause_without_a_reason_is_rejected_at_its_line(why: str) -> None:
    text = left_out("九", why=why)
    with pytest.raises(Rejected) as rejection:
        parse(text)
    (problem,) = rejection.value.problems
    assert (problem.rule, problem.field) == ("text_empty", "left_out.0.why")
    assert TomlPlaces(text).place(problem.field).line == 2


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ("left_out = []\n" + BOOK, "left_out"),
        ('left_out = ["九"]\n' + BOOK, "left_out.0"),
        ('left_out = [{ clause = "九" }]\n' + BOOK, "left_out.0.why"),
        ('left_out = [{ why = "评议" }]\n' + BOOK, "left_out.0.clause"),
        ('left_out = [{ clause = "", why = "评议" }]\n' + BOOK, "left_out.0.clause"),
        ('left_out = [{ clause = "九", why = "评议", basis = "policy" }]\n' + BOOK, "left_out.0"),
    ],
)
def test_another_form_is_rejected_at_its_place(broken: str, place: str) -> None:
    with pytest.raises(Rejected) as rejection:
        parse(broken)
    assert [problem.field for problem in rejection.value.problems] == [place]


def test_a_listed_clause_is_encoded_or_left_out() -> None:
    listed = 'clauses = ["一", "九"]\n'
    assert parse(listed + left_out("九")).rulebook.left_out is not None
    with pytest.raises(Rejected) as rejection:
        parse(listed + BOOK)
    assert [problem.rule for problem in rejection.value.problems] == ["clause_unnamed"]


@pytest.mark.parametrize(
    ("clause", "slips"),
    [
        ("九", []),
        ("九 第二句", []),
        ("九,十", ["left_out.1.clause"]),
        ("十九", ["left_out.1.clause"]),
    ],
)
def test_a_clause_left_out_that_the_list_does_not_have_is_a_doubt(
    clause: str,
    slips: list[str],
) -> None:
    findings = review(parse('clauses = ["一", "九"]\n' + left_out("九", clause)).rulebook)
    problems = [finding.problem for finding in findings]
    places = [problem.field for problem in problems if problem.rule == "left_out_unlisted"]
    assert places == slips


def test_what_is_left_out_belongs_to_the_content_and_is_absent_by_default() -> None:
    assert b"left_out" not in canonical(parse(BOOK).rulebook)
    digests = {parse(text).digest for text in (BOOK, left_out("九"), left_out("十"))}
    assert len(digests) == 3


def test_the_standalone_verifier_reads_a_rulebook_that_leaves_clauses_out() -> None:
    data = parse(left_out("九")).rulebook.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert verifier.CheckedRulebook(data).data["left_out"] == [{"clause": "九", "why": "评议"}]


def test_the_table_of_townships_says_what_it_leaves_out_and_that_of_0_1_0_stays() -> None:
    book = shipped("township-table").rulebook
    (of_0_1_0,) = [
        former.rulebook
        for former in every_shipped()
        if former.digest.startswith("5b22a2c3a6c6f51c")
    ]
    assert [clause.clause for clause in book.left_out or ()] == [
        "一1 projects",
        "二1 on time",
        "二2 organisation",
        "二3",
    ]
    assert of_0_1_0.left_out is None
    assert [rule.id for rule in of_0_1_0.rules] == [rule.id for rule in book.rules]
