"""The standalone verifier's proposals for a month's boards, worked by hand.

First places, checks missed in a row, the last.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from lifecycle.rulebook import canonical, shipped
from projections.audit.verifier import verify_bundle as verifier

BOARDS: dict[str, Any] = json.loads(canonical(shipped("kaihua-2024").rulebook))["boards"]
TWO = Fraction(-2)
FIRST, SECOND, THIRD, LAST = (
    ("2024-Q1", "A", TWO),
    ("2024-Q2", "B", TWO),
    ("2024-Q2", "A", TWO),
    ("2024-Q4", "A", TWO),
)


@pytest.mark.parametrize(
    ("missed", "length", "in_a_row"),
    [
        ([FIRST, SECOND, THIRD, LAST], 2, [FIRST, THIRD, SECOND]),
        ([FIRST, SECOND, THIRD, LAST], 3, []),
        ([FIRST, LAST], 2, []),
        ([LAST, ("2024-Q3", "B", TWO)], 2, [("2024-Q3", "B", TWO), LAST]),
        ([FIRST], 1, [FIRST]),
        ([], 2, []),
        (
            [FIRST, SECOND, ("2024-Q3", "B", TWO), LAST],
            2,
            [FIRST, SECOND, ("2024-Q3", "B", TWO), LAST],
        ),
        (
            [FIRST, SECOND, ("2024-Q3", "B", TWO), LAST],
            4,
            [FIRST, SECOND, ("2024-Q3", "B", TWO), LAST],
        ),
    ],
)
def test_checks_missed_in_quarters_one_after_another(
    missed: list[Any],
    length: int,
    in_a_row: list[Any],
) -> None:
    assert verifier.missed_in_a_row(missed, length) == in_a_row


class Missed:
    """As much of a unit as a proposal looks at."""

    def __init__(self, *missed: tuple[str, str, Fraction]) -> None:
        self.missed_checks = list(missed)


def rows(
    *ranks: tuple[str, int | None],
    sequence: str = "乡镇",
) -> list[dict[str, Any]]:
    return [
        {"unit": unit, "name": unit, "rank": rank, "sequence": sequence} for unit, rank in ranks
    ]


def proposed(
    at: int,
    unit: Missed,
    of: list[dict[str, Any]],
    **last: Any,
) -> list[tuple[str, list[dict[str, Any]]]]:
    rules = {**BOARDS, "red": {**BOARDS["red"], "places": 1}, "last": {**BOARDS["last"], **last}}
    candidates = verifier.board_candidates(of[at], of, unit, rules, 10)  # type: ignore[arg-type]
    for candidate in candidates:
        assert candidate["unit"] == of[at]["unit"]
        assert candidate["sequence"] == "乡镇"
    return [(candidate["board"], candidate["reasons"]) for candidate in candidates]


def test_who_is_proposed_and_why() -> None:
    four = rows(("a", 1), ("b", 2), ("c", 3), ("d", 3)) + rows(("e", 1), ("f", 9), sequence="部门")
    red, black, last = (
        {"clause": BOARDS[name]["clause"], "basis": BOARDS[name]["basis"]}
        for name in ("red", "missed_checks", "last")
    )
    assert proposed(0, Missed(FIRST), four) == [
        ("red", [{"rank": 1, "of": 4, "tied_with": [], "why": "first", **red}])
    ]
    assert proposed(1, Missed(), four) == []
    checks = [
        {"check": check, "project": project, "points": "-2"} for check, project, _ in (FIRST, THIRD)
    ]
    missed = {"checks": checks, "why": "missed_checks", **black}
    behind = {"rank": 3, "of": 4, "tied_with": ["d"], "why": "last", **last}
    assert proposed(1, Missed(FIRST, THIRD), four) == [("black", [missed])]
    assert proposed(2, Missed(FIRST, THIRD), four, of_at_least=4) == [("black", [missed, behind])]
    assert proposed(2, Missed(), four, of_at_least=5) == []
    assert proposed(0, Missed(FIRST, THIRD), four)[1] == ("black", [missed])
    alone = rows(("a", 1), ("b", 1))
    assert [board for board, _ in proposed(0, Missed(), alone, of_at_least=2)] == [
        "red"
    ]  # all are first, so none is last
    two = rows(("a", 1), ("b", 2))
    assert [board for board, _ in proposed(1, Missed(), two, of_at_least=2)] == ["black"]


def test_a_unit_out_of_the_ranking_is_neither_first_nor_last() -> None:
    last = {"clause": BOARDS["last"]["clause"], "basis": BOARDS["last"]["basis"]}
    three = rows(("a", 1), ("b", 2), ("c", None))
    assert proposed(2, Missed(), three, of_at_least=2) == []
    behind = {"rank": 2, "of": 2, "tied_with": [], "why": "last", **last}
    assert proposed(1, Missed(), three, of_at_least=2) == [("black", [behind])]
    assert proposed(1, Missed(), three, of_at_least=3) == []
    assert [board for board, _ in proposed(2, Missed(FIRST, THIRD), three)] == ["black"]
    assert proposed(0, Missed(), rows(("a", None)), of_at_least=1) == []
