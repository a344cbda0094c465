"""A notice as a workbook: a worksheet for its sentences, one for each table, one for the foot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from math import ceil
from pathlib import Path

from commands.reports.column_widths import LONGEST_UNBROKEN, text_width
from commands.reports.content import (
    DocumentColumn,
    DocumentTable,
    Notice,
    Section,
    TableRow,
)
from commands.reports.excel import (
    FIRST_ROW,
    TEXT_WIDTH,
    UNITS,
    WorkbookWriter,
    add_table_sheet,
    finish_table_sheet,
)
from commands.reports.excel_cells import Worksheet, row_height, write_cell, write_text_row
from commands.reports.foot import DocumentFoot
from commands.words import report_words


def write_notice(
    path: Path,
    notice: Notice,
    foot: DocumentFoot,
    issuer: str,
) -> None:
    """Write a report: a worksheet for its sentences, one for each table, one for the foot."""
    book = WorkbookWriter(path, foot.request.dated)
    _write_sentences(book, notice, foot, issuer)
    for section in (*notice.sections, *notice.annexes):
        for table in _joined_tables(section):
            _write_table(book, table, "".join(notice.title))
    book.add_foot(foot)
    book.close()


def _joined_tables(section: Section) -> Iterator[DocumentTable]:
    """The tables of a section, those with the same columns as one.

    Ranks by sequence are compared and filtered in one place, not on a sheet for each sequence.
    """
    for columns, group in groupby(section.tables, key=lambda table: table.columns):
        tables = list(group)
        if len(tables) == 1:
            yield tables[0]
            continue
        rows: list[TableRow] = []
        for table in tables:
            rows.extend((table.name, *row) for row in table.rows)
        name_column = DocumentColumn(report_words.SEQUENCE, width=7)
        yield DocumentTable(section.heading, (name_column, *columns), tuple(rows))


def _write_sentences(
    book: WorkbookWriter,
    notice: Notice,
    foot: DocumentFoot,
    issuer: str,
) -> None:
    sheet = book.add_sheet(report_words.NOTICE_WORKSHEET)
    sheet.set_column(0, 0, TEXT_WIDTH)
    sheet.write_string(0, 0, "".join(notice.title), book.title)
    lines = [foot.request.number, notice.opening]
    for section in (*notice.sections, *notice.annexes):
        lines.append(section.heading)
        lines += section.sentences
    lines += notice.attendance
    lines.append(issuer)
    lines.append(foot.request.dated.isoformat())
    _write_lines(book, sheet, lines)


def _write_lines(
    book: WorkbookWriter,
    sheet: Worksheet,
    lines: Iterable[str],
) -> None:
    for row, text in enumerate(lines, start=1):
        write_text_row(sheet, row, text, book.plain)


def _widened_columns(table: DocumentTable) -> tuple[DocumentColumn, ...]:
    """The columns, wide enough for their names: a worksheet is as wide as it needs to be."""
    columns = []
    for place, column in enumerate(table.columns):
        widest: float = column.width
        if column.shape == "text":
            texts = [str(row[place] or "") for row in table.rows]
            widest = max((text_width(text) for text in texts), default=0)
        # What is longer is a sentence, which takes several lines.
        is_name = column.width < widest <= LONGEST_UNBROKEN
        columns.append(replace(column, width=ceil(widest)) if is_name else column)
    return tuple(columns)


def _write_table(
    book: WorkbookWriter,
    table: DocumentTable,
    title: str,
) -> None:
    columns = _widened_columns(table)
    units = [UNITS[column.shape] for column in columns]
    sheet = add_table_sheet(book, table.name, f"{title}：{table.name}", columns, units)
    widths = [column.width for column in columns]
    for number, row in enumerate(table.rows, start=FIRST_ROW):
        # Constant memory: a row's height is set before its cells, and rows follow in order.
        sheet.set_row(number, row_height(row, widths))
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            counted = column.shape == "quantity" and isinstance(value, int)
            cell_format = book.cells["count" if counted else column.shape]
            write_cell(sheet, number, place, value, cell_format)
    finish_table_sheet(sheet, columns, FIRST_ROW - 1 + len(table.rows))
