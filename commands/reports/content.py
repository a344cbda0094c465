"""What a document says before it becomes a workbook, a Word file or a PDF.

Headings, sentences and tables hold exact values; each kind of file formats them as it writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from commands.reports.wall_picture import WallPicture
from commands.words.point_text import percent, points
from commands.words.situation_words import REQUIREMENTS

CellValue = str | int | Fraction | date | None
ColumnShape = Literal["text", "count", "points", "amount", "quantity", "share", "date"]

_show_two_places = points(2)


@dataclass(frozen=True, slots=True)
class DocumentColumn:
    """A column of a table: heading, shape of its values, width in Chinese characters."""

    heading: str
    shape: ColumnShape = "text"
    width: int = 4


TableRow = tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table; `name` is also that of its worksheet."""

    name: str
    columns: tuple[DocumentColumn, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its heading without the numeral, sentences, tables.

    `about_tables` is the place of the sentence that speaks of the tables.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    tables: tuple[DocumentTable, ...] = ()
    about_tables: int = -1


@dataclass(frozen=True, slots=True)
class Notice:
    """A report of a month, a quarter or a year, or the agenda or minutes of a meeting.

    `name` is that of its file, `title` the lines of its title. An annex stands behind the text,
    with sentences and tables of its own.
    """

    name: str
    title: tuple[str, ...]
    issuer: str
    opening: str
    sections: tuple[Section, ...]
    annexes: tuple[Section, ...] = ()
    letterhead: str = ""
    """Of an agenda or minutes: what stands above the number; they ask nothing of units."""
    attendance: tuple[str, ...] = ()
    """Of minutes: the labels of who was there, in place of addressees and signature; the digest
    does not cover what is filled in by hand."""
    requirements: tuple[str, ...] = REQUIREMENTS
    """下步要求 where the office has none of its own; the digest does not cover either."""

    def statements(self) -> Iterator[str]:
        """Everything that it says, a line each, numbers exact."""
        yield "".join(self.title)
        yield self.issuer
        yield self.opening
        for section in (*self.sections, *self.annexes):
            yield section.heading
            yield from section.sentences
            for table in section.tables:
                yield from _table_statements(table)


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A field of a form; a tall one leaves room for handwriting.

    An `erasable` one is left out of the digest, which could not be recomputed once it is erased.
    """

    label: str
    text: str = ""
    tall: bool = False
    erasable: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one page: fields, signatures, then the history of its task in small print."""

    title: str
    number: str
    entries: tuple[FormEntry, ...]
    signatures: tuple[str, ...]
    history: tuple[str, ...] = ()

    def statements(self) -> Iterator[str]:
        """Everything that it says for good, a line each."""
        yield self.title
        yield self.number
        for entry in self.entries:
            if not entry.erasable:
                yield f"{entry.label}\t{entry.text}"
        yield from self.signatures
        yield from self.history


@dataclass(frozen=True, slots=True)
class FormBatch:
    """One form, or a day's batch of them; `name` is that of its file."""

    name: str
    issuer: str
    forms: tuple[Form, ...]

    def statements(self) -> Iterator[str]:
        """Everything that they say, a line each."""
        yield self.issuer
        for form in self.forms:
            yield from form.statements()


DocumentContent = Notice | FormBatch | WallPicture


def _table_statements(table: DocumentTable) -> Iterator[str]:
    yield table.name
    yield "\t".join(column.heading for column in table.columns)
    for row in table.rows:
        yield row_statement(row)


def row_statement(row: Iterable[CellValue]) -> str:
    """A row as one line; a fraction is written as numerator and denominator."""
    return "\t".join("" if value is None else str(value) for value in row)


class ContentDigest:
    """The digest of what a document says, taken line by line."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, line: str) -> None:
        """Take in a line."""
        self._hash.update(line.encode())
        # The end of a line counts, or text could move to the next line unnoticed.
        self._hash.update(b"\n")

    def short(self) -> str:
        """The first sixteen hexadecimal digits."""
        # People type the code from paper; all sixty-four digits would be too many.
        return self._hash.hexdigest()[:16]


def content_digest(lines: Iterable[str]) -> str:
    """The short digest of lines."""
    digest = ContentDigest()
    for line in lines:
        digest.add(line)
    return digest.short()


def cell_text(value: CellValue, shape: ColumnShape) -> str:
    """A value as print shows it, rounded half away from zero.

    Points and amounts have two places; shares are percentages with one. A quantity is an amount,
    or a count where it is an integer.
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if shape == "quantity" and isinstance(value, int):
        return str(value)
    if shape in ("points", "amount", "quantity"):
        return _show_two_places(value)
    if shape == "share":
        return percent(Fraction(value))
    return str(value)


def signed_points(value: Fraction) -> str:
    """Points with their sign, in the full-width form of Chinese print."""
    sign = "＋" if value > 0 else "－"
    return f"{sign}{_show_two_places(abs(value))}"


def points_text(value: Fraction) -> str:
    """Points as a sentence has them."""
    return _show_two_places(value)
