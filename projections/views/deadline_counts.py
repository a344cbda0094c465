"""How many deadlines of each level a unit has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from projections.views.deadline_view import URGENCY_LEVELS


@dataclass(frozen=True, slots=True)
class UnitDeadlineCounts:
    """How many deadlines of each level a unit has."""

    unit: str
    red: int
    orange: int
    yellow: int
    blue: int

    @property
    def by_level(self) -> tuple[int, int, int, int]:
        """The counts from the most urgent level to the least."""
        return self.red, self.orange, self.yellow, self.blue

    def as_json(self) -> dict[str, Any]:
        """One row of `deadlines --summary --format json`."""
        return {**asdict(self), "total": sum(self.by_level)}


def deadlines_by_unit(unit_levels: Iterable[tuple[str, str]]) -> list[UnitDeadlineCounts]:
    """Count pairs of unit and level; the unit with the most urgent deadlines comes first."""
    counts: dict[str, Counter[str]] = {}
    for unit, level in unit_levels:
        counts.setdefault(unit, Counter())[level] += 1
    rows = []
    for unit, count in counts.items():
        by_level = [count[level] for level in URGENCY_LEVELS]
        rows.append(UnitDeadlineCounts(unit, *by_level))
    return sorted(rows, key=_urgency_order)


def _urgency_order(row: UnitDeadlineCounts) -> tuple[list[int], str]:
    # Many red deadlines come before few, and any red one before all orange ones.
    return [-count for count in row.by_level], row.unit
