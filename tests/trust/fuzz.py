"""Damaged and malicious input for every reader of files: `python -m tests.trust.fuzz SECONDS`.

SECONDS are spent on each reader, or on the one that is named after them.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from tests.trust.fuzz_readers import READERS

if sys.platform != "win32":
    import resource

MOST_MEMORY: Final = 512 << 20
SLOWEST: Final = 20
"""Seconds that one file may take."""


@contextmanager
def timed() -> Iterator[None]:
    """Stop a reader that takes too long, where the system has alarms."""
    if sys.platform == "win32":
        yield
        return

    def stop(*_: object) -> None:
        raise AssertionError(f"a file took over {SLOWEST} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SLOWEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main(seconds: float, only: str | None = None) -> None:
    """Run each reader for so many seconds from a new seed; a file that fails is kept and named."""
    os.environ["LIFECYCLE_DEBUG"] = "1"
    for name, reader in READERS.items():
        if only not in (None, name):
            continue
        with TemporaryDirectory() as folder:
            tried, act, until = 0, reader(Path(folder)), time.monotonic() + seconds
            while time.monotonic() < until:
                seed = time.time_ns()
                try:
                    with timed():
                        act(Random(seed))
                except BaseException:
                    print(f"{name}: Random({seed}) brings it down", flush=True)
                    raise
                tried += 1
        print(f"{name}: {tried} files in {seconds:.0f} s without a crash", flush=True)
        if sys.platform != "win32":
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
            print(f"{name}: peak memory {peak >> 20} MiB", flush=True)
            assert peak <= MOST_MEMORY


if __name__ == "__main__":
    main(float(sys.argv[1]), *sys.argv[2:])
