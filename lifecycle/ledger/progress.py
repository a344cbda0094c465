"""How long work says how far it has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int], None]
"""Takes the number of events, rows or files that were worked through since the last call."""


def ignore_progress(_steps: int) -> None:
    """Show no progress."""
