"""Small PNG files of what poppler prints: few colours, a few bits a dot."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_GREY_BITS: Final = 2
_PALETTE_BITS: Final = 4
_INDEXED: Final = 3
# Greys of text and lines; then the reds of a head, the colours of bars and of dots.
_PALETTE: Final = (
    *((0, 0, 0), (60, 60, 60), (110, 110, 110), (160, 160, 160), (200, 200, 200), (231, 230, 230)),
    *((255, 255, 255), (192, 0, 0), (215, 90, 85), (238, 180, 178), (31, 95, 168), (143, 175, 212)),
    *((157, 184, 214), (46, 125, 50), (150, 190, 152), (178, 106, 0)),
)


def grey_png(portable: bytes) -> bytes:
    """Return a grey picture (PGM) as a PNG of four greys, a third of the size with all of them."""
    width, height, pixels = _parts(portable)
    lines = bytearray()
    for top in range(height):
        line = pixels[top * width : (top + 1) * width].ljust(-(-width // 4) * 4, b"\xff")
        lines.append(0)  # no filter
        for place in range(0, len(line), 4):
            first, second, third, fourth = (grey >> 6 for grey in line[place : place + 4])
            lines.append(first << 6 | second << 4 | third << 2 | fourth)
    return _png((width, height, _GREY_BITS, 0), (), lines)


def coloured_png(portable: bytes) -> bytes:
    """Return a coloured picture (PPM) as a PNG of sixteen colours."""
    width, height, pixels = _parts(portable)
    lines = bytearray()
    for top in range(height):
        line = pixels[top * width * 3 : (top + 1) * width * 3]
        colours = [_nearest(line[place : place + 3]) for place in range(0, len(line), 3)]
        if width % 2:
            colours.append(0)
        lines.append(0)  # no filter
        for place in range(0, len(colours), 2):
            lines.append(colours[place] << 4 | colours[place + 1])
    palette = bytes(part for colour in _PALETTE for part in colour)
    return _png((width, height, _PALETTE_BITS, _INDEXED), ((b"PLTE", palette),), lines)


@cache
def _nearest(pixel: bytes) -> int:
    """The place in the palette of the colour that is nearest to a pixel's."""
    distances = []
    for colour in _PALETTE:
        parts = zip(colour, pixel, strict=True)
        distances.append(sum((part - own) ** 2 for part, own in parts))
    return distances.index(min(distances))


def _parts(portable: bytes) -> tuple[int, int, bytes]:
    """The width, the height and the pixels of a picture as poppler writes it."""
    _magic, size, _most, pixels = portable.split(b"\n", 3)
    width, height = (int(text) for text in size.split())
    return width, height, pixels


def _png(
    shape: tuple[int, int, int, int],
    before: tuple[tuple[bytes, bytes], ...],
    lines: bytearray,
) -> bytes:
    header = struct.pack(">IIBBBBB", *shape, 0, 0, 0)
    body = (b"IDAT", zlib.compress(bytes(lines), 9))
    chunks = ((b"IHDR", header), *before, body, (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum
