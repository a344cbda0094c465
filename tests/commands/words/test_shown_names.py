"""Lines and what is not counted name rules and indicators as `rulebook show` does."""

from __future__ import annotations

from contextvars import copy_context
from fractions import Fraction

import pytest

from commands.words.condition_results import condition_results
from commands.words.formula_parts import only_counts
from commands.words.shown_names import show_rulebook, shown_result, shown_rule, shown_subject
from lifecycle.rulebook import parse
from projections.scoring.unit_values import ConditionResult, CountedNumber, ResultRead
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, RULE

BOOK = parse(HEAD + RULE.replace("规则", "接待来访") + FIGURE + 'kind = "per_item"\npoints = 1\n')
GROUP = (
    '[[groups]]\nid = "g"\nchinese = "板块一"\nmodules = ["m"]\nclause = "一"\nbasis = "policy"\n'
)
LOW = ConditionResult(CountedNumber("x", Fraction(3)), Fraction(3), holds=False)
READ = ConditionResult(ResultRead("rule", ("r.1",)), Fraction(4), holds=True)


def test_without_a_rulebook_they_are_named_by_their_ids() -> None:
    assert copy_context().run(shown_rule, "r.1") == "r.1"
    assert shown_subject("x") == "x"
    assert shown_result("modules", ["m", "n"]) == "m、n"


def test_with_it_they_bear_its_names() -> None:
    def shown() -> list[str]:
        show_rulebook(parse(BOOK.content + GROUP).rulebook)
        return [
            only_counts("r.1"),
            condition_results([LOW, READ]),
            shown_result("modules", ["m"]),
            shown_result("group", ["g"]),
            shown_subject("projects_signed"),
        ]

    texts = copy_context().run(shown)
    assert texts[0] == "only 接待来访 counts"
    assert texts[1] == "接待来访 3 ✗；规则 接待来访 4 ✓"
    assert texts[2:] == ["得分", "板块一", "签约项目数"]


@pytest.mark.parametrize("name", ["y", "capital"])
def test_what_the_rulebook_does_not_know_stays_as_it_is(name: str) -> None:
    def shown() -> str:
        show_rulebook(BOOK.rulebook)
        return shown_subject(name)

    assert copy_context().run(shown) == name
