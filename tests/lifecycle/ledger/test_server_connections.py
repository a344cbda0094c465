"""The connections of a store on a server: without threads, few, and none that is spent."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from lifecycle.all_cores import safe_start_method
from lifecycle.ledger.recorders import postgres_connections
from lifecycle.ledger.recorders.driver_cursor import Cursor
from lifecycle.ledger.recorders.postgres_connections import ServerConnections
from lifecycle.ledger.recorders.postgres_url import connection_settings
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import StoreError
from tests.platforms import not_on_windows
from tests.postgres import Server

OWN_SESSION = "SELECT pg_backend_pid()"


def session_of(cursor: Cursor) -> int:
    cursor.execute(OWN_SESSION)
    process: int = cursor.fetchone()[0]
    return process


def session(ledger: Ledger) -> int:
    with ledger.recorder.cursor(write=False) as cursor:
        return session_of(cursor)


def end_session(server: Server, process: int) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        # Waits until the session has ended.
        connection.execute("SELECT pg_terminate_backend(%s, 10000)", (process,))


def is_there(server: Server, process: int) -> bool:
    with psycopg.connect(server.dsn("postgres")) as connection:
        statement = "SELECT FROM pg_stat_activity WHERE pid = %s"
        return connection.execute(statement, (process,)).rowcount > 0


@not_on_windows("no process is forked there")
def test_an_open_store_runs_no_thread_so_that_processes_can_be_forked(store_url: str) -> None:
    before = threading.enumerate()
    with Ledger.open(store_url, create=True) as ledger:
        ledger.head()
        assert threading.enumerate() == before
        assert safe_start_method() == "fork"


def test_one_connection_is_lent_again_and_nested_reads_get_their_own(postgres_url: str) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        first = session(ledger)
        assert session(ledger) == first
        with ExitStack() as open_cursors:
            sessions = set()
            for _cursor in range(5):
                cursor = open_cursors.enter_context(ledger.recorder.cursor(write=False))
                sessions.add(session_of(cursor))
            assert len(sessions) == 5
            assert first in sessions
        assert session(ledger) in sessions


MOST = 20


def test_many_readers_at_once_each_have_a_connection_and_few_are_kept(
    postgres_url: str, server: Server
) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        all_have_one = threading.Barrier(MOST)

        def own_session(_number: int) -> int:
            with ledger.recorder.cursor(write=False) as cursor:
                all_have_one.wait(timeout=60)
                return session_of(cursor)

        with ThreadPoolExecutor(MOST) as threads:
            sessions = set(threads.map(own_session, range(MOST)))
        assert len(sessions) == MOST
        deadline = time.monotonic() + 30
        while sum(is_there(server, process) for process in sessions) > 5:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_who_asks_for_too_many_is_told_after_waiting(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_connections, "_SECONDS_TO_WAIT", 0.1)
    with Ledger.open(postgres_url, create=True) as ledger, ExitStack() as open_cursors:
        for _cursor in range(MOST):
            open_cursors.enter_context(ledger.recorder.cursor(write=False))
        with pytest.raises(StoreError, match="cannot be used: Timed out"):
            ledger.head()


def test_threads_share_the_connections(postgres_url: str) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        both_have_one = threading.Barrier(2)

        def own_session(_number: int) -> int:
            with ledger.recorder.cursor(write=False) as cursor:
                both_have_one.wait(timeout=30)
                return session_of(cursor)

        with ThreadPoolExecutor(2) as threads:
            assert len(set(threads.map(own_session, range(2)))) == 2
            # More readers than connections: each waits for its turn.
            sessions = set(threads.map(lambda _: session(ledger), range(40)))
        assert len(sessions) <= 5


def test_sessions_that_the_server_ended_are_replaced_before_anybody_needs_one(
    postgres_url: str, server: Server
) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        with ExitStack() as open_cursors:
            ended = {
                session_of(open_cursors.enter_context(ledger.recorder.cursor(write=False)))
                for _cursor in range(5)
            }
        for process in ended:
            end_session(server, process)
        assert ledger.head().position == 0
        assert session(ledger) not in ended


def test_a_session_that_the_server_ends_amid_a_read_fails_once(
    postgres_url: str, server: Server
) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        with (
            pytest.raises(StoreError, match="terminating connection"),
            ledger.recorder.cursor(write=False) as cursor,
        ):
            end_session(server, session_of(cursor))
            session_of(cursor)
        assert ledger.head().position == 0


def test_a_connection_that_grew_old_unused_is_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        evening = session(ledger)
        monkeypatch.setattr(postgres_connections, "_MOST_SECONDS", 0.0)
        assert session(ledger) != evening


def test_a_connection_amid_a_transaction_is_not_lent_again(postgres_url: str) -> None:
    connections = ServerConnections(
        {name: value for name, value in connection_settings(postgres_url).items() if value}
    )
    with connections.connection() as lent:
        lent.execute("BEGIN")
    with connections.connection() as other:
        assert other is not lent
    assert lent.closed
    connections.close()
    assert other.closed


def test_a_store_closed_amid_a_read_leaves_no_session(postgres_url: str, server: Server) -> None:
    ledger = Ledger.open(postgres_url, create=True)
    rows = ledger.recorder.cursor(write=False)
    process = session_of(rows.__enter__())
    ledger.close()
    with pytest.raises(StoreError, match="closed"):
        rows.__exit__(None, None, None)
    deadline = time.monotonic() + 30
    while is_there(server, process):
        assert time.monotonic() < deadline
        time.sleep(0.05)
