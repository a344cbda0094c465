"""Targets, incentives and boards agree with the reference on random histories at random axes."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.rulebook import shipped
from projections.scoring.result_view import View, view_of_month
from projections.views.board_view import board_json, month_board
from projections.views.incentive_view import year_incentives
from projections.views.target_view import county_target_progress
from tests.agreement.test_agreement import AXES_OF_A_HISTORY
from tests.ledgers import fill, new_ledger
from tests.reference import beyond
from tests.reference.boards import board as reference_board
from tests.reference.histories import axes, histories
from tests.reference.scoring import day_in_year, shown
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories


def _by_project(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["project"], row["incentive"]))


def months_of(year: int) -> st.SearchStrategy[str]:
    """Months of a year, those first in which most has happened."""
    return st.sampled_from([f"{year}-{number:02}" for number in (12, 6, 1, 7, 9, 10)])


@history_examples(20)
@given(data=st.data())
def test_beyond_the_points_agrees_with_the_reference(data: st.DataObject) -> None:
    records = data.draw(histories())
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        for _ in range(AXES_OF_A_HISTORY):
            year, as_of, known_at = data.draw(axes(records))
            position = len(records) if known_at is None else ledger.position_at(known_at)
            view = View(year, day_in_year(year, as_of), position, shipped("kaihua-2024"))
            assert [row.as_json() for row in county_target_progress(ledger, view)] == shown(
                beyond.targets(records, year, as_of, known_at)
            )
            earned = year_incentives(ledger, view).earned
            assert _by_project([review.as_json() for review in earned]) == _by_project(
                beyond.incentives(records, year, as_of, known_at)
            )
            month = data.draw(months_of(year) | st.just(f"{view.as_of:%Y-%m}"))
            month_view = view_of_month(replace(view, as_of=date.max), month)
            rows = board_json(month_board(ledger, month_view, month))
            expected = shown(reference_board(records, month, known_at))
            assert {name: rows[name] for name in expected} == expected
