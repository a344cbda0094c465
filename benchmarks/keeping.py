"""What moving and backing up a store costs, over raw inserts of its rows; and that nothing differs.

A copy writes keys, claims and tree beside the events, reads the whole copy again and verifies it by
the rules; a raw insert is the least that could be done.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg

from benchmarks.history import records
from benchmarks.measure import fill
from commands.handlers.receipting import give_receipts
from commands.handlers.store_keeping import StorePlace, back_up, copy_store, restore
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.checkpoints import create_signer
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.log.receipts import Receipts
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from tests.given import unit
from tests.ledgers import CLERK
from tests.postgres import Server

SIZE: Final = int(os.environ.get("BENCH_KEEPING", "100000"))
_BATCH: Final = 2_000
_COLUMNS: Final = "position, originator_id, originator_version, topic, state"
_TABLE: Final = (
    "CREATE TABLE events (position BIGINT PRIMARY KEY, originator_id TEXT,"
    " originator_version INTEGER, topic TEXT, state {bytes},"
    " UNIQUE (originator_id, originator_version))"
)
_SELECT: Final = (
    "SELECT rowid, originator_id, originator_version, topic, state FROM ledger_events"
    " ORDER BY rowid"
)

Row = tuple[Any, ...]
Figure = tuple[str, float, str]


class StoreContent(NamedTuple):
    """What must be equal in a store and its copies."""

    root: bytes
    scores: dict[str, Any]


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _insert_into_file(path: Path, rows: list[Row]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(_TABLE.format(bytes="BLOB"))
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", batch)
            connection.commit()


def _insert_into_server(server: Server, rows: list[Row]) -> None:
    server.create("raw")
    with psycopg.connect(server.dsn("raw")) as connection:
        connection.execute(_TABLE.format(bytes="BYTEA").encode())
        for start in range(0, len(rows), _BATCH):
            statement = f"COPY events ({_COLUMNS}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
                for row in rows[start : start + _BATCH]:
                    copy.write_row(row)
            connection.commit()


def _content(url: str, receipts: Receipts) -> StoreContent:
    """Return what must be equal; check that an old receipt still fits."""
    with Ledger.open(url) as ledger:
        result = verify(ledger, receipts=[("receipt", receipts)])
        assert result.differences == []
        view = View(2024, date(2024, 12, 31), result.size, shipped("kaihua-2024"))
        return StoreContent(result.root, score_json(evaluate(ledger, view)))


def _filled(folder: Path) -> tuple[str, Receipts]:
    """Return the URL of a long history, and a receipt for its last event."""
    url = f"sqlite:///{folder / 'source.db'}"
    fill(url, records(SIZE))
    with Ledger.open(url) as ledger:
        key = create_signer(ledger, folder / "key.pem")
        entry = ledger.record(read_record(unit("后来镇")), CLERK)
        given = give_receipts(ledger, [entry], lambda: key)
    assert given.failure is None
    return url, given.receipts


def figures(folder: Path) -> Iterator[Figure]:
    """Yield claim, figure and aim of each measurement."""
    server = Server()
    server.start()
    try:
        yield from _figures(folder, server)
    finally:
        server.stop()


def _figures(folder: Path, server: Server) -> Iterator[Figure]:
    url, receipts = _filled(folder)
    with closing(sqlite3.connect(folder / "source.db")) as connection:
        rows: list[Row] = connection.execute(_SELECT).fetchall()
    expected = _content(url, receipts)
    on_server, back = server.create("kept"), f"sqlite:///{folder / 'back.db'}"

    def copied(source: str, target: str) -> float:
        evidence = EvidenceStore(folder / "evidence")

        def copy() -> None:
            with Ledger.open(source) as ledger:
                places = StorePlace(source, evidence), StorePlace(target, evidence)
                copy_store(ledger, *places, keep_open="")

        seconds = _seconds(copy)
        assert _content(target, receipts) == expected
        return seconds

    raw_seconds = _seconds(lambda: _insert_into_server(server, rows))
    yield from _compared("SQLite → PostgreSQL", rows, raw_seconds, copied(url, on_server))
    raw_seconds = _seconds(lambda: _insert_into_file(folder / "raw.db", rows))
    yield from _compared("PostgreSQL → SQLite", rows, raw_seconds, copied(on_server, back))

    place, file = StorePlace(back, EvidenceStore(folder / "evidence")), folder / "backup.zip"

    def write() -> None:
        with Ledger.open(back) as ledger:
            back_up(ledger, place, file)

    restored = StorePlace(f"sqlite:///{folder / 'restored.db'}", place.evidence)
    yield from _compared("backup", rows, raw_seconds, _seconds(write))
    yield from _compared("restore", rows, raw_seconds, _seconds(lambda: restore(file, restored)))
    assert _content(restored.url, receipts) == expected


def _compared(
    name: str,
    rows: list[Row],
    raw_seconds: float,
    seconds: float,
) -> Iterator[Figure]:
    yield f"{name} of {len(rows)} events ÷ raw insert by {_BATCH}", raw_seconds / seconds, ""
    yield f"{name}: events a second", len(rows) / seconds, ""
