"""Time limits and cadences (spec 6) at (D, K), from the spec alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from .deadlines import LEVELS
from .effective import Record
from .limit_days import arranged, events_of_cadence, length_after
from .projects import (
    Table,
    YearFacts,
    credited,
    holds_for,
    meets,
    reached,
    year_facts_of,
)
from .recognition import Project, paused, terminated


def limit_rows(
    book: Table,
    records: Sequence[Record],
    as_of: date,
    known_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """The rows of limits at D, by level, then due_on, then project, then id."""
    asked = year_facts_of(book, records, as_of.year, as_of, known_at)
    rows = []
    for project in asked.facts.projects.values():
        if terminated(project) or not meets(asked, ["not_excluded"], project):
            continue
        for limit in book["limits"]:
            if not holds_for(asked, limit, project):
                continue
            due_on = _due_on(asked, limit, project)
            if due_on is not None:
                rows.append(_row(asked, limit, project, due_on))
    listed = [row for row in rows if row["level"] is not None]
    return sorted(
        listed,
        key=lambda row: (LEVELS.index(row["level"]), row["due_on"], row["project"], row["about"]),
    )


def _due_on(asked: YearFacts, limit: Table, project: Project) -> date | None:
    """The day that a limit ends on, while it runs."""
    begun = reached(asked, project, limit["from"])
    end = limit.get("to", limit.get("until"))
    if begun is None or (end is not None and reached(asked, project, end) is not None):
        return None
    days = [begun.occurred_on]
    if limit.get("every"):
        if paused(project):
            return None
        kinds = events_of_cadence(limit)
        days += [
            event.occurred_on for event in project.events if event.kind in kinds or kinds == ["any"]
        ]
    return length_after(limit, max(days), 1, arranged(asked.facts.county))


def _row(asked: YearFacts, limit: Table, project: Project, due_on: date) -> dict[str, Any]:
    unit = credited(asked, project, {})
    left = (due_on - asked.facts.day).days
    return {
        "kind": "limit",
        "project": project.code,
        "unit": unit,
        "name": project.all_units.shown(unit),
        "about": limit["id"],
        "due_on": due_on.isoformat(),
        "days_left": left,
        "level": _level(limit.get("levels") or asked.book["deadlines"]["levels"], left),
        "clause": limit["clause"],
        "basis": limit["basis"],
    }


def _level(levels: Table, days_left: int) -> str | None:
    if days_left < 0:
        return "red"
    for name in ("orange", "yellow", "blue"):
        if days_left <= int(levels[name]):
            return name
    return None
