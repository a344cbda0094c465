"""Measure once, in a process of its own: `python -m benchmarks.measure WHAT URL`."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from itertools import starmap
from pathlib import Path
from typing import Any, Final

import orjson
import psycopg

from benchmarks.history import JsonRecord
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.postgres_url import connection_settings
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import shipped
from projections import readmodels
from projections.scoring.evaluation import evaluate
from projections.scoring.part_scoring import with_all_cores
from projections.scoring.result_view import View

_PROCESSES: Final = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
COLUMNS: Final = "originator_id, originator_version, topic, state FROM ledger_events"


def _decode(rows: Any) -> int:
    states: dict[str, dict[str, Any]] = {}
    count = 0
    for _position, stream, _version, _topic, state in rows:
        states.setdefault(stream, {}).update(orjson.loads(state))
        count += 1
    return count


def limit(url: str) -> int:
    """Run the yardstick: read five columns, decode with orjson, update one dictionary a stream."""
    path = sqlite_path(url)
    if path is not None:
        with sqlite3.connect(path) as connection:
            return _decode(connection.execute(f"SELECT rowid, {COLUMNS} ORDER BY rowid"))
    settings = {name: value for name, value in connection_settings(url).items() if value}
    with psycopg.connect(**settings) as server, server.cursor("yardstick") as cursor:
        server.execute("SET search_path = lifecycle, public")
        cursor.itersize = 5_000
        cursor.execute(f"SELECT notification_id, {COLUMNS} ORDER BY notification_id".encode())
        return _decode(cursor)


def rebuild(url: str) -> int:
    """Rebuild every query table from history."""
    with Ledger.open(url) as ledger:
        return readmodels.rebuild(ledger, url).position


def score(url: str) -> int:
    """Evaluate a year from events, on as many cores as the command does."""
    with Ledger.open(url) as ledger:
        view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
        evaluate(ledger, with_all_cores(view))
        return view.position


def workbook(url: str) -> int:
    """Write the ledger workbook from history."""
    from commands.reports.documents import LEDGER_KIND
    from commands.reports.foot import DocumentRequest, foot_at
    from commands.reports.ledger_workbook import write_ledger

    with Ledger.open(url) as ledger, tempfile.TemporaryDirectory() as folder:
        view = View(2024, date(2024, 12, 31), ledger.head().position, shipped("kaihua-2024"))
        write_ledger(
            Path(folder) / "ledger.xlsx",
            ledger,
            view,
            foot_at(ledger, view, DocumentRequest(LEDGER_KIND, "2024-12-31", date(2025, 1, 6))),
        )
        return view.position


WHAT: Final[dict[str, Callable[[str], int]]] = {
    "limit": limit,
    "rebuild": rebuild,
    "score": score,
    "workbook": workbook,
}


def main() -> None:
    """Measure once, after the modules and the rulebook are loaded."""
    measurement, url = sys.argv[1:3]
    shipped("kaihua-2024")
    begun = time.perf_counter()
    events = WHAT[measurement](url)
    seconds = time.perf_counter() - begun
    # Of the processes that ran parts, the largest.
    peaks = [resource.getrusage(who).ru_maxrss for who in _PROCESSES]
    print(json.dumps({"seconds": seconds, "events": events, "peak_kib": max(peaks)}))


def measured(measurement: str, url: str) -> dict[str, Any]:
    """Run one measurement in a fresh process."""
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", measurement, url],
        check=True,
        capture_output=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(process.stdout)
    return answer


def fill(url: str, records: Iterable[JsonRecord]) -> None:
    """Create a store and import the records in batches, in bounded memory."""
    from commands.handlers.file_rows import FileRow
    from commands.handlers.importing import import_records

    lines = starmap(FileRow, enumerate(records, start=1))
    with Ledger.open(url, create=True) as ledger:
        result = import_records(ledger, lines, Author("benchmark", importing=True))
    assert not result.rejected


def run_import(url: str, file: Path) -> float:
    """Return how many seconds the import of a file takes."""
    from commands.handlers.importing import import_records
    from commands.intake.record_files import rows_of_file

    with Ledger.open(url, create=True) as ledger:
        begun = time.perf_counter()
        result = import_records(ledger, rows_of_file(file), Author("benchmark", importing=True))
        seconds = time.perf_counter() - begun
    assert not result.rejected
    return seconds


if __name__ == "__main__":
    main()
