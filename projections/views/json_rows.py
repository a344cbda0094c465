"""Rows as JSON: every row of a view knows its own object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol


class JsonRow(Protocol):
    """A row that knows its JSON object."""

    def as_json(self) -> dict[str, Any]:
        """Return the object, numbers as exact text."""


def json_rows(rows: Iterable[JsonRow]) -> list[dict[str, Any]]:
    """Return the objects of rows, in their order."""
    return [row.as_json() for row in rows]
