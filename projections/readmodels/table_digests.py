"""Digests of whole tables, to determine whether two builds of them are equal."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, Table, select

from projections.readmodels.query_tables import CONTENT_TABLES
from projections.readmodels.table_engine import open_engine, transaction


def digests(url: str) -> dict[str, str]:
    """Return the SHA-256 of each table's rows as text, sorted. Raises `StoreError`."""
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        return {table.name: _digest(connection, table) for table in CONTENT_TABLES}


def _digest(connection: Connection, table: Table) -> str:
    # Sorted here and not by the database: a collation may order text in its own way.
    stored_rows = connection.execute(select(table))
    rows = sorted(tuple(map(str, row)) for row in stored_rows)
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()
