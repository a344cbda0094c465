"""A store of a newer version is left as it is, and said to be one.

`newer/schema-5.db.gz` has the tables of a schema version 5, made by a lifecycle 0.3.0;
`newer/event.db.gz` has an event that this version does not know.
Both were derived from stores of 0.2.0.
"""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Final

import psycopg
import pytest

from lifecycle.ledger.store import Ledger
from tests.commands.conftest import Cli
from tests.given import REPORTED
from tests.ledgers import fill

FOLDER: Final = Path(__file__).parent / "newer"
RECORD: Final = (
    *("record", "ReviewHeld", "--project", "P"),
    *("--occurred-on", "2024-03-20", "--findings", "正常"),
)
EVERYTHING: Final = (
    ("status",),
    ("score", "--year", "2024"),
    ("audit", "verify"),
    ("backup", "b.zip"),
    ("copy", "--to", "copy.db"),
    ("projections", "rebuild"),
    RECORD,
)
SENTENCE: Final = "made by lifecycle 0.3.0; this is lifecycle 0.2.0"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command writes by mistake lies in the test's folder."""
    monkeypatch.chdir(tmp_path)


def stored(name: str, folder: Path) -> Path:
    """A copy of a stored fixture."""
    path = folder / "newer.db"
    path.write_bytes(gzip.decompress((FOLDER / name).read_bytes()))
    return path


def digest_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_a_file_of_a_newer_schema_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored("schema-5.db.gz", tmp_path)
    before = digest_of(path)
    cli = Cli(str(path), capsys)
    for command in EVERYTHING:
        answer = cli(*command)
        assert (answer.code, SENTENCE in answer.err) == (3, True), (command, answer.err)
    assert digest_of(path) == before
    assert [file.name for file in tmp_path.iterdir() if file.name[0] != "."] == ["newer.db"]


def test_nothing_is_copied_into_a_newer_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored("schema-5.db.gz", tmp_path)
    before = digest_of(path)
    source = Cli(str(tmp_path / "source.db"), capsys)
    with Ledger.open(source.url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
    answer = source("copy", "--to", path)
    assert (answer.code, SENTENCE in answer.err) == (3, True)
    assert digest_of(path) == before
    assert source(*RECORD).code == 0


def test_status_check_says_which_lifecycle_a_newer_store_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored("schema-5.db.gz", tmp_path)
    answer = Cli(str(path), capsys)("status", "--check", "--format", "json")
    assert answer.code == 1
    assert "use lifecycle 0.3.0 or later" in json.loads(answer.out)[0]["finding"]


def test_a_newer_store_on_a_server_keeps_its_functions(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An earlier program's `init` would put its own functions in their place."""
    cli = Cli(postgres_url, capsys)
    with Ledger.open(postgres_url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
    newer = (
        "UPDATE lifecycle.ledger_head SET schema_version = 5",
        "INSERT INTO lifecycle.ledger_upgrades VALUES (5, 0, '0.3.0')",
        "CREATE FUNCTION lifecycle.ledger_seal() RETURNS int LANGUAGE sql AS 'SELECT 3'",
    )
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        for statement in newer:
            connection.execute(statement.encode())
    for command in (*EVERYTHING, ("init",), ("init", "--upgrade")):
        answer = cli(*command)
        assert (answer.code, SENTENCE in answer.err) == (3, True), (command, answer.err)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        kept = connection.execute("SELECT lifecycle.ledger_seal()").fetchone()
    assert kept == (3,)


def test_an_event_of_a_newer_version_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored("event.db.gz", tmp_path)
    cli = Cli(str(path), capsys)
    reading = (("score", "--year", "2024"), ("project", "show", "P"), ("backup", "b.zip"))
    for command in (*reading, ("copy", "--to", "copy.db"), RECORD):
        answer = cli(*command)
        assert answer.code == 3, (command, answer.out, answer.err)
        assert "ProjectSealed/1 that lifecycle 0.2.0 does not know" in answer.err
    differing = cli("audit", "verify")
    assert (differing.code, "does not know" in differing.err) == (1, True)
    assert not (tmp_path / "b.zip").exists()
    # The copy that failed did not close it.
    assert json.loads(cli("status", "--format", "json").out)["closed"] is None


def test_a_store_of_0_1_0_is_read_unwritten_and_recorded_in_afterwards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "first.db"
    first = FOLDER.parent / "v0_1_0" / "ledger.db.gz"
    path.write_bytes(gzip.decompress(first.read_bytes()))
    before = digest_of(path)
    cli = Cli(str(path), capsys)
    for command in (("status",), ("score", "--year", "2024"), ("audit", "verify"), ("today",)):
        assert cli(*command).code in (0, 1)
    assert digest_of(path) == before
    assert cli("backup", "first.zip").code == 0
    assert digest_of(path) == before

    with Ledger.open(str(path)) as ledger:
        size, root = ledger.head().position, ledger.tree().root()
    unit = ("record", "UnitRegistered", "--unit", "新镇", "--occurred-on", "2025-01-02")
    recorded = cli(*unit, "--sequence", "乡镇", "--category", "township", "--clock-is-right")
    assert recorded.code == 0, recorded.err
    with Ledger.open(str(path)) as ledger:
        assert ledger.head().position == size + 1
        assert ledger.head().schema_version > 1
    verified = json.loads(cli("audit", "verify", "--format", "json").out)
    assert verified["verdict"] != "DIFFERS"

    restored = Cli(str(tmp_path / "restored.db"), capsys)
    assert restored("restore", "first.zip").code == 0
    with Ledger.open(restored.url) as ledger:
        assert (ledger.head().position, ledger.tree().root()) == (size, root)
