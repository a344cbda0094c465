"""How often a password may be tried: by address and by account, counted before it is hashed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import Final

from cachetools import LRUCache

# After this many tries from an address, none is checked until the oldest is `WAIT` seconds old.
TRIES: Final = 5
# More than an address has: one machine must not lock its neighbours out of their account.
TRIES_OF_ACCOUNT: Final = 10
WAIT: Final = 60
# Each hash takes 64 MiB and a core for a while, which the pages need as well.
HASHES_AT_ONCE: Final = 2
# Logins that wait for a hash; more are sent away, or their forms would fill the memory.
MOST_WAITING: Final = 32

# An attacker commands a whole IPv6 subnet, so it counts as one address.
_SUBNET_BITS: Final = 64
# Addresses and accounts that are remembered; the least recently tried are forgotten first.
_MOST_SUBJECTS: Final = 10_000


class MustWait(Exception):  # noqa: N818 -- an answer to a reader, no error of the program
    """Too many tries from this address, for this account or altogether."""


@dataclass(slots=True)
class LoginLimits:
    """Counts tries and says which of them are still allowed."""

    clock: Callable[[], float] = time.monotonic
    _tries: LRUCache[str, list[float]] = field(default_factory=lambda: LRUCache(_MOST_SUBJECTS))
    _lock: Lock = field(default_factory=Lock)

    def count_try(self, name: str, address: str) -> float:
        """Count a try before it is checked, and return its moment. Raises `MustWait`.

        A try that is sent away counts for nothing, so that who waits for `WAIT` seconds is let in.
        """
        by_address, by_account = _subjects(name, address)
        with self._lock:
            moment = self.clock()
            tries_of_address = self._recent(by_address, moment)
            tries_of_account = self._recent(by_account, moment)
            if len(tries_of_address) >= TRIES or len(tries_of_account) >= TRIES_OF_ACCOUNT:
                raise MustWait
            self._tries[by_address] = [*tries_of_address, moment]
            self._tries[by_account] = [*tries_of_account, moment]
        return moment

    def forget_try(
        self,
        name: str,
        address: str,
        moment: float,
    ) -> None:
        """Take back a try whose password was right; earlier ones still count.

        Else the holder of one account could try others without end.
        """
        with self._lock:
            for subject in _subjects(name, address):
                tries = self._tries.get(subject, [])
                if moment in tries:
                    tries.remove(moment)

    def _recent(self, subject: str, moment: float) -> list[float]:
        """The subject's tries in the `WAIT` seconds before a moment."""
        since = moment - WAIT
        return [earlier for earlier in self._tries.get(subject, ()) if earlier > since]


def _subjects(name: str, address: str) -> tuple[str, str]:
    """The keys under which a try counts."""
    return f"address {_network(address)}", f"account {name}"


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(int(parsed) >> (128 - _SUBNET_BITS))
    return address


@dataclass(slots=True)
class WaitingRoom:
    """Bounds how many logins wait for a hash at the same time."""

    _waiting: int = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for a login. Raises `MustWait` where all are taken."""
        # Without a lock: places are taken and left in the server's event loop alone.
        if self._waiting >= MOST_WAITING:
            raise MustWait
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
