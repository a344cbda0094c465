"""Answers in gzip for browsers that take it: a county's network is slow, and texts shrink well."""

from __future__ import annotations

import gzip
from functools import cached_property
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response

# Pages are packed while a reader waits, and a higher level gains little.
_PAGE_LEVEL: Final = 6
_FILE_LEVEL: Final = 9
_GZIP: Final = {"content-encoding": "gzip", "vary": "accept-encoding"}
_PLAIN: Final = {"vary": "accept-encoding"}


class PackedPage:
    """The text of a page as it is, and in gzip, packed once for all its readers."""

    def __init__(self, text: str) -> None:
        self.plain = text.encode()

    @cached_property
    def packed(self) -> bytes:
        """The page in gzip, packed when the first browser takes it so."""
        # No moment of packing within: the same page has the same bytes.
        return gzip.compress(self.plain, _PAGE_LEVEL, mtime=0)

    def pack(self) -> None:
        """Pack the page before a browser asks for it."""
        _packed = self.packed


def page_answer(page: PackedPage, request_headers: Headers) -> Response:
    """The page in what the browser takes."""
    if takes_gzip(request_headers):
        return HTMLResponse(page.packed, headers=_GZIP)
    return HTMLResponse(page.plain, headers=_PLAIN)


def packed_file(content: bytes) -> bytes:
    """Pack a file that is packed once and sent often."""
    return gzip.compress(content, _FILE_LEVEL, mtime=0)


def takes_gzip(request_headers: Headers) -> bool:
    """Whether a browser takes gzip (RFC 9110, 12.5.3)."""
    for coding in request_headers.get("accept-encoding", "").split(","):
        name, _semicolon, weight = coding.partition(";")
        if name.strip().lower() == "gzip":
            # A weight of zero refuses the coding.
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False
