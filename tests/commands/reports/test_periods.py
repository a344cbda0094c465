"""Months, quarters and years of reports, in the forms that people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.reports.periods import report_period
from lifecycle.rejections import Rejected
from tests.commands.conftest import Cli


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("month", "2024-05", "2024-05"),
        ("month", "2024年5月", "2024-05"),
        ("month", "2024/5", "2024-05"),
        ("quarter", "2024-Q2", "2024-Q2"),
        ("quarter", "2024q2", "2024-Q2"),
        ("quarter", "2024年第二季度", "2024-Q2"),
        ("quarter", "2024年2季度", "2024-Q2"),
        ("half_year", "2024-H1", "2024-H1"),
        ("half_year", "2024年下半年", "2024-H2"),
        ("meeting", "2024年5月", "2024-05"),
        ("meeting", "2024年上半年", "2024-H1"),
        ("year", "2024", "2024"),
        ("year", "２０２４年", "2024"),
        ("year", "2024年度", "2024"),
    ],
)
def test_a_period_is_named_alike_however_it_is_typed(kind: str, text: str, name: str) -> None:
    period = report_period(kind, text)
    assert period.name == name
    # A title's own words are understood.
    assert report_period(kind, period.chinese) == period


@pytest.mark.parametrize(
    ("kind", "text", "examples"),
    [
        ("month", "2024-13", "2024年5月"),
        ("month", "5月", "2024年5月"),
        ("quarter", "2024-Q5", "2024年第二季度"),
        ("quarter", "二季度", "2024年第二季度"),
        ("quarter", "20242", "2024年第二季度"),
        ("half_year", "2024-H3", "2024年上半年"),
        ("meeting", "5月", "2024年5月"),
        ("month", "2024-Q2", "2024年5月"),
        ("year", "24", "2024年"),
    ],
)
def test_what_is_no_period_is_told_what_to_write(kind: str, text: str, examples: str) -> None:
    with pytest.raises(Rejected) as rejection:
        report_period(kind, text)
    (problem,) = rejection.value.problems
    assert examples in str(problem.values["examples"])
    assert problem.values["name"] == text


@pytest.mark.parametrize("day", ["2023-01-01", "2024-04-30"])
def test_a_period_that_has_not_begun_is_not_reported(county: Cli, tmp_path: Path, day: str) -> None:
    run = county("report", "month", "2024-05", "--dated", day, "--to", tmp_path)
    assert run.code != 0
    assert f"2024-05 has not begun on {day}" in run.err
    assert not list(tmp_path.iterdir())


def test_a_period_is_reported_from_its_first_day_on(county: Cli, tmp_path: Path) -> None:
    options = ("--dated", "2024-05-01", "--format", "xlsx", "--to", tmp_path)
    assert county("report", "month", "2024-05", *options).code == 0
