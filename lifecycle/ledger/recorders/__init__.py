"""The one door to the databases: the recorder for a store's URL."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

from lifecycle.file_names import check_file_name
from lifecycle.ledger.recorders.ledger_recorder import LOCK_SECONDS
from lifecycle.ledger.recorders.sqlite_recorder import SqliteRecorder
from lifecycle.ledger.recorders.sqlite_source import is_empty_database
from lifecycle.log.merkle_tree import HashName
from lifecycle.rejections import StoreError, msg

if TYPE_CHECKING:
    from lifecycle.ledger.recorders.ledger_recorder import LedgerRecorder

NO_STORE: Final = msg(
    "there is no store at {path}: run `lifecycle init`, or `lifecycle demo` for an example"
)

# What has a colon was meant as a URL, unless it begins as no URL does.
_BARE_PATH: Final = re.compile(r"[^:]+|[./].*|[A-Za-z]:[\\/].*")


def sqlite_path(url: str) -> Path | None:
    """Return the file of a bare path or a `sqlite:///path` URL, None for PostgreSQL.

    Raises `StoreError` for any other URL, and for a path that the system cannot have.
    """
    if _BARE_PATH.fullmatch(url):
        return _usable(Path(url))
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql+psycopg", "postgresql"):
        return None
    path = unquote(rest.removeprefix("/"))
    # A store in memory would be empty again at the next command, without a word.
    if (
        scheme not in ("sqlite", "sqlite+pysqlite")
        or not rest.startswith("/")
        or path in ("", ":memory:")
    ):
        # Only a file's URL is repeated: another one may hold a password.
        shown = url if scheme.startswith("sqlite") else f"{scheme}://…"
        raise StoreError(
            msg(
                "{url} is not a store URL; allowed: a path, sqlite:///path and "
                "postgresql+psycopg://user@host/database"
            ),
            url=shown,
        )
    return _usable(Path(path))


def _usable(path: Path) -> Path:
    try:
        check_file_name(path)
    except OSError as error:
        template = msg("{path} cannot be a store: {why}")
        raise StoreError(template, path=path, why=error.strerror) from error
    return path


def store_place(url: str) -> str:
    """Return where a store is: its file, or `host/database` without user name and password."""
    path = sqlite_path(url)
    if path is not None:
        return str(path)
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [""])[-1]
    return f"{folder or parts.hostname or ''}{unquote(parts.path)}"


def holds_store(url: str) -> bool:
    """Return whether tables stand at a URL already, a store's or another program's."""
    path = sqlite_path(url)
    if path is not None:
        return path.exists() and not is_empty_database(path)
    from lifecycle.ledger.recorders.postgres_recorder import PostgresRecorder  # noqa: PLC0415

    recorder = PostgresRecorder(url)
    try:
        return bool(recorder.schema)
    finally:
        recorder.close()


def open_recorder(
    url: str,
    *,
    create: bool = False,
    tree_hash: HashName = "sha256",
    copied_origin: str = "",
    lock_seconds: int = LOCK_SECONDS,
) -> LedgerRecorder:
    """Open the recorder of the store at a SQLAlchemy URL; `create` makes its tables.

    `copied_origin` makes the tables of a copy: the store will be the one of this name. A file that
    another process has locked is waited for up to `lock_seconds`. Raises `StoreError`.
    """
    path = sqlite_path(url)
    for_copy = bool(copied_origin)
    origin = copied_origin or f"lifecycle/{secrets.token_hex(8)}"  # used where the store is new
    recorder: LedgerRecorder
    if path is None:
        # The driver takes as long to load as an event to record: SQLite should not pay for it.
        from lifecycle.ledger.recorders.postgres_recorder import PostgresRecorder  # noqa: PLC0415

        recorder = PostgresRecorder(url, tree_hash=tree_hash, origin=origin, for_copy=for_copy)
    else:
        if not create:
            _require_store(path)
        recorder = SqliteRecorder(
            path,
            create=create,
            tree_hash=tree_hash,
            origin=origin,
            for_copy=for_copy,
            lock_seconds=lock_seconds,
        )
    if create:
        try:
            recorder.create_table()
        except BaseException:
            recorder.close()
            raise
    return recorder


def _require_store(path: Path) -> None:
    """Raise `StoreError` where there is no file at the path, or where we may not look for it."""
    try:
        exists = path.is_file()
    except OSError as error:  # a folder on the way cannot be entered
        raise StoreError(
            msg(
                "the store {path} cannot be opened: check the permissions of the file "
                "and its folder ({why})"
            ),
            path=path,
            why=error.strerror,
        ) from error
    if not exists:
        raise StoreError(NO_STORE, path=path)
