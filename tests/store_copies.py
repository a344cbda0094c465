"""Stores that are written once and copied for each test that changes them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lifecycle.ledger.recorders import sqlite_path
from lifecycle.private_files import create_private_file
from tests.postgres import database_of, running_server, server_of

Write = Callable[[str], None]
"""Writes a new store at a URL."""
CopyOf = Callable[[Write], str]
"""Returns the URL of a copy of what such a function writes: the fixture `copy_of`."""


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


def copy_key(source: Path, target: Path) -> None:
    """Copy a signing key, which stays its owner's alone.

    On Windows a copied file takes over the access list of its folder.
    """
    create_private_file(target, source.read_bytes())


def new_database() -> str:
    """Return a name that no database has."""
    return f"t{uuid.uuid4().hex}"


@dataclass
class StoreTemplate:
    """A store to copy, on either database, written when the first copy is asked for.

    A copy of a database takes a fifth of what its 82 statements take.
    """

    write: Write
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


@dataclass
class StoreTemplates:
    """The templates of a run, each under the function that writes it."""

    folder: Path
    _templates: dict[Write, StoreTemplate] = field(default_factory=dict)

    def url(self, write: Write, kind: str) -> str:
        """Return the URL of what the function writes, on either database; for copying only."""
        if write not in self._templates:
            folder = self.folder / str(len(self._templates))
            folder.mkdir()
            self._templates[write] = StoreTemplate(write, folder)
        return self._templates[write].url(kind)

    def drop(self) -> None:
        """Drop their databases."""
        for template in self._templates.values():
            template.drop()
