"""Stores that are written once and copied for each test that changes them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lifecycle.ledger.recorders import sqlite_path
from tests.postgres import database_of, running_server, server_of


@contextmanager
def copied_store(url: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a copy of a closed store: a file in the folder, or another database."""
    path = sqlite_path(url)
    if path is not None:
        shutil.copy(path, folder / "store.db")
        yield f"sqlite:///{folder / 'store.db'}"
        return
    server, database = server_of(url), new_database()
    try:
        yield server.create(database, template=database_of(url))
    finally:
        server.drop(database)


def new_database() -> str:
    """Return a name that no database has."""
    return f"t{uuid.uuid4().hex}"


@dataclass
class StoreTemplate:
    """A store to copy, on either database, written when the first copy is asked for.

    A copy of a database takes a fifth of what its 82 statements take.
    """

    write: Callable[[str], None]
    folder: Path
    _urls: dict[str, str] = field(default_factory=dict)

    def url(self, kind: str) -> str:
        """Return the URL of the template on `sqlite` or `postgresql`; for copying only."""
        if kind not in self._urls:
            url = f"sqlite:///{self.folder / 'template.db'}"
            if kind == "postgresql":
                url = running_server().create(new_database())
            self.write(url)
            self._urls[kind] = url
        return self._urls[kind]

    def drop(self) -> None:
        """Drop its database."""
        url = self._urls.get("postgresql")
        if url is not None:
            server_of(url).drop(database_of(url))
