"""A backup is whole, never takes another file's place, and says which evidence it lacks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Final, Self

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_keeping import cli_name, record, root_of
from tests.commands.conftest import Cli
from tests.given import REPORTED, of, reported, unit
from tests.ledgers import CLERK, fill
from tests.platforms import not_on_windows
from tests.soak import either
from tests.trust.test_read_only_copies import WITHOUT_ROOTS_RIGHTS, works

ROOT: Final = Path(__file__).parents[3]
WRITERS: Final = 4
SECONDS: Final = either(1.5, 60)
"""For how long clerks record while backups are written."""


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence and notes of this test's stores alone."""
    monkeypatch.setenv("LIFECYCLE_EVIDENCE", str(tmp_path / "evidence"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Where a store is restored to."""
    return Cli(f"sqlite:///{tmp_path / 'other.db'}", capsys)


def kept_scans(cli: Cli, folder: Path, count: int) -> list[Path]:
    """Record reviews with a file each, and return where the files are kept."""
    store = EvidenceStore(folder / "evidence")
    paths: list[Path] = []
    for number in range(count):
        scan = folder / f"scan{number}.pdf"
        scan.write_bytes(b"%PDF-1.7" + bytes([number]))
        assert record(cli, f"第{number}次", "--evidence", scan).code == 0
        paths.append(store.path_of(store.add(scan)))
    return paths


# Beside recording ---------------------------------------------------------------------------------


class Clerks:
    """Some writers, each with a connection of its own, until they are stopped."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self.acknowledged: list[int] = []
        self._threads = [
            threading.Thread(target=self._record, args=(number,)) for number in range(WRITERS)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _record(self, number: int) -> None:
        with Ledger.open(self._url) as ledger:
            count = 0
            while not self._stop.is_set():
                count += 1
                review = of("ReviewHeld", "2024-03-20", "P", findings=f"{number}-{count}")
                entry = ledger.record(read_record(review), CLERK)
                self.acknowledged.append(entry.position)


def test_nothing_acknowledged_before_a_backup_begins_is_missing_from_it(
    cli: Cli, other: Cli, tmp_path: Path
) -> None:
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [reported(f"Q{number}") for number in range(500)], keep=False)
    backups: list[tuple[Path, int]] = []
    until = time.monotonic() + SECONDS
    with Clerks(cli.url) as clerks:
        while not backups or time.monotonic() < until:
            before = max(clerks.acknowledged, default=0)
            file = tmp_path / f"b{len(backups)}.zip"
            answer = cli("backup", file)
            assert answer.code == 0, answer.err
            backups.append((file, before))
    assert len(clerks.acknowledged) > WRITERS
    for file, before in backups:
        with zipfile.ZipFile(file) as archive:
            assert json.loads(archive.read("backup.json"))["events"] >= before
    last, _before = backups[-1]
    assert other("restore", last).code == 0
    assert json.loads(other("audit", "verify", "--format", "json").out)["verdict"] != "DIFFERS"
    with Ledger.open(other.url) as restored, Ledger.open(cli.url) as original:
        size = restored.head().position
        assert restored.leaves(1, size) == original.leaves(1, size)


# Evidence -----------------------------------------------------------------------------------------


def test_nothing_is_restored_beside_the_log_of_a_store_that_was_moved(
    other: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'small.db'}"
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, [unit()], keep=False)
        assert Cli(url, capsys)("backup", tmp_path / "b.zip").code == 0
        fill(ledger, [unit("乙镇")], keep=False)
        shutil.copyfile(tmp_path / "small.db-wal", tmp_path / "other.db-wal")
    answer = other("restore", tmp_path / "b.zip")
    assert (answer.code, "other.db-wal is left of a store" in answer.err) == (3, True)
    (tmp_path / "other.db-wal").unlink()
    assert other("restore", tmp_path / "b.zip").code == 0
    with Ledger.open(other.url) as restored:
        assert restored.head().position == 1


@pytest.mark.parametrize("harm", ["altered", "gone", "a folder"])
def test_evidence_that_cannot_be_backed_up_is_named_and_the_rest_is_there(
    cli: Cli, other: Cli, tmp_path: Path, harm: str
) -> None:
    sound, harmed = kept_scans(cli, tmp_path, 2)
    content = sound.read_bytes()
    harmed.unlink()
    if harm == "altered":
        harmed.write_bytes(b"another contract")
    elif harm == "a folder":
        harmed.mkdir()
    file = tmp_path / "b.zip"
    answer = cli("backup", file)
    assert answer.code == 1
    assert str(harmed) in answer.err
    assert "1 evidence files" in answer.out
    assert json.loads(cli("status", "--format", "json").out)["last_backup"]

    sound.unlink()
    restored = other("restore", file)
    assert (restored.code, "without 1 evidence files" in restored.err) == (0, True)
    assert sound.read_bytes() == content


@not_on_windows("POSIX permissions")
def test_evidence_that_may_not_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(f"sqlite:///{tmp_path / 'own.db'}", capsys)
    with Ledger.open(cli.url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
    _sound, harmed = kept_scans(cli, tmp_path, 2)
    harmed.chmod(0)
    prefix = WITHOUT_ROOTS_RIGHTS if os.geteuid() == 0 else ()
    if prefix and not works(*prefix):
        pytest.skip(f"{prefix[0]} cannot be used here")
    command = [*prefix, sys.executable, "-m", "commands", "--db", cli.url, "backup", "b.zip"]
    finished = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, str(harmed) in finished.stderr) == (1, True), finished.stderr
    assert "cannot be read" in finished.stderr


def test_a_copy_names_the_evidence_that_it_lacks(cli: Cli, other: Cli, tmp_path: Path) -> None:
    sound, gone = kept_scans(cli, tmp_path, 2)
    gone.unlink()
    environment = pytest.MonkeyPatch()
    environment.delenv("LIFECYCLE_EVIDENCE")
    environment.setenv("XDG_DATA_HOME", str(tmp_path))
    try:
        # Beside the copy, which is a file: the source's folder is named in the environment no more.
        folder = tmp_path / "other.evidence"
        answer = other("status")
        assert answer.code == 3
        if cli.url.startswith("postgresql"):
            (tmp_path / "lifecycle").mkdir()
            (tmp_path / "evidence").rename(tmp_path / "lifecycle" / "evidence")
        else:
            (tmp_path / "evidence").rename(tmp_path / "store.evidence")
        moved = cli("copy", "--to", other.url)
        assert (moved.code, gone.name in moved.err) == (1, True)
        assert EvidenceStore(folder).state_of(sound.name) == "sound"
    finally:
        environment.undo()


# Files --------------------------------------------------------------------------------------------


def test_no_file_is_ever_replaced_by_a_backup(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    assert cli("backup", file).code == 0
    before = file.read_bytes()
    store = tmp_path / "store.db"
    for path in (file, store) if store.exists() else (file,):
        answer = cli("backup", path)
        assert (answer.code, "already exists" in answer.err) == (1, True)
    assert file.read_bytes() == before
    assert cli("audit", "verify", "--format", "json").code in (0, 1)


def test_a_backup_into_a_missing_folder_says_so(cli: Cli, tmp_path: Path) -> None:
    answer = cli("backup", tmp_path / "missing" / "b.zip")
    assert (answer.code, "missing" in answer.err) == (3, True)


def test_rotation_leaves_what_somebody_named_alike(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    own = f"lifecycle-{cli_name(cli)}"
    for name in (f"{own}-年终.zip", f"{own}-20240101-120000.zip", f"{own}-20240101-keep.zip"):
        (folder / name).write_bytes(b"older")
    assert cli("backup", folder, "--keep", 1).code == 0
    left = {path.name for path in folder.iterdir()}
    assert {f"{own}-年终.zip", f"{own}-20240101-keep.zip"} < left
    assert len(left) == 3


@pytest.mark.parametrize("is_file", [False, True])
def test_old_backups_are_deleted_in_a_folder_alone(
    cli: Cli, tmp_path: Path, *, is_file: bool
) -> None:
    target = tmp_path / "备份"
    if is_file:
        target.write_bytes(b"")
    before = sorted(tmp_path.iterdir())

    answer = cli("backup", target, "--keep", 30)

    assert (answer.code, "is not a folder" in answer.err) == (3, True)
    assert sorted(tmp_path.iterdir()) == before


def test_whatever_octet_of_a_backup_changes_is_said_in_a_sentence(
    other: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'small.db'}"
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, [unit()], keep=False)
    file = tmp_path / "b.zip"
    assert Cli(url, capsys)("backup", file).code == 0
    whole = file.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // either(40, 2_000))):
        damaged = tmp_path / "damaged.zip"
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        answer = other("restore", damaged)
        assert "internal error" not in answer.err
        assert answer.code in (0, 3), answer.err
        if answer.code == 0:  # an octet that nothing depends on, as in a member's time
            assert root_of(other.url) == root_of(url)
            (tmp_path / "other.db").unlink()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert other("restore", cut).code == 3
