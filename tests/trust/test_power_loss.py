"""Power fails at some write: no acknowledged event is lost, no import is partial, trees verify.

The crashes are spread over all writes of a session: one at every few writes in `make test`, at
least 150 in `make soak`.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from random import Random

import pytest

from commands.handlers.publishing import publish_scores
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import create_signer, sign_checkpoint
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import LedgerError
from lifecycle.rulebook import shipped
from projections import readmodels
from projections.scoring.result_view import View
from projections.views.requested_axes import RequestedAxes
from tests.given import REPORTED, TOWN, correction, of, reported
from tests.ledgers import CLERK, fill
from tests.platforms import not_on_windows
from tests.soak import either
from tests.table_scores import history_scores, table_scores
from tests.trust.power import Disk, running_on

pytestmark = not_on_windows(
    "SQLite reads a simulated disk through its POSIX layer; tests/windows kills an import instead"
)

CRASHES = either(16, 240)
DAY = date(2024, 12, 31)


def session(
    url: str,
    key: SigningKey,
    acknowledged: list[LedgerEntry],
) -> None:
    """Record, import, correct, publish, sign, update query tables; note acknowledged events."""
    with Ledger.open(url) as ledger:
        acknowledged.extend(
            ledger.record(read_record(reported(f"A{number}")), CLERK) for number in range(4)
        )
        readmodels.catch_up(ledger, url)
        acknowledged += fill(
            ledger, [reported(f"B{number}", note="长" * 700) for number in range(40)], keep=False
        )
        readmodels.catch_up(ledger, url)
        acknowledged.append(
            ledger.record(read_record(correction(1, {"planned_investment": "5000"}, "A1")), CLERK)
        )
        acknowledged.append(
            ledger.record(
                read_record(of("ConsultationHeld", "2024-02-01", "A2", outcome="passed")), CLERK
            )
        )
        readmodels.rebuild(ledger, url)
        acknowledged.append(publish_scores(ledger, RequestedAxes(2024, DAY), CLERK))
        sign_checkpoint(ledger, key)
        acknowledged.append(
            ledger.record(
                read_record(
                    {
                        "event": "ActivityHeld",
                        "unit": TOWN,
                        "occurred_on": "2024-03-01",
                        "activity": "x",
                        "led_by_head": True,
                    }
                ),
                CLERK,
            )
        )
        readmodels.catch_up(ledger, url)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its query tables and its key."""
    folder = tmp_path_factory.mktemp("store")
    url = f"sqlite:///{folder / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        create_signer(ledger, folder / "key.pem")
        fill(ledger, REPORTED, keep=False)
        readmodels.catch_up(ledger, url)
    return folder


def run(
    store: Path,
    folder: Path,
    disk: Disk,
) -> list[LedgerEntry]:
    """Run the session on a copy of the store; return the events acknowledged before the crash."""
    shutil.copytree(store, folder / "before")
    with Ledger.open(f"sqlite:///{store / 'l.db'}") as ledger:
        key = SigningKey.load(ledger.head().origin, store / "key.pem")
    acknowledged: list[LedgerEntry] = []
    with running_on(disk), suppress(LedgerError, sqlite3.Error):
        session(f"sqlite:///{folder / 'before' / 'l.db'}", key, acknowledged)
    disk.unregister()
    return acknowledged


def left(
    store: Path,
    folder: Path,
    fails_at: int,
    chance: Random,
    *,
    lying: bool = False,
) -> tuple[Path, list[LedgerEntry]]:
    """Return what a crash at a change leaves, and the events acknowledged before it."""
    disk = Disk(fails_at, lying=lying)
    acknowledged = run(store, folder, disk)
    (folder / "after").mkdir()
    disk.left_in(folder / "after", chance)
    return folder / "after" / "l.db", acknowledged


def check_nothing_is_lost(path: Path, acknowledged: list[LedgerEntry]) -> None:
    """Check what must hold after any crash."""
    url = f"sqlite:///{path}"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with Ledger.open(url) as ledger:
        size = ledger.head().position
        assert size >= len(REPORTED) + len(acknowledged)
        for entry in acknowledged:
            assert ledger.leaves(entry.position, entry.position) == [bytes.fromhex(entry.leaf)]
        # The import of forty is stored whole or not at all.
        imported = max(0, min(size - len(REPORTED) - 4, 40))
        assert imported in (0, 40)
        assert verify(ledger).differences == []
        view = View(2024, DAY, size, shipped("kaihua-2024"))
        position = readmodels.tables_position(url)
        assert position is not None
        assert len(REPORTED) <= position <= size
        readmodels.catch_up(ledger, url)
        assert table_scores(url, view.year) == history_scores(ledger, view)
        caught_up = readmodels.digests(url)
        readmodels.rebuild(ledger, url)
        assert readmodels.digests(url) == caught_up
        ledger.record(read_record(reported("AFTER")), CLERK)


@pytest.fixture(scope="module")
def changes(store: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return how many changes the session makes on the disk."""
    disk = Disk()
    assert len(run(store, tmp_path_factory.mktemp("whole"), disk)) == 48
    return disk.changes


@pytest.mark.parametrize("number", range(CRASHES))
def test_nothing_acknowledged_is_lost(
    store: Path,
    tmp_path: Path,
    changes: int,
    number: int,
) -> None:
    fails_at = 1 + number * changes // CRASHES
    check_nothing_is_lost(*left(store, tmp_path, fails_at, Random(number)))


def test_a_disk_that_lies_about_syncing_is_detected(
    store: Path,
    tmp_path: Path,
    changes: int,
) -> None:
    """The harness itself can fail: the same checks reject a disk that skips its syncs."""
    lost = 0
    for number in range(12):
        folder = tmp_path / str(number)
        folder.mkdir()
        path, acknowledged = left(
            store,
            folder,
            changes * (number + 6) // 18,
            Random(number),
            lying=True,
        )
        lost += _fails(path, acknowledged)
    assert lost > 0


def _fails(path: Path, acknowledged: list[LedgerEntry]) -> bool:
    try:
        check_nothing_is_lost(path, acknowledged)
    except (AssertionError, LedgerError, sqlite3.Error):
        return True
    return False
