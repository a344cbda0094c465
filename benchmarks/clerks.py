"""Many clerks record at once on PostgreSQL, each in a process with a login of its own.

A wait is one event from the decision to its receipt. Afterwards every receipt is held against the
ledger, which is verified: an event that was acknowledged and is not there counts as lost.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from random import Random
from statistics import median, quantiles
from typing import Any, Final

import psycopg

from commands.handlers.receipting import give_receipts
from lifecycle.all_cores import safe_start_method
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.signing_key import SigningKey
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.ledger.verification import verify
from lifecycle.log.receipts import Receipt, Receipts
from lifecycle.rejections import LedgerError, StoreError
from tests.given import TOWN, reported, unit
from tests.postgres import Server

CLERKS: Final = int(os.environ.get("BENCH_CLERKS", "50"))
SECONDS: Final = float(os.environ.get("BENCH_CLERK_SECONDS", "60"))
ALONE: Final = 300
"""Events that one clerk records without another."""
_PAUSE: Final = 1.0
"""Seconds on average between two events of a clerk: faster than anybody types."""
_FIRST_EVENT: Final = 10_000_000
"""The number of the event that each clerk's process records before it is measured."""
_PATIENCE: Final = 600.0
"""Seconds until the clerks that have not come count as broken."""

Line = tuple[str, float, str]


@dataclass(slots=True)
class ClerkResult:
    """What a clerk has at the end of the day."""

    waits: list[float] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    decisions: int = 0
    """How often an event was decided on: again where another clerk recorded first."""
    not_recorded: int = 0
    """Events that the clerk has to record again, as an error said so."""


@dataclass(frozen=True, slots=True)
class ClerkTask:
    """How a clerk records: until when, or how much, and with which pauses."""

    login: str
    pause: float
    seconds: float = float("inf")
    events: int = 1_000_000


def clerks() -> Iterator[Line]:
    """Yield the waits of many clerks over those of one, with pauses and without."""
    server = Server(settings=("fsync=on",))
    server.start()
    try:
        yield from _lines(server)
    finally:
        server.stop()


def _lines(server: Server) -> Iterator[Line]:
    url = server.create("clerks")
    with Ledger.open(url, create=True) as ledger:
        ledger.record(read_record(unit()), Author(str(ledger.database_login())))
        role = ledger.database_roles()["clerk"]
    logins = [f"clerk_{number:03d}" for number in range(CLERKS)]
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for login in logins:
            connection.execute(f'CREATE ROLE {login} LOGIN IN ROLE "{role}"'.encode())
    alone = _at_work(server, [ClerkTask(logins[0], 0, events=ALONE)])
    yield "PostgreSQL: one clerk's wait for a receipt, p99 in milliseconds", _p99(alone), ""
    everyone = list(alone)
    for pause, title in ((_PAUSE, "an event a second each"), (0.0, "without a pause")):
        tasks = [ClerkTask(login, pause, SECONDS) for login in logins]
        results = _at_work(server, tasks)
        everyone += results
        yield from _of_all(f"PostgreSQL: {CLERKS} clerks, {title}", results, _p99(alone))
    yield "PostgreSQL: acknowledged events that are lost", _lost(url, everyone), "0"


def _of_all(claim: str, results: list[ClerkResult], p99_alone: float) -> Iterator[Line]:
    receipts = sum(len(result.receipts) for result in results)
    again = sum(result.decisions for result in results) - receipts
    waits = [wait for result in results for wait in result.waits]
    recorded = len(waits)
    yield f"{claim}: events a second", recorded / SECONDS, ""
    yield f"{claim}: decided again, ÷ events", again / receipts, ""
    failed = sum(result.not_recorded for result in results)
    yield f"{claim}: events not recorded, with an error that says so", failed, "0"
    yield f"{claim}: median wait in milliseconds", 1_000 * median(waits), ""
    yield f"{claim}: p99 ÷ one clerk's p99", _p99(results) / p99_alone, "at most 20"


def _p99(results: list[ClerkResult]) -> float:
    waits = [wait for result in results for wait in result.waits]
    return 1_000 * quantiles(waits, n=100)[98]


def _at_work(server: Server, tasks: list[ClerkTask]) -> list[ClerkResult]:
    """Let the clerks begin together, and return what each has at the end."""
    context = get_context(safe_start_method())
    begin = context.Barrier(len(tasks))
    urls = [server.url_of(task.login, "clerks") for task in tasks]
    with ProcessPoolExecutor(len(tasks), context, _keep_barrier, (begin,)) as pool:
        return list(pool.map(_clerk, urls, tasks))


_barriers: list[Barrier] = []
"""Where a clerk's process waits for the others: it is inherited, and cannot be sent."""


def _keep_barrier(begin: Barrier) -> None:
    _barriers.append(begin)


def _clerk(url: str, task: ClerkTask) -> ClerkResult:
    chance, result = Random(task.login), ClerkResult()
    with _opened(url) as ledger:
        # What a process loads for its first event is the start of a command: `processes` has it.
        _record(ledger, task.login, _event(task.login, _FIRST_EVENT), result)
        _barriers[-1].wait(_PATIENCE)
        end = time.monotonic() + task.seconds
        # Pauses differ, so that the clerks do not go on in step.
        time.sleep(chance.random() * task.pause)
        for number in range(task.events):
            if time.monotonic() > end:
                break
            begun = time.perf_counter()
            _record(ledger, task.login, _event(task.login, number), result)
            result.waits.append(time.perf_counter() - begun)
            time.sleep(chance.uniform(0.5, 1.5) * task.pause)
    return result


def _opened(url: str) -> Ledger:
    """Open the store. Fifty connections at one moment may be too many for a busy machine."""
    end = time.monotonic() + _PATIENCE / 2
    while True:
        try:
            return Ledger.open(url)
        except StoreError:
            if time.monotonic() > end:
                raise


def _event(login: str, number: int) -> dict[str, Any]:
    """Return a clerk's event: each project's report, and then what a look at it has shown."""
    project = f"{login}-{os.getpid()}-{number // 2}"
    if number % 2 == 0:
        return reported(project, reporting_unit=TOWN)
    return {
        "event": "ReviewHeld",
        "project": project,
        "occurred_on": "2024-07-01",
        "findings": f"施工正常 {number}",
    }


def _record(ledger: Ledger, login: str, record: dict[str, Any], result: ClerkResult) -> None:
    draft = read_record(record)

    def decide(work: UnitOfWork) -> LedgerEntry:
        result.decisions += 1
        return work.record(draft)

    try:
        entry = ledger.execute(decide, Author(login))
    except LedgerError:
        result.not_recorded += 1
        return
    given = give_receipts(ledger, [entry], _no_key)
    result.receipts.extend(given.receipts.events)


def _no_key() -> SigningKey:
    raise AssertionError("a clerk's session does not sign")


def _lost(url: str, results: list[ClerkResult]) -> int:
    """Return how many receipts the ledger contradicts; it is verified as a whole with them."""
    given = [receipt for result in results for receipt in result.receipts]
    assert len({receipt.position for receipt in given}) == len(given)
    with Ledger.open(url) as ledger:
        head = ledger.head()
        receipts = Receipts(head.origin, head.tree_hash, tuple(given))
        result = verify(ledger, receipts=[("clerks", receipts)])
    # The unit's registration is nobody's of them.
    assert result.size == len(given) + 1
    return len(result.differences)
