"""A write-protected copy gives every result and verification, and nothing is written beside it."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.recorders.sqlite_source import log_beside
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.compatibility.test_v0_1_0 import FOLDER as FIRST_VERSION
from tests.given import REPORTED, unit
from tests.ledgers import CLERK, LATER

REPOSITORY: Final = Path(__file__).parents[2]
PRINTING: Final = (
    ("score", "--year", "2024"),
    ("board", "2024-05"),
    ("targets", "--as-of", "2024-12-31"),
    ("deadlines",),
    ("sheets", "list"),
    ("project", "list"),
    ("rulebook", "list"),
    ("audit", "publications"),
    ("projections", "status"),
    ("status",),
)
"""Reading commands that print alone."""
_RUN_ALL: Final = """
import json, sys
from commands.cli.main import run
answers = [run(["--db", sys.argv[1], *command]) for command in json.loads(sys.argv[2])]
print("\\n" + json.dumps(answers))
"""

# Root may write what is write-protected, unless it has laid down this right.
WITHOUT_ROOTS_RIGHTS: Final = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


def _mounted_read_only(folder: Path) -> tuple[str, ...]:
    mount = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
    return ("unshare", "-m", "sh", "-c", f'{mount} && exec "$@"', "sh")


def works(*command: str) -> bool:
    try:
        finished = subprocess.run([*command, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return finished.returncode == 0


@pytest.fixture(params=["as an auditor", "on read-only media"])
def protection(request: pytest.FixtureRequest) -> str:
    """How a copy is kept from being written."""
    how: str = request.param
    return how


def _protected_by(protection: str, path: Path) -> tuple[str, ...]:
    """Protect a copy, and return what runs a command that can't write it."""
    prefix: tuple[str, ...] = ()
    if protection == "on read-only media":
        prefix = _mounted_read_only(path.parent)
    else:
        path.chmod(0o444)
        path.parent.chmod(0o555)
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        prefix = WITHOUT_ROOTS_RIGHTS if is_root else ()
    if prefix and not works(*prefix):
        pytest.skip(f"{prefix[0]} cannot be used here")
    return prefix


@pytest.fixture
def copy() -> Iterator[Path]:
    """Where a copy lies, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="copy-"))
    yield folder / "ledger.db"
    folder.chmod(0o755)
    for file in folder.iterdir():
        # Windows removes no file that is read-only.
        file.chmod(0o644)
    shutil.rmtree(folder)


def contents(path: Path) -> dict[str, str]:
    return {
        file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(path.parent.iterdir())
    }


def answers(protection: str, path: Path, *commands: tuple[str, ...]) -> tuple[list[int], str, str]:
    """The exit code of each command, and all that was printed."""
    prefix = _protected_by(protection, path)
    arguments = [sys.executable, "-c", _RUN_ALL, str(path), json.dumps(commands)]
    finished = subprocess.run(
        [*prefix, *arguments],
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONDONTWRITEBYTECODE": "1",
            # `run` leaves the streams as they are, which `main` prepares.
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    codes: list[int] = json.loads(finished.stdout.splitlines()[-1])
    return codes, finished.stdout, finished.stderr


def first_version(path: Path) -> None:
    path.write_bytes(gzip.decompress((FIRST_VERSION / "ledger.db.gz").read_bytes()))


def copied_while_recording(folder: Path, path: Path, *, with_log: bool) -> None:
    """A copy of a store whose last event stands in the log, taken without closing it."""
    url = f"sqlite:///{folder / 'live.db'}"
    with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
        for record in REPORTED:
            ledger.record(read_record(record), CLERK)
    with Ledger.open(url, clock=lambda: LATER) as ledger:
        ledger.record(read_record(unit("最后镇")), CLERK)
        shutil.copy(folder / "live.db", path)
        if with_log:
            shutil.copy(log_beside(folder / "live.db"), log_beside(path))


def test_every_reading_command_reads_a_copy_of_the_first_version(
    copy: Path, protection: str, tmp_path: Path
) -> None:
    first_version(copy)
    before = contents(copy)
    writing = (
        ("audit", "bundle", str(tmp_path / "b.zip")),
        ("audit", "verify", "--witness", str(FIRST_VERSION / "witness.txt")),
    )
    codes, out, err = answers(protection, copy, *PRINTING, *writing)
    assert codes == [0] * len(codes), out + err
    assert "VERIFIED" in out
    assert contents(copy) == before


def test_late_events_are_read_from_the_log_beside(
    copy: Path, protection: str, tmp_path: Path
) -> None:
    copied_while_recording(tmp_path, copy, with_log=True)
    before = contents(copy)
    codes, out, err = answers(protection, copy, ("audit", "verify"), ("status",))
    assert "events: 5" in out, err
    assert "lies alone" not in err
    assert codes[1] == 0
    assert contents(copy) == before


def test_a_lone_file_is_said_to_be_perhaps_incomplete(
    copy: Path, protection: str, tmp_path: Path
) -> None:
    copied_while_recording(tmp_path, copy, with_log=False)
    _codes, out, err = answers(protection, copy, ("audit", "verify"))
    assert "events: 4" in out
    assert "lies alone" in err


@pytest.mark.parametrize("with_log", [False, True])
def test_nothing_is_recorded_in_a_write_protected_copy(
    copy: Path, protection: str, tmp_path: Path, *, with_log: bool
) -> None:
    copied_while_recording(tmp_path, copy, with_log=with_log)
    before = contents(copy)
    record = (
        "record",
        "UnitRegistered",
        "--unit",
        "新镇",
        "--occurred-on",
        "2024-01-02",
        "--sequence",
        "乡镇",
        "--category",
        "township",
    )
    codes, _out, err = answers(protection, copy, record, ("projections", "rebuild"))
    assert 0 not in codes
    assert "cannot be written" in err
    assert "Traceback" not in err
    assert contents(copy) == before


def test_reading_a_store_never_changes_its_journal_mode(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    first_version(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    before = contents(path)
    with Ledger.open(f"sqlite:///{path}") as ledger:
        assert ledger.head().position > 0
    assert contents(path) == before
    with Ledger.open(f"sqlite:///{path}") as ledger:
        ledger.record(read_record(unit("新镇")), CLERK)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_store_that_changes_while_it_is_read_unlocked_is_not_read_on(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_version(copy)
    monkeypatch.setattr(os, "access", lambda _path, mode: mode == os.R_OK)
    with Ledger.open(f"sqlite:///{copy}") as reader:
        assert reader.head().position > 0
        with closing(sqlite3.connect(copy)) as writer, writer:
            writer.execute("CREATE TABLE another (x)")
        with pytest.raises(StoreError, match="changed while it was read"):
            reader.head()
