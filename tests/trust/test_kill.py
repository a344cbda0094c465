"""Processes are killed at random moments; `LIFECYCLE_KILLS` says how many on each database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

from lifecycle.checkpoints import make_signer
from lifecycle.recorders.base import MAX_POSITION
from lifecycle.rulebook import shipped
from lifecycle.store import Ledger
from lifecycle.verification import verify
from projections import readmodels
from projections.evaluation import View, evaluate
from projections.presentation import score_json
from tests.given import REPORTED
from tests.ledgers import fill

KILLS = int(os.environ.get("LIFECYCLE_KILLS", "4"))
ROOT = Path(__file__).parents[2]


def killed(url: str, folder: Path, run: int, chance: Random) -> list[tuple[int, str]]:
    """Two victims at once on one store, killed; what the store had told them."""
    told = [folder / f"told{run}v{number}" for number in range(2)]
    victims = [_started(url, path) for path in told]
    while not all(path.stat().st_size for path in told):  # both have begun
        assert all(victim.poll() is None for victim in victims)
        time.sleep(0.01)
    time.sleep(chance.random() * 0.8)
    for victim in victims:
        victim.send_signal(signal.SIGKILL)
    assert [victim.wait() for victim in victims] == [-signal.SIGKILL] * 2
    lines = [line for path in told for line in path.read_bytes().split(b"\n")[:-1]]
    return [(int(line.split()[0]), line.split()[1].decode()) for line in lines]


def _started(url: str, told: Path) -> subprocess.Popen[bytes]:
    with told.open("wb") as out:
        return subprocess.Popen([sys.executable, "-m", "tests.trust.victim", url, told.name], cwd=ROOT, stdout=out)


def test_a_kill_loses_nothing_that_was_acknowledged(store_url: str, tmp_path: Path) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        make_signer(ledger, tmp_path / "key.pem")
        fill(ledger, REPORTED, keep=False)
    chance = Random(20240331)
    acknowledged: dict[int, str] = {}
    for run in range(KILLS):
        acknowledged.update(killed(store_url, tmp_path, run, chance))
        with Ledger.open(store_url) as ledger:
            verdict = verify(ledger)
            assert verdict.differences == []
            with ledger.recorder.cursor(write=False) as cursor:
                streams = [row[1] for row in ledger.recorder.between(cursor, 1, MAX_POSITION)]
            leaves = ledger.leaves(1, verdict.size)
            assert all(leaves[position - 1].hex() == leaf for position, leaf in acknowledged.items())
            # Each import of thirty is there whole, or not at all.
            imported = [stream.rpartition("-")[0] for stream in streams if stream.startswith("project/B")]
            assert {imported.count(name) for name in imported} <= {30}
            view = View(2024, date(2024, 12, 31), verdict.size, shipped("kaihua-2024"))
            found = readmodels.scores(ledger, store_url, view)
            assert found is not None
            assert found[0] == score_json(evaluate(ledger, view))
    assert len(acknowledged) > KILLS
