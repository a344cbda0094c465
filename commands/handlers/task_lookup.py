"""Find a task by its number, and the view and ladder that an act on sheets is decided by."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final, NamedTuple

from lifecycle.deciding.sheet_numbers import SHEET_KINDS, next_number, sheet_number
from lifecycle.deciding.task_ladder import ACTIONS, Action, Task
from lifecycle.events import BY_NAME
from lifecycle.events.sheet_events import (
    ExposurePublished,
    SupervisionIssued,
    TaskAssigned,
    TaskCleared,
    WarningIssued,
)
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook.sheet_policy import SheetLadder
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.views.sheet_view import sheet_number_order

_SHORT_NUMBER: Final = re.compile(r"\D*([0-9]{4})\D+([0-9]+)\D*", re.ASCII)
_BRACKETS: Final = str.maketrans("[]【】（）()", "〔〕〔〕〔〕〔〕", " ")
# Warnings, supervisions, clearings and exposures are counted by themselves, so that year and
# counter of such a number may be those of another task.
_OTHER_SHEETS: Final = frozenset(
    sheet.sign for sheet in (WarningIssued, SupervisionIssued, TaskCleared, ExposurePublished)
)
_NUMBERS_LISTED: Final = 5


class FoundTask(NamedTuple):
    """A task with the project that it belongs to."""

    project: JudgedProject
    task: Task


def find_task(projects: list[JudgedProject], text: str) -> FoundTask:
    """Return the task of a number, as it stands or as it is easily typed: `[2024]3`, `交2024-3`.

    Raises `Rejected`, which lists open tasks.
    """
    # Keyboards have no 〔〕, and clerks type whatever brackets come first.
    number = text.translate(_BRACKETS)
    tasks: dict[str, FoundTask] = {}
    for project in projects:
        for task in project.facts.tasks.values():
            tasks[task.number] = FoundTask(project, task)
    if number in tasks:
        return tasks[number]
    matches = _tasks_by_short_number(tasks, number)
    if len(matches) == 1:
        return matches[0]
    open_numbers = [known for known, found in tasks.items() if found.task.is_open]
    open_numbers.sort(key=sheet_number_order)
    raise Rejected.by(
        "no_task",
        msg("there is no task {number}; {count} tasks are open, including {allowed}"),
        at="about",
        number=text,
        count=len(open_numbers),
        allowed=open_numbers[-_NUMBERS_LISTED:] or ["—"],
    )


def _tasks_by_short_number(tasks: dict[str, FoundTask], number: str) -> list[FoundTask]:
    """Return the tasks of the year and counter that were typed."""
    short = _SHORT_NUMBER.fullmatch(number)
    if short is None or _OTHER_SHEETS & set(number):
        return []
    order = int(short[1]), int(short[2])
    return [task for known, task in tasks.items() if sheet_number_order(known) == order]


def understood_sheet_number(typed: str, prefix: str) -> str:
    """Return the whole number of a sheet that was typed as `交2024-1`, `2024-1` or with brackets.

    Without a sign it is a task's (交). What has no year and counter is returned as it is.
    """
    number = typed.translate(_BRACKETS)
    short = _SHORT_NUMBER.fullmatch(number)
    if short is None or number.startswith(prefix):
        return number
    signs = [sign for sign in number if sign in SHEET_KINDS]
    sign = signs[0] if signs else TaskAssigned.sign
    return sheet_number(prefix, sign, int(short[1]), int(short[2]))


def ladder_of(view: View) -> SheetLadder:
    """Return the ladder of a view's rulebook. Raises `Rejected` if it has none."""
    ladder = view.rulebook.rulebook.ladder
    if ladder is None:
        raise Rejected.by(
            "no_ladder",
            msg("the rulebook {id} of {day} has no table `ladder`: no sheets are issued under it"),
            id=view.rulebook.id,
            day=view.as_of,
        )
    return ladder


def sheet_record(
    action: Action,
    project: str,
    day: date,
    ladder: SheetLadder,
    work: UnitOfWork,
) -> dict[str, Any]:
    """Return the beginning of a sheet's record: event, project, day, and the next number."""
    kind: Any = BY_NAME[ACTIONS[action]]
    return {
        "event": kind.__name__,
        "project": project,
        "occurred_on": day.isoformat(),
        "number": next_number(kind, ladder.prefix, day, work),
    }
