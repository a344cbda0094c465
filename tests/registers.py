"""Registers for tests: counties' own ledgers as workbooks, and what a store holds of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from commands.handlers.register_findings import RegisterResult
from commands.handlers.register_importing import RegisterOptions, import_register
from commands.intake.register_map import read_register_map
from commands.intake.register_reading import read_register
from lifecycle.events import Event, Stream
from lifecycle.events.codec import fields_of
from lifecycle.ledger.store import Ledger
from tests.ledgers import CLERK

Row = Sequence[Any]


@dataclass
class Sheet:
    """A sheet by its rows; `merged` are ranges such as `A1:C1`, whose first cell has the text."""

    name: str
    rows: Sequence[Row]
    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    is_hidden: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    """Formulas by address."""


def write_register(path: Path, *sheets: Sheet) -> Path:
    """Write a workbook as an office would: days as days, numbers as numbers."""
    book = xlsxwriter.Workbook(str(path))
    day_format = book.add_format({"num_format": "yyyy/m/d"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for place in sheet.merged:
            page.merge_range(place, "")
        _write_cells(page, sheet, day_format)
        for address, formula in sheet.extra.items():
            page.write_formula(address, *formula)
        for number in sheet.hidden_rows:
            page.set_row(number - 1, None, None, {"hidden": True})
        if sheet.is_hidden:
            page.hide()
    book.close()
    return path


def _write_cells(page: Any, sheet: Sheet, day_format: Any) -> None:
    for number, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                moment = datetime.combine(value, getattr(value, "time", time)())
                page.write_datetime(number, column, moment, day_format)
            elif value is not None:
                page.write(number, column, value)


class OfficeRegister:
    """A map with the workbooks that it reads, imported into one store."""

    def __init__(self, folder: Path, ledger: Ledger, map_text: str) -> None:
        self.folder = folder
        self.ledger = ledger
        self.map_file = folder / "map.toml"
        self.map_file.write_text(map_text, encoding="utf-8")

    def take(self, workbook: Path, month: str | None = None, **options: Any) -> RegisterResult:
        """Import a workbook."""
        register = read_register(workbook, read_register_map(self.map_file), month)
        return import_register(self.ledger, register, CLERK, RegisterOptions(**options))

    def sheet(self, *rows: Row, name: str = "台账", **options: Any) -> Path:
        """Write a workbook of one sheet; the same path again, as an office saves its file."""
        return write_register(self.folder / "台账.xlsx", Sheet(name, rows, **options))


def facts(ledger: Ledger, code: str) -> list[Event]:
    """Return the effective events of a project."""
    with ledger.unit_of_work(CLERK) as work:
        return [fact.event for fact in work.effective_history(Stream("project", code))]


def values(ledger: Ledger, code: str, event: str) -> list[dict[str, object]]:
    """Return the fields of a project's effective events of a kind."""
    return [fields_of(fact) for fact in facts(ledger, code) if type(fact).__name__ == event]


def total(ledger: Ledger, codes: Iterable[str], event: str, name: str) -> Decimal:
    """Return the sum of a field over all effective events of a kind."""
    amounts = []
    for code in codes:
        for entry in values(ledger, code, event):
            amounts.append(Decimal(str(entry[name])))
    return sum(amounts, Decimal(0))


def listed(result: RegisterResult, name: str) -> list[tuple[int | None, str | None]]:
    """Return row and heading of each entry of a list."""
    return [(finding.row, finding.heading) for finding in getattr(result, name)]


def rules(result: RegisterResult) -> list[str]:
    """Return the rules that reject rows."""
    return [problem.rule for row in result.rejected for problem in row.problems]
