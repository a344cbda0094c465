"""Hand-worked vectors of comparisons, on both sides of each edge, in all three evaluators."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from tests.agreement.test_shape_vectors import (
    QUARTER_OF_YEAR,
    RANK,
    SET_TARGET,
    Facts,
    assert_points_in_all_three,
    figure,
    goal,
    project,
)
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, PARTS, RULE, part

SHARE: Final = (
    RULE + FIGURE + 'kind = "ratio"\nweight = 18\nas = "share_of_sequence"\nwhen_zero = 0\n'
)
MEAN: Final = SHARE.replace("share_of_sequence", "to_mean")
GROWTH: Final = (
    RULE
    + FIGURE
    + 'kind = "ratio"\nweight = 10\nas = "to_last_year"\nwhen_zero = 0.7\nwhen_missing = 3\n'
)
PLACES: Final = (
    RULE + FIGURE + 'kind = "per_item"\npoints = 2\nas = "place_change"\nwhen_missing = 1\n'
)
SIGNINGS: Final = (
    RULE
    + 'measure = "projects_signed"\nkind = "per_item"\npoints = 2\n'
    + 'as = "to_last_year"\nwhen_zero = 1\nwhen_missing = 9\n'
)
GROWN_BY_A_QUARTER: Final = (
    RULE
    + FIGURE
    + 'kind = "per_item"\npoints = 1\n'
    + RULE.replace("r.1", "r.2")
    + 'kind = "gate"\ngates = "rule"\nrule = "r.1"\nany_of = [{ all = [{ measure = "indicator", '
    + 'indicator = "x", as = "to_last_year", when_zero = 0, when_missing = "fails", '
    + "at_least = 1.25 }] }]\n"
)


def last_year(actual: str, unit: str = "甲镇", **fields: Any) -> dict[str, Any]:
    """A figure of the year before, reported at its end unless another day is given."""
    return figure(actual, unit, **{"period": "2023", "occurred_on": "2023-12-31"} | fields)


def unit(name: str, sequence: str, category: str) -> dict[str, Any]:
    """A further unit beside the three townships."""
    record = {"event": "UnitRegistered", "occurred_on": "2024-01-01", "unit": name}
    return record | {"sequence": sequence, "category": category}


REPORTED_GROWTH: Final = GROWTH + 'target = { source = "reported" }\n'
RISEN: Final = [figure("5"), last_year("3"), figure("4", "乙镇"), last_year("4", "乙镇")]
VECTORS: Final[dict[str, tuple[str, Facts, str]]] = {
    "of two years, both held against what was reported": (
        REPORTED_GROWTH,
        [figure("6", target="8"), last_year("4", target="8")],
        "15",
    ),
    "both held against another figure of the same year": (
        GROWTH + 'target = { counted = { measure = "indicator", indicator = "y" } }\n',
        [
            figure("6"),
            figure("8", indicator="y"),
            last_year("4"),
            last_year("8", indicator="y"),
        ],
        "15",
    ),
    "last year no target was reported": (
        REPORTED_GROWTH,
        [figure("6", target="8"), last_year("4")],
        "3",
    ),
    "this year no target was reported": (
        REPORTED_GROWTH,
        [figure("6"), last_year("4", target="8")],
        "3",
    ),
    # With the sequence.
    "a share": (SHARE, [figure("1"), figure("2", "乙镇"), figure("6", "丙镇")], "2"),
    "another sequence is another sum": (
        SHARE,
        [unit("县局", "部门", "department"), figure("1"), figure("9", "县局")],
        "18",
    ),
    "a share among the units that the filter takes": (
        SHARE + 'where = { category = ["township"] }\n',
        [unit("县局", "乡镇", "department"), figure("1"), figure("2", "乙镇"), figure("3", "县局")],
        "6",
    ),
    "a share of nothing": (SHARE.replace("when_zero = 0", "when_zero = 0.5"), [], "9"),
    "a share without the unit that lacks a target": (
        SHARE + SET_TARGET + 'when_missing = "none"\n',
        [goal("10"), goal("30", "乙镇"), figure("5"), figure("5", "乙镇"), figure("9", "丙镇")],
        "13.5",  # 1/2 of 1/2 and 1/6 together
    ),
    "to the mean": (MEAN, [figure("1"), figure("2", "乙镇"), figure("6", "丙镇")], "6"),
    "the mean counts units without anything": (MEAN, [figure("1")], "54"),
    "a mean is taken before it is compared": (
        PARTS
        + "parts = ["
        + part("1", "mean", ', as = "to_mean", when_zero = 0, when_missing = 0')
        + "]\n",
        [figure("4"), figure("8", period="2024-05"), figure("3", "乙镇")],
        "2/15",  # marks of 6 and 3, and a unit without any left out: 6 ÷ 4.5 ÷ 100 × 10
    ),
    # With last year.
    "a quarter more": (GROWTH, [figure("5"), last_year("4")], "12.5"),
    "told on the last day": (
        GROWTH,
        [figure("5"), last_year("4", occurred_on="2024-12-31")],
        "12.5",
    ),
    "told a day later": (GROWTH, [figure("5"), last_year("4", occurred_on="2025-01-01")], "3"),
    "no fact of last year": (GROWTH, [figure("5")], "3"),
    "no fact of last year, and no points": (
        GROWTH.replace("when_missing = 3", 'when_missing = "none"'),
        [figure("5"), last_year("4", "乙镇")],
        "0",
    ),
    "last year was 0": (GROWTH, [figure("5"), last_year("0")], "7"),
    "nothing this year": (GROWTH, [last_year("4")], "0"),
    "completion to last year's completion": (
        GROWTH + SET_TARGET,
        [goal("10"), goal("8", year=2023), figure("5"), last_year("4")],
        "10",
    ),
    "no target last year": (GROWTH + SET_TARGET, [goal("10"), figure("5"), last_year("4")], "3"),
    "short of a number in both years": (
        GROWTH + "short_of = { fixed = 10 }\n",
        [figure("7"), last_year("4")],
        "5",
    ),
    "steps without a target": (
        RULE
        + FIGURE
        + 'kind = "stepped"\nbase = 10\nas = "to_last_year"\nwhen_zero = 1\nwhen_missing = 0\n'
        + 'segments = [{ percent = "(,)", step = 0.1 }]\n',
        [figure("5"), last_year("4")],
        "12.5",
    ),
    "signings to those of last year": (
        SIGNINGS,
        [
            *project("A", "2024-02-01", "2024-03-01"),
            *project("B", "2024-02-01", "2024-03-01"),
            *project("C", "2023-02-01", "2023-03-01"),
        ],
        "4",
    ),
    "whole steps of a quotient": (
        RULE
        + FIGURE
        + 'kind = "per_amount"\nper = 0.1\npoints = 1\nwhole_steps = true\n'
        + 'as = "to_last_year"\nwhen_zero = 1\nwhen_missing = 0\n',
        [figure("1.29"), last_year("1")],
        "12",
    ),
    "a rank by growth": (
        RANK + 'as = "to_last_year"\nwhen_missing = "none"\n',
        [
            figure("5"),
            last_year("4"),
            figure("50", "乙镇"),
            last_year("45", "乙镇"),
            figure("900", "丙镇"),
        ],
        "7",
    ),
    "up by one place": (PLACES, RISEN, "2"),
    "a newcomer moves nobody": (PLACES, [*RISEN, figure("90", "丙镇")], "2"),
    "past one that did nothing this year": (PLACES, [*RISEN, last_year("9", "丙镇")], "4"),
    "down by two places": (
        PLACES,
        [
            figure("1"),
            last_year("9"),
            figure("5", "乙镇"),
            last_year("4", "乙镇"),
            figure("5", "丙镇"),
            last_year("4", "丙镇"),
        ],
        "-4",
    ),
    "equal values share the first of their places": (
        PLACES,
        [figure("5"), last_year("3"), figure("5", "乙镇"), last_year("4", "乙镇")],
        "2",
    ),
    "no place last year": (PLACES, [figure("5")], "1"),
    "a condition on growth": (GROWN_BY_A_QUARTER, [figure("5"), last_year("4")], "5"),
    "a condition just missed": (GROWN_BY_A_QUARTER, [figure("4.99"), last_year("4")], "0"),
    "a condition without last year": (GROWN_BY_A_QUARTER, [figure("5")], "0"),
}
OF_HALVES: Final = [
    figure("5", period="2024-H1", occurred_on="2024-01-31"),
    last_year("4", period="2023-H1"),
    last_year("90", period="2023-H2"),
]
SIGNED_BEFORE: Final = [
    *project("A", "2024-02-01", "2024-03-01"),
    *project("B", "2023-02-01", "2023-06-30"),
    *project("C", "2023-02-01", "2023-07-01"),
]
FEBRUARIES: Final = [
    figure("5", period="2024-02", occurred_on="2024-02-01"),
    last_year("4", period="2023-02"),
    last_year("9", period="2023-03"),
]
VECTORS_BY_DAY: Final[dict[str, tuple[str, Facts, str, str]]] = {
    "half a year to half a year": (GROWTH, OF_HALVES, "2024-06-30", "12.5"),
    "a day before, last year's half is not over": (GROWTH, OF_HALVES, "2024-06-29", "3"),
    "half a year is not held against a whole": (
        GROWTH,
        [figure("5", period="2024-H1", occurred_on="2024-06-30"), last_year("4")],
        "2024-06-30",
        "3",
    ),
    "signed up to the same day": (SIGNINGS, SIGNED_BEFORE, "2024-06-30", "2"),
    "signed a day later": (SIGNINGS, SIGNED_BEFORE, "2024-07-01", "1"),
    "the end of February to a leap day": (GROWTH, FEBRUARIES, "2024-02-29", "12.5"),
    "February to a day before": (GROWTH, FEBRUARIES, "2024-02-27", "3"),
    "a leap day to the end of February": (
        GROWTH,
        [
            figure("5", period="2025-02", occurred_on="2025-02-01"),
            figure("4", period="2024-02", occurred_on="2024-02-29"),
        ],
        "2025-02-28",
        "12.5",
    ),
    "the same quarter of last year": (
        GROWTH + QUARTER_OF_YEAR,
        [
            figure("5", period="2024-Q2", occurred_on="2024-06-30"),
            last_year("4", period="2023-Q2"),
            last_year("9", period="2023-Q1"),
        ],
        "2024-06-30",
        "12.5",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_comparison_gives_its_points_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, points = VECTORS[name]
    assert_points_in_all_three(tmp_path, rules, facts, date(2024, 12, 31), points)


@pytest.mark.parametrize("name", VECTORS_BY_DAY)
def test_a_comparison_of_a_day_gives_its_points_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, day, points = VECTORS_BY_DAY[name]
    assert_points_in_all_three(tmp_path, rules, facts, date.fromisoformat(day), points)
