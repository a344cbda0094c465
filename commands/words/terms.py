"""Labels in the reader's language: headings, field names and choices, declared once in Chinese and English.

Sentences come from the gettext catalogues (`messages.py`, `reader_language.py`). Labels come from the tables of this package, in both
languages side by side, so that an event, a field or a column is worded in one place. A third language translates
the English of either in its catalogue and needs no change here.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.words.reader_language import _, reads_chinese


@dataclass(frozen=True, slots=True)
class Label:
    """An ordinary word: Chinese for a Chinese reader, otherwise English or the catalogue's translation of it."""

    english: str
    chinese: str

    def __str__(self) -> str:
        """The label in the reader's language."""
        if reads_chinese():
            return self.chinese
        return _(self.english)

    def heading(self) -> str:
        """The label as a column's heading."""
        return str(self)


class PolicyTerm(Label):
    """A term of the policy: the Chinese term is visible in every language (spec 5)."""

    __slots__ = ()

    def __str__(self) -> str:
        """The Chinese term alone for a Chinese reader, beside its translation for others: `Rank 名次`."""
        if reads_chinese():
            return self.chinese
        return f"{_(self.english)} {self.chinese}"

    def heading(self) -> str:
        """The term as a column's heading: the translation above the Chinese, so that columns stay narrow."""
        if reads_chinese():
            return self.chinese
        return f"{_(self.english)}\n{self.chinese}"
