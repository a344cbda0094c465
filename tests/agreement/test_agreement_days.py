"""Deadlines and sheets agree with the reference row by row, on random histories and days."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from projections.scoring.result_view import View
from projections.views import sheet_view as sheets
from projections.views.deadline_view import deadline_rows
from tests.ledgers import fill, new_ledger
from tests.reference import deadlines as reference_deadlines, sheets as reference_sheets
from tests.reference.effective import Record, moment
from tests.reference.histories import histories, turning_days
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

Rows = list[dict[str, Any]]
STEPS = (
    "sheet",
    "sheet",
    "node",
    "schedule",
    "sheet",
    "correct",
    "life",
    "sheet",
    "figure",
    "schedule",
    "sheet",
    "node",
    "sheet",
)
FAR = (0, 1, -1, 7, 8, -7, -8, 30, 31, -30, -60, -61, 90, 91)
NEAR = (1, 0, -7, -8, -3, 2)


@st.composite
def days(
    draw: st.DrawFn,
    records: Sequence[Record],
) -> tuple[date, datetime | None]:
    """(D, K) where a task's next sheet falls due, or at a level's distance from another day."""
    rungs: list[date] = [
        date.fromisoformat(each[name])
        for each in records
        for name in ("rectify_by", "due_on")
        if name in each
    ]
    on_rung: bool = draw(st.booleans())
    if rungs and on_rung:
        day = draw(st.sampled_from(rungs)) + timedelta(days=draw(st.sampled_from(NEAR)))
    else:
        day = draw(st.sampled_from(turning_days(records)[::-1])) + timedelta(
            days=draw(st.sampled_from(FAR))
        )
    moments = [moment(each["recorded_at"]) for each in records]
    return day, draw(st.sampled_from(moments[::-1])) if draw(st.integers(0, 3)) == 3 else None


def in_order(rows: Rows) -> Rows:
    """Rows in one order, also those that the spec's order leaves side by side."""
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, default=str))


def agree(
    ledger: Ledger,
    records: Sequence[Record],
    day: date,
    known_at: datetime | None,
) -> None:
    """Every row of a day, the product's and the reference's."""
    position = len(records) if known_at is None else ledger.position_at(known_at)
    view = View(day.year, day, position, shipped("kaihua-2024"))
    rows = [row.as_json() for row in deadline_rows(ledger, view)]
    expected = reference_deadlines.deadlines(records, day, known_at)
    assert in_order(rows) == in_order(expected)
    assert [(row["level"], row["due_on"], row["project"]) for row in rows] == [
        (row["level"], row["due_on"], row["project"]) for row in expected
    ]
    assert [
        sheet.as_json() for sheet in sheets.due_sheets(ledger, view)
    ] == reference_sheets.sheets_due(records, day, known_at)
    assert [
        row.as_json() for row in sheets.task_rows(ledger, view)
    ] == reference_sheets.sheets_list(records, day, known_at)


@history_examples(40)
@given(data=st.data())
def test_every_row_agrees_with_the_reference(data: st.DataObject) -> None:
    records = data.draw(histories(steps=STEPS))
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        for _ in range(4):
            agree(ledger, records, *data.draw(days(records)))
