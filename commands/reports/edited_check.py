"""Whether the tables of a notice that was edited in Word are still what the ledger yields.

An office changes the text of a draft before it is published; its tables state the figures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from commands.reports.document_check import (
    MOST_DIFFERENCES,
    DocumentCheck,
    DocumentDifference,
    compared_lines,
    foot_differences,
    recompose,
)
from commands.reports.document_reading import (
    WordTable,
    read_document,
    read_word_parts,
)
from commands.reports.foot import read_code
from commands.reports.issuing_office import NO_OFFICE, IssuingOffice
from commands.words import foot_words
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.audit.published_members import NO_LEDGERS, MemberLedgers


def check_tables(
    ledger: Ledger,
    path: Path,
    template: Path | None = None,
    office: IssuingOffice = NO_OFFICE,
    members: MemberLedgers = NO_LEDGERS,
) -> DocumentCheck:
    """Check the tables of a Word file, cell by cell, and list what was edited beside them.

    A table of the ledger's that the file leaves out is listed as edited, a table of the file's own
    differs. Raises `Rejected`, `StoreError`.
    """
    if path.suffix.lower() != ".docx":
        raise Rejected.by(
            "file_kind",
            msg("{path}: only a Word file (.docx) has its tables apart from its text"),
            path=path,
        )
    document = read_document(path)
    claimed = read_code(" ".join(document.code_texts))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "document.docx"
        recomposed = recompose(ledger, claimed, target, document, template, office, members)
        expected = read_word_parts(target)
    parts = read_word_parts(path)
    check = DocumentCheck(claimed, 0, foot_differences(claimed, recomposed))
    pairs = _paired_tables(parts.tables, expected.tables)
    for number, (table, ledger_table) in enumerate(pairs, start=1):
        for pair in _compared_cells(number, table, ledger_table):
            check.compared += 1
            if pair.document != pair.ledger and len(check.differences) < MOST_DIFFERENCES:
                check.differences.append(pair)
    paired_tables = [ledger_table for _table, ledger_table in pairs]
    check.edited.extend(_left_out(expected.tables, paired_tables))
    for pair in compared_lines(parts.lines, expected.lines):
        if pair.document != pair.ledger:
            check.edited.append(pair)
    return check


def _left_out(
    ledger_tables: Sequence[WordTable], paired_tables: Sequence[WordTable]
) -> Iterator[DocumentDifference]:
    """The ledger's tables that the file leaves out."""
    for ledger_table in ledger_tables:
        # Whoever leaves out a table states no wrong figure; a reader is told which one.
        if not any(ledger_table is paired for paired in paired_tables):
            heading = " ".join(ledger_table[0])
            yield DocumentDifference(foot_words.TABLE_LEFT_OUT, "", heading)


def _paired_tables(
    tables: Sequence[WordTable], ledger_tables: Sequence[WordTable]
) -> list[tuple[WordTable, WordTable]]:
    """Each table of the file beside the ledger's: the same one, else the next with its headings.

    Ranks of several sequences have the same headings, and one of them may be left out.
    """
    unused = list(ledger_tables)
    pairs: list[tuple[WordTable, WordTable]] = []
    for table in tables:
        same = [candidate for candidate in unused if candidate == table]
        alike = [candidate for candidate in unused if candidate[0] == table[0]]
        ledger_table = next(iter((*same, *alike)), ())
        if ledger_table:
            unused = [candidate for candidate in unused if candidate is not ledger_table]
        pairs.append((table, ledger_table))
    return pairs


def _compared_cells(
    number: int, table: WordTable, ledger_table: WordTable
) -> Iterator[DocumentDifference]:
    """Each cell of a table with what document and ledger say there, equal or not."""
    for row, (cells, ledger_cells) in enumerate(
        zip_longest(table, ledger_table, fillvalue=()), start=1
    ):
        texts = zip_longest(cells, ledger_cells, fillvalue="")
        for column, (text, ledger_text) in enumerate(texts, start=1):
            place = foot_words.cell_place(number, row, column)
            yield DocumentDifference(place, text, ledger_text)
