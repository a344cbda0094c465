"""Make codes for the new rows of a register that has none (spec 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lifecycle.events.folded_text import folded_name

_NUMBER_PLACE: Final = re.compile(r"\{n(?::(0?)([1-9]))?\}", re.ASCII)


class CodeMaker:
    """Makes codes by a pattern: the next number that no code of the county has."""

    def __init__(self, pattern: str, held_codes: Iterable[str]) -> None:
        self._pattern = pattern
        self._held = {folded_name(code) for code in held_codes}
        self._last: dict[str, int] = {}

    def next_code(self, year: str) -> str:
        """Return a code of a year that is free, and take it."""
        number = self._last.get(year)
        if number is None:
            number = self._highest(year)
        self._last[year] = number + 1
        return self._code(year, number + 1)

    def _highest(self, year: str) -> int:
        before, after = self._parts(year)
        beginning = re.escape(folded_name(before))
        end = re.escape(folded_name(after))
        numbered = re.compile(beginning + r"([0-9]+)" + end)
        highest = 0
        for code in self._held:
            match = numbered.fullmatch(code)
            if match is None:
                continue
            number = int(match[1])
            highest = max(highest, number)
        return highest

    def _parts(self, year: str) -> tuple[str, str]:
        place = self._number_place()
        before = self._pattern[: place.start()]
        after = self._pattern[place.end() :]
        return before.replace("{year}", year), after.replace("{year}", year)

    def _code(self, year: str, number: int) -> str:
        place = self._number_place()
        fill = place[1] or ""
        width = place[2] or ""
        digits = format(number, f"{fill}{width}")
        before, after = self._parts(year)
        return f"{before}{digits}{after}"

    def _number_place(self) -> re.Match[str]:
        place = _NUMBER_PLACE.search(self._pattern)
        # Maps with a pattern without {n} are rejected when they are read.
        assert place is not None
        return place
