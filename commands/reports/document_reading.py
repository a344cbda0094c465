"""Reading a document back: the cells of a workbook, the lines of a Word file or a PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from commands.intake.workbook_reading import WorkbookFile
from commands.intake.worksheet_cells import cell_address
from commands.reports.foot import CODE_FORMAT
from lifecycle.rejections import StoreError, msg

# Zero-width characters, invisible in a document, are no white space to `\s`.
_WHITE_SPACE: Final = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(slots=True)
class DocumentText:
    """The text of a file: cells by place, or lines; and the texts that may contain its code."""

    cells: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    code_texts: list[str] = field(default_factory=list)


# Rows of cells; the first row holds the headings.
WordTable = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class WordParts:
    """A Word file in its parts: the tables that are content, and the lines outside tables."""

    tables: tuple[WordTable, ...]
    lines: list[str]


def read_word_parts(path: Path) -> WordParts:
    """Read a Word file that `read_document` could read; the table of the foot is left out."""
    body = Document(str(path)).element.body
    lines = [_word_text(part) for part in body.iterchildren(qn("w:p"))]
    tables = []
    for table in body.iter(qn("w:tbl")):
        rows = []
        for row in table.iterchildren(qn("w:tr")):
            rows.append(tuple(_word_text(cell) for cell in row.iterchildren(qn("w:tc"))))
        # Code and QR code stand in a table too; they are compared part by part.
        if rows and not any(CODE_FORMAT in cell for row in rows for cell in row):
            tables.append(tuple(rows))
    return WordParts(tuple(tables), _with_content(lines))


def _word_text(part: Any) -> str:
    """The text of a paragraph or a cell, white space normalised."""
    text = "".join(run.text or "" for run in part.iter(qn("w:t")))
    return _WHITE_SPACE.sub(" ", text).strip()


def read_document(path: Path) -> DocumentText:
    """Read a document by its ending, one of `READABLE`. Raises `StoreError` if it is damaged."""
    try:
        return _READERS[path.suffix.lower()](path)
    # A file cut short is no package to `docx`, and XML cut short a `SyntaxError` to `lxml`.
    except (BadZipFile, OpcError, KeyError, ValueError, SyntaxError, OSError) as error:
        # An error that names the file, such as one of permission, already says what is wrong.
        if isinstance(error, OSError) and error.filename:
            raise
        raise StoreError(
            msg("{path} cannot be read: {why}"),
            path=path,
            why=str(error),
        ) from None


def has_code(text: str) -> bool:
    """Whether a cell holds a document's code."""
    return text.startswith(f"{CODE_FORMAT} ")


def _read_workbook(path: Path) -> DocumentText:
    document = DocumentText()
    with WorkbookFile(path) as book:
        for name in book.sheet_names:
            for row in book.sheet(name).rows:
                for column, value in row.cells.items():
                    address = cell_address(row.number, column)
                    document.cells[f"{name}!{address}"] = _cell_text(value)
    document.code_texts = [text for text in document.cells.values() if has_code(text)]
    return document


def _cell_text(value: object) -> str:
    """A cell's value as text, whole numbers without a point."""
    if isinstance(value, float):
        # Excel keeps 15 digits; any more would be noise of the binary fraction.
        return f"{value:.15g}"
    return str(value)


def _read_word(path: Path) -> DocumentText:
    document = Document(str(path))
    lines = []
    # `document.paragraphs` leaves out the paragraphs of tables.
    for paragraph in document.element.body.iter(qn("w:p")):
        lines.append("".join(text.text or "" for text in paragraph.iter(qn("w:t"))))
    keywords = document.core_properties.keywords or ""
    return DocumentText(lines=_with_content(lines), code_texts=[keywords, *lines])


def _read_pdf(path: Path) -> DocumentText:
    lines = []
    try:
        reader = PdfReader(path)
        for page in reader.pages:
            lines += page.extract_text().splitlines()
        keywords = ""
        if reader.metadata is not None:
            keywords = str(reader.metadata.get("/Keywords", ""))
    except PyPdfError as error:
        raise ValueError(str(error)) from None
    return DocumentText(lines=_with_content(lines), code_texts=[keywords, *lines])


def _with_content(lines: Iterable[str]) -> list[str]:
    """The lines that are not blank, with white space normalised."""
    contents = []
    for line in lines:
        content = _WHITE_SPACE.sub(" ", line).strip()
        if content:
            contents.append(content)
    return contents


_READERS: Final[dict[str, Callable[[Path], DocumentText]]] = {
    ".xlsx": _read_workbook,
    ".docx": _read_word,
    ".pdf": _read_pdf,
}
READABLE: Final = tuple(_READERS)
