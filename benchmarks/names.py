"""A report beside many projects: near names and look-alike codes are found by an index."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.measure import fill
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from tests.postgres import Server

FEW: Final = 1_000
MANY: Final = int(os.environ.get("BENCH_PROJECTS", "100000"))
_REPORTS: Final = 15
_UNIT: Final = {
    "event": "UnitRegistered",
    "unit": "华埠镇",
    "occurred_on": "2024-01-01",
    "sequence": "乡镇",
    "category": "township",
}
_GOODS: Final = "硅料电池茶叶竹材钢管光纤轴承芯片药物软件农机玻璃陶瓷纸品酒类服装家具涂料橡胶"


def projects(count: int) -> Iterator[dict[str, Any]]:
    """Yield a unit and the reports of so many projects, whose names have the usual words."""
    yield _UNIT
    for number in range(count):
        yield _report(number)


def _report(number: int) -> dict[str, Any]:
    # The two words of a name come from different digits, so that names differ as real ones do.
    first = _GOODS[2 * (number % 20) : 2 * (number % 20) + 2]
    brand = chr(0x4E00 + number % 6_000) + chr(0x5E00 + number // 7 % 5_000)
    return {
        "event": "InformationReported",
        "project": f"KH-{number:07}",
        "reporting_unit": "华埠镇",
        "reported_at": "2024-01-10T09:00:00+08:00",
        "name": f"{brand}年产{number % 90 + 1}万吨{first}生产线建设项目",
        "investor": f"{brand}公司",
        "sector": "industrial",
        "kind": "new",
        "planned_investment": "3000",
        "planned_fixed_assets": "2000",
        "outside_ratio": "0.3",
    }


def names() -> Iterator[tuple[str, float, str]]:
    """Yield the cost of a report beside many projects over the cost beside few, each database."""
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{Path(folder) / str(count)}.db" for count in (FEW, MANY)]
        yield f"SQLite: a report beside {MANY} projects ÷ beside {FEW}", _ratio(urls), "at most 2"
    server = Server()
    server.start()
    try:
        urls = [server.create(f"names{count}") for count in (FEW, MANY)]
        claim = f"PostgreSQL: a report beside {MANY} projects ÷ beside {FEW}"
        yield claim, _ratio(urls), "at most 2"
    finally:
        server.stop()


def _ratio(urls: list[str]) -> float:
    for url, count in zip(urls, (FEW, MANY), strict=True):
        fill(url, projects(count))
    seconds: dict[str, list[float]] = {url: [] for url in urls}
    for report in range(_REPORTS):
        for url in urls:
            seconds[url].append(_recorded(url, MANY + report))
    few, many = (median(seconds[url]) for url in urls)
    return many / few


def _recorded(url: str, number: int) -> float:
    """Return the seconds of one report in a session of its own."""
    draft = read_record(_report(number))
    with Ledger.open(url) as ledger:
        begun = time.perf_counter()
        ledger.record(draft, Author("clerk", importing=True))
        return time.perf_counter() - begun
