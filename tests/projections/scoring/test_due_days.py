"""Due days of a time limit: the event each runs from, what met it, and how late that was."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pytest

from lifecycle.rulebook import parse
from projections.facts.county_facts import county_facts
from projections.scoring.judged_history import judged_at
from projections.scoring.limit_due_days import due_days
from projections.scoring.result_view import View
from tests.agreement.test_limit_vectors import (
    CADENCE,
    DAYS_30,
    MISSED,
    TO_SIGNING,
    A,
    arranged,
    signed,
    visits,
)
from tests.agreement.test_shape_vectors import Facts, assert_points_in_all_three
from tests.given import World, unit
from tests.lifecycle.rulebook.test_rulebook_review import HEAD

END: Final = "2024-12-31"
WORKING_DAYS: Final = CADENCE + "working_days = 10\n"

# The day due, the version that it runs from, the version that met it, and the days late.
Due = tuple[str, int, int | None, int]
CASES: Final[dict[str, tuple[str, Facts, str, list[Due]]]] = {
    # Versions: 1 reported, 2 consulted on 1 February, 3 signed or visited.
    "met on the due day": (
        TO_SIGNING + DAYS_30,
        signed("2024-03-02"),
        END,
        [("2024-03-02", 2, 3, 0)],
    ),
    "met late on the very day of the scores": (
        TO_SIGNING + DAYS_30,
        signed("2024-03-10"),
        "2024-03-10",
        [("2024-03-02", 2, 3, 8)],
    ),
    "met by nothing": (TO_SIGNING + DAYS_30, A, "2024-03-10", [("2024-03-02", 2, None, 8)]),
    "a visit on the next due day meets the one before it": (
        CADENCE + DAYS_30,
        [*A, *visits("2024-04-01")],
        "2024-04-10",
        [("2024-03-02", 2, 3, 30)],
    ),
    "a visit on the day of the scores meets what fell due before": (
        CADENCE + DAYS_30,
        [*A, *visits("2024-03-10")],
        "2024-03-10",
        [("2024-03-02", 2, 3, 8)],
    ),
    "a visit on the day of the beginning begins nothing anew": (
        CADENCE + DAYS_30,
        [*A, *visits("2024-02-01")],
        "2024-03-10",
        [("2024-03-02", 2, None, 8)],
    ),
    # The Spring Festival of 2024: 10 to 17 February were off, 4 and 18 February were worked.
    "a cadence of working days": (
        WORKING_DAYS,
        A,
        "2024-03-11",
        [("2024-02-20", 2, None, 14), ("2024-03-05", 2, None, 6)],
    ),
    # The county's arrangement holds for the whole year: nothing but 2 February is off by it.
    "by the county's own arrangement": (
        WORKING_DAYS,
        [*arranged("2024-01-10", ["2024-02-02"], []), *A],
        "2024-03-11",
        [("2024-02-16", 2, None, 14), ("2024-03-01", 2, None, 10)],
    ),
    # From 1, 2 and 3 February it is the same ten working days to the same day: one is due.
    "visits of one due day by the county's own arrangement": (
        WORKING_DAYS,
        [*arranged("2024-01-10", ["2024-02-02"], []), *A, *visits("2024-02-02", "2024-02-03")],
        "2024-03-01",
        [("2024-02-16", 4, None, 14)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_due_days_name_what_they_run_from_and_what_met_them(name: str, tmp_path: Path) -> None:
    limit, facts, day, expected = CASES[name]
    world = World(tmp_path).given(unit("甲镇"), *facts)
    position = world.ledger.head().position
    county = county_facts(world.ledger, position)
    view = View(
        2024, date.fromisoformat(day), position, parse(HEAD + MISSED + limit), county=county
    )
    (project,) = judged_at(world.ledger, view)
    world.ledger.close()
    limit_of_rule, _fits = project.policy.limits_by_id["t"]

    fell_due = [
        (
            due.on.isoformat(),
            due.runs_from.version,
            None if due.met_by is None else due.met_by.version,
            due.days_late,
        )
        for due in due_days(project, limit_of_rule)
    ]

    assert fell_due == expected


def test_a_missed_day_counts_in_the_period_of_its_due_day(tmp_path: Path) -> None:
    by_quarter = MISSED + 'each = "quarter"\nreaching = 1\n' + CADENCE + DAYS_30
    # Due on 2 March, 1 April, 1 May, 31 May and 30 June; the second quarter is over then.
    assert_points_in_all_three(tmp_path, by_quarter, A, date(2024, 6, 30), "2")
