"""What evaluation in parts gains, and what it costs beside one process.

The gain is in wall time, and means something on a quiet machine alone. The cost is processor time
of all processes over that of one, which other programs hardly move: twice its inverse bounds what
two cores can gain.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from typing import Final

from benchmarks.history import records
from benchmarks.measure import fill
from commands.handlers.dask_engine import dask_engine
from commands.handlers.region_file import RegionMember
from commands.handlers.region_members import region_members
from lifecycle.all_cores import safe_start_method
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine, SingleProcess
from lifecycle.process_pool import ProcessPool
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.views.counted_twice import counted_twice
from tests.ledgers import fill as fill_ledger

EVENTS: Final = int(os.environ.get("BENCH_PARTS", "200000"))
MEMBERS: Final = int(os.environ.get("BENCH_MEMBERS", "10"))
EVENTS_OF_MEMBER: Final = int(os.environ.get("BENCH_MEMBER_EVENTS", "20000"))
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))
_DAY: Final = date(2024, 12, 31)
_PRESENT: Final = datetime(2026, 1, 1, tzinfo=SHANGHAI)
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
        view = View(2024, _DAY, ledger.head().position, shipped("kaihua-2024"))
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


@contextmanager
def _region_of(folder: Path) -> Iterator[tuple[Ledger, list[RegionMember]]]:
    members = []
    registrations = []
    for number in range(MEMBERS):
        unit, url = f"第{number + 1}县", f"sqlite:///{folder / f'member{number}.db'}"
        fill(url, records(EVENTS_OF_MEMBER))
        with Ledger.open(url) as ledger:
            key = create_signer(ledger, folder / f"member{number}.pem")
            sign_checkpoint(ledger, key)
        witness = folder / f"member{number}.jsonl"
        members.append(RegionMember(unit, url, None, witness, key.verifier, None))
        registrations.append(
            {
                "event": "UnitRegistered",
                "unit": unit,
                "occurred_on": "2020-01-01",
                "sequence": "县区",
                "category": "township",
            }
        )
    with Ledger.open(f"sqlite:///{folder / 'region.db'}", create=True) as region:
        fill_ledger(region, registrations, keep=False)
        yield region, members


def _score_region(
    region: Ledger,
    members: list[RegionMember],
    engine: PartEngine | None,
) -> None:
    """Verify every member, score the region, and look for what is counted twice."""

    def choose(_events: int) -> PartEngine | None:
        return engine

    units = [member.unit for member in members]
    with region_members(members, units, _PRESENT, choose_engine=choose) as look:
        view = View(2024, _DAY, region.head().position, shipped("kaihua-2024"))
        assert look.counted == len(members)
        evaluate(region, replace(look.over_members(view), engine=engine))
        counted_twice(look.projects, _DAY, engine)


def _region(folder: Path) -> Iterator[Line]:
    with _region_of(folder) as (region, members):
        pool = ProcessPool(_CORES, safe_start_method())
        score = partial(_score_region, region, members)
        score(None)
        costs = _interleaved({"one": partial(score, None), "processes": partial(score, pool)})
        one, processes = costs["one"], costs["processes"]
        of = f"region of {MEMBERS} × {EVENTS_OF_MEMBER} events"
        yield f"{of}: two processes ÷ one (processor)", processes.processor / one.processor, ""
        gain = one.wall / processes.wall / _CORES
        yield f"{of}: efficiency on two processes (clock, quiet machine)", gain, ""
        # Last: dask leaves threads behind, beside which no process is forked.
        with dask_engine(None, _CORES, print) as engine:
            score(engine)
            costs = _interleaved({"one": partial(score, None), "dask": partial(score, engine)})
        gain = costs["one"].wall / costs["dask"].wall / _CORES
        yield f"{of}: efficiency on two dask workers (clock, quiet machine)", gain, "at least 0.85"
