"""Full disks and read-only folders: one clear error, and everything acknowledged is stored."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import StoreError
from tests.given import UNITS, unit
from tests.ledgers import fill
from tests.platforms import not_on_windows

ROOT = Path(__file__).parents[2]
CLERK = Author("clerk-01")
pytestmark = not_on_windows("small disks are mounted, and accounts changed, as POSIX systems do")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 kB."""
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    ).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_fills_up_event_by_event_keeps_what_it_acknowledged(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk / 'l.db'}"
    acknowledged: list[str] = []
    with Ledger.open(url, create=True) as ledger, pytest.raises(StoreError, match="full"):
        while len(acknowledged) < 4_000:
            acknowledged.append(
                ledger.record(
                    read_record(unit(f"镇{len(acknowledged)}", note="长" * 500)), CLERK
                ).leaf
            )
    _all_there(url, acknowledged)
    assert len(acknowledged) > 10


def test_a_disk_that_fills_up_during_an_import_stores_none_of_it(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        acknowledged = [entry.leaf for entry in fill(ledger, UNITS, keep=False)]
        with pytest.raises(StoreError, match="full"), ledger.unit_of_work(CLERK) as work:
            for number in range(4_000):
                work.record(read_record(unit(f"镇{number}", note="长" * 500)))
                if work.pending_count == 50:
                    work.flush()
    _all_there(url, acknowledged)


def _all_there(url: str, acknowledged: list[str]) -> None:
    with Ledger.open(url) as ledger:
        assert ledger.head().position == len(acknowledged)
        assert [leaf.hex() for leaf in ledger.leaves(1, len(acknowledged))] == acknowledged
        assert verify(ledger).differences == []


def test_recording_resumes_once_the_disk_has_room(small_disk: Path) -> None:
    ballast, url = small_disk / "ballast", f"sqlite:///{small_disk / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, UNITS, keep=False)
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(b"0" * 4096)
        with pytest.raises(StoreError, match="full"):
            ledger.record(read_record(unit("新镇", note="长" * 4000)), CLERK)
        ballast.unlink()
        assert (
            ledger.record(read_record(unit("新镇", note="长" * 4000)), CLERK).position
            == len(UNITS) + 1
        )


_STRANGER = """
import os, sys
from lifecycle.deciding.drafts import read_record
from lifecycle.rejections import StoreError
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    with Ledger.open(sys.argv[1], create=sys.argv[2] == "create") as ledger:
        print(ledger.head().position)
        unit = {
            "event": "UnitRegistered",
            "unit": "新镇",
            "occurred_on": "2024-01-01",
            "sequence": "x",
            "category": "township",
        }
        ledger.record(read_record(unit), Author("x"))
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "how"),
    [
        (0o755, 0o644, "open"),
        (0o555, 0o444, "open"),
        (0o700, 0o600, "open"),
        (0o777, 0o600, "open"),
        (0o555, 0o444, "create"),
    ],
)
def test_another_user_is_pointed_to_the_permissions(
    folder_mode: int,
    file_mode: int,
    how: str,
) -> None:
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        folder = Path(above) / "closed"
        folder.mkdir()
        path = folder / ("new.db" if how == "create" else "l.db")
        with Ledger.open(f"sqlite:///{folder / 'l.db'}", create=True) as ledger:
            fill(ledger, UNITS, keep=False)
        for file in folder.iterdir():
            file.chmod(file_mode)
        folder.chmod(folder_mode)
        arguments = [sys.executable, "-c", _STRANGER, f"sqlite:///{path}", how]
        process = subprocess.run(
            arguments,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=False,
        )
        folder.chmod(0o755)
        answers = process.stdout.strip().splitlines()
        assert process.returncode == 0, process.stderr
        assert "permission" in answers[-1] or "there is no store" in answers[-1], answers
        assert str(path) in answers[-1]
        with Ledger.open(f"sqlite:///{folder / 'l.db'}") as ledger:
            assert ledger.head().position == len(UNITS)
