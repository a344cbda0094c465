"""The shipped Chinese fonts, and what of a text they cannot draw."""

from __future__ import annotations

import bz2
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
SANS: Final = FOLDER / "NotoSansSC-Regular.otf"
SERIF: Final = FOLDER / "NotoSerifSC-Regular.otf"
SERIF_BOLD: Final = FOLDER / "NotoSerifSC-Bold.otf"
LICENCE: Final = FOLDER / "OFL.txt"
_COVERAGE: Final = FOLDER / "coverage.txt.bz2"


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """Every character that the shipped fonts draw, all three alike."""
    return frozenset(bz2.decompress(_COVERAGE.read_bytes()).decode())


def uncovered(texts: Iterable[str]) -> str:
    """The characters of some texts that the shipped fonts lack, each once, in order."""
    known = covered()
    return "".join(
        sorted(
            {character for text in texts for character in text if character.isprintable()} - known
        )
    )
