"""The week of each unit with tasks: what was issued, cleared and left open (周结; spec 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from lifecycle.deciding.task_ladder import Task
from lifecycle.ledger.store import Ledger
from lifecycle.rounding import decimal_text
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View

_RATE_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """A unit's tasks in one week; `name` is what it is called on the week's last day.

    `issued` counts the week's sheets other than clearings; `cleared` the tasks cleared in it and
    not reopened since, `in_time` those of them cleared by their due day; `still_open` and `overdue`
    are as the week ends.
    """

    unit: str
    name: str
    issued: int
    cleared: int
    in_time: int
    still_open: int
    overdue: int

    @property
    def closing_rate(self) -> Fraction | None:
        """Cleared ÷ (cleared + open); None without either."""
        tasks = self.cleared + self.still_open
        return Fraction(self.cleared, tasks) if tasks else None

    def as_json(self) -> dict[str, Any]:
        """One row of `sheets week --format json`."""
        rate = self.closing_rate
        return {
            "unit": self.unit,
            "name": self.name,
            "issued": self.issued,
            "cleared": self.cleared,
            "in_time": self.in_time,
            "open": self.still_open,
            "overdue": self.overdue,
            "closing_rate": None if rate is None else decimal_text(rate, _RATE_PLACES),
        }


def week_bounds(day: date) -> tuple[date, date]:
    """Return Monday and Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def weekly_summary(ledger: Ledger, view: View) -> list[UnitWeek]:
    """周结: sum up the week up to the view's day, for each unit with tasks."""
    monday, _sunday = week_bounds(view.as_of)
    tasks_by_unit: dict[str, list[Task]] = {}
    names: dict[str, str] = {}
    for project in judged_at(ledger, view):
        for task in project.facts.tasks.values():
            unit = project.responsible_unit(task)
            names[unit] = project.units.shown_name(unit)
            tasks_by_unit.setdefault(unit, []).append(task)
    return [
        _unit_week(
            unit,
            names[unit],
            tasks_by_unit[unit],
            monday,
            view.as_of,
        )
        # By name: a week has no ranks that would order its units.
        for unit in sorted(tasks_by_unit)
    ]


def _unit_week(
    unit: str,
    name: str,
    tasks: Sequence[Task],
    monday: date,
    day: date,
) -> UnitWeek:
    issued = 0
    cleared = 0
    in_time = 0
    still_open = 0
    overdue = 0
    for task in tasks:
        # Clearings are counted as tasks below, not as sheets issued.
        for sheet in task.sheets:
            issued += sheet.on >= monday and sheet.event != "TaskCleared"
        # A task that was reopened since has no clearing day any more.
        if task.cleared_on is not None and task.cleared_on >= monday:
            cleared += 1
            in_time += task.cleared_on <= task.due_on
        if task.is_open:
            still_open += 1
            overdue += day > task.due_on
    return UnitWeek(
        unit,
        name,
        issued,
        cleared,
        in_time,
        still_open,
        overdue,
    )
