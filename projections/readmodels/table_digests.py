"""Digests of whole tables, to see whether two makings of them are the same."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from projections.readmodels.query_tables import CONTENT_TABLES
from projections.readmodels.table_engine import open_engine, transaction


def digests(url: str) -> dict[str, str]:
    """SHA-256 of each table's rows in the order of their keys, as text."""
    result: dict[str, str] = {}
    with open_engine(url) as engine, transaction(engine, write=False) as connection:
        for table in CONTENT_TABLES:
            hashed = hashlib.sha256()
            for row in sorted(tuple(map(str, row)) for row in connection.execute(select(table))):
                hashed.update(repr(row).encode())
            result[table.name] = hashed.hexdigest()
    return result
