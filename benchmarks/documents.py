"""Documents against the bare tools they are written with: XlsxWriter with the same cells, typst with as many empty pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any, Final

import typst
import xlsxwriter
from pypdf import PdfReader

from benchmarks.history import records
from commands.demo.county import records as county
from commands.reports import fonts, making
from commands.reports.ledger import ALL, rows, write_ledger
from commands.reports.pdf import write_pdf
from commands.reports.printing import printed
from lifecycle.rulebook import shipped
from lifecycle.store import Ledger
from projections.evaluation import View
from tests.ledgers import fill

PROJECTS: Final = 10_000
ROUNDS: Final = 3


def seconds(act: Callable[[], Any]) -> float:
    """How long it takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def view(ledger: Ledger, day: date) -> View:
    """A day's view by kaihua-2024."""
    return View(day.year, day, ledger.head().position, shipped("kaihua-2024"))


def ledger_ratio(ledger: Ledger, folder: Path) -> tuple[float, int]:
    """The ledger workbook, from history to file, over XlsxWriter alone with the same cells from memory; and the count of cells."""
    at = view(ledger, date(2024, 12, 31))
    foot = making.asked(ledger, at, making.LEDGER, "2024-12-31")
    cells = [(sequence, row) for sequence, row in rows(ledger, at)]
    ratios = []
    for number in range(ROUNDS):
        ours = seconds(lambda name=folder / f"ours{number}.xlsx": write_ledger(name, ledger, at, foot))  # type: ignore[misc]
        bare = seconds(lambda name=folder / f"bare{number}.xlsx": _bare(name, cells))  # type: ignore[misc]
        ratios.append(ours / bare)
    return median(ratios), 2 * sum(len(row) for _sequence, row in cells)


def _bare(path: Path, cells: list[tuple[str, Any]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    day, number = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0.00"})
    sheets = {name: book.add_worksheet(name) for name in dict.fromkeys([ALL, *(sequence for sequence, _row in cells)])}
    counts = dict.fromkeys(sheets, 0)
    for sequence, row in cells:
        for name in (ALL, sequence):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheets[name].write_string(counts[name], place, value)
                elif isinstance(value, date):
                    sheets[name].write_datetime(counts[name], place, value, day)
                elif value is not None:
                    sheets[name].write_number(counts[name], place, value, number)
            counts[name] += 1
    book.close()


def month_ratio(ledger: Ledger) -> tuple[float, int]:
    """A month's PDF, from history to file, over typst with as many empty pages and the same fonts at hand; and the count of pages."""
    at = view(ledger, date(2024, 5, 31))

    def ours() -> bytes:
        content, foot = making.made(ledger, at, making.asked(ledger, at, "month", "2024-05", dated=date(2024, 6, 3)))
        return write_pdf(printed(content, foot), making.TEMPLATES / "notice.typ")

    pages = len(PdfReader(BytesIO(ours())).pages)
    empty = ("#set page(paper: \"a4\")\n" + "#pagebreak()\n" * (pages - 1)).encode()

    def bare() -> None:
        typst.compile(empty, font_paths=[fonts.FOLDER], format="pdf")

    bare()
    return median([seconds(ours) / seconds(bare) for _round in range(ROUNDS)]), pages


def documents(folder: Path, say: Callable[[str, float, str], None]) -> None:
    """Both figures."""
    with Ledger.open(f"sqlite:///{folder / 'documents.db'}", create=True) as ledger:
        fill(ledger, county())
        ratio, pages = month_ratio(ledger)
    say(f"a month's PDF of {pages} pages from history ÷ typst with as many empty pages", ratio, "at most 10")
    with Ledger.open(f"sqlite:///{folder / 'many.db'}", create=True) as ledger:
        fill(ledger, records(PROJECTS * 57), keep=False)
        ratio, count = ledger_ratio(ledger, folder)
    say(f"ledger workbook of {PROJECTS} projects, {count} cells, from history ÷ XlsxWriter alone", ratio, "at most 4")
