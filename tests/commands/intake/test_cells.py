"""Cells become texts as they were typed, and rows of texts become records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from commands.intake.column_checks import first_repeated, stray_cells_problem
from commands.intake.workbook_cells import cell_text, may_have_lost_digits, record_from_cells
from lifecycle.events import BY_NAME


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (" 华埠镇 ", "华埠镇"),
        (True, "是"),
        (False, "否"),
        (12.0, "12"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime.fromisoformat("2024-03-05"), "2024-03-05"),
        (datetime.fromisoformat("2024-03-05T09:30"), "2024-03-05 09:30:00"),
    ],
)
def test_a_cell_is_read_as_it_was_typed(value: object, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("value", "lost"),
    [
        (123456789012345, False),
        (1234567890123456, True),
        (0.1, False),
        (0.12345678901234567, True),
        ("1234567890123456", False),
        (True, False),
    ],
)
def test_a_number_that_excel_may_have_cut_is_known(value: object, *, lost: bool) -> None:
    assert may_have_lost_digits(value) is lost


@pytest.mark.parametrize(
    ("event", "cells", "fields"),
    [
        ("ConsultationHeld", {"outcome": "通过", "note": ""}, {"outcome": "passed"}),
        (
            "ConsultationHeld",
            {"序号": "3", "原因": "x", "recorded_by": "甲"},
            {"recorded_by": "甲"},
        ),
        ("FactCorrected", {"replacement": "作废"}, {"replacement": None}),
        ("FactCorrected", {"replacement": '{"name": "新"}'}, {"replacement": {"name": "新"}}),
        ("FactCorrected", {"replacement": "不是JSON"}, {"replacement": "不是JSON"}),
        (
            "ConsultationHeld",
            {"evidence": "纪要.pdf|ab、附件.pdf|cd"},
            {
                "evidence": [
                    {"name": "纪要.pdf", "sha256": "ab"},
                    {"name": "附件.pdf", "sha256": "cd"},
                ]
            },
        ),
    ],
)
def test_a_row_becomes_a_record(event: str, cells: dict[str, str], fields: dict[str, Any]) -> None:
    assert record_from_cells(BY_NAME[event], cells) == {"event": event} | fields


def test_a_repeated_heading_is_found_and_an_empty_one_is_not() -> None:
    assert first_repeated(["name", "", "", "unit", "name"]) == "name"
    assert first_repeated(["name", "", ""]) is None


def test_a_cell_without_a_heading_is_a_problem() -> None:
    assert stray_cells_problem(["name"], enumerate(["甲", None, ""])) is None
    problem = stray_cells_problem(["name", ""], enumerate(["甲", "乙", "丙"]))
    assert problem is not None
    assert (problem.rule, problem.values) == ("no_heading", {"cells": ["乙", "丙"]})
