"""How an event gets from its decision into the store: attempts, messages, and the clock's check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import psycopg
import pytest

from lifecycle import RELEASED
from lifecycle.deciding.drafts import read_record
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders.ledger_head import Head
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Rejected
from tests.given import unit
from tests.ledgers import CLERK

NOON = datetime(RELEASED.year, RELEASED.month, RELEASED.day, 12, tzinfo=SHANGHAI)


def town(number: int) -> Callable[[UnitOfWork], LedgerEntry]:
    draft = read_record(unit(f"第{number}镇"))
    return lambda work: work.record(draft)


def test_a_server_gets_three_messages_for_an_event(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begin and head, the key, and one that locks, appends and commits."""
    messages: list[object] = []
    execute = psycopg.Cursor.execute

    def noted(cursor: Any, query: Any, *parameters: Any, **options: Any) -> Any:
        messages.append(query)
        return execute(cursor, query, *parameters, **options)

    with Ledger.open(postgres_url, create=True) as ledger:
        author = Author(str(ledger.database_login()))
        # A first look tells which units there are; each event after it knows.
        ledger.execute(town(1), author)
        monkeypatch.setattr(psycopg.Cursor, "execute", noted)
        assert ledger.execute(lambda work: work.last_position, author) == 1
        assert len(messages) == 2
        messages.clear()
        activity = {"event": "ActivityHeld", "unit": "第1镇", "occurred_on": "2024-03-01"}
        draft = read_record(activity | {"activity": "赴杭", "led_by_head": True})
        ledger.execute(lambda work: work.record(draft), author)
        assert len(messages) == 3
        monkeypatch.undo()
        assert verify(ledger).differences == []


def test_whoever_finds_the_lock_held_decides_once_more_behind_it(postgres_url: str) -> None:
    decided_on: list[int] = []
    has_decided = Event()

    def decide(work: UnitOfWork) -> LedgerEntry:
        decided_on.append(work.last_position)
        has_decided.set()
        return town(2)(work)

    with Ledger.open(postgres_url, create=True) as ledger, Ledger.open(postgres_url) as other:
        author = Author(str(ledger.database_login()))
        second = Thread(target=lambda: other.execute(decide, author))
        with ledger.unit_of_work(author) as work:
            second.start()
            # The other one has decided without the lock, and cannot append.
            assert has_decided.wait(30)
            town(1)(work)
        second.join(30)
        assert decided_on == [0, 1]
        assert ledger.head() == other.head()
        assert verify(ledger).size == 2


def test_after_a_lost_race_some_commands_hold_the_lock_at_once(store_url: str) -> None:
    decided_on: list[int] = []

    def decide(work: UnitOfWork) -> LedgerEntry:
        decided_on.append(work.last_position)
        return town(len(decided_on))(work)

    def lose_once(work: UnitOfWork) -> LedgerEntry:
        if not decided_on:
            other.execute(town(100), author)
        return decide(work)

    with Ledger.open(store_url, create=True) as ledger, Ledger.open(store_url) as other:
        author = Author(ledger.database_login() or "余敏")
        assert ledger.execute(lose_once, author).position == 2
        assert decided_on == [0, 1]
        for _command in range(3):
            ledger.execute(decide, author)
        # While these decide nobody else can record; the next one lets others in again.
        assert decided_on == [0, 1, 2, 3, 4]

        def give_way(work: UnitOfWork) -> LedgerEntry:
            if len(decided_on) == 5:
                other.execute(town(101), author)
            return decide(work)

        assert ledger.execute(give_way, author).position == 7
        assert decided_on[5:] == [5, 6]
        assert verify(ledger).differences == []


def test_a_ledger_ends_where_each_append_says(store_url: str) -> None:
    ends: list[Head] = []

    def noted(work: UnitOfWork) -> UnitOfWork:
        town(len(ends))(work)
        return work

    with Ledger.open(store_url, create=True) as ledger:
        author = Author(ledger.database_login() or "余敏")
        for number in range(5):
            ends.append(ledger.execute(noted, author).end)
            assert ends[-1] == ledger.head()
            with ledger.unit_of_work(author) as work:
                town(100 + 2 * number)(work)
                work.flush()
                town(101 + 2 * number)(work)
            assert work.end == ledger.head()


def test_a_clock_that_was_right_is_held_against_the_ledger_again(store_url: str) -> None:
    with Ledger.open(store_url, create=True) as ledger:
        # A clock that is put in once the ledger is open is the ledger's own.
        moments = [NOON]
        ledger.clock = lambda: moments[-1]
        assert ledger.execute(town(1), CLERK).position == 1
        for leap in (timedelta(days=32), timedelta(days=-2), timedelta(days=3000)):
            moments.append(NOON + leap)
            with pytest.raises(Rejected) as rejected:
                ledger.execute(town(2), CLERK)
            assert [problem.rule for problem in rejected.value.problems] == ["clock"]
        moments.append(NOON + timedelta(days=3))
        assert ledger.execute(town(2), CLERK).position == 2


def test_others_may_record_while_a_command_decides_whose_clock_was_checked_again(
    store_url: str,
) -> None:
    decided_on: list[int] = []

    def decide(work: UnitOfWork) -> LedgerEntry:
        decided_on.append(work.last_position)
        if len(decided_on) == 1:
            other.execute(town(2), author)
        return town(3)(work)

    with Ledger.open(store_url, create=True) as ledger, Ledger.open(store_url) as other:
        author = Author(ledger.database_login() or "余敏")
        moments = [NOON]
        ledger.clock = other.clock = lambda: moments[-1]
        ledger.execute(town(1), author)
        moments.append(NOON + timedelta(minutes=2))
        assert ledger.execute(decide, author).position == 3
        assert decided_on == [1, 2]
