"""A unit's score from its points: the limits of modules, groups and total, bases, grades."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import pytest

from lifecycle.exact_numbers import ZERO
from lifecycle.rulebook import parse
from lifecycle.rulebook.kinds.gate_rule import Gate
from projections.facts.unit_facts import UnitFacts
from projections.scoring.gate_conditions import UnmetAlternatives
from projections.scoring.point_tally import ClosedTotal, FactorOfTotal, PointTally
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.score_line import FloorApplied, ScoreLine
from projections.scoring.unit_scores import (
    GroupPoints,
    UnitScore,
    counted_results,
    grade,
    limit_lines,
    ranked_scores,
    unit_score,
)
from tests.given import TOWN
from tests.lifecycle.rulebook.test_rulebook_review import HEAD, NODES, OUTCOME, RULE, conditions

LIMITS: Final = """
[[modules]]
id = "raised"
chinese = "有下限"
clause = "二"
basis = "interpretation"
note = "例"
floor = 3

[[modules]]
id = "capped"
chinese = "有上限"
clause = "三"
basis = "assumption"
note = "例"
cap = 10

[[groups]]
id = "g"
chinese = "板块"
modules = ["raised", "capped"]
clause = "四"
basis = "interpretation"
note = "例"
cap = 12

[total]
cap = 20
clause = "五"
basis = "assumption"
note = "例"
"""
CLOSING: Final = RULE.replace("r.1", "gate") + 'kind = "gate"\ngates = "total"\n'
POLICY: Final = prepared(parse(HEAD + LIMITS + NODES + CLOSING + conditions("at_least = 1")))
UNIT: Final = UnitFacts(TOWN, TOWN, "乡镇", "township", 1)


def line(module: str, points: int, basis: str = "policy") -> ScoreLine:
    """A line of points in a module."""
    return ScoreLine(
        rule="r",
        module=module,
        points=Fraction(points),
        clause="一",
        basis=basis,
        unit=TOWN,
        project=None,
        inputs=FloorApplied(ZERO, ZERO),
        events=(),
    )


def tally(*lines: ScoreLine, after_limits: ScoreLine | None = None) -> PointTally:
    """The points of some lines; those of one more stand behind the limits of its module."""
    points = PointTally(POLICY)
    for each in lines:
        points.add(each)
    if after_limits is not None:
        points.add_after_limits(after_limits)
    return points


def test_modules_groups_and_the_total_count_within_their_limits() -> None:
    points = tally(line("m", 9), line("raised", 1), line("capped", 14))
    points.total_factors.append(FactorOfTotal("f", "policy", Fraction(3, 2)))

    results = counted_results(points, POLICY)

    assert unit_score(UNIT, points, POLICY).rank == 0  # until the sequence is ranked
    assert results.modules == {"m": 9, "raised": 3, "capped": 10}
    assert results.groups == {"g": GroupPoints(Fraction(13), Fraction(12))}
    # 9 and 12 are 21; half as much again is added, and 20 is the most.
    assert [(factor.sum_of_groups, factor.added) for factor in results.factors] == [
        (Fraction(21), Fraction(21, 2))
    ]
    assert results.raw_total == Fraction(63, 2)
    assert results.total == 20


def test_what_limits_add_or_take_rests_on_their_tables() -> None:
    points = tally(line("m", 9), line("raised", 1), line("capped", 14))
    points.total_factors.append(FactorOfTotal("f", "policy", Fraction(3, 2)))
    points.total_factors.append(FactorOfTotal("h", "policy", Fraction(1, 3)))

    score = unit_score(UNIT, points, POLICY)

    # The lines' 24; a half more and two thirds less of 21.
    by_policy = 24 + Fraction(21, 2) - 14
    # The floor adds 2, the cap of the group takes 1; the cap of the module takes 4, and the total
    # of 17.5 lies within its own.
    assert score.rests_on == {"policy": by_policy, "interpretation": 1, "assumption": -4}
    assert score.total == sum(score.rests_on.values()) == Fraction(35, 2)


def test_what_the_cap_of_the_total_takes_is_added_to_what_else_rests_on_its_basis() -> None:
    score = unit_score(UNIT, tally(line("m", 25), line("capped", 14)), POLICY)

    # 25 and 10, and the floor's 3: the group takes 1 of its 13, the total 17 of its 37.
    assert score.rests_on == {"policy": 39, "interpretation": 2, "assumption": -4 - 17}
    assert score.total == 20


def test_points_behind_a_limit_count_in_full() -> None:
    points = tally(line("capped", 14), line("raised", 3), after_limits=line("capped", -2))

    score = unit_score(UNIT, points, POLICY)

    assert score.modules["capped"] == 10 - 2
    # What stands behind the cap does not move what the cap takes.
    cap, *others = limit_lines(TOWN, points, POLICY)
    assert others == []
    assert cap.rule == "capped.cap"
    assert cap.points == -4
    assert score.rests_on == {"policy": 15, "interpretation": 0, "assumption": -4}


def test_a_closed_gate_takes_what_counts_of_each_module() -> None:
    gate = next(rule for rule in POLICY.rules if isinstance(rule, Gate))
    points = tally(line("capped", 14), line("raised", 3), after_limits=line("capped", -2))
    points.closed_by = ClosedTotal(gate, UnmetAlternatives((), ("甲镇#1",)))

    taken = [given for given in limit_lines(TOWN, points, POLICY) if given.rule == gate.id]
    score = unit_score(UNIT, points, POLICY)

    # 14 capped at 10, and 2 less behind the cap.
    assert [(given.module, int(given.points)) for given in taken] == [
        ("raised", -3),
        ("capped", -8),
    ]
    assert not any(score.modules.values())
    assert score.total == sum(score.rests_on.values()) == 0
    # The lines' 15, and all that counted of it; the cap took 4 already.
    assert score.rests_on == {"policy": 15 - 11, "interpretation": 0, "assumption": -4}


def test_limits_are_said_where_they_change_something() -> None:
    changes = [
        (given.rule, int(given.points))
        for given in limit_lines(TOWN, tally(line("raised", 1), line("capped", 14)), POLICY)
    ]

    assert changes == [("raised.floor", 2), ("capped.cap", -4)]
    assert list(limit_lines(TOWN, tally(line("raised", 3), line("capped", 10)), POLICY)) == []


GRADED: Final = HEAD + "".join(
    f'[[grades]]\nchinese = "{name}"\ntotal = "{total}"\nclause = "一"\nbasis = "policy"\n'
    for name, total in (("优", "[90,)"), ("良", "[60,90)"), ("差", "(,60)"))
)
NEVER: Final = conditions("at_least = 1")
UP_AND_DOWN: Final = "".join(
    RULE.replace("r.1", name) + OUTCOME + f"steps = {steps}\n" + NEVER
    for name, steps in (("up", 1), ("down", -1))
)


@pytest.mark.parametrize(
    ("total", "outcomes", "expected"),
    [
        (90, [], "优"),
        (89, [], "良"),
        (60, [], "良"),
        (59, [], "差"),
        (60, ["up"], "优"),
        (60, ["down"], "差"),
        (60, ["up", "down"], "良"),
        (59, ["up", "up"], "优"),
        (90, ["up"], "优"),
        (59, ["down"], "差"),
    ],
)
def test_outcomes_move_a_grade_no_further_than_the_best_and_the_last(
    total: int, outcomes: list[str], expected: str
) -> None:
    policy = Policy(parse(GRADED + UP_AND_DOWN))

    assert grade(Fraction(total), outcomes, policy) == expected


def test_a_policy_without_grades_gives_none() -> None:
    assert grade(Fraction(90), [], POLICY) is None


def test_each_sequence_is_ranked_by_itself_and_those_out_of_the_ranking_come_last() -> None:
    units = {
        name: UnitFacts(name, name, sequence, "township", order)
        for order, (name, sequence) in enumerate(
            [("甲", "乡镇"), ("子", "部门"), ("乙", "乡镇"), ("丑", "部门"), ("丙", "乡镇")]
        )
    }
    totals = {"甲": 5, "乙": 9, "丙": 9, "子": 1, "丑": 2}
    scores = [
        UnitScore(name, units[name].sequence, total=Fraction(total))
        for name, total in totals.items()
    ]
    scores[0].rank = None

    ranked = ranked_scores(scores, units)

    places = [(score.sequence, score.unit, score.rank) for score in ranked]
    assert places == [
        ("乡镇", "乙", 1),
        ("乡镇", "丙", 1),
        ("乡镇", "甲", None),
        ("部门", "丑", 1),
        ("部门", "子", 2),
    ]
