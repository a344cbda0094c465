"""Rows about projects in an order of their own, of which one project's are exchanged at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


class SortedRows(Generic[Row]):
    """Rows of projects by code, sorted by a key; they do not change once they are made.

    Rows with equal keys stand in the order of their projects' codes.
    """

    def __init__(self, key: Callable[[Row], Any]) -> None:
        self._key = key
        # A row's number within its project makes the order total: rows themselves have none.
        self._entries: list[tuple[Any, str, int, Row]] = []

    @property
    def rows(self) -> list[Row]:
        """The rows in their order."""
        return list(map(itemgetter(3), self._entries))

    def exchanged(self, rows: Mapping[str, Iterable[Row] | None]) -> SortedRows[Row]:
        """Return the rows with these projects' in place of those that they had before."""
        exchanged: SortedRows[Row] = SortedRows(self._key)
        entries = [entry for entry in self._entries if entry[1] not in rows]
        for code, of_project in rows.items():
            for number, row in enumerate(of_project or ()):
                entries.append((self._key(row), code, number, row))
        # A long sorted beginning and a few entries behind it are sorted in one pass.
        entries.sort(key=itemgetter(0, 1, 2))
        exchanged._entries = entries
        return exchanged
