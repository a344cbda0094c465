"""Run the suite under the Windows Python: `python -m tests.windows.suite [PATH …]`.

Each slice runs in a process of its own with a time limit; what it printed is kept in
`build/windows/suite/`. At the end stand the counts, and the tests that were skipped with their
reasons. A test that cannot run there says why itself, with `tests.platforms.not_on_windows`.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from tests.windows.conftest import FOLDER, ROOT, plain_environment

SLICES: Final = (
    "tests/lifecycle",
    "tests/commands/cli",
    "tests/commands/handlers tests/commands/intake tests/commands/words",
    "tests/commands/reports tests/commands/web tests/commands/demo",
    "tests/projections",
    "tests/trust",
    "tests/agreement tests/compatibility tests/faults",
)
AT_ONCE: Final = 2
"""Slices that run at the same time: one for each core of a small machine."""
MINUTES: Final = 45
"""After which a slice is ended."""
_LONGEST_NAME: Final = 80
_COUNTS: Final = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")
# Wine may say something of its own after it.
_SUMMARY: Final = re.compile(r"^=* ?(\d+ [a-z].* in [\d.]+s.*)$", re.MULTILINE)
_SKIPPED: Final = re.compile(r"SKIPPED \[(\d+)\] [^:]+(?::\d+)?: (?P<reason>.+)")


class SliceResult(NamedTuple):
    """How a slice ended: its exit code, negative where it was over the limit, and its output."""

    name: str
    code: int
    seconds: float
    output: str

    @property
    def counts(self) -> Counter[str]:
        """How many tests passed, failed, were in error and were skipped."""
        counts: Counter[str] = Counter()
        summaries = _SUMMARY.findall(self.output)
        for number, outcome in _COUNTS.findall(summaries[-1] if summaries else ""):
            counts[outcome.removesuffix("s") if outcome == "errors" else outcome] += int(number)
        return counts

    @property
    def reasons(self) -> Counter[str]:
        """How many tests were skipped for each reason."""
        reasons: Counter[str] = Counter()
        for skipped in _SKIPPED.finditer(self.output):
            reasons[skipped["reason"].strip()] += int(skipped[1])
        return reasons


def command(paths: list[str]) -> list[str]:
    """Pytest under Wine, in one process."""
    python = FOLDER / "python" / "python.exe"
    return [
        *("wine", str(python), "-m", "pytest", "-q", "-rs", "--tb=short"),
        *("-p", "no:cacheprovider", "-p", "no:xdist", *paths),
    ]


def run_slice(paths: str) -> SliceResult:
    """Run the paths; what pytest prints is kept as it comes."""
    start = time.monotonic()
    running = subprocess.Popen(
        command(paths.split()),
        cwd=ROOT,
        # Shrinking a failing example takes minutes under Wine.
        env={**plain_environment(), "HYPOTHESIS_PROFILE": "wine"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,  # Wine's Python starts with no other
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    # What the tests have started would hold the pipe open.
    limit = threading.Timer(MINUTES * 60, os.killpg, (running.pid, signal.SIGKILL))
    limit.daemon = True
    limit.start()
    assert running.stdout is not None
    lines = []
    with output_file(paths).open("wb", buffering=0) as file:
        for line in running.stdout:
            file.write(line)
            lines.append(line.decode("utf-8", errors="replace").rstrip("\r\n"))
    limit.cancel()
    return SliceResult(paths, running.wait(), time.monotonic() - start, "\n".join(lines))


def output_file(paths: str) -> Path:
    """Where the output of a slice is kept."""
    folder = FOLDER / "suite"
    folder.mkdir(exist_ok=True)
    name = paths.replace("tests/", "").replace("/", "-").replace(" ", "_")[:_LONGEST_NAME]
    return folder / f"{name}.txt"


def results(slices: Sequence[str]) -> Iterator[SliceResult]:
    """Run the slices, two at once; yield each result in the slices' order."""
    with ThreadPoolExecutor(AT_ONCE) as executor:
        yield from executor.map(run_slice, slices)


def print_result(result: SliceResult) -> None:
    """Print a slice's line, and its output where it did not pass."""
    if result.code != 0:
        print(result.output)
    counts = ", ".join(f"{number} {outcome}" for outcome, number in result.counts.items())
    ending = f"over {MINUTES} minutes" if result.code < 0 else f"exit code {result.code}"
    print(f"{result.name}: {counts}; {result.seconds:.0f} s, {ending}", flush=True)


def main() -> None:
    """Run what is named, or all slices; end with 1 where a slice did not pass."""
    slices = (" ".join(sys.argv[1:]),) if sys.argv[1:] else SLICES
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    has_failed = False
    for result in results(slices):
        print_result(result)
        counts += result.counts
        reasons += result.reasons
        has_failed |= result.code != 0
    print("\nskipped:")
    for reason, number in reasons.most_common():
        print(f"{number:5} {reason}")
    failed = counts["failed"] + counts["error"]
    print(f"\n{counts['passed']} passed, {failed} failed, {counts['skipped']} skipped")
    sys.exit(has_failed)


if __name__ == "__main__":
    main()
