"""A small table of a year's days off and worked weekends, as a clerk types it from the notice.

Each row has a day, or a first and a last day, and then 放假 or 上班. A first row of headings is
passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from commands.intake.csv_encoding import encoding_of_csv
from commands.intake.typed_forms import strict_text
from commands.intake.workbook_cells import cell_text
from commands.intake.workbook_reading import WorkbookFile
from commands.words.typed_words import ARRANGEMENT_WORDS
from lifecycle.rejections import Problem, Rejected, StoreError, msg

_LONGEST_HOLIDAY: Final = 31
_MOST_ROWS: Final = 400
_KINDS: Final = frozenset(ARRANGEMENT_WORDS.values())


class ArrangedDays(NamedTuple):
    """The days of a table, in their order, and the year that most of them lie in."""

    year: int
    off: tuple[date, ...]
    worked: tuple[date, ...]


class _TableRow(NamedTuple):
    place: int
    cells: Sequence[str]


def read_arrangement(path: Path) -> ArrangedDays:
    """Read a table (.csv or .xlsx).

    Raises `StoreError` where the file is no table, `Rejected` with every row that is not
    understood.
    """
    rows = _table_rows(path)
    problems: list[Problem] = []
    days: dict[str, set[date]] = {"off": set(), "worked": set()}
    for index, row in enumerate(rows):
        entry = _entry(row)
        if isinstance(entry, Problem):
            # Headings are words where a day would stand.
            if index > 0 or _day(row.cells[0]) is not None:
                problems.append(entry)
            continue
        kind, span = entry
        days[kind].update(span)
    if problems:
        raise Rejected(problems)
    years = [day.year for listed in days.values() for day in listed]
    if not years:
        raise Rejected.by("empty_table", msg("{path} lists no days"), path=path)
    # A notice's holidays reach into the year before or after (New Year): most days decide.
    year = max(set(years), key=lambda candidate: (years.count(candidate), candidate))
    days_off = tuple(sorted(days["off"]))
    days_worked = tuple(sorted(days["worked"]))
    return ArrangedDays(year, days_off, days_worked)


def _entry(row: _TableRow) -> tuple[str, Iterable[date]] | Problem:
    """Return what a row says of which days, or what is wrong with it."""
    *day_cells, word = row.cells
    kind = ARRANGEMENT_WORDS.get(word, word)
    days = [day for cell in day_cells if (day := _day(cell)) is not None]
    are_all_days = len(days) == len(day_cells)
    if kind not in _KINDS or not are_all_days or len(days) not in (1, 2):
        return Problem(
            "arrangement_row",
            msg(
                "line {line}: {cells} is not understood; write a day, or a first and a last day, "
                "and then one of {allowed}"
            ),
            {
                "line": row.place,
                "cells": " ".join(row.cells),
                "allowed": list(ARRANGEMENT_WORDS),
            },
        )
    first, last = days[0], days[-1]
    length = (last - first).days + 1
    if not 1 <= length <= _LONGEST_HOLIDAY:
        return Problem(
            "arrangement_row",
            msg("line {line}: from {first} to {last} is no holiday of 1 to {most} days"),
            {"line": row.place, "first": first, "last": last, "most": _LONGEST_HOLIDAY},
        )
    return kind, [first + timedelta(days=offset) for offset in range(length)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(strict_text("day", text))
    except ValueError:
        return None


def _table_rows(path: Path) -> list[_TableRow]:
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise StoreError(
            msg("{path}: the name of a table must end in one of {allowed}"),
            path=path,
            allowed=list(_READERS),
        )
    rows: list[_TableRow] = []
    for row in read(path):
        if len(rows) == _MOST_ROWS:
            template = msg("{path}: a table of days off has at most {most} rows")
            raise StoreError(template, path=path, most=_MOST_ROWS)
        if row.cells:
            rows.append(row)
    return rows


def _csv_rows(path: Path) -> Iterator[_TableRow]:
    with path.open(encoding=encoding_of_csv(path), newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for cells in reader:
                yield _TableRow(reader.line_num, _filled(cells))
        except csv.Error as error:
            template = msg("{path}, line {line}, cannot be read as CSV: {why}")
            raise StoreError(template, path=path, line=reader.line_num, why=error) from error


def _workbook_rows(path: Path) -> Iterator[_TableRow]:
    with WorkbookFile(path) as workbook:
        for row in workbook.sheet(workbook.sheet_names[0]).rows:
            texts = [cell_text(value) for _column, value in sorted(row.cells.items())]
            yield _TableRow(row.number, _filled(texts))


def _filled(cells: Iterable[str]) -> list[str]:
    return [text.strip() for text in cells if text.strip()]


_READERS: Final = {".csv": _csv_rows, ".xlsx": _workbook_rows}
