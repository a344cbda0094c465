"""What many corrections of one stream cost: `python -m benchmarks.corrections [COUNT …]`.

For each count: all in one unit of work, as an import records them, then one more by itself.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from tests.given import UNITS, correction, of, reported
from tests.ledgers import CLERK, LATER

COUNTS: Final = (2_000, 4_000, 8_000)


def of_one_fact(count: int) -> Iterator[dict[str, Any]]:
    """Many corrections of one event."""
    for number in range(count):
        yield correction(1, {"note": f"第{number}次"})


def of_many_facts(count: int) -> Iterator[dict[str, Any]]:
    """Half facts, and then a correction of each."""
    for number in range(count // 2):
        yield of("ReviewHeld", findings=f"第{number}次")
    for number in range(count // 2):
        yield correction(number + 2, {"findings": f"改{number}"})


def seconds(records: Iterator[dict[str, Any]]) -> tuple[float, float]:
    """Return the seconds of all records in one unit of work, and of one more afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'l.db'}"
        with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
            for record in (*UNITS, reported()):
                ledger.record(read_record(record), CLERK)
            drafts = [read_record(record) for record in records]
            begun = time.perf_counter()
            with ledger.unit_of_work(CLERK) as work:
                for draft in drafts:
                    work.record(draft)
            together = time.perf_counter() - begun
            begun = time.perf_counter()
            ledger.record(read_record(correction(1, {"note": "最后"})), CLERK)
            return together, time.perf_counter() - begun


def main() -> None:
    """Print a line for each count and kind."""
    for count in [int(argument) for argument in sys.argv[1:]] or COUNTS:
        for kind in (of_one_fact, of_many_facts):
            together, one_more = seconds(kind(count))
            print(
                f"{kind.__name__} {count}: together {together:.2f} s,"
                f" one more {1000 * one_more:.0f} ms",
                flush=True,
            )


if __name__ == "__main__":
    main()
