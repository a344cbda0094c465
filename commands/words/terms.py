"""Labels in the reader's language: headings, field names, choices; in Chinese and English.

Sentences come from the gettext catalogues (`messages.py`). Labels come from the tables of this
package, which hold both languages side by side, so that an event, a field or a column is worded in
one place. A third language translates the English of both in its catalogue.
"""

from __future__ import annotations

from commands.words.reader_language import _, reads_chinese


class Label:
    """An ordinary word: Chinese for a Chinese reader, else the translation of its English."""

    # Not a dataclass: every start of the program builds hundreds of labels, `--help` as well, and
    # generating the class takes longer than all the rest of this package.
    __slots__ = ("chinese", "english")

    def __init__(self, english: str, chinese: str) -> None:
        self.english = english
        self.chinese = chinese

    def __str__(self) -> str:
        """Return the label in the reader's language."""
        if reads_chinese():
            return self.chinese
        return _(self.english)

    def heading(self) -> str:
        """Return the label as a column's heading."""
        return str(self)


class PolicyTerm(Label):
    """A term of the policy: the Chinese term is visible in every language (spec 5)."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return the Chinese term, and for other readers the translation before it: `Rank 名次`."""
        if reads_chinese():
            return self.chinese
        return f"{_(self.english)} {self.chinese}"

    def heading(self) -> str:
        """Return the term as a column's heading, on two lines so that columns stay narrow."""
        if reads_chinese():
            return self.chinese
        return f"{_(self.english)}\n{self.chinese}"
