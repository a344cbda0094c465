"""`make bench`: each figure a ratio to a raw limit of the same run, rounds interleaved, medians.

`python -m benchmarks import reading` runs some of the sections, in the order of `SECTIONS`. Those
of `ON_REQUEST` take long and run only where they are named.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import keeping, parts, policies
from benchmarks.appending import appending
from benchmarks.clerks import clerks
from benchmarks.documents import documents
from benchmarks.growth import growth
from benchmarks.history import records
from benchmarks.long import long
from benchmarks.measure import fill, measured, run_import
from benchmarks.names import names
from benchmarks.pages import pages
from benchmarks.peers.section import peers
from benchmarks.scale_model import scale
from benchmarks.trust import figures
from commands.demo.county_records import records as county
from commands.intake.jsonl_records import write_jsonl
from lifecycle.ledger.store import Ledger
from tests import ledgers
from tests.postgres import Server

SIZES: Final = [int(size) for size in os.environ.get("BENCH_SIZES", "20000,200000").split(",")]
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))
MAIN: Final = 200_000
_READING_AIMS: Final = {
    "SQLite": ("at least 0.6 on two cores", "at least 1.2 on two cores"),
    "PostgreSQL": ("at least 0.8 on two cores", "at least 1.2 on two cores"),
}
"""Of a rebuild and of a score of the main history."""


def say(claim: str, figure: float, aim: str) -> None:
    """One line of the report."""
    print(f"{claim:<78} {figure:6.2f}   {aim}", flush=True)


def reading(name: str, stores: dict[int, str]) -> None:
    """Rebuild and score over the decode limit; growth and memory."""
    per_event: dict[int, float] = {}
    peak: dict[int, float] = {}
    for size, url in stores.items():
        seconds: dict[str, list[float]] = {"limit": [], "rebuild": [], "score": []}
        for _round in range(ROUNDS):
            for measurement, times in seconds.items():
                answer = measured(measurement, url)
                times.append(answer["seconds"])
                if measurement == "rebuild":
                    per_event[size] = min(
                        per_event.get(size, 1.0), answer["seconds"] / answer["events"]
                    )
                    peak[size] = answer["peak_kib"]
        yardstick = median(seconds["limit"])
        aims = _READING_AIMS[name] if size == MAIN else ("", "")
        say(
            f"{name}, {size} events: rebuild of all query tables ÷ decode limit",
            yardstick / median(seconds["rebuild"]),
            aims[0],
        )
        say(
            f"{name}, {size} events: score from events ÷ decode limit",
            yardstick / median(seconds["score"]),
            aims[1],
        )
    first, last = min(stores), max(stores)
    say(
        f"{name}: cost per event of a rebuild at {last} ÷ at {first}",
        per_event[last] / per_event[first],
        "at most 1.15",
    )
    if MAIN in stores and last > MAIN:
        say(
            f"{name}: peak memory of a rebuild at {last} ÷ at {MAIN}",
            peak[last] / peak[MAIN],
            "at most 1.5",
        )


def importing(folder: Path) -> None:
    """Import of JSONL over a raw insert of the same bytes."""
    file = folder / "many.jsonl"
    write_jsonl(file, records(100_000))
    ratios = []
    for number in range(ROUNDS):
        path = folder / f"import{number}.db"
        taken = run_import(f"sqlite:///{path}", file)
        with sqlite3.connect(path) as connection:
            rows = connection.execute(
                "SELECT rowid, originator_id, originator_version, topic, state FROM ledger_events"
            ).fetchall()
        ratios.append(_raw(folder / f"raw{number}.db", rows) / taken)
        path.unlink()
    say(
        f"import of {len(rows)} JSONL records ÷ raw executemany by 1000",
        median(ratios),
        "at least 0.25",
    )


def _raw(path: Path, rows: list[Any]) -> float:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE ledger_events"
            " (originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB,"
            " PRIMARY KEY (originator_id, originator_version))"
        )
        begun = time.perf_counter()
        for start in range(0, len(rows), 1_000):
            connection.executemany(
                "INSERT INTO ledger_events (rowid, originator_id, originator_version, topic, state)"
                " VALUES (?, ?, ?, ?, ?)",
                rows[start : start + 1_000],
            )
            connection.commit()
        return time.perf_counter() - begun


def _timed_commands() -> dict[str, Callable[[], list[str]]]:
    """What each command is called with; a record says something new each time."""
    marks = iter(range(10_000))
    return {
        "bare": lambda: [sys.executable, "-c", "pass"],
        "--help": lambda: [sys.executable, "-m", "commands", "--help"],
        "record of one event": lambda: [
            sys.executable,
            "-m",
            "commands",
            "record",
            "ReviewHeld",
            "--project",
            "KH-2024-016",
            "--occurred-on",
            "2025-07-01",
            "--findings",
            f"正常{next(marks)}",
        ],
        "project show": lambda: [
            sys.executable,
            "-m",
            "commands",
            "project",
            "show",
            "KH-2024-016",
        ],
        "score of the demo county": lambda: [
            sys.executable,
            "-m",
            "commands",
            "score",
            "--year",
            "2024",
        ],
    }


_PROCESS_AIMS: Final = {
    "--help": 1.7,
    "record of one event": 6,
    "project show": 7,
    "score of the demo county": 10,
}


def processes(folder: Path) -> None:
    """Whole processes over a bare Python, bytecode cached on both sides."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    environment |= {
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "LIFECYCLE_DB": f"sqlite:///{folder / 'county.db'}",
    }
    with Ledger.open(environment["LIFECYCLE_DB"], create=True) as ledger:
        ledgers.fill(ledger, county())
    commands = _timed_commands()
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(12):
        for name, arguments in commands.items():
            begun = time.perf_counter()
            subprocess.run(arguments(), check=True, env=environment, capture_output=True)
            if number > 1:
                times[name].append(time.perf_counter() - begun)
    for name, aim in _PROCESS_AIMS.items():
        say(
            f"process: {name} ÷ python -c pass",
            median(times[name]) / median(times["bare"]),
            f"at most {aim}",
        )


def stores(folder: Path) -> None:
    """The long history of each size on both databases, and what reading them costs."""
    server = Server()
    server.start()
    try:
        sqlite = {size: f"sqlite:///{folder / f'{size}.db'}" for size in SIZES}
        postgres = {size: server.create(f"bench{size}") for size in SIZES}
        for urls in (sqlite, postgres):
            for size, url in urls.items():
                fill(url, records(size))
        reading("SQLite", sqlite)
        reading("PostgreSQL", postgres)
    finally:
        server.stop()


def lines(figures: Iterable[tuple[str, float, str]]) -> None:
    """The report of a section that yields it."""
    for line in figures:
        say(*line)


SECTIONS: Final[dict[str, Callable[[Path], None]]] = {
    "processes": processes,
    "documents": lambda folder: documents(folder, say),
    "import": importing,
    "policies": policies.report,
    "pages": lambda _: lines(pages()),
    "reading": stores,
    "appending": lambda _: lines(appending()),
    "names": lambda _: lines(names()),
    "trust": lambda folder: lines(figures(folder)),
    "peers": lambda folder: lines(peers(folder)),
    "growth": lambda folder: lines(growth(folder)),
    "clerks": lambda _: lines(clerks()),
    "parts": lambda folder: lines(parts.figures(folder)),
    "keeping": lambda folder: lines(keeping.figures(folder)),
    "scale": lambda folder: lines(scale(folder)),
    "long": lambda folder: lines(long(folder)),
}
ON_REQUEST: Final = frozenset({"long"})


def main() -> None:
    """The sections that are named, or all but those on request."""
    named = sys.argv[1:] or [name for name in SECTIONS if name not in ON_REQUEST]
    if unknown := set(named) - set(SECTIONS):
        sys.exit(f"there is no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    for name, section in SECTIONS.items():
        if name in named:
            with tempfile.TemporaryDirectory() as folder:
                section(Path(folder))


if __name__ == "__main__":
    main()
