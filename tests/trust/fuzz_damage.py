"""Sound files damaged at random: bytes and pieces changed, removed, doubled or inserted.

In an archive also inside its members, where the checksums don't show it.
"""

from __future__ import annotations

import io
import zipfile
from random import Random
from typing import Final

from projections.audit.verifier import verify_bundle

_PIECES: Final = (
    b"",
    b"\x00",
    b"\xff",
    b"\n",
    b"\n\n",
    b"\t",
    b'"',
    b"{",
    b"[" * 5_000,
    b"}",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999999999",
    b"NaN",
    b"1.5",
    b"9" * 5_000,
    b"18446744073709551616",
    "９".encode(),
    "— ".encode(),
    "\u202e".encode(),
    b"\xed\xa0\x80",
    b"project/",
    b"county",
    b"../",
    b"A" * 70_000,
    b"9999-12-31",
    b"0001-01-01",
    b"FactCorrected/1",
    b"ScoresPublished/1",
    b'"corrects":1',
    b'"replacement":null',
    b"PK\x01\x02",
    b"PK\x03\x04",
    b"PK\x05\x06",
)


def damaged(content: bytes, chance: Random) -> bytes:
    """Change a few places of the content."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(data))
        width = chance.choice((1, 1, 2, 8, 64, 1024))
        deed = chance.choice(("byte", "piece", "instead", "cut", "double", "swap"))
        if deed == "byte" and at < len(data):
            data[at] = chance.randint(0, 255)
        elif deed == "piece":
            data[at:at] = chance.choice(_PIECES)
        elif deed == "instead":
            data[at : at + width] = chance.choice(_PIECES)
        elif deed == "cut":
            del data[at : at + width]
        elif deed == "double":
            data[at:at] = data[at : at + width] * chance.choice((1, 2, 300))
        else:
            end = chance.randint(0, len(data))
            data[at : at + width], data[end : end + width] = (
                data[end : end + width],
                data[at : at + width],
            )
    return bytes(data)


def damaged_archive(content: bytes, chance: Random) -> bytes:
    """Damage the archive, or its members; a damaged rulebook gets a matching digest."""
    if chance.random() < 0.3:
        return damaged(content, chance)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        wrong = chance.choice(names)
        for name in names:
            data = old.read(name)
            if name == wrong:
                data = damaged(data, chance)
                if name.startswith("rulebooks/"):
                    name = f"rulebooks/{verify_bundle.sha256(data).hex()}.json"  # noqa: PLW2901 -- as its maker would
            new.writestr(name, data)
    return out.getvalue()
