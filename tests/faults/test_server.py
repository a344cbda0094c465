"""Locks held too long and connections refused or dropped: a clear error, no lost events."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from commands.cli.main import run
from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders import open_recorder, sqlite_path
from lifecycle.ledger.recorders.postgres_recorder import PostgresRecorder
from lifecycle.ledger.recorders.postgres_url import connection_settings
from lifecycle.ledger.recorders.stored_rows import StoredRow
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import StoreError
from projections import readmodels
from projections.readmodels.table_engine import open_engine, transaction
from tests.given import REPORTED, TOWN, correction, of, reported, unit
from tests.ledgers import CLERK, LATER, fill, new_ledger
from tests.postgres import Server

HELD = {
    "event": "ActivityHeld",
    "unit": TOWN,
    "occurred_on": "2024-03-01",
    "activity": "赴杭",
    "led_by_head": True,
}


@contextmanager
def write_lock_held(url: str) -> Iterator[None]:
    """Hold the write lock, as a process in the middle of recording does."""
    path = sqlite_path(url)
    if path is None:
        settings = {name: value for name, value in connection_settings(url).items() if value}
        with psycopg.connect(**settings) as connection:
            connection.execute("LOCK TABLE lifecycle.ledger_head IN EXCLUSIVE MODE")
            yield
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield


def test_a_lock_held_too_long_is_reported_and_readers_never_wait(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lifecycle.ledger.recorders.postgres_store.LOCK_SECONDS", 1)
    with Ledger.open(store_url, create=True, clock=lambda: LATER, lock_seconds=1) as ledger:
        fill(ledger, REPORTED, keep=False)
        with write_lock_held(store_url):
            with pytest.raises(StoreError, match="for more than 1 seconds"):
                ledger.record(read_record(unit("新镇")), CLERK)
            assert ledger.head().position == len(ledger.history(Stream("project", "P"))) + 3
        assert ledger.record(read_record(unit("新镇")), CLERK).position == 5


def test_a_dropped_connection_loses_only_unacknowledged_events(
    postgres_url: str, server: Server
) -> None:
    with Ledger.open(postgres_url, create=True, clock=lambda: LATER) as ledger:
        fill(ledger, REPORTED, keep=False)
        with (
            pytest.raises(StoreError, match="terminating connection"),
            ledger.unit_of_work(CLERK) as work,
        ):
            work.record(read_record(reported("Q")))
            work.flush()
            _end_all(server, postgres_url)
            work.record(read_record(reported("R")))
    with Ledger.open(postgres_url, clock=lambda: LATER) as ledger:
        assert ledger.head().position == ledger.tree().size == 4
        assert ledger.record(read_record(reported("R")), CLERK).position == 5


def _end_all(server: Server, url: str) -> None:
    database = connection_settings(url)["dbname"]
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,)
        )


@pytest.fixture
def guarded(postgres_url: str, server: Server) -> Iterator[str]:
    """The URL of a ledger that asks for a password, with `{password}` in its place."""
    with Ledger.open(postgres_url, create=True) as ledger:
        role = ledger.database_roles()["clerk"]
    name, database = f"clerk_{uuid.uuid4().hex}", connection_settings(postgres_url)["dbname"]
    doors = server.folder / "data" / "pg_hba.conf"
    before = doors.read_text()
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'p@ss/word' IN ROLE {role}")
        doors.write_text(f"local {database} {name} scram-sha-256\n{before}")
        connection.execute("SELECT pg_reload_conf()")
        host = quote(str(server.folder), safe="")
        yield f"postgresql+psycopg://{name}:{{password}}@/{database}?host={host}"
        doors.write_text(before)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"DROP ROLE {name}")


def test_a_password_is_read_from_the_url_and_a_wrong_one_is_reported(guarded: str) -> None:
    with Ledger.open(guarded.format(password=quote("p@ss/word", safe=""))) as ledger:
        author = Author(str(ledger.database_login()))
        ledger.clock_is_right = True
        assert ledger.record(read_record(unit()), author).position == 1
    for wrong in ("secret-guess", ""):
        with pytest.raises(StoreError) as failure:
            Ledger.open(guarded.format(password=wrong))
        assert "password" in str(failure.value)
        assert "secret-guess" not in str(failure.value)


def test_what_else_a_url_asks_for_reaches_the_server(postgres_url: str) -> None:
    with (
        Ledger.open(f"{postgres_url}&application_name=audit", create=True) as ledger,
        ledger.recorder.cursor(write=False) as cursor,
    ):
        cursor.execute("SHOW application_name")
        assert cursor.fetchone() == ("audit",)
    with pytest.raises(StoreError, match="colour"):
        Ledger.open(f"{postgres_url}&colour=red")


def test_an_office_s_own_encoding_changes_no_name(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "GBK")
    records = [unit("马金镇"), unit("𠮷 é 镇")]
    with (
        new_ledger(tmp_path) as file,
        Ledger.open(postgres_url, create=True, clock=lambda: LATER) as ledger,
    ):
        for record in records:
            ledger.record(read_record(record), CLERK)
            file.record(read_record(record), CLERK)
        assert ledger.tree().root() == file.tree().root()
        assert verify(ledger).differences == []
        readmodels.rebuild(ledger, postgres_url)
    with open_engine(postgres_url) as engine, transaction(engine, write=False) as connection:
        names = connection.exec_driver_sql("SELECT name FROM units").scalars()
        assert set(names) >= {"马金镇", "𠮷 é 镇"}


@pytest.mark.parametrize("write", [False, True])
def test_a_database_s_own_isolation_lets_a_write_see_what_was_recorded_while_it_waited(
    postgres_url: str, server: Server, *, write: bool
) -> None:
    database = connection_settings(postgres_url)["dbname"]
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        statement = f'ALTER DATABASE "{database}" SET default_transaction_isolation = serializable'
        connection.execute(statement.encode())
    with (
        Ledger.open(postgres_url, create=True) as ledger,
        ledger.recorder.cursor(write=write) as cursor,
    ):
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql+psycopg://anna@db.example/ledger",
            {
                "host": "db.example",
                "port": 5432,
                "user": "anna",
                "dbname": "ledger",
                "password": "",
            },
        ),
        (
            "postgresql://anna:a%2Fb%40c@db.example:5433/x%20y",
            {"port": 5433, "password": "a/b@c", "dbname": "x y"},
        ),
        (
            "postgresql+psycopg:///ledger?host=%2Frun%2Fpg&port=6000",
            {"host": "/run/pg", "port": "6000", "user": ""},
        ),
        ("postgresql+psycopg://db.example/ledger?sslmode=verify-full", {"sslmode": "verify-full"}),
    ],
)
def test_a_url_gives_the_connection_settings(url: str, expected: dict[str, object]) -> None:
    settings = connection_settings(url)
    assert {name: settings[name] for name in expected} == expected


def test_an_unreachable_host_is_reported_at_once() -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        Ledger.open("postgresql+psycopg://clerk@127.0.0.1:1/ledger")


def test_many_rows_are_read_back_as_written(tmp_path: Path, postgres_url: str) -> None:
    """COPY writes them, a server-side cursor reads them; both databases hold equal bytes."""
    strange = [
        "Z",
        "a",
        "B",
        "ä",
        "_",
        "第一",
        "P-10",
        "P-2",
        "q",
        "a\\tb",
        "\\N",
        "'\"%s?",
        "x" * 64,
    ]
    records = [
        *REPORTED,
        *(
            reported(code, name=f"“{code}” 100%", note="\\N 第\\.", distinct_because="另一个")
            for code in strange
        ),
        *({**HELD, "note": str(number)} for number in range(5_100)),
    ]
    records += [
        of("ConsultationHeld", "2024-02-01", "Z", outcome="passed"),
        correction(1, {"note": None}, "Z"),
    ]
    rows_by_database: list[list[StoredRow]] = []
    roots: list[bytes] = []
    for ledger in (
        new_ledger(tmp_path),
        Ledger.open(postgres_url, create=True, clock=lambda: LATER),
    ):
        with ledger:
            fill(ledger, records, keep=False)
            with ledger.rows_of_kind("project") as projects, ledger.rows_of_kind("unit") as units:
                rows_by_database.append([*projects, *units])
            with ledger.rows_of_streams(["project/Z", "project/nothing", "project/P"]) as rows:
                assert [(row[1], row[2]) for row in rows] == [
                    ("project/Z", 1),
                    ("project/Z", 2),
                    ("project/Z", 3),
                    ("project/P", 1),
                ]
            assert ledger.tree().size == len(records)
            roots.append(ledger.tree().root())
    assert rows_by_database[0] == rows_by_database[1]
    assert roots[0] == roots[1]
    assert {type(row[4]) for row in rows_by_database[1]} == {bytes}


def test_a_store_opened_twice_is_created_once(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        origin = ledger.head().origin
        fill(ledger, REPORTED, keep=False)
    with Ledger.open(store_url, create=True) as ledger:
        assert ledger.head().position == 4
        assert ledger.head().origin == origin
    assert isinstance(open_recorder(store_url), PostgresRecorder) is store_url.startswith(
        "postgresql"
    )


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://anna:se/cret@db.example/ledger",
        "postgresql+psycopg://anna:se@cret@db.example/ledger",
        "postgresql+psycopg://anna:se?cret@db.example/ledger",
        "postgresql+psycopg://anna:se#cret@db.example/ledger",
        "postgresql+psycopg://anna:se[cret@db.example/ledger",
        "postgres://anna:secret@db.example/ledger",
    ],
)
def test_a_url_that_cannot_be_read_repeats_no_part_of_the_password(url: str) -> None:
    with pytest.raises(StoreError) as failure:
        Ledger.open(url)
    assert not {"se", "cret", "secret"} & set(re.findall(r"[a-z]+", str(failure.value)))


def test_init_prints_no_password(
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LIFECYCLE_KEY", str(tmp_path / "key.pem"))
    url = postgres_url.replace("@", ":the-password@", 1)
    for command in (["init"], ["status"], ["init"], ["init", "--upgrade"]):
        run(["--db", url, *command])
    printed = capsys.readouterr()
    assert "the-password" not in printed.out + printed.err


def test_sm3_is_rejected_on_postgresql(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--db", postgres_url, "init", "--hash", "sm3"]) == 1
    assert "cannot compute SM3" in capsys.readouterr().err
