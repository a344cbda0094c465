"""Database access for the query tables: transactions that take turns, rows written in bulk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.sqlite_source import sqlite_source
from lifecycle.rejections import StoreError, msg

IN_MEMORY: Final = "sqlite://"
BATCH_VALUES: Final = 15_000
"""About so many values are written at a time: little is left for the end, while no other process
makes rows any more."""
_MOST_VALUES: Final = 900
"""SQLite: about so many values in one statement, which every version takes; a third faster than
row by row."""
_LOCK_SECONDS: Final = 30
_NOT_PERMITTED: Final = "42501"
"""SQLSTATE of PostgreSQL: the login lacks a right."""
# The server's own words name a schema and no remedy, in the server's language.
_OWNER_ALONE: Final = msg(
    "the query tables are written by the owner of the database alone, and read by every login with "
    "a role: the owner runs `lifecycle projections rebuild`; no result relies on them"
)
# The store's own schema, so that nobody's tables stand in for ours; a store of 0.1.0 has none.
_PIN_PATH: Final = (
    "SELECT set_config('search_path', 'lifecycle, pg_temp', true)"
    " FROM pg_catalog.pg_namespace WHERE nspname = 'lifecycle'"
)
# Writers take turns at a table that only the owner can lock. Readers are never kept waiting.
_LOCK_TABLE: Final = "CREATE TABLE IF NOT EXISTS read_tables_turn ()"
# A pool in front of the server may give each transaction another connection, which does not know
# what an earlier one prepared. And a login's or an office's own encoding cannot hold every name.
_SERVER_SETTINGS: Final[dict[str, object]] = {
    "prepare_threshold": None,
    "client_encoding": "utf8",
}
_TAKE_TURN: Final = "LOCK TABLE read_tables_turn IN EXCLUSIVE MODE"


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    """Open an engine for a store's URL, disposed of at the end. Raises `StoreError`."""
    with ExitStack() as resources:
        engine = _create_engine(url, resources)
        resources.callback(engine.dispose)
        try:
            yield engine
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _NOT_PERMITTED:
                raise StoreError(_OWNER_ALONE) from error
            why = str(error.orig).strip().splitlines()[0]
            raise StoreError(msg("the query tables cannot be used: {why}"), why=why) from error


def _create_engine(url: str, resources: ExitStack) -> Engine:
    path = None if url == IN_MEMORY else sqlite_path(url)
    if path is None:
        settings = {} if url == IN_MEMORY else _SERVER_SETTINGS
        engine = create_engine(url, poolclass=NullPool, connect_args=settings)
        if engine.dialect.name == "postgresql":
            event.listen(engine, "begin", _pin_path)
        return engine
    source = resources.enter_context(sqlite_source(path))

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(source.uri, uri=True, timeout=_LOCK_SECONDS)
        if source.is_read_only:
            # What is open may be a temporary copy, in which writes would vanish.
            connection.execute("PRAGMA query_only=ON")
        return connection

    return create_engine("sqlite://", poolclass=NullPool, creator=connect)


def _pin_path(connection: Connection) -> None:
    connection.exec_driver_sql(_PIN_PATH)


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """Open a transaction; a write waits until every other writer is through."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _sqlite_transaction(connection, write=write) as inner:
                yield inner
        else:
            with _postgres_transaction(connection, write=write) as inner:
                yield inner


@contextmanager
def _sqlite_transaction(plain: Connection, *, write: bool) -> Iterator[Connection]:
    # Python's driver would begin by itself, and only at the first change: a reader would see
    # different states in one transaction, and a writer that read first could fail.
    connection = plain.execution_options(isolation_level="AUTOCOMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    try:
        yield connection
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT" if write else "ROLLBACK")


@contextmanager
def _postgres_transaction(connection: Connection, *, write: bool) -> Iterator[Connection]:
    if not write:
        # Tables that are read one after another must be of one state.
        connection.execution_options(isolation_level="REPEATABLE READ")
    if write:
        connection.exec_driver_sql(_LOCK_TABLE)
        connection.exec_driver_sql(_TAKE_TURN)
    try:
        yield connection
    except BaseException:
        connection.rollback()
        raise
    if write:
        connection.commit()
    else:
        connection.rollback()


class RowWriter:
    """Collects rows and writes them some thousand values at a time, through the driver."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pending: dict[Table, list[Sequence[Any]]] = {}

    def add(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Take rows of the table's row class."""
        pending = self._pending.setdefault(table, [])
        pending.extend(rows)
        if len(pending) * len(table.columns) >= BATCH_VALUES:
            self._write(table, pending)
            pending.clear()

    def flush(self) -> None:
        """Write the rows collected so far."""
        for table, pending in self._pending.items():
            if pending:
                self._write(table, pending)
                pending.clear()

    def _write(self, table: Table, rows: list[Sequence[Any]]) -> None:
        # SQLAlchemy would turn each row into a dictionary of parameters first.
        driver: Any = self._connection.connection.driver_connection
        if self._connection.dialect.name == "postgresql":
            _copy(driver, table, rows)
        else:
            _insert(driver, table, rows)


def _copy(
    driver: Any,
    table: Table,
    rows: list[Sequence[Any]],
) -> None:
    with driver.cursor() as cursor, cursor.copy(_copy_statement(table)) as copy:
        for row in rows:
            copy.write_row(row)


def _insert(
    driver: Any,
    table: Table,
    rows: list[Sequence[Any]],
) -> None:
    batch_size = _MOST_VALUES // len(table.columns)
    for start in range(0, len(rows), batch_size):
        batch = rows[start : start + batch_size]
        values = list(chain.from_iterable(batch))
        driver.execute(_insert_statement(table, len(batch)), values)


@lru_cache(maxsize=64)
def _copy_statement(table: Table) -> str:
    return f"COPY {table.name} ({_column_names(table)}) FROM STDIN"


@lru_cache(maxsize=256)
def _insert_statement(table: Table, rows: int) -> str:
    places = ", ".join("?" * len(table.columns))
    values = ", ".join([f"({places})"] * rows)
    return f"INSERT INTO {table.name} ({_column_names(table)}) VALUES {values}"  # noqa: S608 -- our own table's names


def _column_names(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)
