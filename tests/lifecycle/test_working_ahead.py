"""What another process works out ahead: the order, what is raised, a process that dies."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle import all_cores, working_ahead
from lifecycle.all_cores import may_work_ahead
from lifecycle.rejections import StoreError, msg
from lifecycle.working_ahead import ProcessLostError, worked_out_ahead

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere no process is forked"
)


def numbers(most: int) -> Iterator[tuple[int, int]]:
    for number in range(most):
        yield os.getpid(), number


def damaged() -> Iterator[int]:
    yield 1
    raise StoreError(msg("{path} is lost"), path="a.jsonl")


def dying() -> Iterator[int]:
    yield 1
    os._exit(9)


def dying_amid_a_value() -> Iterator[int]:
    yield os.getpid()
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    yield 1 << (1 << 24)  # more than a pipe holds: the alarm ends the process while it writes


def short_of_memory() -> Iterator[int]:
    yield 1
    raise MemoryError


def stopped() -> Iterator[int]:
    yield os.getpid()
    os.kill(os.getpid(), signal.SIGSTOP)
    yield 2


def slow() -> Iterator[int]:
    yield 1
    time.sleep(0.2)
    yield 2


def test_values_come_in_order_from_one_other_process() -> None:
    values = list(worked_out_ahead(numbers(500)))
    assert [number for _process, number in values] == list(range(500))
    assert len({process for process, _number in values} - {os.getpid()}) == 1


def test_an_error_arrives_after_the_values_before_it() -> None:
    values = worked_out_ahead(damaged())
    assert next(values) == 1
    with pytest.raises(StoreError, match=r"a\.jsonl is lost"):
        next(values)


def test_a_process_that_died_is_named() -> None:
    values = worked_out_ahead(dying())
    assert next(values) == 1
    with pytest.raises(ProcessLostError):
        next(values)


def test_a_process_that_died_amid_a_value_is_named() -> None:
    values = worked_out_ahead(dying_amid_a_value())
    process = next(values)
    deadline = time.monotonic() + 30
    while _is_running(process) and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(ProcessLostError):
        next(values)


def test_a_process_with_too_little_memory_is_lost_like_a_dead_one() -> None:
    values = worked_out_ahead(short_of_memory())
    assert next(values) == 1
    with pytest.raises(ProcessLostError):
        next(values)


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_ahead, "_SECONDS_BETWEEN_LOOKS", 0.05)


@pytest.mark.usefixtures("quick_looks")
def test_a_stopped_process_is_lost_and_ended() -> None:
    values = worked_out_ahead(stopped())
    process = next(values)
    with pytest.raises(ProcessLostError):
        next(values)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.usefixtures("quick_looks")
def test_a_slow_process_is_waited_for() -> None:
    assert list(worked_out_ahead(slow())) == [1, 2]


def test_who_stops_early_leaves_no_process_behind() -> None:
    values = worked_out_ahead(numbers(10**9))
    process, _number = next(values)
    values.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_process_whose_reader_was_killed_ends_by_itself() -> None:
    reading, writing = os.pipe()
    reader = os.fork()
    if reader == 0:
        process, _number = next(worked_out_ahead(numbers(10**9)))
        os.write(writing, str(process).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    process = int(os.read(reading, 20))
    os.waitpid(reader, 0)
    deadline = time.monotonic() + 30
    while _is_running(process) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_running(process)


def _is_running(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as stat:  # noqa: PTH123 -- a kernel's file
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("cores", "running", "method", "expected"),
    [
        (2, 1, "fork", True),
        (2, 2, "fork", False),
        (1, 1, "fork", False),
        (8, 1, "spawn", False),
    ],
)
def test_only_an_idle_core_takes_a_part(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    cores: int,
    running: int,
    method: str,
    *,
    expected: bool,
) -> None:
    load = tmp_path / "loadavg"
    # What ran in the minute before, this program itself mostly, does not count.
    load.write_text(f"9.00 9.00 9.00 {running}/345 6789\n", encoding="ascii")
    monkeypatch.setattr(all_cores, "_LOAD", load)
    monkeypatch.setattr(all_cores, "usable_cores", lambda: cores)
    monkeypatch.setattr(all_cores, "safe_start_method", lambda: method)
    assert may_work_ahead() is expected


def test_this_process_counts_among_those_that_run() -> None:
    running = all_cores._running_threads()
    assert running is not None
    assert running >= 1


def test_a_machine_that_does_not_say_what_runs_works_in_one_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(all_cores, "_LOAD", tmp_path / "absent")
    monkeypatch.setattr(all_cores, "usable_cores", lambda: 8)
    monkeypatch.setattr(all_cores, "safe_start_method", lambda: "fork")
    assert not may_work_ahead()
