"""A store is backed up while clerks record, restored, compared, and moved between databases."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from commands.cli.main import run
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Answer, Cli


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence and notes of this test's stores alone."""
    monkeypatch.setenv("LIFECYCLE_EVIDENCE", str(tmp_path / "evidence"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Where a store is restored or copied to."""
    return Cli(f"sqlite:///{tmp_path / 'other.db'}", capsys)


def record(cli: Cli, findings: str, *options: object) -> Answer:
    return cli(
        "record",
        "ReviewHeld",
        "--project",
        "P",
        "--occurred-on",
        "2024-03-20",
        "--findings",
        findings,
        *options,
    )


def root_of(url: str) -> bytes:
    with Ledger.open(url) as ledger:
        return ledger.tree().root()


def test_a_backup_holds_the_whole_store_and_its_evidence(
    cli: Cli, other: Cli, tmp_path: Path
) -> None:
    scan = tmp_path / "扫描件.pdf"
    scan.write_bytes(b"%PDF-1.7")
    assert record(cli, "正常", "--evidence", scan).code == 0
    file = tmp_path / "backup.zip"
    answer = cli("backup", file)
    assert answer.code == 0, answer.err
    assert "1 evidence files" in answer.out
    assert json.loads(cli("status", "--format", "json").out)["last_backup"]
    before = root_of(cli.url)
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    EvidenceStore(tmp_path / "evidence").path_of(sha256).unlink()
    assert other("restore", file).code == 0
    assert root_of(other.url) == before
    verified = json.loads(other("audit", "verify", "--format", "json").out)
    assert verified["verdict"] != "DIFFERS"
    assert verified["checked"]["evidence"] == 1


def test_a_restored_store_takes_no_events_until_it_was_compared(
    cli: Cli, other: Cli, tmp_path: Path
) -> None:
    file, receipt = tmp_path / "backup.zip", tmp_path / "receipt.json"
    assert record(cli, "一季度正常", "--receipt", receipt).code == 0
    cli("backup", file)
    other("restore", file)
    rejected = record(other, "二季度正常")
    assert (rejected.code, "restore --continue" in rejected.err) == (3, True)
    assert other("restore", "--continue").code == 1  # nothing was given to compare with
    compared = other("restore", "--continue", "--receipt", receipt)
    assert (compared.code, compared.err) == (0, "")
    assert record(other, "二季度正常").code == 0
    assert other("restore", "--continue", "--receipt", receipt).code == 1


def test_events_after_the_backup_are_missed_by_a_receipt(
    cli: Cli, other: Cli, tmp_path: Path
) -> None:
    file, receipt = tmp_path / "backup.zip", tmp_path / "receipt.json"
    cli("backup", file)
    assert record(cli, "备份之后", "--receipt", receipt).code == 0
    other("restore", file)
    missed = other("restore", "--continue", "--receipt", receipt)
    assert (missed.code, "events_lost" in missed.err) == (1, True)
    accepted = other("restore", "--continue", "--receipt", receipt, "--reason", "硬盘损坏")
    assert accepted.code == 0
    assert "the last 1 events are missing" in accepted.out


def test_another_history_is_never_continued(
    cli: Cli, other: Cli, bare: Cli, tmp_path: Path
) -> None:
    """A receipt of the same length from a ledger that went on differently."""
    file, receipt = tmp_path / "backup.zip", tmp_path / "receipt.json"
    cli("backup", file)
    bare("restore", file)
    bare("restore", "--continue", "--reason", "试验")
    assert record(bare, "甲", "--receipt", receipt).code == 0
    assert record(cli, "乙").code == 0
    later = tmp_path / "later.zip"
    cli("backup", later)
    other("restore", later)
    answer = other("restore", "--continue", "--receipt", receipt, "--reason", "无")
    assert answer.code == 1
    assert record(other, "丙").code == 3


def test_what_exists_is_never_replaced(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    cli("backup", file)
    events = cli.events
    assert cli("restore", file).code == 1
    assert cli.events == events


@pytest.mark.parametrize("member", ["ledger.db", "backup.json"])
def test_a_damaged_backup_is_said_and_nothing_is_made(
    cli: Cli, other: Cli, tmp_path: Path, member: str
) -> None:
    file, damaged = tmp_path / "backup.zip", tmp_path / "damaged.zip"
    cli("backup", file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(damaged, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content[:-9] if name == member else content)
    assert other("restore", damaged).code == 3
    assert not (tmp_path / "other.db").exists()
    not_a_zip = tmp_path / "notes.zip"
    not_a_zip.write_text("no backup")
    assert other("restore", not_a_zip).code == 3


def test_a_folder_keeps_the_newest_backups(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "other.zip").write_bytes(b"not ours")
    old = [folder / f"lifecycle-{cli_name(cli)}-2024010{day}-120000.zip" for day in (1, 2, 3)]
    for file in old:
        file.write_bytes(b"older")
    assert cli("backup", folder, "--keep", 2).code == 0
    left = sorted(path.name for path in folder.iterdir())
    assert "other.zip" in left
    assert old[2].name in left
    assert len(left) == 3


def cli_name(cli: Cli) -> str:
    with Ledger.open(cli.url) as ledger:
        return ledger.head().origin.rpartition("/")[2][:8]


def test_a_copy_is_the_same_store_and_the_first_takes_no_more_events(
    cli: Cli, other: Cli, tmp_path: Path
) -> None:
    receipt = tmp_path / "receipt.json"
    assert record(cli, "正常", "--receipt", receipt).code == 0
    before = root_of(cli.url)
    copied = cli("copy", "--to", other.url)
    assert copied.code == 0, copied.err
    assert root_of(other.url) == before
    verified = other("audit", "verify", "--receipt", receipt, "--format", "json")
    assert json.loads(verified.out)["verdict"] != "DIFFERS"
    assert record(other, "在新库").code == 0
    closed = record(cli, "在旧库")
    assert (closed.code, "other.db" in closed.err) == (3, True)
    assert cli("copy", "--to", other.url).code == 1  # it is there, complete


def test_a_store_may_be_copied_and_kept_open(cli: Cli, other: Cli) -> None:
    assert cli("copy", "--to", other.url, "--keep-open", "试运行").code == 0
    assert record(cli, "在旧库").code == 0


def test_usage_of_restore(cli: Cli, tmp_path: Path) -> None:
    assert cli("restore").code == 2
    file = tmp_path / "backup.zip"
    cli("backup", file)
    assert run(["--db", cli.url, "restore", str(file), "--continue"]) == 2
