"""What an export did to a folder; it is known without the packages that write the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from lifecycle.ledger.store import Ledger


class TableExport(NamedTuple):
    """A table's rows, and how many of its files were written, stayed as they were, were removed."""

    table: str
    rows: int
    written: int
    unchanged: int
    removed: int


class FolderExport(NamedTuple):
    """The position and day of the exported tables, and what became of each."""

    position: int
    as_of: date
    tables: list[TableExport]

    @property
    def changed(self) -> bool:
        """Whether any file was written or removed."""
        return any(table.written or table.removed for table in self.tables)


FolderExporter = Callable[[Ledger, Path], FolderExport]
"""Brings a folder to the ledger's present state."""
