"""Clear, reopen or expose a task of the five task sheets (五单)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal, NamedTuple

from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.task_lookup import FoundTask, find_task, ladder_of, sheet_record
from commands.words.vocabulary_words import word
from lifecycle.deciding import task_requirements
from lifecycle.deciding.drafts import read_record
from lifecycle.deciding.task_ladder import Action, Task
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Problem, msg
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View
from projections.views.requested_axes import view_of_day
from projections.views.sheet_view import TaskRow, only_clearing_left, task_row

TaskAct = Literal["TaskCleared", "TaskReopened", "ExposurePublished"]
# Clearing and exposure are sheets with numbers of their own; reopening is none.
_NUMBERED_SHEETS: Final[dict[TaskAct, Action]] = {
    "TaskCleared": "clear",
    "ExposurePublished": "expose",
}


class TaskPreview(NamedTuple):
    """A task before an act: its row of `sheets list`, and what to look at."""

    row: TaskRow
    warnings: list[Problem]


class TaskActResult(NamedTuple):
    """A recorded act on a task: its record and its entry."""

    record: dict[str, Any]
    entry: LedgerEntry


def preview_task(
    ledger: Ledger,
    act: TaskAct,
    number: str,
    day: date | None,
    author: Author,
) -> TaskPreview:
    """Return the task that an act would be about, without recording. Raises the same."""

    def look(work: UnitOfWork) -> TaskPreview:
        _view, found = _find_allowed(ledger, work, act, number, day)
        row = task_row(found.project, found.task)
        return TaskPreview(row, _early_clearing(act, found))

    return ledger.preview(look, author)


def act_on_task(
    ledger: Ledger,
    act: TaskAct,
    number: str,
    fields: dict[str, Any],
    day: date | None,
    author: Author,
    evidence: EvidenceIntake | None = None,
) -> TaskActResult:
    """Record a clearing, reopening or exposure of a task, on a day or today.

    Raises `Rejected` if the ladder does not allow the act, and then nothing is stored.
    """

    def decide(work: UnitOfWork) -> TaskActResult:
        view, found = _find_allowed(ledger, work, act, number, day)
        code = found.project.facts.code
        record: dict[str, Any] = {
            "event": act,
            "project": code,
            "occurred_on": view.as_of.isoformat(),
        }
        if act in _NUMBERED_SHEETS:
            action = _NUMBERED_SHEETS[act]
            record = sheet_record(action, code, view.as_of, ladder_of(view), work)
        record |= {"about": found.task.number} | fields
        entry = work.record(read_record(record))
        # Only now: a rejected act leaves no file behind, and no event names a file not stored yet.
        if evidence is not None:
            work.keep_evidence(entry, evidence.store())
        warnings = [*entry.warnings, *_early_clearing(act, found)]
        return TaskActResult(record, entry._replace(warnings=warnings))

    return ledger.execute(decide, author)


def _find_allowed(
    ledger: Ledger,
    work: UnitOfWork,
    act: TaskAct,
    number: str,
    day: date | None,
) -> tuple[View, FoundTask]:
    """Return the view and the task. Raises `Rejected` if the ladder does not allow the act."""
    # At the head that this unit of work stands on: the act is decided on what was looked at.
    view = view_of_day(ledger, day or work.today, work.head.position)
    found = find_task(judged_at(ledger, view), number)
    task_requirements.require_allowed(
        found.task,
        _NUMBERED_SHEETS.get(act, "reopen"),
        view.as_of,
        ladder_of(view),
        only_clearing_left=only_clearing_left(found.project, found.task),
    )
    return view, found


def _early_clearing(act: TaskAct, found: FoundTask) -> list[Problem]:
    """Point out a clearing before the task's stage is reached, which the reviewer answers for."""
    task: Task = found.task
    if act != "TaskCleared" or not task.stage or only_clearing_left(found.project, task):
        return []
    template = msg("{stage} has not been recorded for the project of {number}")
    values: dict[str, object] = {"number": task.number, "stage": word(task.stage)}
    return [Problem("not_reached", template, values)]
