"""Documents against the bare tools: XlsxWriter, and typst with empty pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any, Final

import typst
import xlsxwriter
from pypdf import PdfReader

from benchmarks import measure
from benchmarks.history import EVENTS_PER_PROJECT, begun, records
from commands import fonts
from commands.demo.county_records import records as county
from commands.reports import templates
from commands.reports.documents import LEDGER_KIND, compose
from commands.reports.foot import DocumentRequest, foot_at
from commands.reports.ledger_rows import ledger_rows
from commands.reports.ledger_workbook import write_ledger
from commands.reports.pdf import write_pdf
from commands.reports.template_texts import DocumentTexts, template_texts
from commands.words.ledger_words import ALL_PROJECTS
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from projections.scoring.result_view import View
from tests.ledgers import fill

PROJECTS: Final = 10_000
MANY: Final = 50_000
ROUNDS: Final = 3
DATED: Final = date(2024, 6, 3)


def seconds(act: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def view(ledger: Ledger, day: date) -> View:
    """Return a day's view under kaihua-2024."""
    return View(day.year, day, ledger.head().position, shipped("kaihua-2024"))


def ledger_ratio(ledger: Ledger, folder: Path) -> tuple[float, int]:
    """Return the ledger workbook's time over XlsxWriter's for the same cells, and their count."""
    at = view(ledger, date(2024, 12, 31))
    foot = foot_at(ledger, at, DocumentRequest(LEDGER_KIND, "2024-12-31", DATED))
    cells = [(sequence, row) for sequence, row in ledger_rows(ledger, at)]
    ratios = []
    for number in range(ROUNDS):
        ours = seconds(partial(write_ledger, folder / f"ours{number}.xlsx", ledger, at, foot))
        bare = seconds(partial(_bare, folder / f"bare{number}.xlsx", cells))
        ratios.append(ours / bare)
    return median(ratios), 2 * sum(len(row) for _sequence, row in cells)


def _bare(path: Path, cells: list[tuple[str, Any]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    day, number = (
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "#,##0.00"}),
    )
    sheets = {
        name: book.add_worksheet(name)
        for name in dict.fromkeys([ALL_PROJECTS, *(sequence for sequence, _row in cells)])
    }
    counts = dict.fromkeys(sheets, 0)
    for sequence, row in cells:
        for name in (ALL_PROJECTS, sequence):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheets[name].write_string(counts[name], place, value)
                elif isinstance(value, date):
                    sheets[name].write_datetime(counts[name], place, value, day)
                elif value is not None:
                    sheets[name].write_number(counts[name], place, value, number)
            counts[name] += 1
    book.close()


def month_ratios(ledger: Ledger, folder: Path) -> tuple[float, float, int]:
    """Return a month's PDF over as many empty pages, evaluated and from history; and the pages."""
    at = view(ledger, date(2024, 5, 31))

    def evaluated(number: int) -> DocumentTexts:
        # A new number each time, because typst caches pages that it has laid out.
        request = DocumentRequest("month", "2024-05", DATED, f"开招办〔2024〕{number}号")
        return template_texts(*compose(ledger, at, foot_at(ledger, at, request)))

    def pdf(texts: DocumentTexts) -> bytes:
        return write_pdf(texts, templates.FOLDER / "notice.typ")

    pages = len(PdfReader(BytesIO(pdf(evaluated(0)))).pages)
    empty = folder / "empty.typ"
    empty.write_text('#set page(paper: "a4")\n' + "#pagebreak()\n" * (pages - 1))
    once, whole = [], []
    for number in range(1, 3 * ROUNDS + 1):
        texts = evaluated(number)
        bare = seconds(partial(typst.compile, empty, font_paths=[fonts.FOLDER], format="pdf"))
        once.append(seconds(partial(pdf, texts)) / bare)
        whole.append(seconds(lambda number=-number: pdf(evaluated(number))) / bare)  # type: ignore[misc]
    return median(once), median(whole), pages


def documents(folder: Path, say: Callable[[str, float, str], None]) -> None:
    """Every figure."""
    with Ledger.open(f"sqlite:///{folder / 'documents.db'}", create=True) as ledger:
        fill(ledger, county())
        once, whole, pages = month_ratios(ledger, folder)
    say(
        f"a month's PDF of {pages} pages, once evaluated ÷ typst with as many empty pages",
        once,
        "at most 10",
    )
    say(f"a month's PDF of {pages} pages, from history ÷ typst with as many empty pages", whole, "")
    url = f"sqlite:///{folder / 'many.db'}"
    measure.fill(url, records(PROJECTS * EVENTS_PER_PROJECT))
    with Ledger.open(url) as ledger:
        ratio, count = ledger_ratio(ledger, folder)
    say(
        f"ledger workbook of {PROJECTS} projects, {count} cells, from history ÷ XlsxWriter alone",
        ratio,
        "at most 4",
    )
    peaks = []
    for projects in (PROJECTS, MANY):
        url = f"sqlite:///{folder / f'{projects}.db'}"
        measure.fill(url, begun(projects))
        peaks.append(measure.measured("workbook", url)["peak_kib"])
    say(
        f"ledger workbook: peak memory of {MANY} projects ÷ of {PROJECTS}",
        peaks[1] / peaks[0],
        "at most 2",
    )
