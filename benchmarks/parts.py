"""What evaluation in parts gains, and what it costs beside one process.

The gain is in wall time, and means something on a quiet machine alone. The cost is processor time
of all processes over that of one, which other programs hardly move: twice its inverse bounds what
two cores can gain.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from typing import Final

from distributed import default_client

from benchmarks.history import records
from benchmarks.measure import fill
from benchmarks.regions import DAY, region_of, score_region
from commands.handlers.dask_engine import dask_engine
from lifecycle.all_cores import safe_start_method
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import (
    EVENTS_OF_PART,
    Common,
    PartEngine,
    PartOutcome,
    SingleProcess,
    WorkPart,
)
from lifecycle.process_pool import ProcessPool
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View

EVENTS: Final = int(os.environ.get("BENCH_PARTS", "200000"))
MEMBERS: Final = int(os.environ.get("BENCH_MEMBERS", "10"))
EVENTS_OF_MEMBER: Final = int(os.environ.get("BENCH_MEMBER_EVENTS", "20000"))
_MANY_MEMBERS: Final = 30
"""From so many on one round is long enough to be measured by."""
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "1" if MEMBERS >= _MANY_MEMBERS else "3"))
_CORES: Final = 2

Line = tuple[str, float, str]


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and seconds of all processes that ended meanwhile."""

    wall: float
    processor: float


def _processor_seconds() -> float:
    total = 0.0
    for who in (RUSAGE_SELF, RUSAGE_CHILDREN):
        usage = getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def _cost(act: Callable[[], object]) -> Cost:
    processor, wall = _processor_seconds(), time.perf_counter()
    act()
    return Cost(time.perf_counter() - wall, _processor_seconds() - processor)


def _interleaved(acts: dict[str, Callable[[], object]]) -> dict[str, Cost]:
    costs: dict[str, list[Cost]] = {name: [] for name in acts}
    for _round in range(ROUNDS):
        for name, act in acts.items():
            costs[name].append(_cost(act))
    medians = {}
    for name, of_name in costs.items():
        wall = median(cost.wall for cost in of_name)
        medians[name] = Cost(wall, median(cost.processor for cost in of_name))
    return medians


def figures(folder: Path) -> Iterator[Line]:
    """One large ledger, then a region."""
    yield from _one_ledger(folder)
    yield from _region(folder)


# One ledger ---------------------------------------------------------------------------------------


def _one_ledger(folder: Path) -> Iterator[Line]:
    url = f"sqlite:///{folder / 'large.db'}"
    fill(url, records(EVENTS))
    with Ledger.open(url) as ledger:
        view = View(2024, DAY, ledger.head().position, shipped("kaihua-2024"))
        evaluate(ledger, view)
        pool = ProcessPool(_CORES, safe_start_method())
        acts: dict[str, Callable[[], object]] = {}
        for name, engine in (("whole", None), ("parts", SingleProcess()), ("processes", pool)):
            acts[name] = partial(evaluate, ledger, replace(view, engine=engine))
        costs = _interleaved(acts)
    whole, parts, processes = costs["whole"], costs["parts"], costs["processes"]
    of = f"score of {EVENTS} events"
    yield f"{of}: parts in one process ÷ whole (processor)", parts.processor / whole.processor, ""
    yield f"{of}: two processes ÷ one (processor)", processes.processor / whole.processor, ""
    yield f"{of}: one process ÷ two (clock, quiet machine)", whole.wall / processes.wall, ""


# A region -----------------------------------------------------------------------------------------


@dataclass
class _LosingWorker:
    """A dask engine one of whose workers is killed once the first part is done."""

    engine: PartEngine
    is_lost: bool = False
    is_remote = True
    events_of_part = EVENTS_OF_PART

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        for outcome in self.engine.outcomes(function, common, parts):
            if not self.is_lost:
                processes = default_client().run(os.getpid)
                os.kill(min(processes.values()), signal.SIGKILL)
                self.is_lost = True
            yield outcome


def _region(folder: Path) -> Iterator[Line]:
    of = f"region of {MEMBERS} × {EVENTS_OF_MEMBER} events"
    with region_of(folder, MEMBERS, EVENTS_OF_MEMBER) as (region, members):
        # One process takes every third member, or ninety would take it minutes: its cost grows
        # with the members alone.
        third = members[::3]
        share = len(third) / len(members)
        one = partial(score_region, region, third, None)
        one()
        pool = ProcessPool(_CORES, safe_start_method())
        scores = score_region(region, members, pool)
        in_processes = partial(score_region, region, members, pool)
        costs = _interleaved({"one": one, "processes": in_processes})
        whole, parts = costs["one"], costs["processes"]
        processor = parts.processor * share / whole.processor
        yield f"{of}: two processes ÷ one (processor)", processor, ""
        gain = whole.wall / share / parts.wall / _CORES
        yield f"{of}: efficiency on two processes (clock, quiet machine)", gain, ""
        # Last: dask leaves threads behind, beside which no process is forked.
        with dask_engine(None, _CORES, print) as engine:
            is_same = score_region(region, members, _LosingWorker(engine)) == scores
            yield f"{of}: a dask worker killed, and the scores the same", float(is_same), "1"
            default_client().wait_for_workers(_CORES)
            score_region(region, third, engine)
            in_dask = partial(score_region, region, members, engine)
            costs = _interleaved({"one": one, "dask": in_dask})
        gain = costs["one"].wall / share / costs["dask"].wall / _CORES
        yield f"{of}: efficiency on two dask workers (clock, quiet machine)", gain, "at least 0.85"
