"""Give a SQLite store of an earlier version today's tables, within one write transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.ledger_schema import SCHEMA_VERSION

# In a store of version 1 each key had one row; renaming takes the table's guards along.
_REBUILD_KEYS: Final = (
    "ALTER TABLE ledger_keys RENAME TO ledger_keys_1",
    (
        "CREATE TABLE ledger_keys (key TEXT NOT NULL, digest TEXT NOT NULL,"
        " position BIGINT NOT NULL, leaf BLOB NOT NULL, PRIMARY KEY (key, position))"
    ),
    "INSERT INTO ledger_keys SELECT key, digest, position, leaf FROM ledger_keys_1",
    "DROP TABLE ledger_keys_1",
)
_SET_VERSION: Final = "UPDATE ledger_head SET schema_version = ?"


def upgrade_tables(cursor: Cursor, side_tables: Sequence[str]) -> None:
    """Rebuild the keys, create the side tables that are missing, and note the schema's version."""
    for statement in (*_REBUILD_KEYS, *side_tables):
        cursor.execute(statement)
    cursor.execute(_SET_VERSION, (SCHEMA_VERSION,))
