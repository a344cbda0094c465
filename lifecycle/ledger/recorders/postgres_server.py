"""Which servers and databases can hold a store: new enough, and in UTF-8."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from lifecycle.ledger.recorders.database_facts import DatabaseFacts
from lifecycle.rejections import StoreError, msg

ENCODING: Final = "UTF8"
OLDEST: Final = 14
"""The first major version with CREATE OR REPLACE TRIGGER; sha256() is older."""
_WRONG_ENCODING: Final = msg(
    "the database {place} has the encoding {encoding}, in which Chinese cannot be kept as it is "
    "written; {allowed} is needed: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
)
_TOO_OLD: Final = msg(
    "the server of the database {place} is PostgreSQL {version}; {allowed} or later is needed"
)
_VERSION_STEP: Final = 10_000
"""The server's number for a version is 160004 for 16.4."""
_TWO_NUMBERS: Final = 10


def require_usable_server(info: psycopg.ConnectionInfo, place: str) -> None:
    """Raise `StoreError` where the connected database cannot hold a store."""
    encoding = info.parameter_status("server_encoding")
    require_usable(info.server_version, encoding or "", place)


def require_usable(version_number: int, encoding: str, place: str) -> None:
    """Raise `StoreError` for a server that is too old, or a database in another encoding."""
    if version_number < OLDEST * _VERSION_STEP:
        version = _version_text(version_number)
        raise StoreError(_TOO_OLD, place=place, version=version, allowed=OLDEST)
    if encoding != ENCODING:
        raise StoreError(_WRONG_ENCODING, place=place, encoding=encoding, allowed=ENCODING)


def server_facts(cursor: psycopg.Cursor[Any]) -> DatabaseFacts:
    """Return what server a transaction runs on."""
    info = cursor.connection.info
    cursor.execute("SELECT pg_backend_pid()")
    row = cursor.fetchone()
    # A pool in front of the server gives out process numbers of its own.
    is_pooled = row is None or row[0] != info.backend_pid
    encoding = info.parameter_status("server_encoding") or ""
    return DatabaseFacts("PostgreSQL", _version_text(info.server_version), encoding, is_pooled)


def _version_text(version_number: int) -> str:
    major, minor = divmod(version_number, _VERSION_STEP)
    # Before version 10 the second number counted major versions, too.
    if major < _TWO_NUMBERS:
        return f"{major}.{minor // 100}.{minor % 100}"
    return f"{major}.{minor}"
