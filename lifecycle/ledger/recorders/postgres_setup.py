"""Create a store in a PostgreSQL database: its schema, tables, guards, functions, roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from psycopg.sql import SQL, Composed, Identifier

from lifecycle.ledger.recorders.field_shapes import field_shapes
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.recorders.ledger_schema import (
    SCHEMA_VERSION,
    postgres_trigger,
    side_tables,
)
from lifecycle.ledger.recorders.name_index import NAMES_VERSION, fill_name_index
from lifecycle.ledger.recorders.postgres_definitions import function_source, known_topics
from lifecycle.ledger.recorders.postgres_roles import (
    Connection,
    close_database,
    ensure_roles,
    grant_roles,
    revoke_all,
)

SCHEMA: Final = "lifecycle"
"""The schema of a store. 0.1.0 put its tables where the login's search path began: in `public`."""
PINNED_PATH: Final = f"{SCHEMA}, pg_temp"
"""The search path of our sessions, so that nobody's objects stand in for ours.

PostgreSQL itself looks into `pg_catalog` first.
"""
# Which login appended which positions. Events of 0.1.0 and copied ones have no row.
_LOGINS_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_logins"
    " (first BIGINT PRIMARY KEY, last BIGINT NOT NULL, login TEXT NOT NULL)"
)
# What the append function takes, filled from the events that this version declares.
_TOPICS_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_topics"
    " (topic TEXT PRIMARY KEY, streams TEXT[] NOT NULL, reserved BOOLEAN NOT NULL)"
)
# What the fields of an event look like, from the same declarations.
_FIELDS_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_fields"
    " (shape TEXT NOT NULL, field TEXT NOT NULL, is_required BOOLEAN NOT NULL,"
    " json_type TEXT NOT NULL, pattern TEXT, least INTEGER NOT NULL, most INTEGER, words TEXT[],"
    " entries TEXT, PRIMARY KEY (shape, field))"
)
_FILL_FIELDS: Final = "COPY ledger_fields FROM STDIN"
_ROLES_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ledger_roles (kind TEXT PRIMARY KEY, role TEXT NOT NULL)"
)
_KEEP_TOPIC: Final = (
    "INSERT INTO ledger_topics (topic, streams, reserved) VALUES (%s, %s, %s)"
    " ON CONFLICT (topic) DO UPDATE SET streams = EXCLUDED.streams, reserved = EXCLUDED.reserved"
)
_RAISE_VERSION: Final = (
    f"UPDATE ledger_head SET schema_version = {SCHEMA_VERSION}"  # noqa: S608 -- a constant
    f" WHERE schema_version < {SCHEMA_VERSION}"
)
# A function whose parameters change would stay beside its successor under the same name.
_SELECT_FUNCTIONS: Final = """
    SELECT oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc
    WHERE pronamespace = 'lifecycle'::pg_catalog.regnamespace AND proname <> 'ledger_refuse'
"""


def install(
    connection: Connection,
    events_table: Sequence[Composed],
    tree_hash: str,
    origin: str,
    *,
    for_copy: bool = False,
) -> None:
    """Create the store, or bring the one that is there up to this version; rows stay.

    `events_table` are the library's statements for the table of events.
    """
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(SCHEMA)))
    connection.execute(f"SET LOCAL search_path = {PINNED_PATH}")
    for statement in events_table:
        connection.execute(statement)
    tables = side_tables("postgresql", tree_hash, origin, for_copy=for_copy)
    for text in (*tables, *_own_tables()):
        connection.execute(text.encode())
    _fill_name_index(connection)
    connection.execute(_RAISE_VERSION)
    _install_functions(connection)
    _install_topics(connection)
    revoke_all(connection)
    names = ensure_roles(connection)
    if names:
        grant_roles(connection, names)
    close_database(connection, names)


def _fill_name_index(connection: Connection) -> None:
    with connection.cursor() as cursor:
        if read_head(cursor).schema_version < NAMES_VERSION:
            fill_name_index(cursor, _postgres_statement)


def _postgres_statement(statement: str) -> str:
    return statement.replace("?", "%s")


def _own_tables() -> list[str]:
    guard = postgres_trigger(
        "ledger_logins_append_only",
        "UPDATE OR DELETE OR TRUNCATE ON ledger_logins FOR EACH STATEMENT",
    )
    return [_LOGINS_TABLE, guard, _TOPICS_TABLE, _FIELDS_TABLE, _ROLES_TABLE]


def _install_functions(connection: Connection) -> None:
    for (signature,) in connection.execute(_SELECT_FUNCTIONS).fetchall():
        connection.execute(f"DROP FUNCTION {signature}".encode())
    connection.execute(function_source().encode())


def _install_topics(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP_TOPIC, known_topics())
        cursor.execute("DELETE FROM ledger_fields")
        # One message for the hundreds of rows: whoever creates a store waits for each.
        with cursor.copy(_FILL_FIELDS) as copy:
            for shape in field_shapes():
                copy.write_row(shape)
