"""Texts in a CSV file: none becomes a formula, and negative points are what is shown."""

from __future__ import annotations

import pytest

from commands.intake.table_csv import csv_text


@pytest.mark.parametrize("text", ["-10", "-2.50", "-3（共3次）", "-2 × 1.5"])
def test_negative_points_stand_as_they_are_shown(text: str) -> None:
    assert csv_text(["算式"], [[text]], [False]) == f"算式\n{text}\n"


@pytest.mark.parametrize(
    "text", ["=1", "-1+1", "-2/3", "-A1", "-1-1", "--1", "-", "+1", "@x", "＝1"]
)
def test_what_a_program_could_compute_is_made_a_text(text: str) -> None:
    assert csv_text(["算式"], [[text]], [False]) == f"算式\n'{text}\n"
