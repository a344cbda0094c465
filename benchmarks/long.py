"""A ledger of ten million events: what its score costs an event beside a small one, and memory.

`make bench ONLY=long` alone runs it, with so many events as BENCH_LONG says. The ledger is a
history of 200,000 events, repeated with other codes of projects: the events are appended in the
tree and with positions, but without keys and claims, which no score reads.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from benchmarks.history import records
from benchmarks.measure import fill
from lifecycle.all_cores import engine_for
from lifecycle.ledger.recorders.stored_rows import StoredRow, leaves_of
from lifecycle.ledger.store import Ledger
from lifecycle.log.merkle_tree import hash_named
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View

EVENTS: Final = int(os.environ.get("BENCH_LONG", "10000000"))
SMALL: Final = 20_000
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))
_REPEATED: Final = 200_000
_BATCH: Final = 50_000
_DAY: Final = date(2024, 12, 31)
_PROJECT: Final = "project/KH-"

Line = tuple[str, float, str]


def long(folder: Path) -> Iterator[Line]:
    """Yield the score's cost per event over that of a small ledger, and its peak of memory."""
    small, large = (f"sqlite:///{folder / name}.db" for name in ("small", "large"))
    fill(small, records(SMALL))
    begun = time.perf_counter()
    events = fill_long(large, EVENTS)
    yield (
        f"a ledger of {events} events: appended in the tree, events a second",
        (events / (time.perf_counter() - begun)),
        "",
    )
    costs: dict[str, list[float]] = {small: [], large: []}
    peak = 0.0
    for _round in range(ROUNDS):
        for url, cost in costs.items():
            answer = _in_a_process(url)
            cost.append(answer["seconds"] / answer["events"])
            peak = max(peak, answer["peak_mb"])
    ratio = min(costs[large]) / min(costs[small])
    yield f"score: processor time an event at {events} events ÷ at {SMALL}", ratio, "at most 1.1"
    yield f"score of {events} events: peak memory of its largest process, MB", peak, "at most 400"


def fill_long(url: str, events: int) -> int:
    """Create a store of about so many events; return how many it has."""
    fill(url, records(min(_REPEATED, events)))
    with Ledger.open(url) as ledger:
        with ledger.recorder.cursor(write=False) as cursor:
            rows = list(ledger.recorder.between(cursor, 1, ledger.head().position))
        repeated = [row for row in rows if row[1].startswith(_PROJECT)]
        for number in range(1, 1 + max(0, events - len(rows)) // len(repeated)):
            _append(ledger, repeated, f"project/K{number:03d}-")
        return ledger.head().position


def _append(ledger: Ledger, repeated: list[StoredRow], prefix: str) -> None:
    """Append the events of all projects once more, under codes that begin otherwise."""
    head = ledger.head()
    position = head.position
    for start in range(0, len(repeated), _BATCH):
        rows: list[StoredRow] = []
        for _position, stream, version, topic, state in repeated[start : start + _BATCH]:
            position += 1
            renamed = prefix + stream.removeprefix(_PROJECT)
            rows.append((position, renamed, version, topic, state))
        leaves = leaves_of(rows, hash_named(head.tree_hash))
        with ledger.recorder.cursor(write=True) as cursor:
            ledger.recorder.append_rows(cursor, rows, leaves, head.recorded_at)


def _in_a_process(url: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.long", url]
    process = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(process.stdout)
    return answer


def _usage() -> tuple[float, float]:
    """Return the processor seconds of this process and its children, and the largest one's MB."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in both)
    return seconds, max(usage.ru_maxrss for usage in both) / 1024


def main() -> None:
    """Score once as the command does, after the modules and the rulebook are loaded."""
    with Ledger.open(sys.argv[1]) as ledger:
        position = ledger.head().position
        view = View(2024, _DAY, position, shipped("kaihua-2024"))
        before, _peak = _usage()
        evaluate(ledger, replace(view, engine=engine_for(position)))
        after, peak = _usage()
    print(json.dumps({"seconds": after - before, "events": position, "peak_mb": peak}))


if __name__ == "__main__":
    main()
