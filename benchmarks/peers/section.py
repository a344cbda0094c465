"""The section `peers` of the report: the same work by four programs, in turns, on both databases.

Each program's time is given over the limit's; the last line of a work compares two speeds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.peers.crud import CrudStore
from benchmarks.peers.own import OwnStore
from benchmarks.peers.raw import RawStore
from benchmarks.peers.stock import StockStore
from benchmarks.peers.workload import (
    EVENTS_PER_PROJECT,
    MONTHS,
    PROJECTS,
    Peer,
    Record,
    beginnings,
    code,
    figure,
    figures,
    invested,
)
from tests.postgres import Server

Line = tuple[str, float, str]
Times = dict[str, list[float]]

LIMIT: Final = "driver and orjson"
STOCK: Final = "stock eventsourcing"
CRUD: Final = "SQLAlchemy ORM"
OWN: Final = "lifecycle"
_PEERS: Final[dict[str, Callable[[str], Peer]]] = {
    LIMIT: RawStore,
    STOCK: StockStore,
    CRUD: CrudStore,
    OWN: OwnStore,
}
_MODULES: Final = {LIMIT: "raw", STOCK: "stock_application", CRUD: "crud"}
_TOGETHER: Final = 100
_SLICES: Final = 10
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))
_STARTS: Final = 3 * ROUNDS
_AIMS: Final = {
    "append 1 a commit": "at least 0.9",
    "append 100 a commit": "at least 1.0",
}


def peers(folder: Path) -> Iterator[Line]:
    """Yield claim, figure and aim of each work on each database."""
    urls = {name: f"sqlite:///{folder / str(number)}.db" for number, name in enumerate(_PEERS)}
    yield from _on("SQLite", urls)
    server = Server(settings=("fsync=on",))
    server.start()
    try:
        urls = {name: server.create(f"peer{number}") for number, name in enumerate(_PEERS)}
        yield from _on("PostgreSQL", urls)
    finally:
        server.stop()


def _on(database: str, urls: dict[str, str]) -> Iterator[Line]:
    with ExitStack() as stack:
        stores: dict[str, Peer] = {}
        for name, open_store in _PEERS.items():
            stores[name] = stack.enter_context(closing(open_store(urls[name])))
        works: dict[str, Callable[[], Times]] = {
            "append 100 a commit": lambda: _append_together(stores),
            "append 1 a commit": lambda: _append_alone(stores),
            f"fold {EVENTS_PER_PROJECT} events": lambda: _fold(stores),
            "rebuild the read model": lambda: _rebuild(stores),
            "start, record one, end": lambda: _start(urls),
        }
        for work, measure in works.items():
            yield from _lines(f"{database}, {work}", measure(), _AIMS.get(work, ""))


def _lines(work: str, times: Times, aim: str) -> Iterator[Line]:
    seconds = {name: median(taken) for name, taken in times.items()}
    yield f"{work}: the limit, {LIMIT}, in milliseconds", 1_000 * seconds[LIMIT], ""
    for name in (STOCK, CRUD, OWN):
        yield f"{work}: time of {name} ÷ the limit's", seconds[name] / seconds[LIMIT], ""
    yield f"{work}: speed of {OWN} ÷ {STOCK}'s", seconds[STOCK] / seconds[OWN], aim


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _in_turns(stores: dict[str, Peer], slices: Sequence[Callable[[Peer], object]]) -> Times:
    """Let each store do each slice of the work, one store after the other."""
    times: Times = {name: [] for name in stores}
    for act in slices:
        for name, store in stores.items():
            times[name].append(_seconds(lambda act=act, store=store: act(store)))  # type: ignore[misc]
    return times


def _per_commit(times: Times, commits: int) -> Times:
    return {name: [seconds / commits for seconds in taken] for name, taken in times.items()}


def _append_together(stores: dict[str, Peer]) -> Times:
    """Record what all projects begin with, then all months but the last; time the months."""
    begun = list(beginnings())
    for store in stores.values():
        for batch in _batches(begun):
            store.append(batch)

    def appending(records: list[Record]) -> Callable[[Peer], object]:
        def append(store: Peer) -> None:
            for batch in _batches(records):
                store.append(batch)

        return append

    slices = [appending(figures(number)) for number in range(MONTHS - 1)]
    return _per_commit(_in_turns(stores, slices), PROJECTS // _TOGETHER)


def _batches(records: list[Record]) -> Iterator[list[Record]]:
    for start in range(0, len(records), _TOGETHER):
        yield records[start : start + _TOGETHER]


def _append_alone(stores: dict[str, Peer]) -> Times:
    """Record the last month, each project's figure by itself."""
    records = figures(MONTHS - 1)
    of_slice = PROJECTS // _SLICES

    def appending(start: int) -> Callable[[Peer], object]:
        def append(store: Peer) -> None:
            for record in records[start : start + of_slice]:
                store.append([record])

        return append

    slices = [appending(start) for start in range(0, PROJECTS, of_slice)]
    return _per_commit(_in_turns(stores, slices), of_slice)


def _fold(stores: dict[str, Peer]) -> Times:
    """Fold every project once; all stores have to say what was recorded."""
    of_slice = PROJECTS // _SLICES

    def folding(start: int) -> Callable[[Peer], object]:
        def fold(store: Peer) -> None:
            for index in range(start, start + of_slice):
                assert store.fold(code(index)) == invested(index)

        return fold

    slices = [folding(start) for start in range(0, PROJECTS, of_slice)]
    return _per_commit(_in_turns(stores, slices), of_slice)


def _rebuild(stores: dict[str, Peer]) -> Times:
    """Fill the read model several times; each has to hold every month of every project."""
    times: Times = {name: [] for name in stores}
    expected = sum(map(invested, range(PROJECTS)), Decimal())
    for number in range(ROUNDS):
        for name, store in stores.items():
            if name == STOCK and number > 0:
                continue
            store.drop_read_model()
            times[name].append(_seconds(store.rebuild))
            amounts = store.figures_read()
            assert len(amounts) == PROJECTS * MONTHS
            assert sum(map(Decimal, amounts), Decimal()) == expected
    return times


def _start(urls: dict[str, str]) -> Times:
    """Start a process that opens the store, records one event, and ends."""
    times: Times = {name: [] for name in urls}
    for number in range(_STARTS):
        record = figure(0, MONTHS + number)
        for name, url in urls.items():
            command = _recording(name, url, record)
            environment = {**os.environ, "LIFECYCLE_DB": url}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            times[name].append(_seconds(lambda c=command, e=environment: _run(c, e)))  # type: ignore[misc]
    # The first start may have compiled modules.
    return {name: taken[1:] for name, taken in times.items()}


def _recording(name: str, url: str, record: Record) -> list[str]:
    if name != OWN:
        module = f"benchmarks.peers.{_MODULES[name]}"
        return [sys.executable, "-m", module, url, json.dumps(record)]
    command = [sys.executable, "-m", "commands", "record", record["event"], "--yes"]
    for field in ("project", "occurred_on", "month", "fixed_assets"):
        command += [f"--{field.replace('_', '-')}", record[field]]
    return command


def _run(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, check=True, env=environment, capture_output=True)
