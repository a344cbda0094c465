"""A policy's text divided into its clauses, found by the names that a rulebook gives them.

What a text has twice under a name, or not at all, is not found: no clause is ever guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from commands.words.clause_marks import (
    ClauseMark,
    ClauseName,
    PlacedMark,
    clause_names,
    is_paper_title,
    marks_within,
)

# From the outermost kind of mark to the innermost.
_RANKS: Final = ("chapter", "chief", "article", "item", "number", "bracketed", "circled")
# Older papers divide their articles by 一、, others gather articles under it.
_EITHER_ORDER: Final = frozenset({"chief", "article"})


@dataclass(slots=True)
class _Clause:
    """A clause of a paper: its marks from the outermost to its own, and its paragraphs so far."""

    marks: tuple[ClauseMark, ...]
    paragraphs: list[str] = field(default_factory=list)
    last_paragraph: int = -1

    def add(self, text: str, paragraph: int) -> None:
        """Add a piece of a paragraph; pieces of the same paragraph stay together."""
        if paragraph == self.last_paragraph:
            self.paragraphs[-1] += text
        elif text:
            self.paragraphs.append(text)
            self.last_paragraph = paragraph


@dataclass(slots=True)
class _Paper:
    """A paper by its title, empty where it has none, and its clauses in their order."""

    title: str
    clauses: list[_Clause] = field(default_factory=list)


class PolicyClauses:
    """The clauses of one or more texts of a policy."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        self._papers: list[_Paper] = []
        for paragraphs in texts:
            self._papers += _papers_of(paragraphs)

    def paragraphs_of(self, reference: str) -> list[str]:
        """The paragraphs of the clauses that a rulebook names together.

        Empty unless each of them is in the text just once.
        """
        paragraphs: list[str] = []
        for name in clause_names(reference):
            clauses = self._named(name)
            if len(clauses) != 1:
                return []
            paragraphs += clauses[0].paragraphs
        return paragraphs

    def _named(self, name: ClauseName) -> list[_Clause]:
        if not name.marks:
            return []
        matching = []
        for paper in self._papers_with(name.sign):
            for clause in paper.clauses:
                if _ends_in(clause.marks, name.marks):
                    matching.append(clause)
        return matching

    def _papers_with(self, sign: str) -> list[_Paper]:
        """The papers whose title has a sign; a text of one paper needs none."""
        papers = [paper for paper in self._papers if sign in paper.title]
        if not papers and len(self._papers) == 1:
            return self._papers
        return papers


def _ends_in(marks: Sequence[ClauseMark], named: Sequence[ClauseMark]) -> bool:
    """Whether a clause's last marks are those of a name."""
    last_marks = marks[-len(named) :]
    if len(last_marks) < len(named):
        return False
    pairs = zip(last_marks, named, strict=True)
    return all(_is_named(mark, name) for mark, name in pairs)


def _is_named(mark: ClauseMark, name: ClauseMark) -> bool:
    # A name leaves out the sign behind 三, which stands for 三、 and for 第三条.
    kinds = _EITHER_ORDER if name.kind == "chief" else {name.kind}
    numbers_agree = (mark.number, mark.inserted) == (name.number, name.inserted)
    return numbers_agree and mark.kind in kinds


def _papers_of(paragraphs: Sequence[str]) -> Iterator[_Paper]:
    """Divide a text at its titles; what stands before the first is a paper without one."""
    title = ""
    body: list[str] = []
    for paragraph in paragraphs:
        if is_paper_title(paragraph):
            if body:
                yield _Paper(title, _clauses_of(body))
            # A title may take several lines.
            before = "" if body else title
            title = before + paragraph
            body = []
        else:
            body.append(paragraph)
    if body:
        yield _Paper(title, _clauses_of(body))


def _clauses_of(paragraphs: Sequence[str]) -> list[_Clause]:
    reading = _PaperReading(paragraphs)
    for number, paragraph in enumerate(paragraphs):
        reading.read(paragraph, number)
    return reading.clauses


class _PaperReading:
    """Reads a paper paragraph by paragraph; open clauses are those that the next text is in."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self.clauses: list[_Clause] = []
        self._open: list[_Clause] = []
        self._last_numbers: dict[str, int] = {}
        self._ranks = _ranks_in(paragraphs)

    def read(self, paragraph: str, number: int) -> None:
        """Read a paragraph: each piece of it belongs to every clause that is open there."""
        begun = 0
        for placed in marks_within(paragraph):
            # Whatever else looks like a mark is a figure in the text.
            if not self._begins_clause(placed, paragraph):
                continue
            self._add(paragraph[begun : placed.start], number)
            self._begin(placed.mark)
            begun = placed.start
        self._add(paragraph[begun:], number)

    def _add(self, text: str, paragraph: int) -> None:
        for clause in self._open:
            clause.add(text, paragraph)

    def _begins_clause(self, placed: PlacedMark, paragraph: str) -> bool:
        """Whether a mark begins a clause, or is a figure such as 1.1倍 or 2.5亿元."""
        mark = placed.mark
        is_next = mark.may_follow(*self._number_before(mark.kind))
        if is_next or placed.start > 0:
            return is_next
        is_before_digit = paragraph[placed.end : placed.end + 1].isdigit()
        if mark.kind == "number" and is_before_digit:
            # Numbers may run on through the clauses around them.
            return mark.number == self._last_numbers.get(mark.kind, 0) + 1
        return True

    def _number_before(self, kind: str) -> tuple[int, int]:
        """The number of the open clause of a kind, and of its 之一; 0 where none is open."""
        for clause in self._open:
            mark = clause.marks[-1]
            if mark.kind == kind:
                return mark.number, mark.inserted
        return 0, 0

    def _begin(self, mark: ClauseMark) -> None:
        rank = self._ranks[mark.kind]
        while self._open and self._rank_of(self._open[-1]) >= rank:
            self._open.pop()
        outer_marks = self._open[-1].marks if self._open else ()
        clause = _Clause((*outer_marks, mark))
        self._open.append(clause)
        self.clauses.append(clause)
        self._last_numbers[mark.kind] = mark.number

    def _rank_of(self, clause: _Clause) -> int:
        own_mark = clause.marks[-1]
        return self._ranks[own_mark.kind]


def _ranks_in(paragraphs: Sequence[str]) -> dict[str, int]:
    """The rank of each kind of mark in a paper: of 一、 and 第一条 the first to appear is outer."""
    ranks = {kind: rank for rank, kind in enumerate(_RANKS)}
    for paragraph in paragraphs:
        for placed in marks_within(paragraph)[:1]:
            if placed.mark.kind == "chief":
                return ranks
            if placed.mark.kind == "article":
                return {**ranks, "chief": ranks["article"], "article": ranks["chief"]}
    return ranks
