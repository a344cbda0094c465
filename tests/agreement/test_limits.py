"""Time limits and cadences agree with the reference, on random histories, limits and days."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.scoring.result_view import View
from projections.views.deadline_view import deadline_rows
from tests.agreement.test_agreement_days import STEPS, days
from tests.ledgers import fill, new_ledger
from tests.reference.draw_limits import limit_table
from tests.reference.draw_policies import PROJECT_FILTERS
from tests.reference.histories import histories
from tests.reference.limits import limit_rows
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

BOOK = shipped("kaihua-2024").data()
DAYS_OF_A_HISTORY = 4


@st.composite
def limits(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to four limits, half of them cadences."""
    numbers = range(draw(st.integers(1, 4)))
    return [limit_table(draw, f"l{number}", PROJECT_FILTERS) for number in numbers]


@history_examples(60)
@given(records=histories(steps=STEPS), drawn=limits(), data=st.data())
def test_rows_of_limits_agree_with_the_reference(
    records: list[dict[str, Any]],
    drawn: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    book = BOOK | {"limits": drawn}
    loaded = parse(write_toml(book))
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        for _ in range(DAYS_OF_A_HISTORY):
            day, known_at = data.draw(days(records))
            position = len(records) if known_at is None else ledger.position_at(known_at)
            view = View(day.year, day, position, loaded)
            rows = [row.as_json() for row in deadline_rows(ledger, view)]
            listed = [row for row in rows if row["kind"] == "limit"]
            assert listed == limit_rows(book, records, day, known_at)
