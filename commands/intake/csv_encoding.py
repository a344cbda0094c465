"""Which encoding a CSV file is in, and where a byte is wrong in it.

Nearly any byte is some character of GB18030: a file that is broken UTF-8 would be read as other
Chinese text without an error, so that the encoding is decided before the file is decoded.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from lifecycle.regular_file import open_regular
from lifecycle.rejections import StoreError, msg

_PIECE: Final = 1 << 20
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_THREE_BYTES: Final = re.compile(
    rb"\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
)
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]+")
# Chinese characters take three bytes in UTF-8, and seldom look so in GB18030.
_UTF8_PERCENT: Final = 90


def encoding_of_csv(path: Path) -> str:
    """Return the encoding in which the whole file is text.

    Raises `StoreError` that names the first wrong byte.
    """
    with open_regular(path) as file:
        beginning = file.read(4)
    if beginning.startswith(_UTF16_MARKS):
        raise _utf16(path)
    if beginning.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    else:
        encoding = "utf-8" if _looks_like_utf8(path) else "gb18030"
    _check_bytes(path, encoding)
    return encoding


def _utf16(path: Path) -> StoreError:
    template = msg('{path} is UTF-16 text: save it as "CSV UTF-8"')
    return StoreError(template, path=path)


def _pieces(path: Path) -> Iterator[bytes]:
    with open_regular(path) as file:
        yield from iter(partial(file.read, _PIECE), b"")


def _looks_like_utf8(path: Path) -> bool:
    # A file that was cut ends in a part of a sequence, which in a short file is many percent.
    not_ascii = -_cut_bytes(path)
    in_sequences = 0
    rest = b""
    for piece in _pieces(path):
        # UTF-16 without a mark: text of other encodings holds no zero bytes.
        if b"\0" in piece:
            raise _utf16(path)
        whole = rest + piece
        # A sequence that two pieces share is counted with the second.
        rest = _unfinished_end(whole)
        whole = whole[: len(whole) - len(rest)]
        not_ascii += sum(map(len, _NOT_ASCII.findall(whole)))
        in_sequences += 3 * len(_THREE_BYTES.findall(whole))
    not_ascii += len(rest)
    return in_sequences * 100 >= not_ascii * _UTF8_PERCENT


def _cut_bytes(path: Path) -> int:
    """Return how many bytes of a sequence that was cut stand at the end of a file's text."""
    with open_regular(path) as file:
        file.seek(max(0, path.stat().st_size - 64))
        end = file.read().rstrip(b'\r\n\t ,"')
    return len(_unfinished_end(end))


def _unfinished_end(text: bytes) -> bytes:
    """Return the last one or two bytes where they begin a sequence of three."""
    for length in (1, 2):
        if len(text) >= length and 0xE0 <= text[-length] <= 0xEF:  # noqa: PLR2004
            return text[-length:]
    return b""


def _check_bytes(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    taken = 0
    lines = 1
    try:
        for piece in _pieces(path):
            taken += len(piece)
            decoder.decode(piece)
            lines += piece.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # The decoder's text begins with what it kept of earlier pieces, and ends where it is now.
        offset = taken - len(error.object) + error.start
        template = msg(
            "{path} is not {encoding} text: the byte at offset {offset} (line {line}) is wrong; "
            'save the file again as "CSV UTF-8"'
        )
        raise StoreError(
            template,
            path=path,
            encoding="GB18030" if encoding == "gb18030" else "UTF-8",
            offset=offset,
            line=lines + error.object.count(b"\n", 0, error.start),
        ) from None
