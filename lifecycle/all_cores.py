"""Whether several processes pay for so many events on this machine."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lifecycle.late_module import LateModule
from lifecycle.part_engine import PartEngine, StartMethod

if TYPE_CHECKING:
    from lifecycle import process_pool
else:
    # Most commands are about few events: they need not load what starts processes.
    process_pool = LateModule("lifecycle.process_pool")

_LEAST_EVENTS: Final[dict[StartMethod, int]] = {"fork": 60_000, "spawn": 500_000}
"""From how many events on processes pay, by how they start; a spawned one imports everything."""


def engine_for(events: int) -> PartEngine | None:
    """Return what evaluates so many events with all cores; None where one process is as fast."""
    # An office's PC holds no ledger of that size, and Wine, where Windows is tried, stalls on the
    # empty messages by which a pool wakes itself.
    if sys.platform == "win32":
        return None
    start_method = safe_start_method()
    processes = usable_cores()
    if processes == 1 or events < _LEAST_EVENTS[start_method]:
        return None
    return process_pool.ProcessPool(processes, start_method)


_LOAD: Final = Path("/proc/loadavg")
"""Where Linux says, as fourth value, how many threads run or could: `2/345`, this one included."""
_LOOKS: Final = 3
_SECONDS_BETWEEN_LOOKS: Final = 0.002


def may_work_ahead() -> bool:
    """Return whether an idle core and a process that is forked can take a part of the work.

    A spawned one imports everything first, which takes longer than most files.
    """
    if safe_start_method() != "fork":
        return False
    running = _running_threads()
    # Two processes take more processor time than one: on a busy machine they are slower.
    return running is not None and running < usable_cores()


def _running_threads() -> int | None:
    """Return how many threads the machine runs now, this one included, at the quietest look.

    None where the machine does not say.
    """
    # Not the load average: it would count what this program itself did in the minute before.
    looks = []
    for _look in range(_LOOKS):
        time.sleep(_SECONDS_BETWEEN_LOOKS)  # what ran for an instant is through
        try:
            values = _LOAD.read_text(encoding="ascii").split()
        except OSError:
            return None
        looks.append(int(values[3].partition("/")[0]))
    return min(looks)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def safe_start_method() -> StartMethod:
    """Return `fork` where no other thread could leave a lock behind in the copy, else `spawn`."""
    may_fork = sys.platform.startswith("linux") and threading.active_count() == 1
    return "fork" if may_fork else "spawn"
