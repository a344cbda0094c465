"""A report of June says the same before and after a unit was regrouped or dissolved in December."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.reports.document_reading import read_document
from tests.commands.conftest import Cli

CHANGES = (
    ("regroup", "马金镇", "经济部门", "--category", "department"),
    ("rename", "池淮镇", "池淮街道"),
    ("dissolve", "苏庄镇", "--successor", "华埠镇"),
)


def cells_of_june(county: Cli, folder: Path) -> dict[str, str]:
    """What the workbook of June holds, without the sheet that says how to verify it."""
    folder.mkdir()
    answer = county("report", "month", "2024-06", "--to", folder, "--format", "xlsx")
    assert answer.code == 0, answer.err
    (path,) = folder.iterdir()
    cells = read_document(path).cells
    return {place: text for place, text in cells.items() if "核验" not in place}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change[0]))
def test_june_stays_as_it_was(county: Cli, tmp_path: Path, change: tuple[str, ...]) -> None:
    before = cells_of_june(county, tmp_path / "before")
    answer = county("unit", *change, "--on", "2026-11-01", "--yes")
    assert answer.code == 0, answer.err
    after = cells_of_june(county, tmp_path / "after")
    assert len(before) > 200
    assert after == before
