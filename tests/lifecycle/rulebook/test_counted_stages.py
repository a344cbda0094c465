"""`stages` of nodes_reached: what a rulebook may say, and what is rejected (spec 6)."""

from __future__ import annotations

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import canonical, parse
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, NODE_POINTS, NODES, RULE, SIGNED


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (NODES + "stages = []\n", "length"),
        (NODES + 'stages = ["signing", "signing"]\n', "stages"),
        (NODES + 'stages = ["opened"]\n', "vocabulary"),
        # Points for a node that is not counted would never be given.
        (NODE_POINTS + '{ land = 2 }\nstages = ["signing"]\n', "unknown_name"),
        (RULE + SIGNED + 'kind = "per_item"\npoints = 1\nstages = ["signing"]\n', "stages"),
    ],
)
def test_faulty_stages_are_rejected_with_their_place(rule: str, problem: str) -> None:
    with pytest.raises(Rejected) as rejection:
        parse(HEAD + rule)
    assert {each.rule for each in rejection.value.problems} == {problem}


def test_stages_that_are_left_out_leave_the_content_as_it_was() -> None:
    assert b"stages" not in canonical(parse(HEAD + NODES).rulebook)
    named = parse(HEAD + NODES + 'stages = ["signing", "completed"]\n')
    assert b'"stages":["signing","completed"]' in canonical(named.rulebook)
