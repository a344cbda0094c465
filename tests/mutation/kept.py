"""The corpus as it is kept: read once, and cut into parts that are quick to try."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from tests.mutation.corpus import FOLDER, Entry, make

PARTS: Final = 16


@cache
def corpus() -> list[Entry]:
    """Every entry; made first where there is none."""
    if not (FOLDER / "corpus.json").exists():
        make()
    found: list[Any] = json.loads((FOLDER / "corpus.json").read_text(encoding="utf-8"))
    return found


def part(number: int) -> list[Entry]:
    """Every so-manieth entry, so that each part holds of everything."""
    return corpus()[number::PARTS]
