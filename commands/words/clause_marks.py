"""How Chinese papers number their clauses, and how a rulebook names them.

A paper numbers 第一章, 一、 or 第一条, (一), 1. (1) and ①, each within the one before. A clause
that an amendment puts in has 之一 behind its mark. A rulebook names a clause by a sign of the
paper's title and these marks: 考(八)2, 意9, 三.4, 考(二),(十), 第三条之一.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_DIGITS: Final = "零一二三四五六七八九"
_TEN: Final = "十"
_NUMERAL: Final = f"[{_DIGITS}{_TEN}]{{1,3}}"
_ANY_NUMBER: Final = rf"(?:{_NUMERAL}|\d{{1,3}})"
_INSERTED: Final = rf"(?:之(?P<inserted>{_NUMERAL}))?"
_FIRST_CIRCLED: Final = "①"
_LAST_CIRCLED: Final = "⑳"
_MARK: Final = re.compile(
    rf"(?:(?P<chapter>第{_ANY_NUMBER}(?:章|部分))"
    rf"|(?P<article>第{_ANY_NUMBER}条)"
    rf"|(?P<chief>{_NUMERAL})、"
    rf"|[(（](?P<item>{_NUMERAL})[)）]"
    r"|(?P<number>\d{1,2})[.．、]"
    r"|[(（](?P<bracketed>\d{1,2})[)）]"
    rf"|(?P<circled>[①-⑳])){_INSERTED}"
)
# Within a paragraph an item begins where a sentence, or what announces the items, has ended.
_SENTENCE_END: Final = re.compile(r"[。；;：:]\s*")
_NAMED_MARK: Final = re.compile(
    rf"(?:(?P<article>第{_ANY_NUMBER}条)"
    rf"|(?P<chief>{_NUMERAL})"
    rf"|[(（](?P<item>{_NUMERAL})[)）]"
    r"|\.?(?P<number>\d{1,2})"
    r"|[(（](?P<bracketed>\d{1,2})[)）]"
    rf"|(?P<circled>[①-⑳])){_INSERTED}"
)
_KINDS: Final = ("chapter", "article", "chief", "item", "number", "bracketed", "circled")
_SIGN: Final = re.compile(rf"(?![{_DIGITS}{_TEN}第])[\u4e00-\u9fff]")
_TITLE: Final = re.compile(
    r"[^。；;：:，,]{2,60}"
    r"(?:意见|办法|方案|细则|规定|通知|规程|规则|措施|计划|制度|要点)(?:[(（][^()（）]{1,8}[)）])?"
)
# Annexes number from the beginning again.
_ANNEX: Final = re.compile(r"附[件表录]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s*(?:[:：].*)?")


class ClauseMark(NamedTuple):
    """The number of a clause, and the kind of its mark; `inserted` is 1 for 第三条之一, else 0."""

    kind: str
    number: int
    inserted: int = 0

    def may_follow(self, number: int, inserted: int) -> bool:
        """Whether its number is the next one behind another of its kind."""
        if self.inserted:
            return (self.number, self.inserted) == (number, inserted + 1)
        return self.number == number + 1


class PlacedMark(NamedTuple):
    """A mark in a paragraph, and where it begins and ends."""

    mark: ClauseMark
    start: int
    end: int


class ClauseName(NamedTuple):
    """One clause as a rulebook names it: the sign of its paper, empty if left out, and marks."""

    sign: str
    marks: tuple[ClauseMark, ...]


def is_paper_title(line: str) -> bool:
    """Whether a line is the title of a paper, which says its kind in one phrase, or of an annex."""
    if _ANNEX.fullmatch(line):
        return True
    return _TITLE.fullmatch(line) is not None and mark_at(line, 0) is None


def mark_at(text: str, start: int) -> PlacedMark | None:
    """The mark that begins at a place of a paragraph; None if there is none."""
    match = _MARK.match(text, start)
    if match is None:
        return None
    return PlacedMark(_mark_of(match), match.start(), match.end())


def marks_within(text: str) -> list[PlacedMark]:
    """What looks like a mark at the beginning of a paragraph, of a sentence, or behind a mark."""
    placed = []
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    for start in starts:
        mark = mark_at(text, start)
        while mark is not None:
            placed.append(mark)
            mark = mark_at(text, mark.end)
    return placed


def clause_names(reference: str) -> list[ClauseName]:
    """The clauses that a rulebook names together; the sign of the first holds for all."""
    names = []
    sign = ""
    for part in reference.split(","):
        marks = part.strip()
        if match := _SIGN.match(marks):
            sign = match[0]
            marks = marks[match.end() :]
        # A word behind the marks tells rules of one clause apart: 一1 projects.
        numbers = marks.partition(" ")[0]
        names.append(ClauseName(sign, _named_marks(numbers)))
    return names


def _named_marks(text: str) -> tuple[ClauseMark, ...]:
    """The marks of a name; none where it has anything else."""
    marks = []
    place = 0
    while place < len(text):
        match = _NAMED_MARK.match(text, place)
        if match is None:
            return ()
        marks.append(_mark_of(match))
        place = match.end()
    return tuple(marks)


def _mark_of(match: re.Match[str]) -> ClauseMark:
    groups = match.groupdict()
    kind = next(kind for kind in _KINDS if groups.get(kind))
    inserted = groups["inserted"]
    return ClauseMark(kind, _value(groups[kind]), _value(inserted) if inserted else 0)


def _value(text: str) -> int:
    """The number of a mark: 十二, 第十二条, 12 and ⑫ are 12."""
    digits = re.sub("[第章条部分]", "", text)
    if digits.isascii():
        return int(digits)
    if _FIRST_CIRCLED <= digits <= _LAST_CIRCLED:
        return ord(digits) - ord(_FIRST_CIRCLED) + 1
    tens, ten, units = digits.rpartition(_TEN)
    value = 0
    if ten:
        value = 10 * (_DIGITS.index(tens) if tens else 1)
    return value + (_DIGITS.index(units) if units else 0)
