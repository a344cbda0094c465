"""`status --check` on a machine that is not in order: disk, permissions, parts, clock."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import machine_clock
from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_environment import Checks, checks_of, failed
from tests.commands.cli.test_extras import lifecycle_without_extras
from tests.commands.conftest import Cli
from tests.given import REPORTED
from tests.ledgers import fill
from tests.platforms import not_on_windows

NOON: Final = datetime(2027, 3, 1, 12, tzinfo=SHANGHAI)
ROOT: Final = Path(__file__).parents[3]
# Root may write what is write-protected, unless it has laid down this right.
WITHOUT_ROOTS_RIGHTS: Final = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, and notes, of this test's stores alone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A store in a folder whose name has a blank."""
    folder = tmp_path / "招商 办"
    folder.mkdir()
    return filled(folder, capsys)


def filled(folder: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    cli = Cli(f"sqlite:///{folder / 'l.db'}", capsys)
    assert cli("init").code == 0
    with Ledger.open(cli.url) as ledger:
        fill(ledger, REPORTED, keep=False)
    return cli


# Free space ---------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_full_is_not_in_order(
    small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = filled(small_disk, capsys)
    with (
        (small_disk / "ballast").open("wb", buffering=0) as ballast,
        pytest.raises(OSError, match="28"),
    ):
        while True:
            ballast.write(b"0" * 4096)

    checks = checks_of(cli, code=1)

    assert failed(checks) == {"store", "disk"}
    assert "is full: nothing was recorded" in checks["store"]["finding"]
    assert checks["disk"]["finding"] == f"0 MiB free at {small_disk}"
    assert checks["disk"]["advice"] == "make room: nothing can be recorded"
    rejected = cli("record", "ActivityHeld", "--unit", REPORTED[0]["unit"], "--activity", "会")
    assert rejected.code != 0


class DiskSpace(NamedTuple):
    """What `shutil.disk_usage` answers."""

    total: int
    used: int
    free: int


def test_a_disk_without_room_for_a_backup_is_to_be_noted(
    office: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Path(office.url.removeprefix("sqlite:///"))
    with store.open("r+b") as file:
        # Beyond its pages, which SQLite ignores.
        file.truncate(100 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: DiskSpace(2**40, 2**39, 250 * 2**20))

    disk = checks_of(office)["disk"]

    assert disk["state"] == "warn"
    assert disk["advice"] == "a backup needs up to 300 MiB: make room, or back up to another disk"


# Permissions --------------------------------------------------------------------------------------


@not_on_windows("POSIX permissions")
def test_a_folder_that_others_can_change_is_named_with_a_line_to_paste(office: Cli) -> None:
    folder = Path(office.url.removeprefix("sqlite:///")).parent
    folder.chmod(0o777)

    permissions = checks_of(office, code=1)["permissions"]

    assert permissions["finding"] == f"every account of this machine can change {folder}"
    line = permissions["advice"].removeprefix("run ")
    assert subprocess.run(["sh", "-c", line], check=True).returncode == 0
    assert checks_of(office)["permissions"]["state"] == "ok"


@not_on_windows("POSIX permissions")
def test_evidence_that_others_can_read_is_to_be_noted(office: Cli) -> None:
    evidence = Path(office.url.removeprefix("sqlite:///")).with_name("l.evidence")
    evidence.mkdir(exist_ok=True)
    evidence.chmod(0o755)

    permissions = checks_of(office)["permissions"]

    assert permissions["state"] == "warn"
    assert (
        subprocess.run(
            ["sh", "-c", permissions["advice"].removeprefix("run ")], check=True
        ).returncode
        == 0
    )
    assert checks_of(office)["permissions"]["state"] == "ok"


def read_only_mount(folder: Path) -> tuple[str, ...]:
    """What runs a command to which a folder is on a write-protected medium."""
    mount = f"mount --bind '{folder}' '{folder}' && mount -o remount,ro,bind '{folder}'"
    return ("unshare", "-m", "sh", "-c", f'{mount} && exec "$@"', "sh")


@not_on_windows("POSIX permissions and mounts")
@pytest.mark.parametrize("protection", ["a folder's permissions", "a medium"])
def test_a_store_that_cannot_be_written_can_be_read_and_says_so(
    office: Cli, protection: str
) -> None:
    path = Path(office.url.removeprefix("sqlite:///"))
    prefix = read_only_mount(path.parent)
    if protection != "a medium":
        path.chmod(0o444)
        path.parent.chmod(0o555)
        prefix = WITHOUT_ROOTS_RIGHTS if os.geteuid() == 0 else ()
    if prefix and subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip(f"{prefix[0]} cannot be used here")

    checking = ("-m", "commands", "--db", office.url, "status", "--check", "--format", "json")
    finished = subprocess.run(
        [*prefix, sys.executable, *checking],
        capture_output=True,
        check=False,
        text=True,
        cwd=ROOT,
        env={**os.environ, "LIFECYCLE_LANG": "en"},
    )
    path.parent.chmod(0o755)

    assert "write-protected" in finished.stderr
    assert "Traceback" not in finished.stderr
    checks: Checks = {row["check"]: row for row in json.loads(finished.stdout)}
    assert checks["recording"]["state"] == "warn"
    assert "write-protected: it can only be read" in checks["recording"]["finding"]
    assert checks["store"]["state"] == "ok"


# Optional parts -----------------------------------------------------------------------------------


def test_missing_parts_are_named_with_the_line_that_installs_them(office: Cli) -> None:
    answer = lifecycle_without_extras("--db", office.url, "status", "--check", "--format", "json")

    extras = {row["check"]: row for row in json.loads(answer.stdout)}["extras"]
    assert extras["state"] == "warn"
    assert extras["finding"] == "not installed: notices, postgres, reports, web"
    assert extras["advice"].endswith('pip install "lifecycle[notices,postgres,reports,web]"')


# Clock --------------------------------------------------------------------------------------------


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the machine's clock."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(machine_clock, "machine_time", lambda: moment)

    return set_to


@pytest.mark.parametrize(
    ("away", "state", "finding"),
    [
        (timedelta(days=-9000), "fail", "before this version was released"),
        (timedelta(days=40), "fail", "40 days after the last event was recorded"),
        (timedelta(hours=-3), "warn", "lies after the clock"),
        (timedelta(days=3), "ok", "2027-03-04 12:00:00+08:00"),
    ],
)
def test_a_clock_that_is_off_is_noticed(
    bare: Cli,
    set_clock: Callable[[datetime], None],
    away: timedelta,
    state: str,
    finding: str,
) -> None:
    set_clock(NOON)
    assert bare("init").code == 0
    with Ledger.open(bare.url) as ledger:
        fill(ledger, REPORTED, keep=False)
    set_clock(NOON + away)

    clock = checks_of(bare, code=int(state == "fail"))["clock"]

    assert clock["state"] == state
    assert finding in clock["finding"]
