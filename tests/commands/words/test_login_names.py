"""The login is stored as the recorder; the name that the configuration gives it is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.words import login_names
from tests.commands.conftest import Cli
from tests.given import REPORTED
from tests.ledgers import fill, new_ledger

TOLD = ["ConsultationHeld", "--project", "P", "--occurred-on", "2024-02-01", "--outcome", "passed"]


@pytest.fixture
def store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Three units and a project in a file, which knows no roles."""
    with new_ledger(tmp_path) as ledger:
        fill(ledger, REPORTED, keep=False)
    return Cli(f"sqlite:///{tmp_path / 'ledger.db'}", capsys)


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """`wangli` is logged in; gives the configuration's place."""
    monkeypatch.setattr("commands.cli.shared.store_access.machine_login", lambda: "wangli")
    login_names._names.cache_clear()
    path = tmp_path / "config.toml"
    monkeypatch.setenv("LIFECYCLE_CONFIG", str(path))
    return path


def test_the_login_is_stored_and_its_name_is_shown(store: Cli, login: Path) -> None:
    login.write_text('[names]\nwangli = "王丽"\n', encoding="utf-8")
    assert store("record", *TOLD, "--on-behalf-of", "余敏").code == 0
    row = json.loads(store("project", "history", "P", "--format", "json").out)[-1]
    assert (row["recorded_by"], row["on_behalf_of"], row["imported_by"]) == ("wangli", "余敏", None)
    shown = store("project", "history", "P").out
    assert "王丽（wangli）" in shown
    assert "余敏" in shown


def test_an_import_stores_the_claimed_clerk_and_the_importer(
    store: Cli, login: Path, tmp_path: Path
) -> None:
    record = {
        "event": "ConsultationHeld",
        "project": "P",
        "occurred_on": "2024-02-01",
        "outcome": "passed",
        "recorded_by": "clerk-07",
    }
    (tmp_path / "old.jsonl").write_text(json.dumps(record), encoding="utf-8")
    assert store("import", tmp_path / "old.jsonl").code == 0
    row = json.loads(store("project", "history", "P", "--format", "json").out)[-1]
    assert (row["recorded_by"], row["imported_by"]) == ("clerk-07", "wangli")


def test_without_a_name_the_login_stands_alone(login: Path) -> None:
    assert login_names.named_login("wangli") == "wangli"
    assert login_names.named_login(None) == ""


@pytest.mark.parametrize(
    "content", [b"[names", b"[names]\nwangli = 3\n", b"names = 3\n", b'[names]\nwangli = "\xff"\n']
)
def test_an_unusable_configuration_is_reported(store: Cli, login: Path, content: bytes) -> None:
    login.write_bytes(content)
    store("record", *TOLD)
    answer = store("project", "history", "P")
    assert answer.code == 3
    assert str(login) in answer.err
