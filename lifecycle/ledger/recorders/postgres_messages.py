"""Statements that go to the server in one message: each message costs a round trip.

Whoever holds the lock while a message crosses the network keeps all others waiting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg

from lifecycle.ledger.recorders.postgres_setup import PINNED_PATH, SCHEMA

LOCK: Final = "SELECT lifecycle.ledger_lock()"
_LEAST_WAIT: Final = "1ms"
"""Who finds the lock held this long need not wait for it: the ledger will end elsewhere."""


def begin(schema: str, *, is_snapshot: bool = False) -> str:
    """Return how a transaction begins on a store whose tables are in a schema.

    The path holds for the transaction alone: a pool in front of the server may give the next one
    another connection.
    """
    path = PINNED_PATH if schema in ("", SCHEMA) else f"{schema}, pg_temp"
    # Never the login's default: a snapshot of before the lock would miss what was recorded last.
    isolation = "REPEATABLE READ" if is_snapshot else "READ COMMITTED"
    return f"BEGIN ISOLATION LEVEL {isolation}; SET LOCAL search_path = {path}"


def begin_locked(schema: str, wait: str = _LEAST_WAIT) -> str:
    """Return how a transaction begins that holds the lock, or fails after waiting so long."""
    return f"{begin(schema)}; SET LOCAL lock_timeout = '{wait}'; {LOCK}"


def composed(cursor: psycopg.Cursor[Any], statement: str, parameters: Sequence[object]) -> str:
    """Return a statement with its parameters in it: only so it goes in a message with others."""
    return psycopg.ClientCursor(cursor.connection).mogrify(statement, parameters)


def results_of(cursor: psycopg.Cursor[Any]) -> Iterator[list[Any]]:
    """Yield the rows of each statement of the last message that returns any."""
    has_result: bool | None = True
    while has_result:
        if cursor.description is not None:
            yield cursor.fetchall()
        has_result = cursor.nextset()
