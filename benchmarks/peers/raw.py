"""The limit: the driver, orjson and a fold; nothing is decided, proved or numbered but by a key.

`python -m benchmarks.peers.raw URL RECORD` records one event.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Self

import orjson

from benchmarks.peers.workload import Record, sqlite_file

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS events (position {serial} PRIMARY KEY, stream TEXT NOT NULL,"
    " version INTEGER NOT NULL, topic TEXT NOT NULL, state {bytes} NOT NULL,"
    " UNIQUE (stream, version))"
)
_PROJECT_ROWS: Final = "CREATE TABLE project_rows (project TEXT PRIMARY KEY, invested TEXT)"
_FIGURE_ROWS: Final = (
    "CREATE TABLE figure_rows (project TEXT, month TEXT, fixed_assets TEXT,"
    " PRIMARY KEY (project, month))"
)
_READ_TABLES: Final = ("project_rows", "figure_rows")
_INVESTED: Final = "InvestmentReported"


class RawStore:
    """Rows of events in one table."""

    def __init__(self, url: str) -> None:
        path = sqlite_file(url)
        self._mark = "?" if path else "%s"
        self._connection: Any = _sqlite(str(path)) if path else _postgres(url)
        types = {"serial": "INTEGER", "bytes": "BLOB"}
        if path is None:
            types = {"serial": "BIGINT GENERATED ALWAYS AS IDENTITY", "bytes": "BYTEA"}
        self._execute_all([_TABLE.format(**types)])
        self._versions: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _execute_all(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self._connection.execute(statement)
        self._connection.commit()

    def _sql(self, statement: str) -> str:
        return statement.replace("?", self._mark)

    def _next_version(self, stream: str) -> int:
        version = self._versions.get(stream)
        if version is None:
            select = self._sql("SELECT max(version) FROM events WHERE stream = ?")
            version = self._connection.execute(select, (stream,)).fetchone()[0] or 0
        self._versions[stream] = version + 1
        return version + 1

    def append(self, records: Sequence[Record]) -> None:
        """Record events together, in one durable commit."""
        recorded_at = datetime.now(UTC).isoformat()
        rows = []
        for record in records:
            stream = record["project"]
            state = orjson.dumps({**record, "recorded_by": "benchmark", "recorded_at": recorded_at})
            rows.append((stream, self._next_version(stream), record["event"], state))
        insert = "INSERT INTO events (stream, version, topic, state) VALUES (?, ?, ?, ?)"
        self._connection.cursor().executemany(self._sql(insert), rows)
        self._connection.commit()

    def fold(self, project: str) -> Decimal:
        """Return what was invested in a project."""
        select = self._sql("SELECT topic, state FROM events WHERE stream = ? ORDER BY version")
        invested = Decimal()
        for topic, state in self._connection.execute(select, (project,)):
            event = orjson.loads(state)
            if topic == _INVESTED:
                invested += Decimal(event["fixed_assets"])
        self._connection.commit()
        return invested

    def drop_read_model(self) -> None:
        """Remove the read model, if it is there."""
        self._execute_all(f"DROP TABLE IF EXISTS {table}" for table in _READ_TABLES)

    def rebuild(self) -> None:
        """Fill the read model in one transaction."""
        invested: dict[str, Decimal] = {}
        figures: list[tuple[str, str, str]] = []
        select = "SELECT stream, topic, state FROM events ORDER BY position"
        for stream, topic, state in self._connection.execute(select):
            event = orjson.loads(state)
            invested.setdefault(stream, Decimal())
            if topic == _INVESTED:
                invested[stream] += Decimal(event["fixed_assets"])
                figures.append((stream, event["month"], event["fixed_assets"]))
        for statement in (_PROJECT_ROWS, _FIGURE_ROWS):
            self._connection.execute(statement)
        cursor = self._connection.cursor()
        projects = [(project, str(amount)) for project, amount in invested.items()]
        cursor.executemany(self._sql("INSERT INTO project_rows VALUES (?, ?)"), projects)
        cursor.executemany(self._sql("INSERT INTO figure_rows VALUES (?, ?, ?)"), figures)
        self._connection.commit()

    def figures_read(self) -> list[str]:
        """Return the amounts of all months, as the read model holds them."""
        rows = self._connection.execute("SELECT fixed_assets FROM figure_rows").fetchall()
        self._connection.commit()
        return [amount for (amount,) in rows]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _sqlite(path: str) -> Any:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _postgres(url: str) -> Any:
    import psycopg

    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1))


if __name__ == "__main__":
    with RawStore(sys.argv[1]) as store:
        store.append([orjson.loads(sys.argv[2])])
