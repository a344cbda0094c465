"""Texts by the initials of their pinyin, as people type names they know: 华埠镇 is hbz."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

# The characters of GB 2312 by initial in the order of CLDR's pinyin. One that stands a second time
# has another reading: 长 in 长虹乡 is no zhang.
_TABLE: Final = Path(__file__).with_name("pinyin_initials.txt")
_KNOWN_TEXTS: Final = 65_536


def has_text(sought: str, text: str) -> bool:
    """Whether a text contains what is sought, or its initials do; letters are of either case."""
    folded = sought.casefold()
    if folded in text.casefold():
        return True
    # Only letters are initials, and one of them alone would be in nearly every name.
    if not folded.isascii() or not folded.isalpha() or len(folded) == 1:
        return False
    return any(folded in initials for initials in _initials_of(text))


@lru_cache(_KNOWN_TEXTS)
def _initials_of(text: str) -> tuple[str, ...]:
    """The initials of a text by the first readings of its characters, and by their others."""
    first_readings, other_readings = _initial_tables()
    first, other = [], []
    for character in text.casefold():
        initial = first_readings.get(character, character)
        first.append(initial)
        other.append(other_readings.get(character, initial))
    return "".join(first), "".join(other)


@cache
def _initial_tables() -> tuple[dict[str, str], dict[str, str]]:
    first_readings: dict[str, str] = {}
    other_readings: dict[str, str] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        initial, characters = line.split()
        for character in characters:
            table = other_readings if character in first_readings else first_readings
            table[character] = initial
    return first_readings, other_readings
