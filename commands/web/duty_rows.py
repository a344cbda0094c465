"""What is due and what is late: rows of deadlines, task sheets and pressed units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.redaction import without_telephones
from commands.words import page_words, sheet_words
from projections.views.deadline_counts import deadlines_by_unit
from projections.views.deadline_view import DeadlineRow
from projections.views.sheet_view import DueSheet, TaskRow

_MOST_PRESSED: Final = 6


IsOpen = Callable[[str, str | None], bool]


def _open_to(county: CountyView, reader: Reader) -> IsOpen:
    """Whether a row about a project, by its code and the unit in charge, is shown to a reader.

    It is shown to the unit in charge, and to the project's own.
    """
    labels = county.project_labels()

    def is_open(code: str, unit: str | None) -> bool:
        label = labels[code]
        return reader.sees(unit, label.unit, label.reporting_unit)

    return is_open


def _name(county: CountyView, code: str) -> str:
    return county.project_labels()[code].name


# Deadlines


class DeadlineTexts(NamedTuple):
    """A deadline in words; `level` is also the name of its style, `kind_id` tells kinds apart."""

    level: str
    level_name: str
    due_on: str
    left: str
    kind_id: str
    kind: str
    about: str
    project: str
    name: str
    unit: str | None
    unit_name: str
    clause: str


def open_deadlines(county: CountyView, reader: Reader) -> list[DeadlineRow]:
    """What is due of what the reader sees, most urgent first."""
    is_open = _open_to(county, reader)
    rows = []
    for row in county.deadlines():
        if is_open(row.deadline.project, row.deadline.unit):
            rows.append(row)
    return rows


def deadline_rows(county: CountyView, reader: Reader) -> list[DeadlineTexts]:
    """What is due, most urgent first, in words."""
    return [deadline_texts(county, row) for row in open_deadlines(county, reader)]


def deadline_texts(county: CountyView, row: DeadlineRow) -> DeadlineTexts:
    """A deadline in words."""
    deadline = row.deadline
    return DeadlineTexts(
        level=row.level,
        level_name=sheet_words.level(row.level),
        due_on=deadline.due_on.isoformat(),
        left=page_words.days_until(row.days_left),
        kind_id=deadline.kind,
        kind=sheet_words.deadline_kind(deadline.kind),
        about=sheet_words.about(deadline.about, deadline.subject),
        project=deadline.project,
        name=_name(county, deadline.project),
        unit=deadline.unit,
        unit_name=deadline.name or "",
        clause=deadline.clause,
    )


# Task sheets


class TaskTexts(NamedTuple):
    """A task that is not cleared, in words."""

    number: str
    status: str
    due_on: str
    left: str
    is_late: bool
    unit: str
    unit_name: str
    project: str
    name: str
    task: str
    rectify_by: str


def open_tasks(county: CountyView, reader: Reader) -> list[TaskRow]:
    """The tasks that are not cleared, the longest overdue first."""
    is_open = _open_to(county, reader)
    tasks = []
    for row in county.open_tasks():
        if is_open(row.project, row.responsible_unit):
            tasks.append(row)
    return tasks


def is_overdue(county: CountyView, row: TaskRow) -> bool:
    """Whether a task's day has passed."""
    return row.task.due_on < county.view.as_of


def task_rows(county: CountyView, reader: Reader) -> list[TaskTexts]:
    """The tasks that are not cleared, in words."""
    rows = [_task_texts(county, row) for row in open_tasks(county, reader)]
    if reader.sees_persons:
        return rows
    return [without_telephones(row) for row in rows]


def _task_texts(county: CountyView, row: TaskRow) -> TaskTexts:
    task = row.task
    days_left = (task.due_on - county.view.as_of).days
    return TaskTexts(
        number=task.number,
        status=sheet_words.status(row.status),
        due_on=task.due_on.isoformat(),
        left=page_words.days_until(days_left),
        is_late=is_overdue(county, row),
        unit=row.responsible_unit,
        unit_name=row.unit_name,
        project=row.project,
        name=_name(county, row.project),
        task=task.task,
        rectify_by="" if task.rectify_by is None else task.rectify_by.isoformat(),
    )


class DueSheetTexts(NamedTuple):
    """A sheet that ought to be issued, in words."""

    action: str
    project: str
    name: str
    about: str
    unit: str
    due_on: str
    left: str
    is_late: bool


def open_due_sheets(county: CountyView, reader: Reader) -> list[DueSheet]:
    """The sheets that ought to be issued by the day (日清), of what the reader sees."""
    is_open = _open_to(county, reader)
    sheets = []
    for sheet in county.due_sheets():
        if is_open(sheet.project, sheet.unit):
            sheets.append(sheet)
    return sheets


def due_sheet_rows(county: CountyView, reader: Reader) -> list[DueSheetTexts]:
    """The sheets that ought to be issued by the day (日清), in words."""
    return [due_sheet_texts(county, sheet) for sheet in open_due_sheets(county, reader)]


def due_sheet_texts(county: CountyView, sheet: DueSheet) -> DueSheetTexts:
    """A sheet that ought to be issued, in words."""
    days_left = (sheet.due_on - county.view.as_of).days
    return DueSheetTexts(
        action=sheet_words.action(sheet.action),
        project=sheet.project,
        name=_name(county, sheet.project),
        about=sheet_words.about(sheet.about),
        unit=sheet.name or "",
        due_on=sheet.due_on.isoformat(),
        left=page_words.days_until(days_left),
        is_late=days_left < 0,
    )


# Units under pressure


class PressedUnit(NamedTuple):
    """A unit's deadlines by level, and its overdue tasks."""

    unit: str
    red: int
    orange: int
    yellow: int
    blue: int
    overdue_tasks: int


def pressed_units(county: CountyView, reader: Reader) -> list[PressedUnit]:
    """The units with the most urgent deadlines."""
    overdue_tasks: Counter[str] = Counter()
    for task in open_tasks(county, reader):
        overdue_tasks[task.unit_name] += is_overdue(county, task)
    deadlines = []
    for row in open_deadlines(county, reader):
        # Nobody is pressed by what a unit without a successor left.
        if row.deadline.unit is not None:
            deadlines.append((row.deadline.name or "", row.level))
    units = []
    for counts in deadlines_by_unit(deadlines)[:_MOST_PRESSED]:
        unit = PressedUnit(
            unit=counts.unit,
            red=counts.red,
            orange=counts.orange,
            yellow=counts.yellow,
            blue=counts.blue,
            overdue_tasks=overdue_tasks[counts.unit],
        )
        units.append(unit)
    return units
