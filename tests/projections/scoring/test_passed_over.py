"""What a rulebook passes over: each kind of thing that meets nothing is named, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import parse
from projections.scoring.passed_over import passed_over
from projections.scoring.result_view import View
from tests.agreement.test_shape_vectors import project
from tests.agreement.test_vocabulary import ADOPTION, CAPITAL, FIGURES, SIGNED as COUNT_OF_PROJECTS
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, PARTS, RATIO, RULE, part

TOWN = {"event": "UnitRegistered", "occurred_on": "2024-01-01", "unit": "甲镇"}
UNITS = [
    TOWN | {"sequence": "乡镇", "category": "township"},
    TOWN | {"unit": "乙局", "sequence": "部门", "category": "department"},
]
SET_TARGET = 'target = { source = "set", indicator = "goal" }\nwhen_missing = "none"\n'
QUARTERLY_TARGET = (
    SET_TARGET.replace('"goal"', '"goal", per = "share"')
    + '[assessed]\nperiod = "quarter"\nclause = "一"\nbasis = "policy"\n'
)
REPORTED = 'target = { source = "reported" }\nwhen_missing = "none"\n'
BY_QUARTER = (
    '[[modules]]\nid = "q"\nchinese = "每季"\nassessed = "quarter"\nclause = "一"\n'
    'basis = "policy"\n'
    + PARTS
    + 'parts = [{ result = { module = "q" }, each = "quarter", take = "sum", share = 1 }]\n'
)
COUNT = RULE + FIGURE + 'kind = "per_item"\npoints = 1\n'


def figure(period: str = "2024", indicator: str = "x", **fields: Any) -> dict[str, Any]:
    """A figure of the town."""
    record = {"event": "IndicatorReported", "unit": "甲镇", "occurred_on": "2024-12-01"}
    return record | {"indicator": indicator, "period": period, "actual": "5"} | fields


def target(indicator: str, unit: str, day: str = "2024-02-01") -> dict[str, Any]:
    """A target set for a unit."""
    record = {"event": "TargetSet", "occurred_on": day, "year": 2024, "amount": "10"}
    return record | {"indicator": indicator, "for_unit": unit}


def rows(
    folder: Path,
    rules: str,
    facts: Sequence[dict[str, Any]],
    day: date = date(2024, 12, 31),
) -> list[tuple[Any, ...]]:
    """What is passed over of two units with these facts."""
    with new_ledger(folder) as ledger:
        fill(ledger, [*UNITS, *facts], keep=False)
        view = View(2024, day, ledger.head().position, parse(HEAD + rules))
        return [tuple(row) for row in passed_over(ledger, view)]


def quarterly(rule: str) -> str:
    """The rule in a module that is assessed by quarter."""
    return BY_QUARTER + rule.replace("r.1", "q.1").replace('"m"', '"q"')


CASES: dict[str, tuple[str, list[dict[str, Any]], list[tuple[Any, ...]]]] = {
    "an indicator that no rule reads": (
        COUNT,
        [figure(), figure(indicator="y"), figure(indicator="y", actual="6")],
        [("indicator", "y", "甲镇", "2024", 2, "read_by_no_rule")],
    ),
    "a year's figure for a monthly rule": (
        COUNT + 'each = "month"\nreaching = 1\n',
        [figure(), figure("2024-Q2"), figure("2024-05")],
        [
            ("indicator", "x", "甲镇", "2024", 1, "too_coarse"),
            ("indicator", "x", "甲镇", "2024-Q2", 1, "too_coarse"),
        ],
    ),
    "a half-year's figure for a quarterly rule": (
        COUNT + 'each = "quarter"\nreaching = 1\n',
        [figure("2024-H1"), figure("2024-Q2")],
        [("indicator", "x", "甲镇", "2024-H1", 1, "too_coarse")],
    ),
    "a half-year's figure for a module assessed by quarter": (
        quarterly(COUNT),
        [figure("2024-H2"), figure("2024"), figure("2024-Q4"), figure("2024-12")],
        [
            ("indicator", "x", "甲镇", "2024-H2", 1, "too_coarse"),
            ("indicator", "x", "甲镇", "2024", 1, "too_coarse"),
        ],
    ),
    "a figure dated after the quarter's end": (
        quarterly(COUNT),
        [figure("2024-Q3"), figure("2024-09"), figure("2024-Q4", occurred_on="2024-12-31")],
        [
            ("indicator", "x", "甲镇", "2024-Q3", 1, "after_period"),
            ("indicator", "x", "甲镇", "2024-09", 1, "after_period"),
        ],
    ),
    "a figure that the year reads too": (
        quarterly(COUNT) + COUNT.replace("r.1", "r.2"),
        [figure("2024-Q3"), figure("2024")],
        [],
    ),
    "a target that no quarter has": (
        quarterly(RATIO + SET_TARGET.replace('"goal"', '"goal", per = "share"')),
        [
            target("goal", "甲镇", "2024-02-01") | {"period": "2024-Q1"},
            target("goal", "甲镇", "2024-05-01") | {"period": "2024-05"},
            target("goal", "乙局"),
        ],
        [
            ("target", "goal", "甲镇", "2024-05", 1, "read_by_no_rule"),
            ("target", "goal", "甲镇", "2024-Q2", 1, "no_target"),
            ("target", "goal", "甲镇", "2024-Q3", 1, "no_target"),
            ("target", "goal", "甲镇", "2024-Q4", 1, "no_target"),
        ],
    ),
    "a half-year's figure where a quarter is assessed": (
        COUNT + '[assessed]\nperiod = "quarter"\nclause = "一"\nbasis = "policy"\n',
        [figure("2024-H2"), figure("2024-Q4")],
        [("indicator", "x", "甲镇", "2024-H2", 1, "too_coarse")],
    ),
    "a year's figure where a half-year is assessed": (
        COUNT + '[assessed]\nperiod = "half_year"\nclause = "一"\nbasis = "policy"\n',
        [figure("2024"), figure("2024-H2"), figure("2024-H1")],
        [("indicator", "x", "甲镇", "2024", 1, "too_coarse")],
    ),
    "a figure of another year": (COUNT, [figure("2023", indicator="y")], []),
    "a target that no rule reads": (
        COUNT,
        [target("x", "甲镇")],
        [("target", "x", "甲镇", "2024", 1, "read_by_no_rule")],
    ),
    "a target that was never set": (
        RATIO + SET_TARGET,
        [target("goal", "甲镇")],
        [("target", "goal", "乙局", "2024", 1, "no_target")],
    ),
    "a quarter's target where the year is assessed": (
        RATIO + SET_TARGET + 'where = { sequence = ["乡镇"] }\n',
        [target("goal", "甲镇"), target("goal", "甲镇") | {"period": "2024-Q4"}],
        [
            ("target", "goal", "甲镇", "2024-Q4", 1, "read_by_no_rule"),
            ("sequence", "部门", None, None, 1, "read_by_no_rule"),
        ],
    ),
    "targets of quarters and half-years where quarters are assessed": (
        RATIO + QUARTERLY_TARGET,
        [
            target("goal", "甲镇") | {"period": "2024-Q3"},
            target("goal", "甲镇") | {"period": "2024-H2"},
            target("goal", "乙局") | {"period": "2024-Q4"},
        ],
        [
            ("target", "goal", "甲镇", "2024-H2", 1, "read_by_no_rule"),
            ("target", "goal", "甲镇", "2024", 1, "no_target"),
        ],
    ),
    "a figure without the target that others bear": (
        RATIO + REPORTED + 'where = { sequence = ["乡镇"] }\n',
        [figure("2024-01", target="4"), figure("2024-02")],
        [
            ("target", "x", "甲镇", "2024-02", 1, "no_target"),
            ("sequence", "部门", None, None, 1, "read_by_no_rule"),
        ],
    ),
    "points in place of a target": (RATIO + REPORTED.replace('"none"', "3"), [], []),
    "a category and a sequence that no unit has": (
        COUNT + 'where = { category = ["area_group"], except_sequence = ["园区"] }\n',
        [],
        [
            ("sequence", "乡镇", None, None, 1, "read_by_no_rule"),
            ("sequence", "部门", None, None, 1, "read_by_no_rule"),
            ("sequence", "园区", None, None, 1, "no_such_unit"),
            ("category", "area_group", None, None, 1, "no_such_unit"),
            ("rule", "r.1", None, None, 1, "no_such_unit"),
        ],
    ),
    "a part of a composite reads too": (PARTS + f"parts = [{part('1')}]\n", [figure()], []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_meets_nothing_is_named(name: str, tmp_path: Path) -> None:
    rules, facts, expected = CASES[name]
    assert rows(tmp_path, rules, facts) == expected


def test_only_what_is_there_by_the_day_is_named(tmp_path: Path) -> None:
    facts = [target("goal", "甲镇"), target("goal", "乙局"), figure(indicator="y")]
    assert rows(tmp_path, RATIO + SET_TARGET, facts, date(2024, 1, 31)) == [
        ("target", "goal", "甲镇", "2024", 1, "no_target"),
        ("target", "goal", "乙局", "2024", 1, "no_target"),
    ]


PROJECT = project("A", "2024-02-01", "2024-03-01")
BY_MONTH = '[assessed]\nperiod = "month"\nclause = "一"\nbasis = "policy"\n'
TO_LAST_YEAR = COUNT + 'as = "to_last_year"\nwhen_zero = 0\nwhen_missing = "none"\n'


def capital(period: str, figure_name: str = "capital") -> dict[str, Any]:
    """A figure of the town's project."""
    record = {"event": "ProjectFigureReported", "project": "A", "occurred_on": "2024-12-01"}
    return record | {"figure": figure_name, "period": period, "actual": "5"}


FIGURES_OF_PROJECTS: dict[str, tuple[str, list[dict[str, Any]], list[tuple[Any, ...]]]] = {
    "a figure that a rule reads": (CAPITAL + FIGURES, [capital("2024")], []),
    "one that a filter reads": (
        COUNT_OF_PROJECTS + 'where = { figures = { capital = "[1,)" } }\n' + FIGURES,
        [capital("2024")],
        [],
    ),
    "one that nothing reads, of several projects' reports together": (
        CAPITAL + FIGURES,
        [capital("2024-05", "exports"), capital("2024-06", "exports"), capital("2024")],
        [
            ("figure", "exports", "甲镇", "2024-05", 1, "read_by_no_rule"),
            ("figure", "exports", "甲镇", "2024-06", 1, "read_by_no_rule"),
        ],
    ),
    "a year's figure of a monthly rule": (
        CAPITAL + BY_MONTH + FIGURES,
        [capital("2024"), capital("2024-12")],
        [("figure", "capital", "甲镇", "2024", 1, "too_coarse")],
    ),
    "another year's figure": (CAPITAL + FIGURES, [capital("2023", "exports")], []),
}


@pytest.mark.parametrize("name", FIGURES_OF_PROJECTS)
def test_figures_of_projects_that_count_nowhere_are_named(name: str, tmp_path: Path) -> None:
    rules, facts, expected = FIGURES_OF_PROJECTS[name]
    assert of_figures(rows(tmp_path, rules, [ADOPTION, *PROJECT, *facts])) == expected


def of_figures(passed: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows about figures of projects."""
    return [row for row in passed if row[0] == "figure"]


def test_a_unit_that_last_year_does_not_know_is_named(tmp_path: Path) -> None:
    facts = [figure(), figure("2023"), figure(unit="乙局")]
    assert rows(tmp_path, TO_LAST_YEAR, facts) == [
        ("rule", "r.1", "乙局", "2023", 1, "no_last_year")
    ]


def test_with_points_in_its_place_it_is_not(tmp_path: Path) -> None:
    rules = TO_LAST_YEAR.replace('"none"', "2")
    assert rows(tmp_path, rules, [figure(unit="乙局")]) == []
