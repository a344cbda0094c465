"""The words of the ledger workbook: always Chinese, so that any office's file can be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ORDER: Final = "序号"
"""Heads the column that numbers the rows of a file across its sheets."""
REASON: Final = "原因"
"""Heads the column that says why a row was rejected."""
CONFIRMED: Final = "确认"
"""Heads the column that says that an unusual value of the row is right."""
RAW_TEXT: Final = "原文"
"""Heads the column of a row that could not be read."""
UNREADABLE_SHEET: Final = "无法识别"
WORD_LIST_SHEET: Final = "词表"
NOTES_SHEET: Final = "说明"
VOID: Final = "作废"
LIST_SEPARATOR: Final = "、"
CHANGE_SEPARATOR: Final = "；"
"""Stands between the fields that a correction changes."""


def example_comment(example: str) -> str:
    """Word the comment on a heading that shows an example."""
    return f"例：{example}"


def choices_comment(choices: Iterable[str]) -> str:
    """Word the comment on a heading whose cells take several choices."""
    return f"可多选，以顿号分隔：{LIST_SEPARATOR.join(choices)}"
