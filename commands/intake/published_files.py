"""The files of a published log, from a web server or a folder."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from commands.handlers.following import ReadPublished
from commands.words.messages import why
from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg

# A checkpoint is a signed note of at most 1 MiB, a tile has 8 KiB.
MOST_OCTETS: Final = 1 << 20
_TIMEOUT_SECONDS: Final = 30
_ABSENT: Final = (404, 410)
# A drive letter such as `E:` is no scheme.
_SHORTEST_SCHEME: Final = 2


def published_files(address: str) -> ReadPublished:
    """Return the reader of an http, https or file URL, or of a folder's path.

    Raises `StoreError` for any other URL.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise _unreadable(address, str(error)) from None
    if len(parts.scheme) < _SHORTEST_SCHEME:
        return _folder_reader(Path(address))
    if parts.scheme == "file":
        # On Windows the path of file:///C:/… begins at its drive.
        return _folder_reader(Path(urllib.request.url2pathname(parts.path)))
    if parts.scheme in ("http", "https") and parts.netloc:
        return _web_reader(address.rstrip("/"))
    raise StoreError(
        msg("{address}: a published log is at an address with http, https or file, or in a folder"),
        address=address,
    )


def _folder_reader(folder: Path) -> ReadPublished:
    def read(path: str) -> bytes | None:
        file = folder / path
        try:
            with open_regular(file) as content:
                return _bounded(str(file), content.read(MOST_OCTETS + 1))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(str(file), why(error)) from None

    return read


def _web_reader(address: str) -> ReadPublished:
    def read(path: str) -> bytes | None:
        url = f"{address}/{path}"
        try:
            # The scheme was checked, and urllib follows redirects to http, https and ftp alone.
            with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                content: bytes = answer.read(MOST_OCTETS + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _ABSENT:
                return None
            raise _unreadable(url, f"HTTP {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            raise _unreadable(url, _reason(error)) from None
        return _bounded(url, content)

    return read


def _reason(error: Exception) -> str:
    # urllib wraps the error of the connection, which says more.
    cause = getattr(error, "reason", error)
    if isinstance(cause, OSError) and cause.strerror:
        return why(cause)
    return str(cause) or type(cause).__name__


def _bounded(place: str, content: bytes) -> bytes:
    if len(content) > MOST_OCTETS:
        raise StoreError(
            msg("{place} is larger than 1 MiB, which no checkpoint or tile is"), place=place
        )
    return content


def _unreadable(place: str, reason: str) -> StoreError:
    return StoreError(msg("{place} cannot be read: {why}"), place=place, why=reason)
