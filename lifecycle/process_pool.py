"""Parts of a piece of work in several processes of this machine."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from lifecycle.late_module import LateModule
from lifecycle.part_engine import (
    EVENTS_OF_PART,
    Common,
    PartOutcome,
    SingleProcess,
    StartMethod,
    WorkPart,
    submitted_in_order,
)

if TYPE_CHECKING:
    import fcntl
else:
    # Linux alone is asked to end a process with another.
    fcntl = LateModule("fcntl")

_PARTS_AHEAD: Final = 2
"""Parts that wait for each process: none is idle, and few results lie in memory at once."""


class ProcessPool:
    """Runs parts in several processes of this machine.

    `start_method` is that of `multiprocessing`.
    """

    is_remote = False
    events_of_part = EVENTS_OF_PART

    def __init__(
        self,
        processes: int,
        start_method: StartMethod,
    ) -> None:
        self.processes = processes
        self.start_method = start_method

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        """Yield the outcome of each part, in order; what a process that died left runs here."""
        processes = min(self.processes, len(parts))
        if processes <= 1:
            yield from SingleProcess().outcomes(function, common, parts)
            return
        done = 0
        try:
            for outcome in self._in_processes(processes, function, common, parts):
                done += 1
                yield outcome
        except BrokenProcessPool:
            # Out of memory, mostly. One process needs least of it.
            yield from SingleProcess().outcomes(function, common, parts[done:])

    def _in_processes(
        self,
        processes: int,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        pool = ProcessPoolExecutor(
            processes,
            get_context(self.start_method),
            initializer=_begin_process,
            # Once for each process, and where it is forked without being pickled at all.
            initargs=(function, common),
        )

        def submit(part: WorkPart) -> Future[PartOutcome]:
            return pool.submit(_run_part, part)

        def most_ahead() -> int:
            return processes * _PARTS_AHEAD

        try:
            for future in submitted_in_order(submit, parts, most_ahead, {}):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


# In the processes ---------------------------------------------------------------------------------

_work: Callable[[Any], Any] | None = None
"""What this process does with a part; set where it begins."""


def _begin_process(
    function: Callable[[Any, Any], Any],
    common: object,
) -> None:
    global _work  # noqa: PLW0603 -- the one way to hand something to a pool's later tasks
    _work = partial(function, common)
    # The parent's database connections came along: nothing may close them from here.
    gc.freeze()
    # Who presses Ctrl-C means the command; it ends its processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    command = parent_process()
    assert command is not None  # the one that began this process
    _end_with(command)


def _end_with(command: BaseProcess) -> None:
    """Let this process end once the command was killed: it would wait for a part for ever."""
    if sys.platform != "linux":
        Thread(target=_wait_and_end, args=(command,), daemon=True).start()
        return
    # The kernel ends it where the pipe to the command breaks off. Beside another thread, even one
    # that waits, each lock of SQLite's and of `malloc` costs a multiple.
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    pipe = command.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if not command.is_alive():
        os._exit(1)  # it was killed before the kernel was asked


def _wait_and_end(command: BaseProcess) -> None:
    command.join()
    os._exit(1)


def _run_part(part: object) -> Any:
    assert _work is not None  # set by the initializer
    return _work(part)
