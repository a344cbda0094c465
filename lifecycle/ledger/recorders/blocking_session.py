"""A session of a database server that keeps others from appending."""

from __future__ import annotations

from typing import NamedTuple


class BlockingSession(NamedTuple):
    """A session that holds the lock: the server's process, the login, since when."""

    process: int
    login: str
    since: str
