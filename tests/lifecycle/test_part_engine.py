"""Parts of a piece of work in several processes: the order, what is raised, a process that dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

import pytest

from lifecycle import all_cores
from lifecycle.all_cores import engine_for
from lifecycle.part_engine import SingleProcess, StartMethod
from lifecycle.process_pool import ProcessPool
from lifecycle.rejections import Problem, Rejected, StoreError, msg
from tests.platforms import not_on_windows

pytestmark = not_on_windows("one process evaluates there: Wine stalls on the pool's empty messages")

METHODS: Final[list[StartMethod]] = ["spawn"]
if sys.platform.startswith("linux"):
    METHODS.append("fork")
PARTS: Final = list(range(7))
LOST: Final = msg("{path} is lost: {why}")


def tenfold(common: int, part: int) -> tuple[int, int]:
    return os.getpid(), common * part


def damaged(_common: object, part: int) -> int:
    if part == 3:
        raise StoreError(LOST, path="a.db", why=OSError(5, "no such disk"))
    return part


def rejected(_common: object, _part: int) -> int:
    raise Rejected([Problem("unit", msg("no unit {name}"), {"name": "甲镇"}, "unit")])


def dying(parent: int, part: int) -> int:
    """End the process, as the system does that runs out of memory, unless it is the first."""
    if os.getpid() != parent and part == 4:
        os._exit(9)
    return part


@pytest.mark.parametrize("method", METHODS)
def test_outcomes_come_in_the_order_of_the_parts(method: StartMethod) -> None:
    outcomes = list(ProcessPool(2, method).outcomes(tenfold, 10, PARTS))
    assert [outcome for _process, outcome in outcomes] == [10 * part for part in PARTS]
    processes = {process for process, _outcome in outcomes}
    assert os.getpid() not in processes


@pytest.mark.parametrize("method", METHODS)
def test_an_error_arrives_as_it_was_raised(method: StartMethod) -> None:
    outcomes = ProcessPool(2, method).outcomes(damaged, None, PARTS)
    assert [next(outcomes) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(StoreError) as raised:
        next(outcomes)
    assert raised.value.template == LOST
    assert str(raised.value) == "a.db is lost: [Errno 5] no such disk"


@pytest.mark.parametrize("method", METHODS)
def test_so_does_a_rejection_with_its_problems(method: StartMethod) -> None:
    with pytest.raises(Rejected) as raised:
        list(ProcessPool(2, method).outcomes(rejected, None, PARTS))
    [problem] = raised.value.problems
    assert (problem.rule, problem.field, problem.values) == ("unit", "unit", {"name": "甲镇"})


@pytest.mark.parametrize("method", METHODS)
def test_what_a_process_that_dies_leaves_is_done_here(method: StartMethod) -> None:
    assert list(ProcessPool(2, method).outcomes(dying, os.getpid(), PARTS)) == PARTS


def test_one_part_or_one_core_needs_no_other_process() -> None:
    for engine, parts in (
        (ProcessPool(2, "spawn"), [5]),
        (ProcessPool(1, "spawn"), PARTS),
        (SingleProcess(), PARTS),
    ):
        assert {process for process, _ in engine.outcomes(tenfold, 1, parts)} == {os.getpid()}


def test_few_events_are_left_to_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_cores, "usable_cores", lambda: 2)
    monkeypatch.setattr(all_cores, "safe_start_method", lambda: "fork")
    assert engine_for(59_999) is None
    assert engine_for(60_000) is not None
    # A process that is not forked imports the program again.
    monkeypatch.setattr(all_cores, "safe_start_method", lambda: "spawn")
    assert engine_for(499_999) is None
    assert engine_for(500_000) is not None
    monkeypatch.setattr(all_cores, "usable_cores", lambda: 1)
    assert engine_for(10_000_000) is None


def test_no_process_is_forked_beside_other_threads() -> None:
    ended = threading.Event()
    thread: Any = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert all_cores.safe_start_method() == "spawn"
    finally:
        ended.set()
        thread.join()


def threads_beside(_common: object, _part: int) -> int:
    return threading.active_count() - 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread waits for the command")
@pytest.mark.parametrize("method", METHODS)
def test_no_thread_slows_a_part_down(method: StartMethod) -> None:
    assert list(ProcessPool(2, method).outcomes(threads_beside, None, PARTS)) == [0] * len(PARTS)


KILLED: Final = """
import os, signal, sys
from lifecycle.process_pool import ProcessPool

def kill_command(command, part):
    if part == 1:
        os.kill(command, signal.SIGKILL)
    return part

if __name__ == "__main__":
    list(ProcessPool(2, sys.argv[1]).outcomes(kill_command, os.getpid(), range(4)))
"""


@pytest.mark.parametrize("method", METHODS)
def test_no_process_outlives_a_command_that_was_killed(method: StartMethod, tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    # Its output ends once nobody holds it any more.
    command = [sys.executable, str(script), method]
    ended = subprocess.run(
        command, check=False, capture_output=True, timeout=60, cwd=Path(__file__).parents[2]
    )
    assert ended.returncode == -9
