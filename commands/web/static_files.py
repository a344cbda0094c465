"""Scripts and styles of the pages: packed, and kept by browsers until they change."""

from __future__ import annotations

import hashlib
import os
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from commands.web.gzip_answers import packed_file, takes_gzip

STATIC: Final = Path(__file__).parent / "static"
_ADDRESS: Final = "/static/"
_TEXTS: Final = frozenset({".css", ".js", ".svg"})
_DIGEST_DIGITS: Final = 12
_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
_PACKED_FILES: Final = 16


@cache
def static_address(name: str) -> str:
    """The address of a file, which changes with the file: browsers may keep it for a year."""
    return f"{_ADDRESS}{name}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:_DIGEST_DIGITS]


class PackedStaticFiles(StaticFiles):
    """Files of the pages, in gzip for browsers that take it."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or that it has not changed."""
        path = Path(full_path)
        answer = super().file_response(full_path, stat_result, scope, status_code)
        if _is_asked_by_version(path, scope):
            answer.headers["cache-control"] = _FOR_A_YEAR
        if path.suffix not in _TEXTS:
            return answer
        answer.headers["vary"] = "accept-encoding"
        is_unchanged = answer.status_code != status_code
        if is_unchanged or not takes_gzip(Headers(scope=scope)):
            return answer
        content = _packed(path, stat_result.st_mtime_ns)
        packed = Response(content, status_code, media_type=answer.media_type)
        for name in ("cache-control", "last-modified", "vary"):
            if name in answer.headers:
                packed.headers[name] = answer.headers[name]
        packed.headers["content-encoding"] = "gzip"
        # Weak: the same file, in other bytes (RFC 9110, 8.8.3).
        packed.headers["etag"] = f"W/{answer.headers['etag']}"
        return packed


def _is_asked_by_version(path: Path, scope: Scope) -> bool:
    """Whether the address names the content: another version's is not to be kept for long."""
    query: bytes = scope["query_string"]
    if not query.startswith(b"v="):
        return False
    # The installed package may lie behind a link, which the server has followed.
    name = path.relative_to(STATIC.resolve()).as_posix()
    return query.decode("latin-1") == f"v={_version(name)}"


# The time of change is part of the key: a file that was edited is packed anew.
@lru_cache(_PACKED_FILES)
def _packed(path: Path, _modified_ns: int) -> bytes:
    return packed_file(path.read_bytes())
