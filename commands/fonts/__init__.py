"""The shipped Chinese fonts, and the characters of a text that they cannot draw."""

from __future__ import annotations

import bz2
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
SANS: Final = FOLDER / "NotoSansSC-Regular.otf"
SANS_PACKED: Final = FOLDER / "NotoSansSC-Regular.woff2"
"""The same font as browsers take it, two thirds of the size."""
SERIF: Final = FOLDER / "NotoSerifSC-Regular.otf"
SERIF_BOLD: Final = FOLDER / "NotoSerifSC-Bold.otf"
LICENCE: Final = FOLDER / "OFL.txt"
_COVERAGE: Final = FOLDER / "coverage.txt.bz2"


@cache
def covered() -> frozenset[str]:
    """Every character that all three shipped fonts draw."""
    # A list beside the fonts, because reading their tables would need fonttools at run time.
    return frozenset(bz2.decompress(_COVERAGE.read_bytes()).decode())


def uncovered(texts: Iterable[str]) -> str:
    """The printable characters of the texts that the shipped fonts lack, each once, in order."""
    printable: set[str] = set()
    for text in texts:
        printable.update(filter(str.isprintable, text))
    return "".join(sorted(printable - covered()))
