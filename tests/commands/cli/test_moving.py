"""A store is moved between databases: the same history, receipts and results, or nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from lifecycle.ledger.recorders.sqlite_source import log_beside
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.commands.conftest import Answer, Cli
from tests.given import REPORTED, reported
from tests.ledgers import fill
from tests.postgres import SUPERUSER, Server
from tests.trust.roles import RankedStore, ranked_store

ROOT: Final = Path(__file__).parents[3]
RESULTS: Final = (
    ("score", "--year", "2024"),
    ("explain", "华埠镇", "--year", "2024"),
    ("targets", "--as-of", "2024-12-31"),
    ("sheets", "list"),
)
# A batch of a few events, so that the process can be killed between two.
_SLOW_COPY: Final = """
import sys
from commands.cli.main import run
from lifecycle.ledger import store_copies
store_copies._BATCH = 20
sys.exit(run(["--db", sys.argv[1], "copy", "--to", sys.argv[2]]))
"""


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence and notes of this test's stores alone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))


@pytest.fixture
def server_cli(postgres_url: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    """An empty database on the server, to copy to."""
    return Cli(postgres_url, capsys)


@pytest.fixture
def file_cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A file that is not there yet, to copy to."""
    return Cli(f"sqlite:///{tmp_path / 'back.db'}", capsys)


def root_of(url: str) -> bytes:
    with Ledger.open(url) as ledger:
        return ledger.tree().root()


def record(cli: Cli, findings: str, *options: object, project: str = "KH-2024-016") -> Answer:
    event = ("record", "ReviewHeld", "--project", project)
    return cli(*event, "--occurred-on", "2024-12-20", "--findings", findings, *options)


def results_of(cli: Cli) -> list[object]:
    answers = [cli(*command, "--format", "json") for command in RESULTS]
    assert [answer.code for answer in answers] == [0] * len(answers), answers[0].err
    return [json.loads(answer.out) for answer in answers]


def test_the_demo_county_moves_to_a_server_and_back(
    own_county: Cli, server_cli: Cli, file_cli: Cli, tmp_path: Path
) -> None:
    scan, receipt, witness = (tmp_path / name for name in ("扫描件.pdf", "r.json", "w.txt"))
    scan.write_bytes(b"%PDF-1.7")
    county = own_county
    assert county("audit", "key", "--new").code == 0
    assert record(county, "正常", "--evidence", scan, "--receipt", receipt).code == 0
    assert county("audit", "checkpoint", "--witness", witness).code == 0
    root, results = root_of(county.url), results_of(county)

    assert county("copy", "--to", server_cli.url).code == 0
    assert server_cli("copy", "--to", file_cli.url).code == 0

    for copy in (server_cli, file_cli):
        assert root_of(copy.url) == root
        assert results_of(copy) == results
        verified = copy("audit", "verify", "--receipt", receipt, "--witness", witness)
        assert verified.code == 0, verified.out + verified.err
        assert verified.out.splitlines()[-1].startswith("VERIFIED")
        checked = json.loads(copy("audit", "verify", "--format", "json").out)["checked"]
        assert checked["evidence"] == 1
    assert record(file_cli, "搬迁之后").code == 0
    assert (record(server_cli, "不再登记").code, record(county, "不再登记").code) == (3, 3)


def test_copied_events_name_no_login_and_what_follows_does(
    own_county: Cli, server_cli: Cli
) -> None:
    assert own_county("copy", "--to", server_cli.url).code == 0
    assert record(server_cli, "在服务器上").code == 0
    with Ledger.open(server_cli.url) as ledger, ledger.recorder.cursor(write=False) as cursor:
        ranges = ledger.recorder.login_ranges(cursor)
        size = ledger.head().position
    assert ranges == [(1, size - 1, ""), (size, size, SUPERUSER)]
    assert json.loads(server_cli("audit", "verify", "--format", "json").out)["verdict"] != "DIFFERS"


# Killed -------------------------------------------------------------------------------------------


@pytest.fixture(params=["to a server", "to a file"])
def direction(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str) -> tuple[str, str]:
    """A filled store's URL, and where it is copied."""
    file = f"sqlite:///{tmp_path / 'file.db'}"
    source, target = (file, postgres_url)
    if request.param == "to a file":
        source, target = (postgres_url, file)
    with Ledger.open(source, create=True) as ledger:
        fill(ledger, [*REPORTED, *(reported(f"Q{number}") for number in range(800))], keep=False)
    return source, target


def position_of(url: str) -> int:
    try:
        with Ledger.open(url) as ledger:
            return ledger.head().position
    except StoreError:  # not there yet
        return 0


def test_a_copy_that_was_killed_takes_no_events_and_is_completed_by_the_next(
    direction: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = direction
    victim = subprocess.Popen(
        [sys.executable, "-c", _SLOW_COPY, source, target], cwd=ROOT, env=os.environ
    )
    while not position_of(target):
        assert victim.poll() is None
        time.sleep(0.01)
    victim.kill()
    victim.wait()
    original, copy = Cli(source, capsys), Cli(target, capsys)
    assert 0 < copy.events < original.events

    rejected = record(copy, "不完整", project="P")
    assert (rejected.code, "not complete" in rejected.err) == (3, True)
    spread = copy("copy", "--to", f"{target}.again" if target.startswith("sqlite") else source)
    assert (spread.code, "not complete" in spread.err) == (3, True)

    completed = original("copy", "--to", target)
    assert completed.code == 0, completed.err
    assert root_of(target) == root_of(source)
    assert json.loads(copy("audit", "verify", "--format", "json").out)["verdict"] != "DIFFERS"


# What is not copied, and over which nothing is written --------------------------------------------


@pytest.fixture
def source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """A small store in a file."""
    url = f"sqlite:///{tmp_path / 'source.db'}"
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
    return Cli(url, capsys)


def test_a_store_is_not_copied_onto_itself(source: Cli) -> None:
    answer = source("copy", "--to", source.url)
    assert (answer.code, "there is a store at the target already" in answer.err) == (1, True)
    assert json.loads(source("status", "--format", "json").out)["closed"] is None


def test_no_table_is_made_in_another_programs_database(source: Cli, tmp_path: Path) -> None:
    photos = tmp_path / "photos.db"
    with closing(sqlite3.connect(photos)) as connection, connection:
        connection.execute("CREATE TABLE photo (name)")
    before = photos.read_bytes()
    answer = source("copy", "--to", photos)
    assert (answer.code, "not a ledger" in answer.err) == (3, True)
    assert photos.read_bytes() == before
    text = tmp_path / "notes.txt"
    text.write_text("no database" * 100)
    assert source("copy", "--to", text).code == 3
    assert text.read_text() == "no database" * 100


def test_another_countys_store_is_left_alone(source: Cli, file_cli: Cli) -> None:
    with Ledger.open(file_cli.url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
    before = root_of(file_cli.url)
    assert source("copy", "--to", file_cli.url).code == 1
    assert root_of(file_cli.url) == before


def test_an_empty_store_is_not_copied(bare: Cli, tmp_path: Path) -> None:
    assert bare("init").code == 0
    answer = bare("copy", "--to", tmp_path / "other.db")
    assert (answer.code, "no events to copy" in answer.err) == (1, True)
    assert not (tmp_path / "other.db").exists()


def test_a_store_has_one_successor_unless_a_reason_is_given(source: Cli, tmp_path: Path) -> None:
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    assert source("copy", "--to", first).code == 0
    answer = source("copy", "--to", second)
    assert (answer.code, "first.db already" in answer.err) == (1, True)
    assert source("copy", "--to", second, "--keep-open", "培训用").code == 0


def test_a_copy_to_a_folder_that_cannot_be_used_says_so(source: Cli, tmp_path: Path) -> None:
    answer = source("copy", "--to", tmp_path / "missing" / "copy.db")
    assert (answer.code, "Traceback" in answer.err) == (3, False)
    assert json.loads(source("status", "--format", "json").out)["closed"] is None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    try:
        is_mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    if not is_mounted:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_source_open_and_the_copy_is_completed_later(
    source: Cli, small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger.open(source.url) as ledger:
        fill(ledger, [reported(f"Q{number}") for number in range(900)], keep=False)
    target = small_disk / "copy.db"
    answer = source("copy", "--to", target)
    assert (answer.code, "full" in answer.err) == (3, True), answer.err
    assert json.loads(source("status", "--format", "json").out)["closed"] is None
    backup = source("backup", small_disk / "b.zip")
    assert backup.code == 3
    assert not (small_disk / "b.zip").exists()
    place = tmp_path / "copy.db"
    shutil.copy(target, place)
    if log_beside(target).exists():
        shutil.copy(log_beside(target), log_beside(place))
    assert source("copy", "--to", place).code == 0
    assert root_of(f"sqlite:///{place}") == root_of(source.url)


# Who may ------------------------------------------------------------------------------------------


@pytest.fixture
def ranked(server: Server) -> Iterator[RankedStore]:
    """A store on the server with a login of each rank."""
    with ranked_store(server) as store:
        yield store


@pytest.mark.parametrize("rank", ["manager", "clerk", "auditor"])
def test_only_the_owner_closes_a_store_on_a_server(
    ranked: RankedStore, rank: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    login = Cli(ranked.url(rank), capsys)
    moved = login("copy", "--to", tmp_path / "moved.db")
    assert (moved.code, ranked.logins[rank] in moved.err) == (1, True)
    assert not (tmp_path / "moved.db").exists()
    # Whoever reads the store may keep a copy of what is read.
    assert login("copy", "--to", tmp_path / "kept.db", "--keep-open", "备查").code == 0
    assert login("backup", tmp_path / "b.zip").code == 0


def test_a_clerk_restores_nothing_into_a_database_of_others(
    ranked: RankedStore,
    source: Cli,
    server: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert source("backup", tmp_path / "b.zip").code == 0
    name = f"t{uuid.uuid4().hex}"
    server.create(name)
    try:
        login = Cli(server.url_of(ranked.logins["clerk"], name), capsys)
        for command in (("restore", tmp_path / "b.zip"), ("init",)):
            answer = login(*command)
            assert (answer.code, "may not do this" in answer.err) == (3, True), answer.err
        answer = source("copy", "--to", login.url)
        assert (answer.code, "may not do this" in answer.err) == (3, True), answer.err
    finally:
        server.drop(name)
