"""Where rows of the query tables go as they are made: into the database, or to another process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Table

RowsByTable = dict[str, list[tuple[Any, ...]]]
"""Rows by the name of their table, each as a plain tuple of its columns' values."""


class RowSink(Protocol):
    """Takes rows of the query tables."""

    def add(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Take rows of the table's row class."""


class CollectedRows:
    """Keeps rows for the process that writes them."""

    def __init__(self) -> None:
        self.rows: RowsByTable = {}

    def add(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Take rows of the table's row class."""
        # Plain tuples: a row class would be named and called again for each row on its way.
        self.rows.setdefault(table.name, []).extend(map(tuple, rows))
