"""A dask cluster for tests: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_DYING: Final = """
import os

from distributed import WorkerPlugin


class Dying(WorkerPlugin):
    begun = 0

    def transition(self, key, start, finish, **_):
        if finish == "executing":
            self.begun += 1
            if self.begun == 2:
                os._exit(9)


async def dask_setup(worker):
    await worker.plugin_add(Dying())
"""
"""A worker that ends in the middle of its second part, as one does that runs out of memory."""
_SECONDS: Final = 60


@dataclass
class DaskCluster:
    """A scheduler, and the workers that were started for it."""

    folder: Path
    address: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
        """Start a process of dask's, whose output goes to a file."""
        log = self.folder / f"dask{len(self.processes)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *map(str, arguments)],
                # Not in the repository, whose modules would stand before others.
                cwd=self.folder,
                env={**os.environ, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    def start_worker(self, *, dies: bool = False, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread."""
        preload: list[object] = []
        if dies:
            script = self.folder / "dying.py"
            script.write_text(_DYING, encoding="utf-8")
            preload = ["--preload", script]
        return self.start(
            "distributed.cli.dask_worker",
            self.address,
            "--nthreads",
            1,
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            self.folder,
            *preload,
            **environment,
        )

    def end_workers(self) -> None:
        """Kill the workers, and wait until the scheduler knows of none."""
        from distributed import Client

        scheduler, *workers = self.processes
        _killed(workers)
        self.processes = [scheduler]
        with Client(self.address) as client:
            until = time.monotonic() + _SECONDS
            while client.nthreads():
                assert time.monotonic() < until
                time.sleep(0.05)

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many workers have registered."""
        from distributed import Client

        with Client(self.address) as client:
            client.wait_for_workers(count, timeout=_SECONDS)


@contextmanager
def dask_cluster(folder: Path) -> Iterator[DaskCluster]:
    """Start a scheduler; at the end every process is killed."""
    file = folder / "scheduler.json"
    cluster = DaskCluster(folder, "")
    try:
        cluster.start(
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            0,
            "--no-dashboard",
            "--scheduler-file",
            file,
        )
        cluster.address = _address_in(file)
        yield cluster
    finally:
        _killed(cluster.processes)


def _killed(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.kill()
        process.wait()


def _address_in(file: Path) -> str:
    import json

    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if file.exists() and file.stat().st_size:
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise TimeoutError(file)
