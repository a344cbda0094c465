"""The words that a workbook's drop-downs offer, on a hidden sheet."""

from __future__ import annotations

from typing import Any

import xlsxwriter

from commands.words.vocabulary_words import chinese_word
from commands.words.workbook_words import WORD_LIST_SHEET


class WordLists:
    """The words of drop-downs, on a hidden sheet, as a drop-down holds only 255 characters."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._columns: dict[tuple[str, ...], int] = {}

    def source(self, choices: tuple[str, ...]) -> str:
        """Return the range of cells that will hold the choices."""
        column = self._columns.setdefault(choices, len(self._columns))
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return f"={WORD_LIST_SHEET}!${letter}$1:${letter}${len(choices)}"

    def write(self) -> None:
        """Write the hidden sheet, if any drop-down refers to it."""
        if not self._columns:
            return
        sheet = self._book.add_worksheet(WORD_LIST_SHEET)
        sheet.hide()
        for choices, column in self._columns.items():
            sheet.write_column(0, column, [chinese_word(choice) for choice in choices])
