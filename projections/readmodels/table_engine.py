"""Connections for the read tables: one transaction for rows and position, rows written in bulk by either driver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from lifecycle.ledger.recorders.ledger_schema import CLERK
from lifecycle.rejections import StoreError, msg

_LOCK: Final = 5_820_341
"""PostgreSQL: the advisory lock of whoever writes the read tables."""
BATCH: Final = 5_000
_VALUES: Final = 900
"""SQLite: about so many values in one statement, which every version takes; a third faster than row by row."""
_AS_CLERKS: Final = (
    f"SELECT set_config('role', '{CLERK}', true) FROM pg_roles WHERE rolname = '{CLERK}'"  # noqa: S608 -- a constant's name
    " AND pg_has_role(oid, 'MEMBER') AND has_schema_privilege(oid, current_schema(), 'CREATE')"
)
"""PostgreSQL: for this transaction act as the clerks' role, so that the tables are nobody's own and any clerk may make them anew."""


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    """An engine for the store's URL, let go of at the end."""
    options: dict[str, Any] = {"connect_args": {"timeout": 30}} if url.startswith("sqlite") else {}
    engine = create_engine(url, poolclass=NullPool, **options)
    try:
        yield engine
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise StoreError(msg("the query tables cannot be used: {why}"), why=why) from error
    finally:
        engine.dispose()


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """One transaction; a write waits for every other writer first."""
    with engine.connect() as plain:
        connection = plain
        if engine.dialect.name == "sqlite":
            # The driver would begin by itself, and only at the first change.
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
        elif write:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            connection.exec_driver_sql(_AS_CLERKS)
        try:
            yield connection
        except BaseException:
            _end(connection, "ROLLBACK")
            raise
        _end(connection, "COMMIT" if write else "ROLLBACK")


def _end(connection: Connection, how: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(how)
    elif how == "COMMIT":
        connection.commit()
    else:
        connection.rollback()


@lru_cache(maxsize=64)
def _copying(table: Table) -> str:
    return f"COPY {table.name} ({', '.join(column.name for column in table.columns)}) FROM STDIN"


@lru_cache(maxsize=256)
def _insertion(table: Table, rows: int) -> str:
    names, places = (
        ", ".join(column.name for column in table.columns),
        ", ".join("?" * len(table.columns)),
    )
    return f"INSERT INTO {table.name} ({names}) VALUES {', '.join([f'({places})'] * rows)}"  # noqa: S608 -- our own table's names


class RowWriter:
    """Rows on their way into the tables, some thousands at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Table, list[Sequence[Any]]] = {}

    def add(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Take rows, in the order of the table's columns."""
        waiting = self._rows.setdefault(table, [])
        waiting.extend(rows)
        if len(waiting) >= BATCH:
            self._write(table, waiting)
            waiting.clear()

    def flush(self) -> None:
        """Write what waits."""
        for table, waiting in self._rows.items():
            if waiting:
                self._write(table, waiting)
                waiting.clear()

    def _write(self, table: Table, rows: list[Sequence[Any]]) -> None:
        driver: Any = self._connection.connection.driver_connection
        if self._connection.dialect.name == "postgresql":
            with driver.cursor() as cursor, cursor.copy(_copying(table)) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            at_once = _VALUES // len(table.columns)
            for start in range(0, len(rows), at_once):
                some = rows[start : start + at_once]
                driver.execute(_insertion(table, len(some)), list(chain.from_iterable(some)))
