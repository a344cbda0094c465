"""What `rulebook check` and `adopt` find beside the review: words that would be read as others."""

from __future__ import annotations

import pytest

from commands.handlers.rulebook_fitness import fitness_findings
from lifecycle.rulebook import parse
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, PER_ITEM

SOURCE = 'clause = "一"\nbasis = "policy"\n'


@pytest.mark.parametrize(
    ("word_list", "chinese", "built_in"),
    [
        ("traits", "外资", "foreign"),
        ("traits", "外资五百强", None),
        # Of another vocabulary: no clerk types a trait where a site is asked for.
        ("sites", "外资", None),
        ("stages", "开工", "construction_started"),
    ],
)
def test_a_word_may_not_bear_the_name_of_one_built_in(
    word_list: str,
    chinese: str,
    built_in: str | None,
) -> None:
    word = f'[[vocabulary.{word_list}]]\nname = "own"\nchinese = "{chinese}"\n{SOURCE}'
    # Reading it is allowed: who adopted it before keeps it.
    findings = fitness_findings(parse(HEAD + PER_ITEM + word))
    named = [(finding.level, finding.problem.field) for finding in findings]
    expected = [] if built_in is None else [("error", f"vocabulary.{word_list}.0.chinese")]
    assert named == expected
    assert [finding.problem.values["name"] for finding in findings] == [built_in][: len(findings)]
