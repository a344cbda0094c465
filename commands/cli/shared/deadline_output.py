"""A deadline as a line of a screen."""

from __future__ import annotations

from typing import Any, Final

from commands.words.day_counts import days_until
from commands.words.messages import _
from commands.words.sheet_words import about, deadline_kind

# The unit's place among the cells of a deadline; its name alone may wrap.
UNIT_CELL: Final = 3


def deadline_cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a deadline's line: what is due, where, for whom, when, days left."""
    return (
        f"  {deadline_kind(row['kind'])}",
        row["project"],
        about(row["about"]),
        row["name"] or "",
        row["due_on"],
        days_until(row["days_left"]) + (_(", new") if row.get("new") else ""),
    )
