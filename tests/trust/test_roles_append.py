"""What the append function of PostgreSQL takes from whom, and what it computes itself."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import psycopg
import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import recorders
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders import postgres_store
from lifecycle.ledger.recorders.append_batch import (
    AppendBatch,
    ClaimChanges,
    KeptEvidence,
    LostClaim,
    TakenClaim,
    TakenNumber,
)
from lifecycle.ledger.recorders.blocking_session import BlockingSession
from lifecycle.ledger.recorders.postgres_append import APPEND, append_parameters
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Rejected, StoreError
from projections import readmodels
from tests.given import TOWN, of, reported
from tests.postgres import running_server
from tests.trust.roles import RankedStore, ranked_store

HELD = {
    "event": "ActivityHeld",
    "unit": TOWN,
    "occurred_on": "2024-03-01",
    "activity": "赴杭",
    "led_by_head": True,
}


@pytest.fixture
def store() -> Iterator[RankedStore]:
    with ranked_store(running_server()) as ranked:
        yield ranked


@pytest.fixture(scope="module")
def untouched() -> Iterator[RankedStore]:
    """A store that takes nothing of what its tests append."""
    with ranked_store(running_server()) as ranked:
        yield ranked


def opened(store: RankedStore, rank: str) -> Ledger:
    """The store by a rank's login; what the clock says is not in question here."""
    ledger = Ledger.open(store.url(rank))
    ledger.clock_is_right = True
    return ledger


def _allow_one_connection(store: RankedStore, login: str) -> None:
    with psycopg.connect(store.server.dsn("postgres"), autocommit=True) as administrator:
        administrator.execute(f"ALTER ROLE {login} CONNECTION LIMIT 1".encode())


def test_a_clerk_records_by_the_only_connection_that_the_server_allows(store: RankedStore) -> None:
    login = store.logins["clerk"]
    _allow_one_connection(store, login)
    with Ledger.open(store.url("clerk")) as ledger:
        entry = ledger.record(read_record(of("ReviewHeld", findings="正常")), Author(login))
        assert ledger.head().position == entry.position
        # Whoever held the lock and waited for a second connection would keep all others waiting.
        with ledger.unit_of_work(Author(login)) as work:
            work.record(read_record(of("ReviewHeld", findings="正常，进场")))
            work.flush()
            work.move_clock(ledger.moment)
            last = work.record(read_record(of("ReviewHeld", findings="正常，封顶")))
        assert ledger.head().position == last.position


def test_an_open_ledger_holds_one_connection(store: RankedStore) -> None:
    login = store.logins["clerk"]
    with Ledger.open(store.url("clerk")) as ledger:
        ledger.record(read_record(of("ReviewHeld", findings="正常")), Author(login))
        end = time.monotonic() + 10
        # The server ends the session that was there to look for the store a moment later.
        while _sessions(store, login) > 1:
            assert time.monotonic() < end
            time.sleep(0.05)


def _sessions(store: RankedStore, login: str) -> int:
    with psycopg.connect(store.server.dsn("postgres")) as administrator:
        statement = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
        (count,) = administrator.execute(statement, (login,)).fetchone() or (0,)
        return int(count)


def author(store: RankedStore, rank: str) -> Author:
    return Author(store.logins[rank])


# Raw calls ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RawEvent:
    """An event as somebody with psql would make it, by default one that a clerk may record."""

    store: RankedStore
    rank: str = "clerk"
    stream: str = f"unit/{TOWN}"
    topic: str = "ActivityHeld/2"
    moved_by: timedelta = timedelta()
    version_step: int = 1
    fields: dict[str, object] = field(default_factory=dict)
    are_all: bool = False
    """Whether there are no fields but these, and not those of the default event besides."""
    key: str = ""
    changes: ClaimChanges = field(default_factory=ClaimChanges)
    evidence: list[KeptEvidence] = field(default_factory=list)

    def append(self, decided_at: int | None = None) -> None:
        """Call the function through a raw session of the rank's login."""
        with Ledger.open(self.store.url("owner")) as ledger, self.store.connect(self.rank) as raw:
            head = ledger.head()
            with ledger.recorder.cursor(write=False) as cursor:
                cursor.execute(
                    "SELECT count(*) FROM ledger_events WHERE originator_id = %s", (self.stream,)
                )
                version = cursor.fetchone()[0] + self.version_step
            position = (head.position if decided_at is None else decided_at) + 1
            row = (position, self.stream, version, self.topic, self._state())
            digest = read_record(HELD).digest
            if self.fields:
                digest = hashlib.sha256(self._state()).hexdigest()
            key = (self.key or digest, digest, position, b"")
            batch = AppendBatch([row], [], [key], "", self.changes, self.evidence)
            raw.execute(APPEND.encode(), append_parameters(batch, None))

    def _state(self) -> bytes:
        now = datetime.now(SHANGHAI) + self.moved_by
        stamp = {"recorded_at": now.isoformat(), "recorded_by": self.store.logins[self.rank]}
        fields: dict[str, object] = {} if self.are_all else dict(read_record(HELD).fields)
        fields |= stamp
        return json.dumps(fields | self.fields, ensure_ascii=False).encode()


def rejected_by(event: RawEvent, decided_at: int | None = None) -> str | None:
    """Return the rule by which the function rejects an event, None where it takes it."""
    try:
        event.append(decided_at)
    except psycopg.Error as error:
        return error.diag.constraint_name or error.diag.sqlstate
    return None


def test_a_clerk_appends_an_event_of_his_own(store: RankedStore) -> None:
    assert rejected_by(RawEvent(store)) is None
    with Ledger.open(store.url("auditor")) as ledger:
        assert verify(ledger).differences == []


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("author", {"fields": {"recorded_by": "lisi"}}),
        ("author", {"fields": {"imported_by": "lisi"}}),
        ("record_time", {"moved_by": timedelta(minutes=-2)}),
        ("record_time", {"moved_by": timedelta(minutes=2)}),
        ("fields", {"fields": {"recorded_at": "2024-01-01T00:00:00Z"}}),
        ("migrated", {"fields": {"migrated_at": "2024-01-01T00:00:00+08:00"}}),
        ("version", {"version_step": 2}),
        ("version", {"version_step": 0}),
        ("unknown_topic", {"topic": "Invented/1"}),
        ("unknown_topic", {"topic": "ActivityHeld/99"}),
        ("foreign_stream", {"stream": "project/P", "topic": "UnitRegistered/1"}),
        ("foreign_stream", {"stream": "elsewhere/P"}),
        ("foreign_stream", {"stream": "unit/a\nb"}),
        ("reserved", {"stream": "county", "topic": "RulebookAdopted/1"}),
        ("reserved", {"stream": "county", "topic": "SigningKeyChanged/1"}),
        ("reserved", {"stream": "county", "topic": "RecordTimeCorrected/1"}),
        ("key", {"key": "of another"}),
        ("size", {"fields": {"note": "长" * 400_000}}),
        ("stamp", {"fields": {"recorded_by": None}}),
        (
            "foreign_claim",
            {"changes": ClaimChanges(lost=[LostClaim("identity", "a\tb", "project/P")])},
        ),
        (
            "foreign_claim",
            {"changes": ClaimChanges(taken=[TakenClaim("unit", "x", "project/P", 25)])},
        ),
        (
            "foreign_claim",
            {"changes": ClaimChanges(taken=[TakenClaim("unit", "x", f"unit/{TOWN}", 1)])},
        ),
        ("shape", {"evidence": [KeptEvidence("0" * 64, 1)]}),
        # Of the event itself, which names no such file.
        ("shape", {"evidence": [KeptEvidence("0" * 64, 25)]}),
        ("shape", {"evidence": [KeptEvidence("\x1b[2J", 25)]}),
        ("fields", {"fields": {"activity": None}}),
        ("fields", {"fields": {"invented": "x"}}),
    ],
)
def test_a_clerk_s_forged_event_is_rejected(
    untouched: RankedStore, rule: str, changes: dict[str, Any]
) -> None:
    with Ledger.open(untouched.url("owner")) as ledger:
        before = ledger.head()
        assert rejected_by(replace(RawEvent(untouched), **changes)) == rule
        assert ledger.head() == before


def test_a_time_that_only_the_database_can_read_is_rejected(untouched: RankedStore) -> None:
    """PostgreSQL reads second 60 as the next minute; the head would hold what no program reads."""
    now = datetime.now(SHANGHAI)
    leap = now.replace(second=0, microsecond=0).isoformat().replace(":00+", ":60+")
    assert ":60+08:00" in leap
    assert rejected_by(RawEvent(untouched, fields={"recorded_at": leap})) in {
        "fields",
        "record_time",
    }


@dataclass(frozen=True)
class SpacedEvent(RawEvent):
    """An event whose bytes hold a line break between two fields."""

    def _state(self) -> bytes:
        return super()._state().replace(b", ", b",\n ", 1)


def test_a_line_break_in_an_event_s_bytes_is_rejected(untouched: RankedStore) -> None:
    """A bundle has an event a line."""
    assert rejected_by(SpacedEvent(untouched, fields={"note": "x"})) == "fields"


def test_what_was_decided_on_another_head_is_a_lost_race(untouched: RankedStore) -> None:
    assert rejected_by(RawEvent(untouched), decided_at=3) == "LC001"


def test_numbers_only_rise(store: RankedStore) -> None:
    for counter in (5, 3):
        changes = ClaimChanges(numbers=[TakenNumber("交", 2024, counter)])
        event = RawEvent(store, changes=changes, fields={"note": str(counter)})
        assert rejected_by(event) is None
    with store.connect("auditor") as connection:
        rows = connection.execute("SELECT counter FROM lifecycle.ledger_numbers").fetchall()
    assert rows == [(5,)]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("search_path", "pg_temp, public"),
        ("DateStyle", "SQL, DMY"),
        ("TimeZone", "'America/New_York'"),
        ("bytea_output", "escape"),
        ("client_encoding", "GBK"),
        ("transform_null_equals", "on"),
        ("array_nulls", "off"),
        ("enable_indexscan", "off"),
        ("plan_cache_mode", "force_generic_plan"),
    ],
)
def test_a_session_s_settings_change_no_hash(store: RankedStore, setting: str, value: str) -> None:
    event = RawEvent(store)
    connect = store.connect

    def with_setting(rank: str) -> Any:
        connection = connect(rank)
        connection.execute(f"SET {setting} = {value}".encode())
        return connection

    object.__setattr__(store, "connect", with_setting)
    assert rejected_by(event) is None
    with Ledger.open(store.url("auditor")) as ledger:
        assert verify(ledger).differences == []


def test_the_functions_hold_no_backslash_whose_meaning_a_session_can_change() -> None:
    source = files(recorders).joinpath("postgres_functions.sql").read_text(encoding="utf-8")
    assert chr(92) not in source


# By rank ------------------------------------------------------------------------------------------


def test_the_manager_records_what_is_reserved(store: RankedStore) -> None:
    corrections = {
        "event": "FactCorrected",
        "county": True,
        "corrects": 1,
        "replacement": None,
        "reason": "误登",
        "approved_by": "局长",
        "occurred_on": "2024-05-01",
    }
    change = of("MeetingHeld", "2024-04-01", meeting="ad_hoc")
    change.pop("project", None)
    with opened(store, "clerk") as ledger:
        ledger.record(read_record(change), author(store, "clerk"))
    key: dict[str, object] = {"verifier_key": "k", "reason": "到期", "occurred_on": "2024-04-01"}
    reserved = RawEvent(store, "manager", "county", "SigningKeyChanged/1", fields=key, are_all=True)
    assert rejected_by(reserved) is None
    correction = RawEvent(
        store,
        stream="county",
        topic="FactCorrected/1",
        fields={
            name: corrections[name]
            for name in ("replacement", "reason", "approved_by", "occurred_on")
        },
        are_all=True,
    )
    assert (
        rejected_by(replace(correction, fields=correction.fields | {"corrects": 2})) == "reserved"
    )
    assert (
        rejected_by(replace(correction, fields=correction.fields | {"corrects": 9})) == "reserved"
    )
    assert rejected_by(replace(correction, fields=correction.fields | {"corrects": 1})) is None
    # The manager's correction of a publication, and a clerk's attempt to void that correction.
    managers = replace(correction, rank="manager", fields=correction.fields | {"corrects": 2})
    assert rejected_by(managers) is None
    assert (
        rejected_by(replace(correction, fields=correction.fields | {"corrects": 4})) == "reserved"
    )


def test_an_auditor_appends_nothing(untouched: RankedStore) -> None:
    assert rejected_by(RawEvent(untouched, "auditor")) == "42501"
    with opened(untouched, "auditor") as ledger, pytest.raises(StoreError, match="may only read"):
        ledger.record(read_record(reported("R")), author(untouched, "auditor"))


def test_a_clerk_is_told_why_he_may_not_record_for_another(untouched: RankedStore) -> None:
    with opened(untouched, "clerk") as ledger, pytest.raises(Rejected, match="is logged in to"):
        ledger.record(read_record(reported("R")), Author("lisi"))


# Many at once -------------------------------------------------------------------------------------


def test_sixteen_writers_lose_nothing(store: RankedStore) -> None:
    recorded: list[str] = []
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            with opened(store, "clerk" if writer % 2 else "manager") as ledger:
                who = author(store, "clerk" if writer % 2 else "manager")
                for number in range(5):
                    record = reported(f"W{writer}-{number}")
                    recorded.append(ledger.record(read_record(record), who).ref)
        except BaseException as error:  # noqa: BLE001 -- shown by the main thread
            failures.append(error)

    with Ledger.open(store.url("auditor")) as ledger:
        before = ledger.head().position
        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(set(recorded)) == 16 * 5
        assert ledger.head().position == before + 16 * 5
        assert verify(ledger).differences == []


def test_who_waits_is_told_whose_session_it_is_and_the_owner_ends_it(
    store: RankedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "NOTICE_SECONDS", 1)
    monkeypatch.setattr(postgres_store, "LOCK_SECONDS", 2)
    waits: list[BlockingSession] = []
    _allow_one_connection(store, store.logins["manager"])
    with opened(store, "manager") as ledger, closing(store.connect("clerk")) as blocking:
        ledger.recorder.report_wait = waits.extend
        blocking.autocommit = False
        blocking.execute("SELECT lifecycle.ledger_lock()")
        with pytest.raises(StoreError, match=f"session of {store.logins['clerk']} .*--unblock"):
            ledger.record(read_record(reported("R")), author(store, "manager"))
        assert waits[0].login == store.logins["clerk"]
        assert waits[0].process == blocking.info.backend_pid
        # Readers never wait.
        assert ledger.head().position
        _may_end_sessions(store)
        with Ledger.open(store.url("owner")) as owners:
            assert [s.process for s in owners.recorder.end_blocking_sessions()] == [
                blocking.info.backend_pid
            ]
        _until_ended(store, blocking.info.backend_pid)
        ledger.record(read_record(reported("R")), author(store, "manager"))


def _may_end_sessions(store: RankedStore) -> None:
    """What an administrator grants the owner: see docs/postgres.md."""
    with psycopg.connect(store.server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"GRANT pg_signal_backend TO {store.logins['owner']}".encode())


def _until_ended(store: RankedStore, process: int) -> None:
    with store.connect("owner") as connection:
        statement = "SELECT FROM pg_stat_activity WHERE pid = %s"
        for _attempt in range(100):
            if connection.execute(statement, (process,)).fetchone() is None:
                return
            time.sleep(0.05)


def test_a_queue_filled_by_a_listener_stops_nobody(store: RankedStore) -> None:
    with store.connect("clerk") as listener, store.connect("clerk") as flooding:
        listener.autocommit = False
        listener.execute("LISTEN ledger_events")
        listener.commit()
        listener.execute("SELECT 1")  # an open transaction keeps the queue from being emptied
        for _round in range(20):
            flooding.execute(
                "SELECT pg_notify('ledger_events', n || repeat('x', 7000))"
                " FROM generate_series(1, 500) AS n"
            )
        with opened(store, "manager") as ledger:
            ledger.record(read_record(reported("R")), author(store, "manager"))


def test_a_reader_s_open_transaction_stops_neither_a_rebuild_nor_a_record(
    store: RankedStore,
) -> None:
    with closing(store.connect("auditor")) as reader:
        reader.autocommit = False
        reader.execute("SELECT * FROM lifecycle.scores, lifecycle.ledger_head")
        reader.execute("LOCK TABLE lifecycle.scores IN ACCESS SHARE MODE")
        with opened(store, "owner") as ledger:
            ledger.record(read_record(reported("R")), author(store, "owner"))
            update = readmodels.rebuild(ledger, store.url("owner"))
            assert update.position == ledger.head().position
        reader.rollback()
