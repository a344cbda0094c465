"""What `audit verify` costs: `python -m benchmarks.verifying [SIZE …]`, on SQLite.

Events a second of processor time, and the peak of memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.history import records
from benchmarks.measure import fill
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify

SIZES: Final = (20_000, 60_000)
_CHILD: Final = "--store"


def measure_store(url: str) -> None:
    """Verify a store and print the figures."""
    with Ledger.open(url) as ledger:
        begun = time.process_time()
        result = verify(ledger)
        seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{result.size} events: {seconds:.1f} s, {result.size / seconds:.0f} events/s, {peak} MiB,"
        f" {len(result.differences)} differences",
        flush=True,
    )


def main() -> None:
    """Fill a store of each size, and verify it in a process of its own."""
    if sys.argv[1:2] == [_CHILD]:
        measure_store(sys.argv[2])
        return
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'l.db'}"
            fill(url, records(size))
            command = [sys.executable, "-m", "benchmarks.verifying", _CHILD, url]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
