"""Modules assessed by period, worked out by hand on both sides of each edge (spec 6).

Every vector is the rules of a module that is assessed by period, a part that takes it, and the
facts; the evaluator, the verifier and the reference give the points.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import canonical, parse
from projections.facts.county_facts import county_facts
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.county_overview import monthly_overviews
from tests.agreement.test_limit_vectors import TO_SIGNING, arranged
from tests.agreement.test_policies_agreement import assert_lines_agree, recomputed
from tests.agreement.test_shape_vectors import Facts, figure, goal, project
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, PARTS, RULE
from tests.reference.results import evaluate_book
from tests.reference.scoring import shown

YEAR_END = "2024-12-31"
MODULE = '[[modules]]\nid = "q"\nchinese = "逐期"\nclause = "一"\nbasis = "policy"\n'
IN_PERIOD = RULE.replace("r.1", "q.1").replace('"m"', '"q"')
COUNT = FIGURE + 'kind = "per_item"\npoints = 1\n'
AMOUNT = (
    IN_PERIOD + FIGURE + 'kind = "bracket"\nbands = [{ value = "(,)", points = 0, slope = 1 }]\n'
)
ONE_EACH = IN_PERIOD + COUNT
RATIO = (
    IN_PERIOD
    + FIGURE
    + 'kind = "ratio"\nweight = 12\nwhen_zero = 0\nwhen_missing = 1\n'
    + 'target = { source = "set", indicator = "goal", per = "share" }\n'
)
RANK = (
    IN_PERIOD
    + FIGURE
    + 'kind = "rank"\nfirst = "greatest"\nties = "share"\nabove = 0\n'
    + 'bands = [{ place = "[1,1]", points = 7 }, { place = "[2,2]", points = 4 }]\n'
)


def assessed(length: str, rules: str, part: str, module: str = "") -> str:
    """A module assessed by period with its rules, and the part that takes it."""
    taken = f'{{ result = {{ module = "q" }}, each = "{length}", share = 1, {part} }}'
    composite = PARTS.replace("10\n", "1\n").replace("100\n", "1\n")
    return f'{MODULE}assessed = "{length}"\n{module}{rules}{composite}parts = [{taken}]\n'


def in_month(month: int, actual: str, unit: str = "甲镇", **fields: Any) -> dict[str, Any]:
    """A figure of a month, reported on its 28th day."""
    period = f"2024-{month:02}"
    return figure(actual, unit, occurred_on=f"{period}-28", period=period, **fields)


def registered(unit: str, on: str = "2024-01-01", sequence: str = "乡镇") -> dict[str, Any]:
    record = {"event": "UnitRegistered", "unit": unit, "occurred_on": on}
    return record | {"sequence": sequence, "category": "township"}


SUM, MEAN, BEST_2 = 'take = "sum"', 'take = "mean"', 'take = "best", best = 2'
FOUR_QUARTERS = [in_month(month, str(month)) for month in (2, 5, 8, 11)]
"""2, 5, 8 and 11 in the four quarters."""
FROM_MINUS_4 = AMOUNT.replace("points = 0", "points = -4")
UPWARDS = [in_month(5, "3"), in_month(8, "7")]
"""With 4 taken away: -4, -1 and 3."""
RANKED = [in_month(2, "5"), in_month(2, "9", "乙镇"), in_month(5, "6"), in_month(8, "1", "乙镇")]
GATE = (
    IN_PERIOD.replace("q.1", "q.2")
    + 'kind = "gate"\ngates = "module"\n'
    + 'any_of = [{ all = [{ result = { modules = ["q"] }, at_least = 5 }] }]\n'
)
TWICE = (
    IN_PERIOD.replace("q.1", "q.3")
    + 'kind = "coefficient"\nmodules = ["q"]\n'
    + 'rows = [{ any_of = [{ all = [{ result = { rule = "q.1" }, above = 5 }] }], factor = 2 }]\n'
)
POLICY = 'clause = "一"\nbasis = "policy"\n'
GROUP = '[[groups]]\nid = "g"\nchinese = "组"\nmodules = ["q", "m"]\ncap = 12\n' + POLICY
TWICE_THE_TOTAL = (
    RULE.replace("r.1", "r.2")
    + 'kind = "coefficient"\ntotal = true\n'
    + 'rows = [{ any_of = [{ all = [{ result = { rule = "r.1" }, above = 0 }] }], factor = 2 }]\n'
)
LATER = registered("丁镇", "2024-04-01")
ON_THE_LAST_DAY = registered("丁镇", "2024-03-31")
HALVES_AND_YEAR = [
    figure("100"),
    figure("40", period="2024-H1", occurred_on="2024-06-30"),
    figure("7", period="2024-Q2", occurred_on="2024-06-30"),
    in_month(6, "1"),
]
MERGED = {
    "event": "UnitDissolved",
    "unit": "乙镇",
    "occurred_on": "2024-05-01",
    "successor": "甲镇",
}
MOVED = {"event": "UnitRegrouped", "unit": "乙镇", "occurred_on": "2024-04-01", "sequence": "街道"}
RENAMED = {"event": "UnitRenamed", "unit": "甲镇", "occurred_on": "2024-05-01", "name": "甲街道"}

Vector = tuple[str, Facts, str, dict[str, str]]
MISSED = IN_PERIOD + 'kind = "per_item"\npoints = 1\nmeasure = "limits_missed"\nlimit = "t"\n'
WINTER = [
    f"{day:%Y-%m-%d}"
    for day in (date(2024, 2, 1) + timedelta(days=days) for days in range(58))
    if day.weekday() < 5
]
"""Every weekday of February and March 2024."""
VECTORS: dict[str, Vector] = {
    "a later notice moves no day that was due in a quarter before": (
        assessed("quarter", MISSED, SUM) + TO_SIGNING + "working_days = 10\n",
        [*project("A", "2024-02-01", None), *arranged("2024-05-06", WINTER, [])],
        "2024-06-30",
        {"甲镇": "2"},  # due in February as was known in March, and in April as is known in June
    ),
    "a figure of the year beside its quarters": (
        assessed("quarter", AMOUNT, SUM).removesuffix("]\n")
        + ', { measure = "indicator", indicator = "y", share = 1, take = "sum" }]\n',
        [*FOUR_QUARTERS, figure("3", indicator="y")],
        YEAR_END,
        {"甲镇": "29"},
    ),
    # Which periods
    "a quarter is over on its last day": (
        assessed("quarter", AMOUNT, SUM),
        FOUR_QUARTERS,
        "2024-03-31",
        {"甲镇": "2"},
    ),
    "and not on the day before": (
        assessed("quarter", AMOUNT, SUM),
        FOUR_QUARTERS,
        "2024-03-30",
        {"甲镇": "0"},
    ),
    "the sum of the four": (
        assessed("quarter", AMOUNT, SUM),
        FOUR_QUARTERS,
        YEAR_END,
        {"甲镇": "26"},
    ),
    "the fourth is missing the day before": (
        assessed("quarter", AMOUNT, SUM),
        FOUR_QUARTERS,
        "2024-12-30",
        {"甲镇": "15"},
    ),
    "only some of them": (
        assessed("quarter", AMOUNT, SUM + ', only = ["Q3", "Q1"]'),
        FOUR_QUARTERS,
        YEAR_END,
        {"甲镇": "10"},
    ),
    "half-years": (
        assessed("half_year", AMOUNT, SUM + ', only = ["H1"]'),
        FOUR_QUARTERS,
        "2024-06-30",
        {"甲镇": "7"},
    ),
    "a half-year the day before": (
        assessed("half_year", AMOUNT, SUM),
        FOUR_QUARTERS,
        "2024-06-29",
        {"甲镇": "0"},
    ),
    "months": (
        assessed("month", AMOUNT, SUM + ', only = ["05", "08"]'),
        FOUR_QUARTERS,
        "2024-08-31",
        {"甲镇": "13"},
    ),
    # How they are taken
    "the mean of those that are over": (
        assessed("quarter", AMOUNT, MEAN),
        FOUR_QUARTERS,
        "2024-09-30",
        {"甲镇": "5"},
    ),
    "the best two": (assessed("quarter", AMOUNT, BEST_2), FOUR_QUARTERS, YEAR_END, {"甲镇": "19"}),
    "the best two of one": (
        assessed("quarter", AMOUNT, BEST_2),
        FOUR_QUARTERS,
        "2024-04-30",
        {"甲镇": "2"},
    ),
    "the best two with losses": (
        assessed("quarter", FROM_MINUS_4, BEST_2),
        UPWARDS,
        "2024-09-30",
        {"甲镇": "2"},
    ),
    "the best two, both losses": (
        assessed("quarter", FROM_MINUS_4, BEST_2),
        UPWARDS,
        "2024-06-30",
        {"甲镇": "-5"},
    ),
    "no quarter is over": (
        assessed("quarter", AMOUNT, MEAN),
        FOUR_QUARTERS,
        "2024-02-28",
        {"甲镇": "0"},
    ),
    "no quarter is over, and a number says so": (
        assessed("quarter", AMOUNT, MEAN + ", when_missing = 3"),
        FOUR_QUARTERS,
        "2024-02-28",
        {"甲镇": "3"},
    ),
    "a quarter is over, and nothing is missing": (
        assessed("quarter", AMOUNT, MEAN + ", when_missing = 3"),
        FOUR_QUARTERS,
        "2024-04-30",
        {"甲镇": "2"},
    ),
    "no quarter is over, and none": (
        assessed("quarter", AMOUNT, BEST_2 + ', when_missing = "none"'),
        FOUR_QUARTERS,
        "2024-02-28",
        {"甲镇": "0"},
    ),
    # Figures
    "a figure lies in every period that contains its own": (
        assessed("half_year", AMOUNT, SUM),
        HALVES_AND_YEAR,
        YEAR_END,
        {"甲镇": "48"},
    ),
    "and in none finer": (
        assessed("quarter", AMOUNT, SUM),
        HALVES_AND_YEAR,
        YEAR_END,
        {"甲镇": "8"},
    ),
    "a quarter's figure lies not in the month that it begins with": (
        assessed("month", AMOUNT, SUM),
        [figure("7", period="2024-Q2", occurred_on="2024-04-20"), in_month(4, "1")],
        YEAR_END,
        {"甲镇": "1"},
    ),
    "reported on the last day": (
        assessed("quarter", AMOUNT, SUM),
        [figure("7", period="2024-Q1", occurred_on="2024-03-31")],
        YEAR_END,
        {"甲镇": "7"},
    ),
    "reported a day late": (
        assessed("quarter", AMOUNT, SUM),
        [figure("7", period="2024-Q1", occurred_on="2024-04-01")],
        YEAR_END,
        {"甲镇": "0"},
    ),
    # Limits and what acts within a period
    "a cap is of each period": (
        assessed("quarter", AMOUNT, SUM, "cap = 6\n"),
        FOUR_QUARTERS,
        YEAR_END,
        {"甲镇": "19"},
    ),
    "a floor too, in periods without anything": (
        assessed("quarter", AMOUNT, SUM, "floor = 1\n"),
        [in_month(2, "5")],
        YEAR_END,
        {"甲镇": "8"},
    ),
    "a floor of a module that has no rule": (
        assessed("quarter", "", SUM, "floor = 1\n"),
        [],
        YEAR_END,
        {"甲镇": "4"},
    ),
    "a gate is of each period": (
        assessed("quarter", AMOUNT + GATE, SUM),
        FOUR_QUARTERS,
        YEAR_END,
        {"甲镇": "24"},
    ),
    "a factor too, after the cap": (
        assessed("quarter", AMOUNT + TWICE, SUM, "cap = 9\n"),
        FOUR_QUARTERS,
        YEAR_END,
        {"甲镇": "41"},
    ),
    "a limit of the year is of the period": (
        assessed("quarter", ONE_EACH + "limit = 1\n", SUM),
        [in_month(2, "1"), in_month(3, "1"), in_month(5, "1")],
        YEAR_END,
        {"甲镇": "2"},
    ),
    "a cap below nothing is of each period alone": (
        assessed("quarter", AMOUNT, SUM, "cap = -1\n"),
        FOUR_QUARTERS,
        YEAR_END,
        {"甲镇": "-4"},
    ),
    "a group, the total's cap and a factor on it are of the year": (
        assessed("quarter", AMOUNT, SUM) + GROUP + TWICE_THE_TOTAL + "[total]\ncap = 35\n" + POLICY,
        FOUR_QUARTERS,
        "2024-09-30",
        {"甲镇": "24"},  # 2, 5 and 8 within the group's 12, twice
    ),
    "a cap of the total is of the year": (
        assessed("quarter", AMOUNT, SUM) + TWICE_THE_TOTAL + "[total]\ncap = 9\n" + POLICY,
        FOUR_QUARTERS,
        "2024-06-30",
        {"甲镇": "9"},  # 2 and 5, twice
    ),
    # Places
    "places of each quarter": (
        assessed("quarter", RANK, SUM),
        RANKED,
        YEAR_END,
        {"甲镇": "11", "乙镇": "14"},
    ),
    "the best place": (
        assessed("quarter", RANK, 'take = "best", best = 1'),
        RANKED,
        "2024-06-30",
        {"甲镇": "7", "乙镇": "7"},
    ),
    "in the sequence of that day": (
        assessed("quarter", RANK, SUM),
        [MOVED, *RANKED, in_month(5, "1", "乙镇")],
        "2024-06-30",
        {"甲镇": "11", "乙镇": "14"},
    ),
    # Units
    "a unit that came later has no mark": (
        assessed("quarter", AMOUNT, MEAN),
        [LATER, in_month(5, "4", "丁镇")],
        "2024-06-30",
        {"丁镇": "4", "甲镇": "0"},
    ),
    "one that came on the last day has one": (
        assessed("quarter", AMOUNT, MEAN),
        [ON_THE_LAST_DAY, in_month(5, "4", "丁镇")],
        "2024-06-30",
        {"丁镇": "2"},
    ),
    "of a sum it makes no difference": (
        assessed("quarter", FROM_MINUS_4, SUM),
        [LATER],
        "2024-06-30",
        {"丁镇": "-4"},
    ),
    "of the best it does": (
        assessed("quarter", FROM_MINUS_4, 'take = "best", best = 1'),
        [LATER],
        "2024-06-30",
        {"丁镇": "-4"},
    ),
    "what a predecessor had does not pass": (
        assessed("quarter", AMOUNT, SUM),
        [MERGED, in_month(2, "9", "乙镇"), in_month(4, "3", "乙镇"), in_month(2, "1")],
        "2024-06-30",
        {"甲镇": "4"},
    ),
    "another name moves nothing": (
        assessed("quarter", AMOUNT, SUM),
        [RENAMED, *FOUR_QUARTERS],
        YEAR_END,
        {"甲镇": "26"},
    ),
    # Targets
    "a share of the year's target": (
        assessed("quarter", RATIO, SUM, "cap = 20\n"),
        [goal("20"), *FOUR_QUARTERS],
        "2024-06-30",
        {"甲镇": "16.8"},
    ),
    "all of the year's": (
        assessed("quarter", RATIO.replace('"share"', '"year"'), SUM),
        [goal("20"), *FOUR_QUARTERS],
        "2024-06-30",
        {"甲镇": "4.2"},
    ),
    "a quarter's own": (
        assessed("quarter", RATIO, SUM),
        [goal("20"), goal("4", period="2024-Q1"), *FOUR_QUARTERS],
        "2024-06-30",
        {"甲镇": "18"},
    ),
    "one set after the quarter is over": (
        assessed("quarter", RATIO, SUM),
        [goal("4", period="2024-Q1", occurred_on="2024-04-01"), *FOUR_QUARTERS],
        "2024-06-30",
        {"甲镇": "2"},
    ),
    "one set on its last day": (
        assessed("quarter", RATIO, SUM),
        [goal("4", period="2024-Q1", occurred_on="2024-03-31"), *FOUR_QUARTERS],
        "2024-06-30",
        {"甲镇": "7"},
    ),
}
"""Name → rules, facts, the day, points by unit."""


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_of_periods_gives_its_points_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, day_text, points = VECTORS[name]
    day = date.fromisoformat(day_text)
    loaded = parse(HEAD + rules)
    units = [registered(unit) for unit in ("甲镇", "乙镇", "丙镇")]
    records = [{"recorded_by": "甲", **record} for record in (*units, *facts)]
    with new_ledger(tmp_path) as ledger:
        fill(ledger, records, keep=False)
        position = ledger.head().position
        calendar = county_facts(ledger, position).calendar(day)
        view = View(2024, day, position, loaded, calendar=calendar)
        result = evaluate(ledger, view)
        totals = {score.unit: score.total for score in result.scores}
        assert {unit: totals[unit] for unit in points} == {
            unit: Fraction(number) for unit, number in points.items()
        }
        rows = score_json(result)["units"]
        assert rows == recomputed(ledger, canonical(loaded.rulebook), day)
        assert_lines_agree(ledger, view)
    stamped = [{"recorded_at": "2025-01-05T09:00:00+08:00", **record} for record in records]
    assert rows == shown(evaluate_book(loaded.data(), stamped, 2024, day))


def test_each_month_of_the_year_has_the_quarters_that_were_over_then(tmp_path: Path) -> None:
    loaded = parse(HEAD + assessed("quarter", RANK, MEAN))
    with new_ledger(tmp_path) as ledger:
        units = [registered("甲镇"), registered("乙镇"), LATER]
        fill(ledger, [{"recorded_by": "甲", **record} for record in (*units, *RANKED)], keep=False)
        view = View(2024, date(2024, 12, 31), ledger.head().position, loaded)
        months = monthly_overviews(ledger, view)
        assert len(months) == len("JFMAMJJASOND")
        # Read once for all months, as if each had been asked for by itself.
        for month in months:
            assert month.scores == evaluate(ledger, month.view).scores
        totals = {score.unit: score.total for score in months[-1].scores}
    # 4, 7, 0, 0 of four quarters; 7, 0, 7, 0; of three, all 0.
    assert totals == {"甲镇": Fraction(11, 4), "乙镇": Fraction(14, 4), "丁镇": 0}
