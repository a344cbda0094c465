"""Parts on a dask cluster: on workers of this program's version, each part at most three times.

Only what names the work goes there: where ledgers are, the rulebook, the units. The functions are
those that the worker has itself, so that another version cannot answer.
"""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pkgutil import resolve_name
from typing import Any, Final

from commands.handlers.part_worker import PartAnswer, run_part
from lifecycle import __version__
from lifecycle.part_engine import (
    EVENTS_OF_PART,
    Common,
    PartOutcome,
    WorkPart,
    submitted_in_order,
)
from lifecycle.rejections import Problem, StoreError, msg

NO_SCHEDULER: Final = msg("there is no dask scheduler at {address}: {why}")
WAITING: Final = msg("waiting up to {seconds} seconds for the dask scheduler at {address}")
SCHEDULER_LOST: Final = msg("the dask scheduler at {address} is gone: {why}")
OTHER_VERSION: Final = msg(
    "the worker {worker} has lifecycle {version}, not {expected}, and takes no part"
)
NO_LIFECYCLE: Final = msg("the worker {worker} has no lifecycle and takes no part: {why}")
NO_WORKERS: Final = msg(
    "the dask scheduler at {address} has no worker with lifecycle {expected}: start one there with "
    "`dask worker {address}`"
)
SCHEDULER_WITHOUT: Final = msg(
    "the dask scheduler at {address} needs lifecycle {expected} and its extra dask, like the "
    "workers: {why}"
)
WORKERS_DIED: Final = msg(
    "a part of the work ended its worker {times} times: give each worker more memory, or fewer "
    "threads"
)
Report = Callable[[Problem], None]
"""Takes what a person should know of a worker, while the work goes on."""

_LOGGERS: Final = ("distributed", "distributed.client")
"""dask sets a level for each of them."""
_ATTEMPTS: Final = 3
_PARTS_AHEAD: Final = 3
"""Parts that wait for each of the workers' threads: enough that none is idle."""
_CONNECT_SECONDS: Final = 30
_SILENCE_SECONDS: Final = 2
"""How long a scheduler is waited for before it is said: one that runs answers within it."""
_SECONDS_PRESENT: Final = 1.0
"""How long workers that were there count as there; a part waits much longer for one."""
_OWN_SETTINGS: Final = {"distributed.worker.profile.enabled": False}
"""dask looks a hundred times a second at what its workers do, for a page that nobody opens here."""
_SECONDS_BETWEEN_LOOKS: Final = 5
"""How long a part may take before somebody looks whether its workers are still there."""


@dataclass(slots=True)
class _Attempt:
    """A part that was submitted, who may run it, and who failed at it."""

    part: object
    future: Any
    workers: list[str]
    failed_at: list[str] = field(default_factory=list)


class DaskEngine:
    """Runs parts on the workers of an open client."""

    is_remote = True
    events_of_part = EVENTS_OF_PART

    def __init__(
        self,
        client: Any,
        address: str,
        report: Report,
    ) -> None:
        self._client = client
        self._address = address
        self._report = report
        self._versions: dict[str, object] = {}
        """The version of each worker that was looked at, or the error in place of one."""
        self._threads_by_worker: dict[str, int] = {}
        self._present_until = 0.0

    def outcomes(
        self,
        function: Callable[[Common, WorkPart], PartOutcome],
        common: Common,
        parts: Sequence[WorkPart],
    ) -> Iterator[PartOutcome]:
        """Yield the outcome of each part, in order. Raises the error of the third attempt at one.

        Raises `StoreError` where the scheduler is gone, or no worker is of this version.
        """
        distributed = import_module("distributed")
        # One message for all parts, so that a worker which dies takes nothing along.
        packed = pickle.dumps((function, common))
        attempt = partial(self._attempt, packed)
        waiting: dict[int, _Attempt] = {}
        try:
            for first in submitted_in_order(attempt, parts, self._parts_ahead, waiting):
                yield self._outcome(packed, first)
        except (distributed.CancelledError, distributed.comm.CommClosedError, OSError) as error:
            raise StoreError(SCHEDULER_LOST, address=self._address, why=error) from None
        finally:
            # A scheduler that is gone has nothing left to cancel.
            with suppress(OSError, distributed.CancelledError):
                self._client.cancel([later.future for later in waiting.values()])

    def _parts_ahead(self) -> int:
        threads = 0
        for worker, of_worker in self._present().items():
            if self._versions.get(worker) == __version__:
                threads += of_worker
        return max(threads, 1) * _PARTS_AHEAD

    def _attempt(
        self,
        packed: bytes,
        part: object,
        failed_at: Sequence[str] = (),
    ) -> _Attempt:
        usable = self.usable_workers()
        workers = [worker for worker in usable if worker not in failed_at]
        # Where it failed everywhere, the next may still be luckier: a network, a disk.
        workers = workers or usable
        future = self._client.submit(
            run_part, packed, pickle.dumps(part), workers=workers, pure=False
        )
        return _Attempt(part, future, workers, list(failed_at))

    def _outcome(
        self,
        packed: bytes,
        attempt: _Attempt,
    ) -> Any:
        """Wait for a part; try it elsewhere where it failed."""
        for count in range(1, _ATTEMPTS + 1):
            answer = self._answer(packed, attempt)
            if answer.error is None:
                return answer.outcome
            if count == _ATTEMPTS:
                raise answer.error
            failed_at = [*attempt.failed_at, answer.worker]
            attempt = self._attempt(packed, attempt.part, failed_at)
        raise AssertionError(attempt)  # the last attempt returns or raises

    def _answer(
        self,
        packed: bytes,
        attempt: _Attempt,
    ) -> PartAnswer:
        distributed = import_module("distributed")
        while True:
            try:
                answer: PartAnswer = attempt.future.result(timeout=_SECONDS_BETWEEN_LOOKS)
            except distributed.KilledWorker as error:
                # dask itself has tried other workers by now.
                _task, _worker, times = error.args
                raise StoreError(WORKERS_DIED, times=times) from None
            except RuntimeError as error:  # what the scheduler says that cannot read the task
                raise self._scheduler_error(error) from None
            except TimeoutError:
                # A part is bound to workers; those that came later take it once all these are gone.
                if not set(attempt.workers) & set(self.usable_workers()):
                    attempt.future.cancel()
                    again = self._attempt(packed, attempt.part, attempt.failed_at)
                    attempt.future, attempt.workers = again.future, again.workers
            else:
                return answer

    def require_scheduler(self) -> None:
        """Raise `StoreError` where the scheduler has no lifecycle: it unpacks tasks, too."""
        try:
            version = self._client.run_on_scheduler(resolve_name, "lifecycle:__version__")
        except Exception as error:  # noqa: BLE001 -- whatever the other Python raises
            raise self._scheduler_error(error) from None
        if version != __version__:
            raise self._scheduler_error(version)

    def _scheduler_error(self, why: object) -> StoreError:
        return StoreError(
            SCHEDULER_WITHOUT,
            address=self._address,
            expected=__version__,
            why=why,
        )

    # Workers --------------------------------------------------------------------------------------

    def _present(self) -> dict[str, int]:
        """Return the workers that are there, with their threads, as of a moment ago."""
        # Each answer is a round trip to the scheduler, and every part asks.
        now = time.monotonic()
        if now >= self._present_until:
            self._threads_by_worker = self._client.nthreads()
            self._present_until = now + _SECONDS_PRESENT
        return self._threads_by_worker

    def usable_workers(self) -> list[str]:
        """Return the workers of this version; each other one is reported once, by name.

        Raises `StoreError` where there is none.
        """
        present = self._present()
        unknown = [worker for worker in present if worker not in self._versions]
        if unknown:
            self._look_at(unknown)
        usable = [worker for worker in present if self._versions[worker] == __version__]
        if not usable:
            raise StoreError(NO_WORKERS, address=self._address, expected=__version__)
        return usable

    def _look_at(
        self,
        workers: list[str],
    ) -> None:
        # By a function of the standard library: a worker may have no lifecycle at all.
        versions = self._client.run(
            resolve_name,
            "lifecycle:__version__",
            workers=workers,
            on_error="return",
        )
        for worker in workers:
            version = versions.get(worker)
            self._versions[worker] = version
            if isinstance(version, Exception) or version is None:
                values: dict[str, object] = {"worker": worker, "why": version}
                self._report(Problem("worker", NO_LIFECYCLE, values))
            elif version != __version__:
                values = {"worker": worker, "version": version, "expected": __version__}
                self._report(Problem("worker", OTHER_VERSION, values))


@contextmanager
def dask_engine(
    scheduler: str | None,
    processes: int,
    report: Report,
) -> Iterator[DaskEngine]:
    """Connect to a scheduler, or start a cluster of so many processes on this machine.

    Raises `StoreError` where none answers; `ModuleNotFoundError` without the extra.
    """
    distributed = import_module("distributed")
    # What matters is said in sentences; a worker that takes its time to end does not.
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if scheduler is None:
        with import_module("dask").config.set(_OWN_SETTINGS):
            cluster = distributed.LocalCluster(
                n_workers=processes,
                threads_per_worker=1,
                dashboard_address=None,
                # Any free port: dask warns of its own being taken, as by a second region's cluster.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                silence_logs=logging.CRITICAL,
            )
            with cluster, distributed.Client(cluster) as client:
                yield DaskEngine(client, cluster.scheduler_address, report)
        return
    with _connected(scheduler, report) as client:
        engine = DaskEngine(client, scheduler, report)
        engine.require_scheduler()
        yield engine


def _connected(scheduler: str, report: Report) -> Any:
    """Return a client of a scheduler; say for how long it is waited for. Raises `StoreError`."""
    distributed = import_module("distributed")
    try:
        with suppress(OSError):
            return distributed.Client(scheduler, timeout=_SILENCE_SECONDS)
        seconds = _CONNECT_SECONDS - _SILENCE_SECONDS
        report(Problem("scheduler", WAITING, {"seconds": seconds, "address": scheduler}))
        return distributed.Client(scheduler, timeout=seconds)
    except (OSError, ValueError) as error:
        raise StoreError(NO_SCHEDULER, address=scheduler, why=error) from None
