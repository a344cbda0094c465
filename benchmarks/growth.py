"""What a hundred more events cost in a large ledger, beside a small one: each commit in turns."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.history import EVENTS_PER_PROJECT, records
from benchmarks.measure import fill
from commands.handlers.recording import record_events
from lifecycle.calendar import add_months
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from tests.postgres import Server

COMMITS: Final = 15
_TOGETHER: Final = 100
SMALL: Final = 20_000
LARGE: Final = max(map(int, os.environ.get("BENCH_SIZES", "200000").split(",")))
_FIRST_MONTH: Final = date(2025, 1, 1)
"""After the last month of the history."""

Line = tuple[str, float, str]


def growth(folder: Path) -> Iterator[Line]:
    """Yield the speed beside the largest of BENCH_SIZES over the speed beside 20,000 events."""
    sizes = (SMALL, LARGE)
    yield from _line("SQLite", sizes, [f"sqlite:///{folder / f'{size}.db'}" for size in sizes])
    server = Server(settings=("fsync=on",))
    server.start()
    try:
        yield from _line("PostgreSQL", sizes, [server.create(f"growth{size}") for size in sizes])
    finally:
        server.stop()


def _line(database: str, sizes: Sequence[int], urls: Sequence[str]) -> Iterator[Line]:
    for size, url in zip(sizes, urls, strict=True):
        fill(url, records(size))
    seconds: dict[str, list[float]] = {url: [] for url in urls}
    with ExitStack() as stack:
        ledgers = {url: stack.enter_context(Ledger.open(url)) for url in urls}
        for number in range(COMMITS):
            for size, url in zip(sizes, urls, strict=True):
                seconds[url].append(_seconds(ledgers[url], list(_batch(size, number))))
    small, large = (median(seconds[url]) for url in urls)
    claim = f"{database}: append 100 a commit at {sizes[1]} events ÷ at {sizes[0]}"
    yield claim, small / large, "at least 0.9"


def _batch(size: int, number: int) -> Iterator[dict[str, Any]]:
    """Yield a month's figures of a hundred projects all over the ledger."""
    step = max(1, size // EVENTS_PER_PROJECT // _TOGETHER)
    month = add_months(_FIRST_MONTH, number)
    for index in range(0, step * _TOGETHER, step):
        yield {
            "event": "InvestmentReported",
            "project": f"KH-{index:06d}",
            "occurred_on": (add_months(month, 1) - timedelta(days=1)).isoformat(),
            "month": f"{month:%Y-%m}",
            "fixed_assets": f"{100 + index}.{number:02d}",
        }


def _seconds(ledger: Ledger, batch: list[dict[str, Any]]) -> float:
    """Return the seconds of one commit."""
    author = Author(ledger.database_login() or "benchmark")
    begun = time.perf_counter()
    record_events(ledger, batch, author)
    return time.perf_counter() - begun
