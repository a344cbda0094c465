"""The monthly figures of a register's rows, as the map's columns give them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from commands.handlers.register_rows import MonthCell, RowMonths
from commands.intake.register_cells import CellReading, readable_text
from commands.intake.register_map import MonthsMapping
from commands.intake.worksheet_cells import WorksheetRow, cell_address
from commands.words.typed_advice import examples_of_form
from lifecycle.events import Event
from lifecycle.rejections import Problem, Rejected, msg

_MONTH_FOREIGN: Final = msg("--month {month} is not in the year of the map, {year}")
_NOT_A_NUMBER: Final = msg("cell {cell} contains {text}, which is no amount: write {examples}")


class MonthColumn(NamedTuple):
    """A column of monthly figures and its month."""

    column: int
    month: str
    heading: str
    reading: CellReading


def months_of(source: MonthsMapping, month: str | None) -> list[tuple[str, str]]:
    """Return the headings of a months table, each with its month."""
    if source.column is None:
        dated = []
        for heading, number in source.columns.items():
            dated.append((heading, f"{source.year}-{number:02}"))
        return dated
    # Without --month such a map is rejected before the sheet is read.
    assert month is not None
    if source.year is not None and not month.startswith(f"{source.year}-"):
        raise Rejected.by("month_foreign", _MONTH_FOREIGN, month=month, year=source.year)
    return [(source.column, month)]


def month_of_column(column: MonthColumn) -> str:
    """Return the month of a column, by which columns sort."""
    return column.month


def figure_in(column: MonthColumn, row: WorksheetRow) -> Decimal | None:
    """Return a month's figure in 万元. Raises `Rejected` where the cell holds none."""
    address = cell_address(row.number, column.column)
    stored_cell = row.cells.get(column.column)
    cell = column.reading.read(stored_cell, address)
    if cell.value is None:
        return None
    text = str(cell.value)
    if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text, re.ASCII):
        # The reading has put the column's unit behind what the cell says.
        written = readable_text(stored_cell, address, column.heading)
        examples = examples_of_form("money")
        values: dict[str, object] = {"cell": address, "text": written, "examples": examples}
        raise Rejected([Problem("number", _NOT_A_NUMBER, values, column.heading)])
    return Decimal(text)


def joined_months(tables: Iterator[RowMonths]) -> list[RowMonths]:
    """Join the tables of one figure, such as those of two years, in the order of months."""
    joined: defaultdict[tuple[type[Event], str, str], list[MonthCell]] = defaultdict(list)
    for table in tables:
        joined[table.kind, table.field, table.cumulative].extend(table.cells)
    months = []
    for (kind, field, cumulative), cells in joined.items():
        in_order = sorted(cells, key=_month_of_cell)
        months.append(RowMonths(kind, field, cumulative, in_order))
    return months


def _month_of_cell(cell: MonthCell) -> str:
    return cell.month
