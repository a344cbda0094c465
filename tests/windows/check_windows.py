"""A clerk's work under a Windows Python; its results equal those on Linux."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands.cli.shared.command_table import COMMANDS
from tests.commands.conftest import Answer, process
from tests.windows.conftest import ROOT, Windows

AXES = ("--year", "2024", "--as-of", "2024-06-30")
DAY = ("--as-of", "2024-06-30")
QUESTIONS = (
    ("score", *AXES),
    ("score", "华埠镇", *AXES),
    ("explain", "华埠镇", *AXES),
    ("explain", "KH-2024-016", *AXES),
    ("deadlines", *DAY),
    ("sheets", "list", *DAY),
    ("sheets", "due", *DAY),
    ("sheets", "week", *DAY),
    ("targets", *AXES),
    ("incentives", *AXES),
    ("today", *DAY),
    ("board", "2024-05"),
    ("project", "list", *DAY),
    ("project", "show", "KH-2024-016", *DAY),
    ("project", "history", "KH-2024-016"),
    ("rulebook", "list"),
    ("rulebook", "check", "kaihua-2024"),
)
DOCUMENTS = (
    ("report", "month", "2024-05", "--dated", "2024-06-05", "--to", "."),
    ("report", "quarter", "2024-Q2", "--dated", "2024-07-05", "--to", "."),
    ("report", "year", "2024", "--dated", "2025-01-05", "--to", "."),
    ("report", "information", "KH-2024-016", "--dated", "2024-12-31", "--to", "."),
    ("report", "ledger", *DAY, "ledger.xlsx"),
    ("report", "agenda", "2024-06", "--dated", "2024-06-28", "--to", "."),
    ("report", "wall", *AXES, "wall.pdf"),
    ("report", "html", *AXES, "county.html"),
    ("report", "template", "notice.docx"),
    ("template", "template.xlsx"),
    ("rulebook", "export", "parameters.xlsx", "--rulebook", "kaihua-2024"),
    ("audit", "bundle", "bundle.zip"),
)


@pytest.fixture(scope="module")
def county(windows: Windows) -> Windows:
    """The demo county, created under Windows."""
    # The other checks leave their stores in the folder above.
    home = windows.home / "county"
    home.mkdir()
    county = Windows(home, home / "ledger.db")
    answer = county.lifecycle("demo", ".")
    assert answer.code == 0, answer.err
    # The advice at the end can be pasted into cmd and PowerShell.
    assert "'" not in answer.out.rpartition("==")[2], answer.out
    return county


def series_here(url: str, commands: tuple[tuple[str, ...], ...], folder: Path) -> list[Answer]:
    """The same commands on this machine."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.windows.command_series"],
        input=json.dumps([["--db", url, *command] for command in commands]).encode(),
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LIFECYCLE_LANG": "zh_CN",
        },
        capture_output=True,
        check=True,
    )
    return [Answer(*answer) for answer in json.loads(finished.stdout)]


def test_every_command_shows_its_help(windows: Windows) -> None:
    answers = windows.series((name, "--help") for name in COMMANDS)

    for name, answer in zip(COMMANDS, answers, strict=True):
        assert answer.code == 0, (name, answer.err)
        assert "用法" in answer.out, name


def test_results_equal_those_computed_on_linux(county: Windows, tmp_path: Path) -> None:
    questions = tuple((*question, "--format", "json") for question in QUESTIONS)

    theirs = county.series(questions)
    ours = series_here(county.url_here, questions, tmp_path)

    for question, there, here in zip(questions, theirs, ours, strict=True):
        assert there.code == here.code == 0, (question, there.err, here.err)
        assert there.json == here.json, question


def test_documents_equal_those_written_on_linux(county: Windows, tmp_path: Path) -> None:
    folder = county.home / "文件 夹"
    folder.mkdir()

    theirs = Windows(folder, store=county.store).series(DOCUMENTS)
    ours = series_here(county.url_here, DOCUMENTS, tmp_path)

    for document, there, here in zip(DOCUMENTS, theirs, ours, strict=True):
        assert there.code == here.code == 0, (document, there.err, here.err)
    digests = {path.name: digest(path) for path in tmp_path.iterdir()}
    assert len(digests) >= len(DOCUMENTS)
    assert {path.name: digest(path) for path in folder.iterdir()} == digests


def test_a_bundle_and_a_certificate_verify_under_windows(county: Windows) -> None:
    audits = (
        ("audit", "key", "--new"),
        ("audit", "checkpoint", "--witness", "见证.txt"),
        ("publish", "scores", *AXES),
        ("audit", "publications"),
        ("audit", "bundle", "全部.zip"),
        ("audit", "certificate", "华埠镇", "证明.json", *AXES),
        ("audit", "verify", "--witness", "见证.txt"),
        ("projections", "rebuild"),
        ("projections", "check"),
        ("status",),
    )
    for audit, answer in zip(audits, county.series(audits), strict=True):
        assert answer.code == 0, (audit, answer.out, answer.err)

    verifier = ROOT / "projections" / "audit" / "verifier" / "verify_bundle.py"
    program = county.home / "verify_bundle.py"
    program.write_bytes(verifier.read_bytes())
    for arguments in (("全部.zip", "--witness", "见证.txt"), ("证明.json",)):
        answer = county.python("-I", program.name, *arguments)
        assert answer.code in (0, 1), answer.out + answer.err
        assert "DIFFERS" not in answer.out, answer.out
        assert "VERIFIED" in answer.out or "CONSISTENT" in answer.out, answer.out


def test_the_windows_account_is_the_recorder(county: Windows) -> None:
    recorded, receipt = county.series(
        (
            (
                *("record", "获评能手", "--unit", "华埠镇", "--title", "招商能手"),
                *("--person", "程一", "--occurred-on", "2024-12-30", "--receipt", "回执.json"),
            ),
            ("audit", "receipt", "回执.json"),
        )
    )
    account = county.python("-c", "import getpass; print(getpass.getuser())").out.strip()

    assert recorded.code == receipt.code == 0, recorded.err + receipt.err
    assert f'"recorded_by":"{account}"' in county.last_event()


def test_a_correction_and_a_void_are_recorded(county: Windows) -> None:
    count = county.events
    held = ("--unit", "马金镇", "--activity", "恳谈会", "--led-by-head", "是")
    (recorded,) = county.series([("record", "活动组织", *held, "--occurred-on", "2024-12-29")])
    assert recorded.code == 0, recorded.err
    version = recorded.out.partition("#")[2].split()[0]

    approved = ("--reason", "名称有误", "--approved-by", "王主任")
    corrected, voided = county.series(
        (
            ("correct", "马金镇", version, "activity=恳谈会（衢州）", *approved),
            ("correct", "马金镇", version, "--void", *approved),
        )
    )

    assert corrected.code == voided.code == 0, corrected.err + voided.err
    assert county.events == count + 3


def test_two_processes_record_at_once(county: Windows) -> None:
    before = county.events
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

    assert county.events == before + len(processes)
    assert county.lifecycle("audit", "verify").code == 0


def test_a_kill_in_the_middle_of_an_import_leaves_all_or_nothing(county: Windows) -> None:
    store = county.home / "killed.db"
    url = county.url.replace("ledger.db", store.name)
    assert county.python("-m", "commands", "--db", url, "init").code == 0
    records = county.home / "ledger.jsonl"
    importing = ("-m", "commands", "--db", url, "import", records.name, "--keep-recorded-at")
    was_interrupted = False
    for _ in range(3):
        running = county.start(*importing)
        has_begun = wait_for_growth(store, running)
        running.kill()
        running.communicate()
        status = process("--db", f"sqlite:///{store}", "status", "--format", "json").json
        assert status["events"] in (0, len(records.read_bytes().splitlines()))
        was_interrupted |= has_begun and status["events"] == 0
    assert was_interrupted

    assert county.python(*importing).code == 0
    # The last kill may have come between the commit and the day's checkpoint.
    for command in ("checkpoint", "verify"):
        assert county.python("-m", "commands", "--db", url, "audit", command).code == 0


def wait_for_growth(store: Path, running: subprocess.Popen[bytes]) -> bool:
    """Wait until an import writes; whether that was seen before it ended."""
    log = store.with_name(f"{store.name}-wal")
    while running.poll() is None:
        if log.exists() and log.stat().st_size > 0:
            return True
        time.sleep(0.01)
    return False


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
