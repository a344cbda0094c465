"""The policies of 0.1.0 by cases computed by hand from their published texts.

Later ones have their cases in their own files (`tests/agreement/test_shipped_cases.py`).
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rounding import decimal_text
from lifecycle.rulebook import shipped, shipped_ids
from projections.scoring.evaluation import evaluate
from projections.scoring.explanation import explain_unit
from projections.scoring.result_view import View
from tests.ledgers import fill, new_ledger

FOLDER = Path(__file__).parent / "cases"
POLICIES = [
    name for name in shipped_ids() if name != "kaihua-2024" and not shipped(name).rulebook.case
]
CASES: list[tuple[str, dict[str, Any]]] = [
    (name, case)
    for name in POLICIES
    for case in tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["case"]
]


def records(case: dict[str, Any], year: int) -> list[dict[str, Any]]:
    """A case's units and facts as records."""
    units = [
        {"event": "UnitRegistered", "occurred_on": f"{year}-01-01", **unit}
        for unit in case["units"]
    ]
    return units + [
        {("occurred_on" if name == "on" else name): value for name, value in fact.items()}
        for fact in case["facts"]
    ]


def axes(name: str, case: dict[str, Any]) -> tuple[int, date]:
    """The year and the day that a case is about."""
    year = case.get("year", shipped(name).rulebook.effective_from.year)
    return year, case.get("as_of", date(year, 12, 31))


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{name}: {case['name']}" for name, case in CASES]
)
def test_a_case_yields_the_points_worked_by_hand(
    name: str, case: dict[str, Any], tmp_path: Path
) -> None:
    year, as_of = axes(name, case)
    with new_ledger(tmp_path) as ledger:
        fill(ledger, records(case, year), keep=False)
        view = View(year, as_of, ledger.head().position, shipped(name))
        scores = {score.unit: score for score in evaluate(ledger, view).scores}
        lines = {unit: explain_unit(ledger, view, unit) for unit in scores}
    for unit, expected in case["points"].items():
        modules = {
            module: decimal_text(points, 10) for module, points in scores[unit].modules.items()
        }
        scored = {module: points for module, points in modules.items() if points != "0"} | {
            "total": decimal_text(scores[unit].total, 10)
        }
        assert scored == expected, unit
        explanation = lines[unit]
        assert explanation is not None
        for module, points in scores[
            unit
        ].modules.items():  # the lines of a unit sum to its modules
            assert sum(line.points for line in explanation.lines if line.module == module) == points
    for unit, outcomes in case.get("outcomes", {}).items():
        assert scores[unit].outcomes == outcomes


@pytest.mark.parametrize("name", POLICIES)
def test_every_rule_has_a_case(name: str) -> None:
    named = {rule for policy, case in CASES if policy == name for rule in case["rules"]}
    assert named == {rule.id for rule in shipped(name).rulebook.rules}
