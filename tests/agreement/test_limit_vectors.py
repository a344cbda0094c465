"""Due days of time limits, worked by hand on both sides of each edge, in all three evaluators."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from projections.audit.verifier.verify_bundle import WorkingDays
from tests.agreement.test_shape_vectors import Facts, assert_points_in_all_three, project
from tests.lifecycle.rulebook.test_rulebook_review import RULE

LIMIT: Final = (
    '[[limits]]\nid = "t"\nchinese = "时限"\nclause = "二"\nbasis = "policy"\n'
    'from = "consultation"\n'
    "levels = { orange = 3, yellow = 7, blue = 15 }\n"
)
TO_SIGNING: Final = LIMIT + 'to = "signing"\n'
TO_LAND: Final = LIMIT.replace("consultation", "signing") + 'to = "land"\n'
CADENCE: Final = LIMIT + 'every = true\nby = ["FollowedUp"]\n'
MISSED: Final = RULE + 'kind = "per_item"\npoints = 1\nmeasure = "limits_missed"\nlimit = "t"\n'
KEPT: Final = MISSED.replace("limits_missed", "limits_kept")
LATE: Final = (
    RULE + 'kind = "per_amount"\nper = 1\npoints = 1\nmeasure = "days_late"\nlimit = "t"\n'
)
DAYS_30: Final = "days = 30\n"
EXCLUSIONS: Final = (
    '[[exclusions]]\nfact = "violation"\nchinese = "违法"\nclause = "三"\nbasis = "policy"\n'
)
RECOGNITION: Final = (
    '[recognition]\nneeds = "consultation"\nchinese = "认定"\nclause = "三"\nbasis = "policy"\n'
)


def event(name: str, on: str, **fields: Any) -> Facts:
    """An event of the project A."""
    return [{"event": name, "project": "A", "occurred_on": on} | fields]


def visits(*days: str) -> Facts:
    """Days on which somebody followed the project up."""
    return [fact for day in days for fact in event("FollowedUp", day, content="走访")]


def arranged(on: str, off: list[str], worked: list[str]) -> Facts:
    """What the county recorded of the working days of 2024."""
    return [
        {"event": "WorkingDaysArranged", "occurred_on": on, "year": 2024}
        | {"off": off, "worked": worked}
    ]


def signed(on: str | None) -> Facts:
    """The project, its consultation passed on 1 February 2024: 30 days later is 2 March."""
    return project("A", "2024-02-01", on)


A: Final = signed(None)
UNCONSULTED: Final = [*A[:1], *signed("2024-03-02")[2:]]
TERMINATED: Final = event("ProjectTerminated", "2024-03-02", reason="终止")
PAUSE: Final = event("ProjectPaused", "2024-03-02", reason="市场")
RESUMPTION: Final = event("ProjectResumed", "2024-04-01", reason="市场")
VIOLATION: Final = event("ViolationFound", "2024-05-01", finding="违建")
END: Final = "2024-12-31"
LATE_DAY: Final = "2024-03-12"
LAST_YEAR: Final = max(WorkingDays().years)

VECTORS: Final[dict[str, tuple[str, Facts, str, str]]] = {
    # A limit: due on 2 March, 30 days after 1 February, which does not count.
    "kept on the due day": (KEPT + TO_SIGNING + DAYS_30, signed("2024-03-02"), END, "1"),
    "missed a day later": (KEPT + TO_SIGNING + DAYS_30, signed("2024-03-03"), END, "0"),
    "missed is the other": (MISSED + TO_SIGNING + DAYS_30, signed("2024-03-03"), END, "1"),
    "and not missed on the due day": (
        MISSED + TO_SIGNING + DAYS_30,
        signed("2024-03-02"),
        END,
        "0",
    ),
    "open on the due day": (MISSED + TO_SIGNING + DAYS_30, A, "2024-03-02", "0"),
    "missed the day after": (MISSED + TO_SIGNING + DAYS_30, A, "2024-03-03", "1"),
    "kept counts before the due day has passed no more": (
        KEPT + TO_SIGNING + DAYS_30,
        signed("2024-02-10"),
        "2024-03-02",
        "0",
    ),
    "late by a day": (LATE + TO_SIGNING + DAYS_30, signed("2024-03-03"), END, "1"),
    "late until the day": (LATE + TO_SIGNING + DAYS_30, A, "2024-03-12", "10"),
    "met late on the very day": (LATE + TO_SIGNING + DAYS_30, signed("2024-03-12"), LATE_DAY, "10"),
    "late until the termination": (
        LATE + TO_SIGNING + DAYS_30,
        [*A, *event("ProjectTerminated", "2024-03-05", reason="终止")],
        END,
        "3",
    ),
    "terminated on the due day": (MISSED + TO_SIGNING + DAYS_30, [*A, *TERMINATED], END, "0"),
    "not begun": (MISSED + TO_SIGNING.replace("consultation", "land") + DAYS_30, A, END, "0"),
    "excluded": (MISSED + TO_SIGNING + DAYS_30 + EXCLUSIONS, [*A, *VIOLATION], END, "0"),
    "excluded under no rulebook of its own": (
        MISSED + TO_SIGNING + DAYS_30,
        [*A, *VIOLATION],
        END,
        "1",
    ),
    "not for whom the limit does not hold": (
        MISSED + TO_SIGNING + DAYS_30 + 'where = { sector = ["service"] }\n',
        A,
        END,
        "0",
    ),
    "not of a project that the limit wants recognised": (
        MISSED + TO_LAND + DAYS_30 + 'needs = ["recognised"]\n' + RECOGNITION,
        UNCONSULTED,
        END,
        "0",
    ),
    "of any project where the limit needs nothing": (
        MISSED + TO_LAND + DAYS_30 + RECOGNITION,
        UNCONSULTED,
        END,
        "1",
    ),
    "not for whom the rule does not look at": (
        MISSED + 'where = { sector = ["service"] }\n' + TO_SIGNING + DAYS_30,
        A,
        END,
        "0",
    ),
    "due in the year before": (
        MISSED + TO_SIGNING + DAYS_30,
        project("A", "2023-12-01", None),
        END,
        "0",
    ),
    "due on 1 January": (
        MISSED + TO_SIGNING + DAYS_30,
        project("A", "2023-12-02", None),
        END,
        "1",
    ),
    "a month ends on its last day": (
        MISSED + TO_SIGNING + "months = 1\n",
        project("A", "2024-01-31", "2024-02-29"),
        END,
        "0",
    ),
    "and not on the day after": (
        MISSED + TO_SIGNING + "months = 1\n",
        project("A", "2024-01-31", "2024-03-01"),
        END,
        "1",
    ),
    # Working days: 10 to 17 February 2024 were off, 4 and 18 February (Sundays) were worked.
    "the eighth working day": (
        MISSED + TO_SIGNING + "working_days = 8\n",
        signed("2024-02-18"),
        END,
        "0",
    ),
    "the day after it": (
        MISSED + TO_SIGNING + "working_days = 8\n",
        signed("2024-02-19"),
        END,
        "1",
    ),
    "by the ledger's own arrangement": (
        MISSED + TO_SIGNING + "working_days = 8\n",
        [*arranged("2024-01-10", ["2024-02-02"], []), *signed("2024-02-14")],
        END,
        "0",
    ),
    "and no day later": (
        MISSED + TO_SIGNING + "working_days = 8\n",
        [*arranged("2024-01-10", ["2024-02-02"], []), *signed("2024-02-15")],
        END,
        "1",
    ),
    "not before it was published": (
        MISSED + TO_SIGNING + "working_days = 8\n",
        [*arranged("2024-03-01", ["2024-02-02"], []), *signed("2024-02-18")],
        "2024-02-29",
        "0",
    ),
    # A cadence of 30 days: due on 2 March, then 1 April, 1 May and 31 May.
    "missed again and again": (MISSED + CADENCE + DAYS_30, A, "2024-06-01", "4"),
    "the last is open on its due day": (MISSED + CADENCE + DAYS_30, A, "2024-05-31", "3"),
    "all days late are one after the other": (LATE + CADENCE + DAYS_30, A, "2024-06-01", "91"),
    "a visit on the due day keeps it": (
        KEPT + CADENCE + DAYS_30,
        [*A, *visits("2024-03-02")],
        "2024-04-01",
        "1",
    ),
    "a visit the day after misses it once": (
        MISSED + CADENCE + DAYS_30,
        [*A, *visits("2024-03-03")],
        "2024-04-02",
        "1",
    ),
    "a visit on the very day meets what was missed": (
        LATE + CADENCE + DAYS_30,
        [*A, *visits(LATE_DAY)],
        LATE_DAY,
        "10",
    ),
    "a visit on the day on which it begins says nothing": (
        MISSED + CADENCE + DAYS_30,
        [*A, *visits("2024-02-01")],
        "2024-03-03",
        "1",
    ),
    "a visit on the day on which it falls due again keeps nothing": (
        KEPT + CADENCE + DAYS_30,
        [*A, *visits("2024-04-01")],
        "2024-04-02",
        "0",
    ),
    "in working days up to the last year that is arranged": (
        MISSED + CADENCE + "working_days = 20\n",
        project("A", f"{LAST_YEAR}-12-01", None),  # due four weeks later, and again in January
        f"{LAST_YEAR}-12-31",
        "1",
    ),
    "and keeps nothing": (
        KEPT + CADENCE + DAYS_30,
        [*A, *visits("2024-03-03")],
        "2024-04-02",
        "0",
    ),
    "it begins the cadence anew": (
        MISSED + CADENCE + DAYS_30,
        [*A, *visits("2024-03-03")],
        "2024-04-03",
        "2",
    ),
    "two visits of a day are one": (
        KEPT + CADENCE + DAYS_30,
        [*A, *visits("2024-02-10", "2024-02-10", "2024-02-20")],
        "2024-06-01",
        "2",
    ),
    "visits of one due day are one": (
        KEPT + CADENCE + "months = 1\n",
        [*project("A", "2024-01-29", None), *visits("2024-01-30", "2024-01-31", "2024-02-10")],
        "2024-03-02",
        "1",
    ),
    "a visit before the limit begins says nothing": (
        MISSED + CADENCE + DAYS_30,
        [*A[:1], *visits("2024-01-20"), *A[1:]],
        "2024-03-03",
        "1",
    ),
    "nothing falls due on the day of until": (
        MISSED + CADENCE + DAYS_30 + 'until = "signing"\n',
        signed("2024-03-02"),
        END,
        "0",
    ),
    "it falls due the day before": (
        MISSED + CADENCE + DAYS_30 + 'until = "signing"\n',
        signed("2024-03-03"),
        END,
        "1",
    ),
    "late until until": (
        LATE + CADENCE + DAYS_30 + 'until = "signing"\n',
        signed("2024-03-09"),
        END,
        "7",
    ),
    "a termination ends it": (MISSED + CADENCE + DAYS_30, [*A, *TERMINATED], END, "0"),
    "nothing falls due in a pause": (
        MISSED + CADENCE + DAYS_30,
        [*A, *PAUSE],
        END,
        "0",
    ),
    "it falls due on the day of the resumption": (
        MISSED + CADENCE + DAYS_30,
        [*A, *PAUSE, *RESUMPTION],
        "2024-04-02",
        "1",
    ),
    "any event begins it anew": (
        MISSED + CADENCE.replace('["FollowedUp"]', '"any"') + DAYS_30,
        signed("2024-02-20"),
        "2024-03-21",
        "0",
    ),
    "days of each project beyond what is allowed": (
        LATE + 'each = "project"\nbeyond = { fixed = 5 }\n' + TO_SIGNING + DAYS_30,
        signed("2024-03-12"),
        END,
        "5",
    ),
    "what began the year before falls due in it": (
        MISSED.replace('module = "m"', 'module = "m"') + CADENCE + DAYS_30,
        [*project("A", "2023-12-05", None)],
        "2024-03-31",
        "3",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_due_days_give_their_points_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, day, points = VECTORS[name]
    assert_points_in_all_three(tmp_path, rules, facts, date.fromisoformat(day), points)


@pytest.mark.parametrize("cap", ["limit = 2", 'limit = "5/2"'])
def test_a_rule_may_have_a_time_limit_and_a_limit_of_points(cap: str, tmp_path: Path) -> None:
    rule = MISSED.replace('limit = "t"', 'time_limit = "t"') + cap + "\n"
    points = cap.rpartition(" ")[2].strip('"')
    rules = rule + CADENCE + DAYS_30
    assert_points_in_all_three(tmp_path, rules, A, date(2024, 12, 31), points)
