"""The generator draws lawful histories, and the reference answers for each at every axis."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.soak import history_examples

from .beyond import incentives, targets
from .deadlines import deadlines
from .examples import RECORDED, Ledger
from .histories import axes, histories
from .lawful import lawful, refusals
from .scoring import blacklist_candidates, evaluate, interviews, score_lines, shown
from .sheets import sheets_due, sheets_list

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

SLOW = history_examples(25)


@SLOW
@given(st.data())
def test_histories_are_lawful_and_have_an_answer(data: st.DataObject) -> None:
    records = data.draw(histories())
    assert lawful(records) == []
    year, as_of, known_at = data.draw(axes(records))
    result = evaluate(records, year, as_of, known_at)
    lines = score_lines(records, year, as_of, known_at)
    for row in result["units"]:
        for module, points in row["modules"].items():
            mine = [
                line.points for line in lines if (line.unit, line.module) == (row["unit"], module)
            ]
            assert sum(mine, Fraction(0)) == points
    assert shown(result)["units"] == [shown(row) for row in result["units"]]
    incentives(records, year, as_of, known_at)
    targets(records, year, as_of, known_at)
    blacklist_candidates(records, year, as_of, known_at)


@SLOW
@given(st.data())
def test_views_without_a_year_have_an_answer(data: st.DataObject) -> None:
    records = data.draw(histories(steps=("node", "schedule", "sheet", "sheet", "correct", "life")))
    year, as_of, known_at = data.draw(axes(records))
    day = as_of or date(year, 12, 31)
    listed = {row["number"] for row in sheets_list(records, day, known_at)}
    assert {
        row["about"] for row in sheets_due(records, day, known_at) if row["action"] != "assign"
    } <= listed
    deadlines(records, day, known_at)
    interviews(records, day, known_at)


@SLOW
@given(st.data())
def test_what_is_recorded_later_changes_no_earlier_knowledge(data: st.DataObject) -> None:
    records = data.draw(histories())
    year, as_of, known_at = data.draw(axes(records))
    at = known_at or datetime(2030, 1, 1, tzinfo=UTC)
    prefix = [each for each in records if datetime.fromisoformat(each["recorded_at"]) <= at]
    assert evaluate(records, year, as_of, at)["units"] == evaluate(prefix, year, as_of)["units"]


def refused(
    ledger: Ledger,
    **record: Any,
) -> list[str]:
    """Why a record about project P would be refused."""
    return refusals(
        ledger.records, {"project": "P", "recorded_at": RECORDED, "recorded_by": "甲", **record}
    )


@pytest.mark.parametrize(
    "record",
    [
        {"event": "ConsultationHeld", "occurred_on": "2024-05-01", "outcome": "deferred"},
        {"event": "InvestmentReported", "month": "2024-05", "fixed_assets": "1"},
        {"event": "TaxPaid", "month": "2024-05", "amount": "1.0000001"},
        {"event": "TaxPaid", "month": "2024-05", "amount": "1e3"},
        {"event": "TaxPaid", "month": "2025-06", "amount": "1"},
        {"event": "TaxPaid", "month": "2024-03", "amount": "2"},
        {"event": "TaxPaid", "month": "2024-04", "occurred_on": "2024-05-01", "amount": "2"},
        {"event": "ReviewHeld", "occurred_on": "2025-06-02", "findings": "无"},
        {"event": "ProjectTransferred", "occurred_on": "2024-05-01", "to_unit": "无此单位"},
        {
            "event": "WarningIssued",
            "occurred_on": "2024-05-01",
            "number": "开招办警〔2024〕1号",
            "about": "无此任务",
        },
        {"event": "TaxPaid", "month": "2024-03", "amount": "5.0"},
    ],
)
def test_what_spec_1_refuses_is_unlawful(record: dict[str, Any]) -> None:
    ledger = Ledger().project().passed().taxed("2024-03", "5")
    assert lawful(ledger.records) == []
    assert refused(ledger, **record)


@pytest.mark.parametrize(
    ("corrects", "replacement"),
    [
        (1, None),
        (9, None),
        (2, {}),
        (2, {"outcome": None}),
        (2, {"outcome": "maybe"}),
        (4, {"reason": "改"}),
        (3, None),
        (3, {"month": "2024-04"}),
        (1, {"reporting_unit": "无此单位"}),
        (1, {"reported_at": "2026-01-01T09:00:00"}),
    ],
)
def test_corrections_that_spec_1_refuses_are_unlawful(
    corrects: int,
    replacement: dict[str, Any] | None,
) -> None:
    ledger = Ledger().project().passed().taxed("2024-03", "5").correct(3, None)
    fields = {
        "event": "FactCorrected",
        "occurred_on": "2025-06-01",
        "reason": "有误",
        "approved_by": "主任",
    }
    assert refused(ledger, **fields, corrects=corrects, replacement=replacement)
