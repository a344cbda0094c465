"""A new workbook fails as every other file does."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.intake.workbook_files import new_workbook


def test_a_workbook_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    book = new_workbook(tmp_path / "none" / "book.xlsx")
    book.add_worksheet("a")

    with pytest.raises(FileNotFoundError):
        book.close()
