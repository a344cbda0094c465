"""The one door to the databases: a recorder for a store's URL."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lifecycle.ledger.recorders.sqlite_recorder import SqliteRecorder
from lifecycle.log.merkle_tree import HashName
from lifecycle.rejections import StoreError, msg

if TYPE_CHECKING:
    from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder


def sqlite_path(url: str) -> Path | None:
    """The file of a `sqlite:///path` URL, None for PostgreSQL. Raises `StoreError` for a URL that names no store."""
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql+psycopg", "postgresql"):
        return None
    path = unquote(rest.removeprefix("/"))
    if (
        scheme not in ("sqlite", "sqlite+pysqlite")
        or not rest.startswith("/")
        or path in ("", ":memory:")
    ):
        raise StoreError(
            msg(
                "{url} names no store; allowed are sqlite:///path and postgresql+psycopg://user@host/database"
            ),
            url=url,
        )
    return Path(path)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:  # a folder on the way lets nobody through
        raise StoreError(
            msg(
                "the store {path} cannot be opened: check the permissions of the file and its folder ({why})"
            ),
            path=path,
            why=error.strerror,
        ) from error


def open_recorder(
    url: str, *, create: bool = False, tree_hash: HashName = "sha256"
) -> LedgerRecorder:
    """The recorder of the store at a SQLAlchemy URL; `create` makes its tables. Raises `StoreError`."""
    path = sqlite_path(url)
    origin = f"lifecycle/{secrets.token_hex(8)}"
    if path is None:
        # The driver takes as long to load as an event to record: a store on SQLite does not pay for it.
        from lifecycle.ledger.recorders.postgres_recorder import PostgresRecorder  # noqa: PLC0415

        recorder: LedgerRecorder = PostgresRecorder(url, tree_hash=tree_hash, origin=origin)
    else:
        if not create and not _is_there(path):
            raise StoreError(
                msg(
                    "there is no store at {path}: run `lifecycle init`, or `lifecycle demo` for an example"
                ),
                path=path,
            )
        recorder = SqliteRecorder(path, create=create, tree_hash=tree_hash, origin=origin)
    if create:
        recorder.create_table()
    return recorder
