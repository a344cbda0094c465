"""A store's URL on PostgreSQL: the driver's settings, and its place without name and password."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from lifecycle.rejections import StoreError, msg

UNREADABLE_URL: Final = msg(
    "the store URL cannot be read: in its user name and password write / as %2F, @ as %40, "
    ": as %3A, ? as %3F, # as %23 and % as %25"
)


def connection_settings(url: str) -> dict[str, Any]:
    """Read a SQLAlchemy URL into psycopg's settings.

    The host may be a socket's folder in `?host=`; further options such as `sslmode` follow it.
    Raises `StoreError`, which repeats no part of the URL: it may hold a password.
    """
    parts = _split(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return options | {
        # Whatever a login or an office's PC is set to: statements are sent in UTF-8.
        "client_encoding": "utf8",
        "dbname": unquote(parts.path.lstrip("/")),
        "host": options.get("host") or parts.hostname or "",
        "port": options.get("port") or parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read when asked for, and no number where a password's slash ended it early
    except ValueError:
        raise StoreError(UNREADABLE_URL) from None
    # Behind the first slash, question mark or hash no @ has a meaning: it was the password's end.
    rest = f"{parts.path}{parts.query}{parts.fragment}"
    if "@" in rest or parts.fragment or parts.netloc.count("@") > 1:
        raise StoreError(UNREADABLE_URL)
    return parts
