"""Whose session holds the append's lock on PostgreSQL, and how it is ended."""

from __future__ import annotations

from typing import Final

from lifecycle.ledger.recorders.blocking_session import BlockingSession
from lifecycle.ledger.recorders.driver_cursor import Cursor

_SELECT_HOLDERS: Final = """
    SELECT held.pid, session.usename, session.xact_start
    FROM pg_catalog.pg_locks AS held
    LEFT JOIN pg_catalog.pg_stat_activity AS session ON session.pid = held.pid
    WHERE held.relation = 'lifecycle.ledger_head'::pg_catalog.regclass AND held.granted
        AND held.mode <> 'AccessShareLock' AND held.pid <> pg_catalog.pg_backend_pid()
        AND held.database = (
            SELECT oid FROM pg_catalog.pg_database
            WHERE datname = pg_catalog.current_database()
        )
"""


def blocking_sessions(cursor: Cursor) -> list[BlockingSession]:
    """Return the sessions that keep others from appending now."""
    cursor.execute(_SELECT_HOLDERS)
    sessions: list[BlockingSession] = []
    for process, login, since in cursor.fetchall():
        # Other logins' beginnings are hidden from those who may not see the statistics.
        moment = "" if since is None else since.isoformat(timespec="seconds")
        sessions.append(BlockingSession(process, login or "?", moment))
    return sessions


def end_sessions(cursor: Cursor, sessions: list[BlockingSession]) -> None:
    """End these sessions; what they had not committed is lost, as by a crash of theirs."""
    for session in sessions:
        cursor.execute("SELECT pg_catalog.pg_terminate_backend(%s)", (session.process,))
