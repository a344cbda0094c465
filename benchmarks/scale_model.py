"""What a province and a country need, by a model whose constants a run of the benchmark measures.

`make bench ONLY=scale > run.txt` prints the constants of this machine, and the model's figures;
`python -m benchmarks.scale_model run.txt` prints them as the table of `docs/scale.md`.

Elapsed is what the command does by itself plus what the workers do, divided by their cores: as if
nothing overlapped, so that a cluster is rather faster.
"""

from __future__ import annotations

import os
import pickle
import re
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import measured
from benchmarks.regions import region_of, score_region
from commands.handlers.dask_engine import dask_engine
from commands.handlers.member_verification import verified_member
from commands.handlers.region_file import RegionMember
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import EVENTS_OF_PART, Common, PartOutcome, WorkPart
from projections.scoring.part_scoring import scored_part
from projections.views.counted_twice import live_projects_of_part

MEMBERS: Final = int(os.environ.get("BENCH_SCALE_MEMBERS", "4"))
EVENTS: Final = 20_000
_TASKS: Final = 200
_CORES: Final = 2
_MEGA: Final = 1_000_000
_ROWS: Final = (
    "SELECT sum(length(originator_id) + length(topic) + length(state) + 16) FROM ledger_events"
)

Line = tuple[str, float, str]


@dataclass(frozen=True, slots=True)
class Constants:
    """What one member of 20,000 events takes: processor time, parts, and bytes.

    `once` is what the command takes for any region, however few its members.
    """

    once: float
    verify: float
    score: float
    conflicts: float
    command: float
    task: float
    tasks: float
    passed: float
    read: float
    stored: float
    worker: float


CLAIMS: Final = {
    "once": "scale: the command's seconds for a region without members",
    "verify": "scale: a worker's seconds to verify a member",
    "score": "scale: a worker's seconds to score a member",
    "conflicts": "scale: a worker's seconds to look for projects counted twice",
    "command": "scale: the command's own milliseconds a member",
    "task": "scale: scheduler's and command's milliseconds a part",
    "tasks": "scale: parts a member",
    "passed": "scale: kilobytes a member through the scheduler",
    "read": "scale: megabytes of rows a member, read three times",
    "stored": "scale: megabytes of a member's store",
    "worker": "scale: megabytes of memory of a worker",
}


@dataclass(frozen=True, slots=True)
class Need:
    """What so many members need on so many workers' cores."""

    members: int
    cores: int
    elapsed_seconds: float
    worker_seconds: float
    command_seconds: float
    read_gigabytes: float
    stored_gigabytes: float


PLACES: Final = ((90, 2), (90, 8), (90, 32), (2_844, 8), (2_844, 32), (2_844, 128))
"""A province of 90 counties and a country of 2,844, each with so many cores of workers."""


def need(constants: Constants, members: int, cores: int) -> Need:
    """Return what so many members need on so many cores."""
    of_worker = members * (constants.verify + constants.score + constants.conflicts)
    of_member = (constants.command + constants.tasks * constants.task) / 1_000
    of_command = constants.once + members * of_member
    return Need(
        members,
        cores,
        of_command + of_worker / cores,
        of_worker,
        of_command,
        members * 3 * constants.read / 1_000,
        members * constants.stored / 1_000,
    )


def scale(folder: Path) -> Iterator[Line]:
    """Yield the constants, measured here, and the model's figures."""
    constants = measured_constants(folder)
    for name, claim in CLAIMS.items():
        yield claim, getattr(constants, name), ""
    for members, cores in PLACES:
        result = need(constants, members, cores)
        yield f"scale: {members} counties on {cores} cores, seconds", result.elapsed_seconds, ""


class MeasuringEngine:
    """Runs parts as workers of other machines would, and counts what each kind of part takes."""

    is_remote = True
    events_of_part = EVENTS_OF_PART

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.parts = 0
        self.bytes = 0

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        """Yield the outcome of each part; all that would travel is packed and unpacked."""
        packed = pickle.dumps((function, common))
        for part in parts:
            packed_part = pickle.dumps(part)
            begun = time.process_time()
            work, shared = pickle.loads(packed)
            answer = pickle.dumps(work(shared, pickle.loads(packed_part)))
            self.seconds[function.__name__] += time.process_time() - begun  # type: ignore[assignment]
            self.parts += 1
            self.bytes += len(packed) + len(packed_part) + len(answer)
            outcome: PartOutcome = pickle.loads(answer)
            yield outcome


@dataclass(frozen=True, slots=True)
class _Run:
    """A region that was scored: by its engine's parts, and by the command itself."""

    engine: MeasuringEngine
    own_seconds: float


def _scored(region: Ledger, members: list[RegionMember]) -> _Run:
    engine = MeasuringEngine()
    begun = time.process_time()
    score_region(region, members, engine)
    seconds = time.process_time() - begun
    return _Run(engine, seconds - sum(engine.seconds.values()))


def measured_constants(folder: Path) -> Constants:
    """Score a small region part by part, and return what a member took."""
    with region_of(folder, MEMBERS, EVENTS) as (region, members):
        _scored(region, members)  # loads modules, and prepares what is kept
        few, all_ = _scored(region, members[:1]), _scored(region, members)
    of_member = (all_.own_seconds - few.own_seconds) / (MEMBERS - 1)
    seconds = all_.engine.seconds
    store = folder / "member0.db"
    return Constants(
        once=max(0.0, few.own_seconds - of_member),
        verify=seconds[verified_member.__name__] / MEMBERS,
        score=seconds[scored_part.__name__] / MEMBERS,
        conflicts=seconds[live_projects_of_part.__name__] / MEMBERS,
        command=1_000 * of_member,
        task=1_000 * _seconds_of_a_task(),
        tasks=all_.engine.parts / MEMBERS,
        passed=all_.engine.bytes / MEMBERS / 1_000,
        read=_row_bytes(store) / _MEGA,
        stored=store.stat().st_size / _MEGA,
        worker=measured("score", f"sqlite:///{store}")["peak_kib"] / 1_000,
    )


def _row_bytes(store: Path) -> int:
    with closing(sqlite3.connect(store)) as connection:
        count: int = connection.execute(_ROWS).fetchone()[0]
    return count


def _seconds_of_a_task() -> float:
    """Return what an empty part costs a scheduler and the command, which share this process."""
    with dask_engine(None, _CORES, print) as engine:
        list(engine.outcomes(empty_part, None, range(_TASKS)))
        begun = time.process_time()
        list(engine.outcomes(empty_part, None, range(_TASKS)))
        return (time.process_time() - begun) / _TASKS


def empty_part(_common: None, part: int) -> int:
    """Do nothing."""
    return part


# The table of a run -------------------------------------------------------------------------------


def constants_in(report: str) -> Constants:
    """Return the constants that a run printed. Raises `SystemExit` where one is missing."""
    values: dict[str, float] = {}
    for name, claim in CLAIMS.items():
        line = re.search(rf"^{re.escape(claim)} +([\d.]+)", report, re.MULTILINE)
        if line is None:
            sys.exit(f"the run has no line “{claim}”: make bench ONLY=scale prints it")
        values[name] = float(line[1])
    return Constants(**values)


def table(constants: Constants) -> list[str]:
    """Return the rows of the table of needs, in Markdown."""
    rows = []
    for members, cores in PLACES:
        result = need(constants, members, cores)
        cells: list[Any] = [
            f"{members:,}",
            cores,
            f"{result.elapsed_seconds:,.0f}",
            f"{result.worker_seconds:,.0f}",
            f"{result.command_seconds:,.0f}",
            f"{result.read_gigabytes:.1f}",
            f"{result.stored_gigabytes:.1f}",
        ]
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return rows


def main() -> None:
    """Print the table of a run that was kept in a file."""
    if len(sys.argv) != 2:
        sys.exit("name the file of a run: python -m benchmarks.scale_model run.txt")
    constants = constants_in(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for field in fields(constants):
        print(f"{CLAIMS[field.name]:<70} {getattr(constants, field.name):10.2f}")
    print(*table(constants), sep="\n")


if __name__ == "__main__":
    main()
