"""Whether the ledger still yields what a document says: the document is made again from its code and held against the file."""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from commands.reports import making
from commands.reports.foot import DIGITS, Foot, foot_of, read_code
from commands.reports.ledger_workbook import write_ledger
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, StoreError, msg
from lifecycle.rulebook import LoadedRulebook, shipped, shipped_ids
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View

READ: Final = (".xlsx", ".docx", ".pdf")
MOST: Final = 50
_LOST: Final = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class DocumentDifference:
    """A place where the document and the ledger differ: a cell such as 全部项目!F7, or a line of text."""

    place: str
    document: str
    ledger: str


@dataclass(slots=True)
class DocumentCheck:
    """What became of a document: its foot, and every difference; `compared` counts cells or lines."""

    foot: Foot
    compared: int = 0
    differences: list[DocumentDifference] = field(default_factory=list)


def check_code(ledger: Ledger, text: str) -> DocumentCheck:
    """Hold a code against the ledger: the tree, and the digest of all that the document says. Raises `Rejected`."""
    foot, again = _again(ledger, read_code(text))
    return DocumentCheck(foot, 1, list(_of_foot(foot, again)))


def check_file(ledger: Ledger, path: Path, template: Path | None = None) -> DocumentCheck:
    """Hold a file against the ledger, number by number. Raises `Rejected`, `StoreError`."""
    ending = path.suffix.lower()
    if ending not in READ:
        raise Rejected.by(
            "file_kind",
            msg("{path}: such a document is written as {allowed}"),
            path=path,
            allowed=READ,
        )
    found = _read(path)
    claimed = read_code(" ".join(found.codes))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"again{ending}"
        foot, again = _again(ledger, claimed, target, template)
        check = DocumentCheck(foot, 0, list(_of_foot(foot, again)))
        ours = _read(target)
    for place, theirs, own in _pairs(found, ours):
        check.compared += 1
        if theirs != own and len(check.differences) < MOST:
            check.differences.append(DocumentDifference(place, theirs, own))
    return check


def _again(
    ledger: Ledger, claimed: Foot, target: Path | None = None, template: Path | None = None
) -> tuple[Foot, Foot]:
    """The claimed foot, and that of the same document made from the ledger as it is now."""
    view = _view(ledger, claimed)
    foot = foot_of(
        ledger,
        view,
        claimed.kind,
        claimed.subject,
        claimed.dated,
        number=claimed.number,
        contacts=claimed.contacts,
    )
    if claimed.kind == making.LEDGER:
        with tempfile.TemporaryDirectory() as folder:
            return claimed, write_ledger(target or Path(folder) / "again.xlsx", ledger, view, foot)
    content, again = making.made(ledger, view, foot)
    if target is not None:
        # What the file says of itself stands in its foot; the rest is compared below it.
        making.write(
            target,
            target.suffix[1:].lower(),
            content,
            replace(again, sum=claimed.sum, root=claimed.root),
            template,
        )
    return claimed, again


def _view(ledger: Ledger, claimed: Foot) -> View:
    """The view that a document was made at. Raises `Rejected` where this ledger has none such."""
    if claimed.kind not in (*making.KINDS, making.LEDGER):
        raise Rejected.by(
            "document_kind", msg("{kind} is no kind of document of ours"), kind=claimed.kind
        )
    last = ledger.head().position
    if not 0 < claimed.size <= last:
        template = msg(
            "the document rests on {size} events, the ledger holds {last}: it is of another ledger, or of a later state of this one"
        )
        raise Rejected.by("not_held", template, size=claimed.size, last=last)
    return View(claimed.year, claimed.as_of, claimed.size, _rulebook(ledger, claimed))


def _rulebook(ledger: Ledger, claimed: Foot) -> LoadedRulebook:
    books = [*in_force.adopted(ledger, claimed.size), *(shipped(name) for name in shipped_ids())]
    for book in books:
        if book.id == claimed.rulebook and book.digest[:DIGITS] == claimed.digest:
            return book
    template = msg(
        "the document rests on rulebook {id} of digest {digest}, which is neither adopted nor shipped"
    )
    raise Rejected.by("unknown_rulebook", template, id=claimed.rulebook, digest=claimed.digest)


def _of_foot(claimed: Foot, again: Foot) -> Iterator[DocumentDifference]:
    if claimed.root != again.root:
        yield DocumentDifference("事件树根", claimed.root, again.root)
    if claimed.sum != again.sum:
        yield DocumentDifference("内容摘要", claimed.sum, again.sum)


# Reading a file -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Read:
    """What a file holds: cells by their place, or lines of text; and where its code may stand."""

    cells: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


def _read(path: Path) -> _Read:
    readers = {".xlsx": _read_xlsx, ".docx": _read_docx, ".pdf": _read_pdf}
    try:
        return readers[path.suffix.lower()](path)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.filename:
            raise
        raise StoreError(msg("{path} cannot be read: {why}"), path=path, why=str(error)) from None


def _read_xlsx(path: Path) -> _Read:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- each kind of file loads its own library
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415 -- as above

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
    except CalamineError as error:
        raise ValueError(str(error)) from None
    cells = {
        f"{name}!{xl_rowcol_to_cell(row, column)}": _text(value)
        for name, rows in sheets.items()
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value != ""
    }
    return _Read(cells=cells, codes=[text for text in cells.values() if text.startswith("LC1 ")])


def _text(value: Any) -> str:
    """A cell's value as text, whole numbers without a point."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _read_docx(path: Path) -> _Read:
    from docx import Document  # noqa: PLC0415 -- as above
    from docx.oxml.ns import qn  # noqa: PLC0415 -- as above

    document = Document(str(path))
    paragraphs = document.element.body.iter(qn("w:p"))
    lines = [
        "".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in paragraphs
    ]
    return _Read(lines=_kept(lines), codes=[document.core_properties.keywords or "", *lines])


def _read_pdf(path: Path) -> _Read:
    from pypdf import PdfReader  # noqa: PLC0415 -- as above
    from pypdf.errors import PyPdfError  # noqa: PLC0415 -- as above

    try:
        reader = PdfReader(path)
        lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
        keywords = "" if reader.metadata is None else str(reader.metadata.get("/Keywords", ""))
    except PyPdfError as error:
        raise ValueError(str(error)) from None
    return _Read(lines=_kept(lines), codes=[keywords, *lines])


def _kept(lines: Iterable[str]) -> list[str]:
    """Lines that say something, white space aside."""
    return [text for line in lines if (text := _LOST.sub(" ", line).strip())]


def _pairs(found: _Read, ours: _Read) -> Iterator[tuple[str, str, str]]:
    """Each place with what the document and what the ledger says there."""
    for place in {**ours.cells, **found.cells}:
        if not ours.cells.get(place, "").startswith("LC1 "):
            yield place, found.cells.get(place, ""), ours.cells.get(place, "")
    matcher = difflib.SequenceMatcher(None, found.lines, ours.lines, autojunk=False)
    for _tag, first, last, own_first, own_last in matcher.get_opcodes():
        for number, (theirs, own) in enumerate(
            zip_longest(found.lines[first:last], ours.lines[own_first:own_last], fillvalue=""),
            start=first + 1,
        ):
            yield f"第{number}行", theirs, own
