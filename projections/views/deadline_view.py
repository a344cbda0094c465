"""The deadlines of all projects at (D, K), by how urgent they are; no year plays a part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.deadline_policy import UrgencyDays
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.views.project_deadlines import Deadline, project_deadlines

DEADLINE_KINDS: Final = (
    "assessment_period",
    "milestone",
    "task",
    "rectification",
    "look_back",
    "follow_up",
    "stalled",
    "idle_plot",
    "limit",
)
URGENCY_LEVELS: Final = ("red", "orange", "yellow", "blue")
"""From the most urgent to the least."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline as listed on a day, with the days left and how urgent it is."""

    deadline: Deadline
    days_left: int
    level: str

    @property
    def sort_key(self) -> tuple[int, date, str, int, str]:
        """Level, due day, project; then kind and subject, so that the order is total."""
        deadline = self.deadline
        return (
            URGENCY_LEVELS.index(self.level),
            deadline.due_on,
            deadline.project,
            DEADLINE_KINDS.index(deadline.kind),
            deadline.about or "",
        )

    @property
    def soonest_first(self) -> tuple[bool, int]:
        """The key by which what falls due soonest comes first, then overdue from the latest on."""
        is_overdue = self.level == "red"
        return is_overdue, -self.days_left if is_overdue else self.days_left

    @property
    def subject(self) -> tuple[str, str, str | None]:
        """What the row is about, the same on every day."""
        return self.deadline.kind, self.deadline.project, self.deadline.about

    def as_json(self) -> dict[str, Any]:
        """One row of `deadlines --format json`."""
        deadline = self.deadline
        row = {
            "kind": deadline.kind,
            "project": deadline.project,
            "unit": deadline.unit,
            "name": deadline.name,
            "about": deadline.about,
            "due_on": deadline.due_on.isoformat(),
            "days_left": self.days_left,
            "level": self.level,
            "clause": deadline.clause,
            "basis": deadline.basis,
        }
        # The key is absent where the day is certain, so that rows without it keep their shape.
        if deadline.estimated:
            row["estimated"] = True
        return row


def deadline_rows(ledger: Ledger, view: View) -> list[DeadlineRow]:
    """List the deadlines of all projects, the most urgent first."""
    book = view.rulebook.rulebook
    # A rulebook that watches nothing asks for no project to be read.
    if book.deadlines is None and book.limits is None:
        return []
    deadlines = deadlines_of(judged_at(ledger, view))
    return listed_deadlines(deadlines, view.as_of, book.deadline_levels)


def deadlines_of(projects: Iterable[JudgedProject]) -> list[Deadline]:
    """Return every deadline of several projects, however far off."""
    deadlines: list[Deadline] = []
    for project in projects:
        deadlines.extend(project_deadlines(project))
    return deadlines


def listed_deadlines(
    deadlines: Iterable[Deadline],
    day: date,
    levels: UrgencyDays | None,
) -> list[DeadlineRow]:
    """List the deadlines of a day, the most urgent first, without those that are too far off.

    The levels are the rulebook's; a limit's own go before them.
    """
    rows = []
    for deadline in deadlines:
        level = urgency_level(deadline, day, levels)
        if level is not None:
            rows.append(DeadlineRow(deadline, (deadline.due_on - day).days, level))
    return sorted(rows, key=lambda row: row.sort_key)


def urgency_level(
    deadline: Deadline,
    day: date,
    levels: UrgencyDays | None,
) -> str | None:
    """Return how urgent a deadline is on a day; None where it is not listed."""
    levels = deadline.levels or levels
    assert levels is not None  # `rulebook check` asks for the levels of every limit
    days_left = (deadline.due_on - day).days
    if days_left < 0:
        return "red"
    # A project that may stall later is no concern: it is listed once it has stalled.
    if deadline.is_forecast(day) or days_left > levels.blue:
        return None
    if days_left <= levels.orange:
        return "orange"
    return "yellow" if days_left <= levels.yellow else "blue"
