"""One contract for both databases: what `Ledger` promises."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.log.merkle_tree import leaf_hash, leaf_input
from lifecycle.rejections import Conflict, Rejected, StoreError
from tests.given import REPORTED, TOWN, UNITS, correction, of, reported, unit
from tests.ledgers import CLERK, fill, stored_form
from tests.library_events import rows_after
from tests.outside_changes import change_outside
from tests.platforms import not_on_windows
from tests.postgres import Server

PASSED = of("ConsultationHeld", "2024-02-01", outcome="passed")


@pytest.fixture
def ledger(store_url: str) -> Iterator[Ledger]:
    """A new store."""
    with Ledger.open(store_url, create=True):
        pass
    with Ledger.open(store_url) as ledger:
        yield ledger


def test_a_scan_that_was_left_half_way_hides_nothing_recorded_since(
    ledger: Ledger, store_url: str
) -> None:
    fill(ledger, UNITS, keep=False)
    with ledger.rows_of_kind("unit") as rows:
        next(rows)  # an error in the fold would leave it here, and its traceback hold `rows`
    with Ledger.open(store_url) as other_process:
        other_process.record(read_record(reported()), CLERK)
    assert len(ledger.history(Stream("project", "P"))) == 1
    del rows


def test_positions_run_without_a_gap_and_streams_without_one(ledger: Ledger) -> None:
    entries = fill(ledger, [*REPORTED, PASSED, reported("Q")], keep=False)
    assert [entry.position for entry in entries] == list(range(1, 7))
    assert [entry.ref for entry in entries][-3:] == ["P#1", "P#2", "Q#1"]
    assert ledger.head().position == 6
    with ledger.rows_of_kind("project") as rows:
        assert [(row[0], row[1], row[2]) for row in rows] == [
            (4, "project/P", 1),
            (5, "project/P", 2),
            (6, "project/Q", 1),
        ]
    with ledger.rows_of_kind("unit", 2) as rows:
        assert sorted(row[0] for row in rows) == [1, 2]
    with ledger.rows_of_streams(["project/Q", "project/nothing"]) as rows:
        assert [row[0] for row in rows] == [6]
    assert sorted(ledger.changed_streams(4)) == ["project/P", "project/Q"]
    ledger.close()


def test_history_returns_what_was_recorded(ledger: Ledger) -> None:
    fill(ledger, [*REPORTED, PASSED], keep=False)
    history = ledger.history(Stream("project", "P"))
    assert [item.event for item in history] == [
        read_record(REPORTED[-1]).event,
        read_record(PASSED).event,
    ]
    assert [item.position for item in ledger.history(Stream("project", "P"), upto=4)] == [4]
    assert history[0].stamp.imported_by == "clerk-01"
    ledger.close()


def test_the_tree_is_over_the_stored_bytes(ledger: Ledger) -> None:
    entries = fill(ledger, [*UNITS, reported()], keep=False)
    with ledger.rows_of_kind("project") as rows:
        stored = list(rows)
    position, stream, version, topic, state = stored[0]
    assert (position, entries[-1].leaf) == (
        4,
        leaf_hash(leaf_input(stream, version, topic, state)).hex(),
    )
    assert ledger.tree().size == 4
    ledger.close()


def test_record_times_never_go_back_even_if_the_clock_does(store_url: str) -> None:
    times = iter(
        [
            datetime(
                2024,
                5,
                1,
                9,
                tzinfo=SHANGHAI,
            ),
            datetime(2024, 4, 1, tzinfo=SHANGHAI),
            datetime(2024, 6, 1, tzinfo=SHANGHAI),
        ]
    )
    with Ledger.open(store_url, create=True, clock=lambda: next(times)) as ledger:
        for record in UNITS:
            ledger.record(read_record(record), CLERK)
        differences = [
            ledger.position_at(
                datetime(
                    2024,
                    month,
                    1,
                    9,
                    tzinfo=SHANGHAI,
                )
            )
            for month in (4, 5, 6)
        ]
    assert differences == [0, 2, 3]


def test_migrated_record_times_are_in_order_and_marked_as_migrated(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        old = "2022-05-01T09:00:00+08:00"
        fill(
            ledger,
            [{**unit(occurred_on="2022-01-01"), "recorded_at": old, "recorded_by": "老台账"}],
        )
        stamp = ledger.history(Stream("unit", TOWN))[0].stamp
        assert (stamp.recorded_at.isoformat(), stamp.recorded_by, stamp.imported_by) == (
            old,
            "老台账",
            "clerk-01",
        )
        assert stamp.migrated_at is not None
        later = (datetime.now(SHANGHAI) + timedelta(days=1)).isoformat()
        for at in ("2022-04-30T09:00:00+08:00", later, None):
            with pytest.raises(Rejected):
                fill(
                    ledger,
                    [
                        {
                            **unit("另一镇", occurred_on="2022-01-01"),
                            **({} if at is None else {"recorded_at": at}),
                        }
                    ],
                )
        assert ledger.head().position == 1


def test_all_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(Rejected):
        fill(ledger, [*REPORTED, PASSED, PASSED | {"note": "x"}], keep=False)
    assert ledger.head().position == 0
    assert ledger.history(Stream("project", "P")) == []
    fill(ledger, REPORTED, keep=False)
    ledger.close()


def test_a_race_is_decided_again_on_fresh_state(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger, Ledger.open(store_url) as other_process:
        fill(ledger, REPORTED, keep=False)
        tries: list[int] = []

        def act(work: UnitOfWork) -> str:
            tries.append(1)
            if len(tries) == 1:
                other_process.record(
                    read_record(PASSED), CLERK
                )  # a concurrent writer wins the race
            return work.record(read_record(of("ReviewHeld", "2024-03-01", findings="x"))).ref

        assert ledger.execute(act, CLERK) == "P#3"
        assert len(tries) == 2


def test_what_another_records_meanwhile_may_reject_a_command(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger, Ledger.open(store_url) as other_process:
        fill(ledger, [*REPORTED, PASSED], keep=False)
        late: list[int] = []

        def rejected_act(work: UnitOfWork) -> str:
            late.append(1)
            if len(late) == 1:
                other_process.record(read_record(of("StatisticsEntered", "2024-03-01")), CLERK)
            return work.record(read_record(of("StatisticsEntered", "2024-03-02"))).ref

        with pytest.raises(Rejected):
            ledger.execute(rejected_act, CLERK)
        assert len(late) == 2
        assert ledger.head().position == other_process.head().position == 6


def test_whoever_lost_a_race_decides_again_with_the_lock_held(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger, Ledger.open(store_url) as other_process:
        fill(ledger, UNITS, keep=False)
        tries: list[str] = []

        def act(work: UnitOfWork) -> str:
            tries.append("x")
            if len(tries) == 1:
                other_process.record(read_record(unit("镇1")), CLERK)
            return work.record(read_record(reported())).ref

        assert ledger.execute(act, CLERK) == "P#1"
        assert len(tries) == 2


_WRITER = """
import sys
from lifecycle.events import Stream
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
url, name = sys.argv[1:]
with Ledger.open(url) as ledger:
    for number in range(6):
        def act(work):
            following = work.last_number("交", 2024) + 1
            task = {
                "event": "TaskAssigned",
                "project": "P",
                "occurred_on": "2024-03-01",
                "task": f"{name} {number}",
                "number": f"开招办交〔2024〕{following}号",
                "responsible_unit": "华埠镇",
                "due_on": "2024-05-01",
            }
            return work.record(read_record(task))
        ledger.execute(act, Author(name))
"""


def test_eight_processes_number_their_sheets_without_gap_or_repeat(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, store_url, f"p{index}"],
                env={**os.environ, "PYTHONPATH": "."},
            )
            for index in range(8)
        ]
        assert [writer.wait(timeout=120) for writer in writers] == [0] * 8
        history = ledger.history(Stream("project", "P"))
        numbers = [item.event.number for item in history if hasattr(item.event, "number")]
        assert numbers == [f"开招办交〔2024〕{counter}号" for counter in range(1, 49)]
        assert [item.version for item in history] == list(range(1, 50))
        assert ledger.head().position == ledger.tree().size == 52


def test_threads_share_a_ledger(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        with ThreadPoolExecutor(4) as pool:
            entries = list(
                pool.map(
                    lambda number: ledger.record(read_record(unit(f"第{number}镇")), CLERK),
                    range(12),
                )
            )
        assert sorted(entry.position for entry in entries) == list(range(1, 13))


def test_a_store_of_a_newer_version_is_not_touched(store_url: str, server: Server) -> None:
    with Ledger.open(store_url, create=True):
        pass
    change_outside(store_url, "UPDATE ledger_head SET schema_version = 99")
    with pytest.raises(StoreError, match="version 99"):
        Ledger.open(store_url)


def test_an_event_deleted_from_outside_is_noticed(store_url: str, server: Server) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
        change_outside(store_url, "DELETE FROM ledger_events WHERE originator_id = 'project/P'")
        with pytest.raises(StoreError, match="outside lifecycle"):
            ledger.record(read_record(reported("Q")), CLERK)


@pytest.mark.parametrize("state", ["x", '{"outcome": "passed"}', "[]"])
def test_a_damaged_event_is_named(
    store_url: str,
    server: Server,
    state: str,
) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, [*REPORTED, PASSED], keep=False)
        cast = f"CAST('{state}' AS BLOB)" if store_url.startswith("sqlite") else f"'{state}'::bytea"
        change_outside(
            store_url,
            f"UPDATE ledger_events SET state = {cast}"
            " WHERE originator_id = 'project/P' AND originator_version = 2",
        )
        with pytest.raises(StoreError, match=r"event 2 of project/P at position 5"):
            ledger.history(Stream("project", "P"))


def test_an_event_of_a_newer_version_says_so(store_url: str, server: Server) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        fill(ledger, REPORTED, keep=False)
        change_outside(
            store_url,
            "UPDATE ledger_events SET topic = 'Strange/7' WHERE originator_id = 'project/P'",
        )
        with pytest.raises(StoreError, match="Strange/7"):
            ledger.history(Stream("project", "P"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:/ledger.db",
        "ledger.db:1",
        "mysql://x/y",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://ledger.db",
    ],
)
def test_a_wrong_url_is_reported(url: str) -> None:
    with pytest.raises(StoreError, match="not a store URL"):
        Ledger.open(url)


@pytest.mark.parametrize(
    "name",
    [
        *("ledger.db", "台账 2024.db", "a%20b.db"),
        pytest.param("./10:30.db", marks=not_on_windows("colons: test_file_names.py")),
    ],
)
def test_a_bare_path_is_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with Ledger.open(name, create=True) as ledger:
        origin = ledger.head().origin

    assert (tmp_path / name).is_file()
    with Ledger.open(str(tmp_path / name)) as ledger:
        assert ledger.head().origin == origin


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("C:\\招商 办\\ledger.db", "C:\\招商 办\\ledger.db"),
        ("C:/招商/ledger.db", "C:/招商/ledger.db"),
        ("sqlite:///C:/招商 办/ledger.db", "C:/招商 办/ledger.db"),
        ("sqlite:///C:\\招商\\ledger.db", "C:\\招商\\ledger.db"),
        ("\\\\server\\share\\ledger.db", "\\\\server\\share\\ledger.db"),
    ],
)
def test_a_path_is_taken_as_windows_writes_it(url: str, path: str) -> None:
    assert sqlite_path(url) == Path(path)


def test_a_missing_store_is_not_created_by_accident(tmp_path: Path, postgres_url: str) -> None:
    with pytest.raises(StoreError, match="lifecycle init"):
        Ledger.open(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(StoreError, match="lifecycle init"):
        Ledger.open(postgres_url)


def test_a_missing_server_or_database_is_reported(postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        Ledger.open(
            postgres_url.replace("/t", "/nosuch", 1) if "/t" in postgres_url else postgres_url
        )
    with pytest.raises(StoreError, match=r"cannot be reached.*login of the URL"):
        Ledger.open(f"postgresql+psycopg://postgres@/x?host={tmp_path}")


def test_a_database_without_a_ledger_is_reported(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database at all, but long enough to be looked at " * 40)
    with pytest.raises(StoreError):
        Ledger.open(f"sqlite:///{tmp_path / 'text.db'}")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreError, match="not a ledger"):
        Ledger.open(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(StoreError):
        Ledger.open(f"sqlite:///{tmp_path}")


def test_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    with (
        Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger,
        ledger.recorder.cursor(write=False) as cursor,
    ):
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"


def test_only_who_writes_keeps_many_pages_in_memory(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'l.db'}"
    Ledger.open(url, create=True).close()
    kib: list[int] = []
    with Ledger.open(url) as ledger:
        for write in (False, True):
            with ledger.recorder.cursor(write=write) as cursor:
                cursor.execute("PRAGMA cache_size")
                kib.append(-cursor.fetchone()[0])
    reading, writing = kib
    assert reading <= 2_048
    assert writing == 32_768


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_corrections_of_both_databases_agree(ledger: Ledger) -> None:
    fill(
        ledger,
        [
            *REPORTED,
            PASSED,
            correction(2, {"occurred_on": "2024-02-02"}),
            correction(2, None),
            correction(4, None),
        ],
        keep=False,
    )
    assert [item.version for item in ledger.history(Stream("project", "P"))] == [1, 2, 3, 4, 5]
    ledger.close()


def test_the_database_itself_rejects_a_second_event_of_one_version(ledger: Ledger) -> None:
    fill(ledger, REPORTED, keep=False)
    before = ledger.head()
    rows, leaves = rows_after(
        before, [stored_form(item) for item in ledger.history(Stream("project", "P"))]
    )
    with pytest.raises(Conflict), ledger.recorder.cursor(write=True) as cursor:
        ledger.recorder.append_rows(cursor, rows, leaves, before.recorded_at)
    assert ledger.head() == before
    ledger.close()
