"""Rows about projects in an order of their own, of which one project's are exchanged at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Generic, TypeVar

from projections.facts.values_by_code import changed_values

Row = TypeVar("Row")


class SortedRows(Generic[Row]):
    """Rows of projects by code, sorted by a key; neither they nor the list of them ever change.

    Rows with equal keys stand in the order of their projects' codes.
    """

    def __init__(self, key: Callable[[Row], Any]) -> None:
        self.rows: list[Row] = []
        """The rows in their order."""
        self._key = key
        self._rows_by_code: dict[str, tuple[Row, ...]] = {}
        # A row's number within its project makes the order total: rows themselves have none.
        self._entries: list[tuple[Any, str, int, Row]] = []

    def exchanged(self, rows: Mapping[str, Iterable[Row] | None]) -> SortedRows[Row]:
        """Return the rows with these projects' in place of those that they had before.

        They are these very rows where the projects have the same as before.
        """
        changed = changed_values(self._rows_by_code, rows)
        return self._with(changed) if changed else self

    def _with(self, changed: Mapping[str, tuple[Row, ...]]) -> SortedRows[Row]:
        exchanged: SortedRows[Row] = SortedRows(self._key)
        exchanged._rows_by_code = {**self._rows_by_code, **changed}
        entries = [entry for entry in self._entries if entry[1] not in changed]
        for code, of_project in changed.items():
            if not of_project:
                del exchanged._rows_by_code[code]
            for number, row in enumerate(of_project):
                entries.append((self._key(row), code, number, row))
        # A long sorted beginning and a few entries behind it are sorted in one pass.
        entries.sort(key=itemgetter(0, 1, 2))
        exchanged._entries = entries
        exchanged.rows = list(map(itemgetter(3), entries))
        return exchanged
