"""Appending on PostgreSQL: by `record` and by import, over raw inserts of the same rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import psycopg

from benchmarks.history import records
from benchmarks.measure import fill
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders.postgres_url import connection_settings
from lifecycle.ledger.store import Ledger
from tests.postgres import Server

IMPORTED: Final = 20_000
RECORDED: Final = 1_000
_SELECT: Final = (
    "SELECT notification_id, originator_id, originator_version, topic, state"
    " FROM lifecycle.ledger_events ORDER BY notification_id"
)
_INSERT: Final = "INSERT INTO raw_events VALUES (%s, %s, %s, %s, %s)"


def appending() -> Iterator[tuple[str, float, str]]:
    """Yield claim, figure and aim: seconds of decisions and appends over those of raw inserts."""
    server = Server()
    server.start()
    try:
        url = server.create("appending")
        begun = time.perf_counter()
        fill(url, records(IMPORTED))
        imported = time.perf_counter() - begun
        yield f"PostgreSQL: import, events a second, of {IMPORTED}", IMPORTED / imported, ""
        recorded = _record_one_by_one(server.create("recording"))
        yield "PostgreSQL: record, events a second", RECORDED / recorded, ""
        raw = _insert_raw(url)
        yield "PostgreSQL: one raw insert and commit ÷ one record", raw / recorded, ""
    finally:
        server.stop()


def _record_one_by_one(url: str) -> float:
    with Ledger.open(url, create=True) as ledger:
        author = Author(str(ledger.database_login()))
        drafts = [read_record(record) for record in records(RECORDED)]
        begun = time.perf_counter()
        for draft in drafts[:RECORDED]:
            ledger.record(draft, author)
        return time.perf_counter() - begun


def _insert_raw(url: str) -> float:
    settings = {name: value for name, value in connection_settings(url).items() if value}
    with psycopg.connect(**settings, autocommit=True) as connection:
        rows = connection.execute(_SELECT).fetchmany(RECORDED)
        connection.execute(
            "CREATE TABLE raw_events (id bigint PRIMARY KEY, stream text, version bigint,"
            " topic text, state bytea)"
        )
        begun = time.perf_counter()
        for row in rows:
            connection.execute(_INSERT, row)
        return time.perf_counter() - begun
