"""The paragraphs of a policy's text in a file: plain text, Markdown, or Word."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from commands.intake.workbook_parts import MIB, WorkbookParts
from commands.intake.workbook_xml import PartParser, XmlLimit
from commands.words.clause_marks import mark_at
from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg

POLICY_ENDINGS: Final = (".txt", ".md", ".docx")
_MAX_TEXT: Final = 4 * MIB
_WORD_TEXT: Final = "word/document.xml"
_CELL_GAP: Final = "\u3000"
# A heading or a quotation of Markdown is no part of the text.
_MARKDOWN_START: Final = re.compile(r"[#>\s]+")


def policy_paragraphs(path: Path, name: str) -> list[str]:
    """The paragraphs of a file that has been kept under another name; empty ones are left out.

    `name` is what its maker called it, and its ending says how to read it. Raises `StoreError` for
    another ending, for a file that cannot be read, and `OSError` for one that is not there.
    """
    ending = Path(name).suffix.lower()
    if ending not in POLICY_ENDINGS:
        template = msg("{path}: the text of a policy is read from {allowed}")
        raise StoreError(template, path=name, allowed=list(POLICY_ENDINGS))
    if ending == ".docx":
        return _filled(_word_paragraphs(path, name))
    lines = text_paragraphs(_text(path, name))
    if ending == ".md":
        lines = [_without_markdown(line) for line in lines]
    return _filled(lines)


def text_paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text, which are its lines; empty ones are left out."""
    return _filled(text.splitlines())


def _filled(lines: Iterable[str]) -> list[str]:
    stripped_lines = [line.strip() for line in lines]
    return [line for line in stripped_lines if line]


def _text(path: Path, name: str) -> str:
    with open_regular(path) as file:
        content = file.read(_MAX_TEXT + 1)
    if len(content) > _MAX_TEXT:
        template = msg("{path} is too large for the text of a policy: at most {most} are allowed")
        raise StoreError(template, path=name, most="4 MiB")
    encodings = ["utf-8-sig", "gb18030"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    template = msg("{path} is neither UTF-8 nor GB18030 text: save it again as UTF-8")
    raise StoreError(template, path=name)


def _without_markdown(line: str) -> str:
    return _MARKDOWN_START.sub("", line, count=1).replace("**", "")


def _word_paragraphs(path: Path, name: str) -> list[str]:
    paragraphs = _WordParagraphs()
    try:
        with WorkbookParts(path) as parts:
            paragraphs.parser.parse(parts.pieces(_WORD_TEXT))
    except (StoreError, XmlLimit) as error:
        # Their own words are about workbooks.
        template = msg("{path} cannot be read as a Word file: save it again as .docx, or as .txt")
        raise StoreError(template, path=name) from error
    return paragraphs.texts


class _WordParagraphs:
    """Collects the paragraphs of a Word document; marks that Word itself numbers are not text."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        # The cells of the open row, each by its paragraphs; a row within a cell is part of it.
        self._cells: list[list[str]] = []
        self._depth = 0
        self.parser = PartParser(self._start, self._end, frozenset({"t"}))

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if name in ("tab", "br"):
            self._pieces.append(" ")
        elif name == "tr":
            self._depth += 1
        elif name == "tc" and self._depth == 1:
            self._cells.append([])

    def _end(self, name: str, text: str) -> None:
        if name == "t":
            self._pieces.append(text)
        elif name == "p":
            text = "".join(self._pieces)
            self._pieces.clear()
            if self._cells:
                self._cells[-1].append(text)
            else:
                self.texts.append(text)
        elif name == "tr":
            self._depth -= 1
            if self._depth == 0:
                self.texts += _row_lines(self._cells)
                self._cells.clear()


def _row_lines(cells: Iterable[Iterable[str]]) -> list[str]:
    """A row of figures as one line; the paragraphs of its cells where they are clauses."""
    texts_by_cell = [_filled(cell) for cell in cells]
    lines = [line for texts in texts_by_cell for line in texts]
    has_paragraphs = any(len(texts) > 1 for texts in texts_by_cell)
    if has_paragraphs or any(_begins_clause(line) for line in lines[1:]):
        return lines
    return [_CELL_GAP.join(lines)]


def _begins_clause(cell: str) -> bool:
    placed = mark_at(cell, 0)
    # 2.5 is a figure, and no second item.
    return placed is not None and not cell[placed.end : placed.end + 1].isdigit()
