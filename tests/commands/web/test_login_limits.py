"""Passwords are counted before they are hashed, and few are hashed at once."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from pathlib import Path

import pytest
from starlette.types import Message

from commands.web import accounts as account_file
from commands.web.accounts import Accounts
from commands.web.login_limits import (
    HASHES_AT_ONCE,
    MOST_WAITING,
    TRIES,
    TRIES_OF_ACCOUNT,
    WAIT,
    LoginLimits,
    MustWait,
)
from commands.web.login_sessions import COOKIE
from lifecycle.ledger.store import Ledger
from tests.commands.web.conftest import PASSWORD, QUICK_HASHER, Served

PARALLEL = 200


class CountingHasher:
    """In place of argon2: it counts the hashes, and how many of them run at the same time."""

    def __init__(self, hasher: object) -> None:
        self._verify = hasher.verify  # type: ignore[attr-defined]
        self._lock = threading.Lock()
        self._running = 0
        self.hashes = 0
        self.most_at_once = 0

    def verify(self, password_hash: str, password: str) -> bool:
        with self._lock:
            self.hashes += 1
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        try:
            return bool(self._verify(password_hash, password))
        finally:
            with self._lock:
                self._running -= 1


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher(account_file._HASHER)
    monkeypatch.setattr(account_file, "_HASHER", counting)
    monkeypatch.setattr(account_file, "_HASH_OF_NOBODY", QUICK_HASHER.hash("of nobody"))
    return counting


async def status_of_wrong_login(served: Served, name: str, address: str) -> int:
    """Send the login form to the application itself, and return the status of its answer."""
    form = f"name={name}&password=wrong+one".encode()
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": form, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/login",
        "query_string": b"",
        "client": (address, 50000),
        "headers": [
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(form)).encode()),
        ],
    }
    await served.app(scope, receive, send)
    (status,) = statuses
    return status


def parallel_logins(served: Served, subjects: list[tuple[str, str]]) -> Counter[int]:
    """How the server answers wrong passwords sent at the same time, by status."""

    async def try_all() -> list[int]:
        tries = [status_of_wrong_login(served, name, address) for name, address in subjects]
        return await asyncio.gather(*tries)

    return Counter(asyncio.run(try_all()))


def test_parallel_tries_from_one_address_are_counted_before_hashing(
    served: Served, hasher: CountingHasher
) -> None:
    answers = parallel_logins(served, [(f"name{n}", "192.0.2.7") for n in range(PARALLEL)])
    assert answers == {401: TRIES, 429: PARALLEL - TRIES}
    assert hasher.hashes == TRIES
    assert hasher.most_at_once <= HASHES_AT_ONCE


def test_parallel_tries_for_one_account_are_counted_over_all_addresses(
    served: Served, hasher: CountingHasher
) -> None:
    addresses = [f"192.0.2.{n}" for n in range(PARALLEL)]
    answers = parallel_logins(served, [("leader", address) for address in addresses])
    assert answers == {401: TRIES_OF_ACCOUNT, 429: PARALLEL - TRIES_OF_ACCOUNT}
    assert hasher.hashes == TRIES_OF_ACCOUNT


def test_a_crowd_of_names_and_addresses_takes_bounded_memory(
    served: Served, hasher: CountingHasher
) -> None:
    subjects = [(f"name{n}", f"192.0.2.{n}") for n in range(PARALLEL)]
    answers = parallel_logins(served, subjects)
    # Each hash takes 64 MiB: what runs at once is what they take of memory.
    assert 1 <= hasher.most_at_once <= HASHES_AT_ONCE
    assert answers[401] == hasher.hashes <= MOST_WAITING
    assert answers[429] == PARALLEL - answers[401]


def test_addresses_of_one_ipv6_subnet_count_together() -> None:
    limits = LoginLimits(lambda: 0.0)
    for host in range(1, TRIES + 1):
        limits.count_try(f"name{host}", f"2001:db8::{host}")
    with pytest.raises(MustWait):
        limits.count_try("another", "2001:db8::ffff")
    limits.count_try("another", "2001:db8:0:1::1")


def test_a_right_password_takes_back_its_own_try_alone() -> None:
    now = [0.0]
    limits = LoginLimits(lambda: now[0])
    for second in range(TRIES - 1):
        now[0] = second
        limits.count_try("leader", "192.0.2.7")
    for second in range(10, 20):
        now[0] = second
        limits.forget_try("town", "192.0.2.7", limits.count_try("town", "192.0.2.7"))
    limits.count_try("leader", "192.0.2.7")
    with pytest.raises(MustWait):
        limits.count_try("town", "192.0.2.7")
    now[0] += WAIT
    limits.count_try("town", "192.0.2.7")


@pytest.mark.parametrize("damage", ["removed", "a folder", "damaged"])
def test_an_accounts_file_that_cannot_be_read_is_a_sentence(
    damage: str, county_ledger: Ledger, accounts: Accounts, tmp_path: Path
) -> None:
    path = tmp_path / "accounts.json"
    path.write_bytes(accounts.path.read_bytes())
    own = Served(county_ledger, Accounts(path))
    browser = own.log_in("leader")
    content = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage == "damaged":
        path.write_text("{")
    for answer in (browser.get("/"), own.log_in("leader").answer):  # type: ignore[attr-defined]
        assert (answer.status_code, "账户文件无法读取" in answer.text) == (503, True)
        assert str(tmp_path) not in answer.text
    assert browser.get("/static/pages.css").status_code == 200
    assert str(path) in "\n".join(own.log)
    if damage == "removed":
        path.write_bytes(content)
        assert own.log_in("leader").answer.status_code == 303  # type: ignore[attr-defined]


@pytest.mark.parametrize("moment", [-1e9, 1e10, 2.5e11])
def test_a_wrong_clock_neither_breaks_nor_ends_a_session(
    served: Served, monkeypatch: pytest.MonkeyPatch, moment: float
) -> None:
    """1938, 2286 and 9892: a session's end is measured, not read from the machine's clock."""
    monkeypatch.setattr("time.time", lambda: moment)
    browser = served.log_in("leader", PASSWORD)
    assert browser.get("/").status_code == 200
    cookie = browser.answer.cookies[COOKIE]  # type: ignore[attr-defined]
    monkeypatch.undo()
    later = served.browser()
    later.cookies.set(COOKIE, cookie)
    assert later.get("/").status_code == 200
