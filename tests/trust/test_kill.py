"""Processes are killed at random moments: no acknowledged event is lost, no import is partial."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rulebook import shipped
from projections import readmodels
from projections.scoring.result_view import View
from tests.given import REPORTED
from tests.ledgers import fill
from tests.soak import SOAK, either
from tests.table_scores import history_scores, table_scores
from tests.trust.victim import ACTS, IMPORTED

RUNS = either(1, 30)
"""On each database, two processes at once in each run: sixty kills on each in `make soak`."""
KILLED = 1 if sys.platform == "win32" else -signal.SIGKILL
"""What a process that was killed ends with; a crash ends with 1 on Windows too."""
ROOT = Path(__file__).parents[2]


def killed(
    url: str,
    folder: Path,
    run: int,
    chance: Random,
) -> list[list[str]]:
    """Kill two processes on one store at different moments; return what each had printed."""
    outputs = [folder / f"v{number}r{run}" for number in range(2)]
    victims = [_started(url, path) for path in outputs]
    while not all(b"begins" in path.read_bytes() for path in outputs):
        assert all(victim.poll() is None for victim in victims)
        time.sleep(0.01)
    for victim in victims:
        time.sleep(chance.random() * 0.4)
        victim.kill()
        assert victim.wait() == KILLED
    return [[line.decode() for line in path.read_bytes().split(b"\n")[:-1]] for path in outputs]


def _started(url: str, outputs: Path) -> subprocess.Popen[bytes]:
    with outputs.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.trust.victim", url, outputs.name], cwd=ROOT, stdout=out
        )


def check_nothing_is_lost(
    ledger: Ledger,
    url: str,
    acknowledged: dict[int, str],
) -> None:
    """Check what must hold after any kill."""
    verdict = verify(ledger)
    assert verdict.differences == []
    leaves = ledger.leaves(1, verdict.size)
    assert all(leaves[position - 1].hex() == leaf for position, leaf in acknowledged.items())
    with ledger.recorder.cursor(write=False) as cursor:
        streams = [row[1] for row in ledger.recorder.between(cursor, 1, MAX_POSITION)]
    imported = [stream.rpartition("-")[0] for stream in streams if stream.startswith("project/B")]
    assert {imported.count(name) for name in imported} <= {
        IMPORTED
    }  # each import is stored whole or not at all
    view = View(2024, date(2024, 12, 31), verdict.size, shipped("kaihua-2024"))
    readmodels.catch_up(ledger, url)
    assert table_scores(url, view.year) == history_scores(ledger, view)


def test_a_kill_loses_nothing_that_was_acknowledged(store_url: str, tmp_path: Path) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        create_signer(ledger, tmp_path / "key.pem")
        fill(ledger, REPORTED, keep=False)
    chance = Random(20240331)
    acknowledged: dict[int, str] = {}
    at: list[str] = []
    for run in range(RUNS):
        for lines in killed(store_url, tmp_path, run, chance):
            at.append(
                next(
                    line.removeprefix("begins ")
                    for line in reversed(lines)
                    if line.startswith("begins")
                )
            )
            acknowledgements = [line.split() for line in lines if not line.startswith("begins")]
            acknowledged |= {int(position): leaf for position, leaf in acknowledgements}
        with Ledger.open(store_url) as ledger:
            check_nothing_is_lost(ledger, store_url, acknowledged)
    assert len(at) == 2 * RUNS
    assert not SOAK or set(at) >= {*ACTS} - {
        "record",
        "correct",
    }  # these two are over in a moment: chance may miss them
