"""Which database login appended which positions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class LoginRange(NamedTuple):
    """Positions that sessions of one login appended; an empty login for copied events."""

    first: int
    last: int
    login: str


def joined_ranges(rows: Iterable[LoginRange]) -> list[LoginRange]:
    """Join neighbours of the same login: there are as many rows as appends."""
    ranges: list[LoginRange] = []
    for row in rows:
        before = ranges[-1] if ranges else None
        if before is not None and before.login == row.login and before.last + 1 == row.first:
            ranges[-1] = before._replace(last=row.last)
        else:
            ranges.append(row)
    return ranges
