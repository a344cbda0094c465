"""A clerk's work under a Windows Python; its results equal those on Linux."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import pytest

from commands.cli.main import COMMANDS
from tests.commands.conftest import process
from tests.windows.conftest import ROOT, Windows

AXES = ("--year", "2024", "--as-of", "2024-06-30")
QUESTIONS = {
    "score": ("score", *AXES),
    "explain": ("explain", "华埠镇", *AXES),
    "deadlines": ("deadlines", "--as-of", "2024-06-30"),
    "sheets list": ("sheets", "list", "--as-of", "2024-06-30"),
    "sheets due": ("sheets", "due", "--as-of", "2024-06-30"),
    "targets": ("targets", *AXES),
    "incentives": ("incentives", *AXES),
    "board": ("board", "2024-05"),
    "project list": ("project", "list", "--as-of", "2024-06-30"),
}
DOCUMENTS = {
    "month": ("report", "month", "2024-05", "--dated", "2024-06-05", "--to", "."),
    "quarter": ("report", "quarter", "2024-Q2", "--dated", "2024-07-05", "--to", "."),
    "ledger": ("report", "ledger", "--as-of", "2024-06-30", "ledger.xlsx"),
    "page": ("report", "html", *AXES, "county.html"),
    "template": ("template", "template.xlsx"),
}


@pytest.fixture(scope="module")
def county(windows: Windows) -> Windows:
    """The demo county, created under Windows."""
    answer = windows.lifecycle("demo", ".")
    assert answer.code == 0, answer.err
    return windows


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_its_help(windows: Windows, name: str) -> None:
    answer = windows.lifecycle(name, "--help")

    assert answer.code == 0, answer.err
    assert "Usage" in answer.out or "用法" in answer.out


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_result_equals_the_one_computed_on_linux(county: Windows, name: str) -> None:
    theirs = county.lifecycle(*QUESTIONS[name], "--format", "json")
    ours = process(
        *("--db", county.url_here, *QUESTIONS[name], "--format", "json"), LIFECYCLE_LANG="zh_CN"
    )

    assert theirs.code == ours.code == 0, theirs.err + ours.err
    assert theirs.json == ours.json


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_equal_those_written_on_linux(
    county: Windows, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(county.home.iterdir())
    theirs = county.lifecycle(*DOCUMENTS[name])
    monkeypatch.chdir(tmp_path)
    ours = process("--db", county.url_here, *DOCUMENTS[name], LIFECYCLE_LANG="zh_CN")

    assert theirs.code == ours.code == 0, theirs.err + ours.err
    digests = {path.name: digest(path) for path in set(county.home.iterdir()) - before}
    assert digests == {path.name: digest(path) for path in tmp_path.iterdir()}


def test_a_bundle_and_a_certificate_verify_under_windows(county: Windows) -> None:
    for arguments in (
        ("audit", "key", "--new"),
        ("audit", "checkpoint", "--witness", "见证.txt"),
        ("publish", "scores", *AXES),
        ("audit", "bundle", "全部.zip"),
        ("audit", "certificate", "华埠镇", "证明.json", *AXES),
        ("audit", "verify", "--witness", "见证.txt"),
    ):
        answer = county.lifecycle(*arguments)
        assert answer.code == 0, answer.out + answer.err

    verifier = ROOT / "projections" / "audit" / "verifier" / "verify_bundle.py"
    program = county.home / "verify_bundle.py"
    program.write_bytes(verifier.read_bytes())
    for file in ("全部.zip", "证明.json"):
        answer = county.python("-I", program.name, file)
        assert answer.out.splitlines()[-1].startswith("CONSISTENT"), answer.out + answer.err


def test_the_windows_account_is_the_recorder(county: Windows) -> None:
    receipt = county.home / "回执.json"
    answer = county.lifecycle(
        *("record", "获评能手", "--unit", "华埠镇", "--title", "招商能手", "--person", "程一"),
        *("--occurred-on", "2024-12-30", "--receipt", receipt.name),
    )
    assert answer.code == 0, answer.err

    assert county.lifecycle("audit", "receipt", receipt.name).code == 0
    history = process("--db", county.url_here, "audit", "verify")
    assert history.code == 0, history.out


def test_two_processes_record_at_once(county: Windows) -> None:
    before = events(county)
    processes = [
        county.start(
            *("-m", "commands", "--db", county.url, "record", "活动组织", "--unit", unit),
            *("--activity", f"{unit}第{number}次", "--led-by-head", "是"),
            *("--occurred-on", "2024-12-30"),
        )
        for unit in ("华埠镇", "马金镇")
        for number in range(3)
    ]
    for running in processes:
        _, err = running.communicate(b"", timeout=300)
        assert running.returncode == 0, err.decode("utf-8", errors="replace")

    assert events(county) == before + len(processes)
    assert county.lifecycle("audit", "verify").code == 0


def test_a_kill_in_the_middle_of_an_import_leaves_all_or_nothing(county: Windows) -> None:
    url = county.url.replace("ledger.db", "killed.db")
    assert county.python("-m", "commands", "--db", url, "init").code == 0
    records = county.home / "ledger.jsonl"
    importing = ("-m", "commands", "--db", url, "import", records.name, "--keep-recorded-at")
    for seconds in (4.0, 4.5, 5.0):
        running = county.start(*importing)
        time.sleep(seconds)
        running.kill()
        running.communicate()
        status = county.python("-m", "commands", "--db", url, "status", "--format", "json")
        assert json.loads(status.out)["events"] in (0, len(records.read_bytes().splitlines()))

    assert county.python(*importing).code == 0
    assert county.python("-m", "commands", "--db", url, "audit", "verify").code == 0


def events(county: Windows) -> int:
    count: int = process("--db", county.url_here, "status", "--format", "json").json["events"]
    return count


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
