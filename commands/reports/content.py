"""What a document says, before it is a workbook, a Word file or a PDF: headings, sentences and tables of exact values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from projections.scoring.rounding import decimal_text

CellValue = str | int | Fraction | date | None
Shape = Literal["text", "count", "points", "amount", "share", "date"]


@dataclass(frozen=True, slots=True)
class DocumentColumn:
    """A column of a table: heading, what its values are, its width in Chinese characters."""

    heading: str
    shape: Shape = "text"
    width: int = 4


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the name that its worksheet bears."""

    name: str
    columns: tuple[DocumentColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its heading without the numeral, sentences, tables."""

    heading: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A report of a month, a quarter or a year; `name` is what its file is called, `title` its lines."""

    name: str
    title: tuple[str, ...]
    issuer: str
    opening: str
    sections: tuple[Section, ...]

    def statements(self) -> Iterator[str]:
        """All that it says, a line each, numbers exact."""
        yield "".join(self.title)
        yield self.issuer
        yield self.opening
        for section in self.sections:
            yield section.heading
            yield from section.sentences
            for table in section.tables:
                yield from table_statements(table.name, table.columns, table.rows)


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A field of a form; `tall` where a hand writes into it."""

    label: str
    text: str = ""
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one page: fields, who signs, then the loop's history in small."""

    title: str
    number: str
    entries: tuple[FormEntry, ...]
    signatures: tuple[str, ...]
    history: tuple[str, ...] = ()

    def statements(self) -> Iterator[str]:
        """All that it says, a line each."""
        yield from (self.title, self.number)
        for entry in self.entries:
            yield f"{entry.label}\t{entry.text}"
        yield from (*self.signatures, *self.history)


@dataclass(frozen=True, slots=True)
class Forms:
    """One form, or a day's batch of them; `name` is what the file is called."""

    name: str
    issuer: str
    forms: tuple[Form, ...]

    def statements(self) -> Iterator[str]:
        """All that they say."""
        yield self.issuer
        for form in self.forms:
            yield from form.statements()


Content = Notice | Forms


def table_statements(
    name: str, columns: Iterable[DocumentColumn], rows: Iterable[Iterable[CellValue]]
) -> Iterator[str]:
    """A table's lines: its name, its headings, its rows."""
    yield name
    yield "\t".join(column.heading for column in columns)
    for row in rows:
        yield statement(row)


def statement(row: Iterable[CellValue]) -> str:
    """A row as one line; a fraction as numerator and denominator."""
    return "\t".join("" if value is None else str(value) for value in row)


class Sum:
    """The digest of what a document says, taken line by line."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, line: str) -> None:
        """Take a line in."""
        self._hash.update(line.encode())
        self._hash.update(b"\n")

    def short(self) -> str:
        """Sixteen hexadecimal digits."""
        return self._hash.hexdigest()[:16]


def sum_of(lines: Iterable[str]) -> str:
    """The digest of lines, short."""
    found = Sum()
    for line in lines:
        found.add(line)
    return found.short()


def shown(value: CellValue, shape: Shape = "text") -> str:
    """A value as print shows it: points and amounts to two places, shares in per cent to one, rounded half away from zero."""
    if value is None:
        return ""
    if shape in ("points", "amount"):
        return padded(Fraction(value), 2)  # type: ignore[arg-type]
    if shape == "share":
        return f"{padded(Fraction(value) * 100, 1)}%"  # type: ignore[arg-type]
    return value.isoformat() if isinstance(value, date) else str(value)


def padded(value: Fraction, places: int) -> str:
    """A number with all of its places."""
    whole, _dot, rest = decimal_text(value, places).partition(".")
    return f"{whole}.{rest:0<{places}}"
