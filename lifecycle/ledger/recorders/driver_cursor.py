"""The cursor interface that the ledger uses of both drivers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol


class Cursor(Protocol):
    """The part of both drivers' cursors that the ledger uses; rows are tuples."""

    def execute(self, statement: str, parameters: Sequence[object] = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, statement: str, parameters: Iterable[Sequence[object]], /) -> Any:
        """Run one statement for each row of parameters."""

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""

    def fetchmany(self, size: int, /) -> list[Any]:
        """Return the next rows, at most `size`."""

    def fetchone(self) -> Any:
        """Return the next row, or None."""
