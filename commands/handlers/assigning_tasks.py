"""Assign a task (任务交办单) by what a meeting decided."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from commands.handlers.moved_codes import require_present_code
from commands.handlers.task_acts import TaskActResult
from commands.handlers.task_lookup import ladder_of, sheet_record
from commands.words.meeting_words import meeting_name
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Rejected, msg
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View
from projections.views.meeting_view import held_meetings, last_meeting_days
from projections.views.requested_axes import view_of_day


class Assignment(NamedTuple):
    """A task to assign; its mandate is a meeting by its day, or a document in words.

    `unit` is None for the unit that has the credit of the project.
    """

    project: str
    task: str
    due_on: date
    unit: str | None = None
    meeting: date | None = None
    mandate: str | None = None
    note: str | None = None


def preview_assignment(
    ledger: Ledger, assignment: Assignment, day: date | None, author: Author
) -> TaskActResult:
    """Return what `assign_task` would record, without recording. Raises the same."""
    return ledger.preview(lambda work: _assign(ledger, work, assignment, day), author)


def assign_task(
    ledger: Ledger, assignment: Assignment, day: date | None, author: Author
) -> TaskActResult:
    """Record the assignment under the next number, on a day or today.

    Raises `Rejected` if no such meeting is recorded, and then nothing is stored.
    """
    return ledger.execute(lambda work: _assign(ledger, work, assignment, day), author)


def _assign(
    ledger: Ledger, work: UnitOfWork, assignment: Assignment, day: date | None
) -> TaskActResult:
    # At the head that this unit of work stands on: a meeting recorded meanwhile counts too.
    view = view_of_day(ledger, day or work.today, work.head.position)
    if assignment.due_on <= view.as_of:
        raise Rejected.by(
            "due_on",
            msg("{due_on} is not after the day of issue, {day}"),
            at="due_on",
            due_on=assignment.due_on,
            day=view.as_of,
        )
    record: dict[str, Any] = sheet_record(
        "assign",
        assignment.project,
        view.as_of,
        ladder_of(view),
        work,
    )
    record["task"] = assignment.task
    record["responsible_unit"] = assignment.unit or _credited_unit(ledger, view, assignment.project)
    record["due_on"] = assignment.due_on.isoformat()
    record["mandate"] = assignment.mandate or _mandate(ledger, view, assignment.meeting)
    if assignment.note:
        record["note"] = assignment.note
    return TaskActResult(record, work.record(read_record(record)))


def _credited_unit(ledger: Ledger, view: View, code: str) -> str:
    """Return the unit that has the credit of a project. Raises `Rejected` where none has."""
    projects = judged_at(ledger, view, [code])
    if not projects:
        require_present_code(ledger, code)
        raise Rejected.by(
            "unknown_project",
            msg("the project {project} does not exist yet"),
            at="project",
            project=code,
        )
    unit = projects[0].unit
    if unit is None:
        # A dissolved unit without a successor: who shall be responsible, people decide.
        raise Rejected.by(
            "no_unit",
            msg("no unit has the credit of {project}; name the responsible unit with --unit"),
            project=code,
        )
    return unit


def _mandate(ledger: Ledger, view: View, day: date | None) -> str | None:
    """Return the name of the meeting of a day. Raises `Rejected` unless there is exactly one."""
    if day is None:
        return None
    meetings = held_meetings(ledger, view)
    names = [meeting_name(meeting.kind, meeting.on) for meeting in meetings if meeting.on == day]
    if not names:
        raise Rejected.by(
            "no_meeting",
            msg("no meeting of {day} is recorded as of {as_of}; recorded: {allowed}"),
            day=day,
            as_of=view.as_of,
            allowed=last_meeting_days(meetings),
        )
    if len(names) > 1:
        raise Rejected.by(
            "several_meetings",
            msg("{day} had several meetings: {allowed}; name the right one with --mandate"),
            day=day,
            allowed=names,
        )
    return names[0]
