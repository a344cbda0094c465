"""The policy's rules by cases computed by hand, for the product and the reference alike."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import shipped
from lifecycle.rulebook.kinds.deduct_rule import Deduct
from lifecycle.rulebook.kinds.escalating_rule import Escalating
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from tests.given import TOWN, reported, unit
from tests.ledgers import fill, new_ledger
from tests.reference.scoring import evaluate as reference, shown

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "kaihua-2024.toml").read_text(encoding="utf-8")
)["case"]
BOOK = shipped("kaihua-2024")
AS_OF = date(2024, 12, 31)


def records(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield unit()
    for copy in range(case.get("unit_copies", 1)):
        for fact in case.get("unit", []):
            yield _record(fact, unit=TOWN, **({"note": str(copy)} if copy else {}))
    for copy in range(case.get("copies", 1) if "facts" in case else 0):
        code = f"P{copy}"
        yield reported(code, **case.get("project", {}))
        for fact in case["facts"]:
            yield _record(fact, project=code)


def _record(fact: dict[str, Any], **more: Any) -> dict[str, Any]:
    record = dict(fact) | more
    if "on" in record:
        record["occurred_on"] = record.pop("on")
    return record


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_yields_the_points_worked_by_hand(case: dict[str, Any], tmp_path: Path) -> None:
    facts = list(records(case))
    expected = {module: Fraction(points) for module, points in case["points"].items()}
    with new_ledger(tmp_path) as ledger:
        fill(ledger, facts, keep=False)
        (score,) = evaluate(ledger, View(2024, AS_OF, ledger.head().position, BOOK)).scores
    assert {module: points for module, points in score.modules.items() if points} == expected
    stamped = [
        {**record, "recorded_at": "2029-01-01T09:00:00+08:00", "recorded_by": "甲"}
        for record in facts
    ]
    (reference_unit,) = shown(reference(stamped, 2024, AS_OF, None))["units"]
    assert {m: p for m, p in reference_unit["modules"].items() if p != "0"} == {
        module: f"{float(points):.10f}".rstrip("0").rstrip(".")
        for module, points in expected.items()
    }


def test_every_rule_has_a_case() -> None:
    assert {rule for case in CASES for rule in case["rules"]} == {
        rule.id for rule in BOOK.rulebook.rules
    }


def test_every_band_edge_has_a_case_on_both_sides() -> None:
    banded = {
        rule.id
        for rule in BOOK.rulebook.rules
        if isinstance(rule, Escalating) or (isinstance(rule, Deduct) and rule.bands)
    }
    for rule in banded:
        assert sum(rule in case["rules"] for case in CASES) >= 2


# Each clause of the policy that can move points, as its text numbers them.
SCORING_CLAUSES = (
    "考(一)",
    "考(二)",
    "考(三)",
    "考(四)1",
    "考(四)2",
    "考(五)1",
    "考(五)2",
    "考(五)3",
    "考(五)4",
    "考(六)",
    "考(七)",
    "考(八)1",
    "考(八)2",
    "考(八)3",
    "考(八)4",
    "考(八)5",
    "考(八)6",
    "考(九)1",
    "考(九)2",
    "考(九)3",
    "考(十)",
)


@pytest.mark.parametrize("clause", SCORING_CLAUSES)
def test_every_clause_that_can_score_is_named(clause: str) -> None:
    named = str(BOOK.rulebook.model_dump(mode="json"))
    head, number = (clause[:-1], clause[-1]) if clause[-1].isdigit() else (clause, "")
    assert clause in named or f"{head[1:]}{number}" in named, clause


def test_a_rule_that_is_not_policy_carries_a_note() -> None:
    for rule in BOOK.rulebook.rules:
        assert rule.basis == "policy" or rule.note
