"""The corpus as written: read once, and cut into parts that are quick to try."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from tests.mutation.corpus import FOLDER, Entry, write_corpus

PARTS: Final = 16


@cache
def corpus() -> list[Entry]:
    """Every entry; written first where there is none."""
    path = FOLDER / "corpus.json"
    if not path.exists():
        write_corpus()
    entries: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    return entries


def part(number: int) -> list[Entry]:
    """Every 16th entry, so that each part has something of every kind."""
    return corpus()[number::PARTS]
