"""Meetings as recorded, what they are to discuss, and the tasks that their decisions became."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

from lifecycle.deciding.corrections import effective
from lifecycle.events import COUNTY, Stream
from lifecycle.events.county_events import MeetingHeld
from lifecycle.events.sheet_events import TaskAssigned
from lifecycle.ledger.store import Ledger
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.views.project_deadlines import project_deadlines
from projections.views.sheet_view import TaskRow, project_task_rows

_DAYS_NAMED: Final = 5
Matter = Literal["milestone", "task", "stalled"]
MATTERS: Final[tuple[Matter, ...]] = ("milestone", "task", "stalled")
"""What a meeting discusses, in the order of its agenda."""


class HeldMeeting(NamedTuple):
    """A meeting as recorded: its kind, its day, and what it decided, if that is recorded."""

    kind: str
    on: date
    decisions: str | None


class MeetingItem(NamedTuple):
    """A project that a unit reports on: a missed milestone, an open task, or no progress.

    `stage` is the milestone's, `task` the open task; `due_on` is the day that counts for it.
    """

    matter: Matter
    project: JudgedProject
    unit: str
    due_on: date
    stage: str | None = None
    task: TaskRow | None = None

    def days_overdue(self, day: date) -> int | None:
        """Days since the day that counts; None until it has passed."""
        days = (day - self.due_on).days
        return days if days > 0 else None


class MandatedTask(NamedTuple):
    """A task, and the meeting or document that it rests on."""

    row: TaskRow
    mandate: str


def held_meetings(ledger: Ledger, view: View) -> list[HeldMeeting]:
    """Return the meetings recorded up to the view's day, by day."""
    meetings = []
    for recorded in effective(ledger.history(COUNTY, view.position)):
        event = recorded.event
        if isinstance(event, MeetingHeld) and event.on <= view.as_of:
            meetings.append(HeldMeeting(event.meeting, event.on, event.decisions))
    # Sorting is stable: two meetings of a day keep the order of recording.
    return sorted(meetings, key=lambda meeting: meeting.on)


def last_meeting_days(meetings: Iterable[HeldMeeting]) -> list[str]:
    """Return the last days with meetings, the latest first, for a rejection to name."""
    days = dict.fromkeys(meeting.on.isoformat() for meeting in meetings)
    return list(reversed(days))[:_DAYS_NAMED]


def meeting_items(projects: Iterable[JudgedProject], day: date) -> list[MeetingItem]:
    """Return what the units report on, by unit: the one with most first; then matter and day."""
    by_unit: dict[str, list[MeetingItem]] = {}
    for project in projects:
        # Nobody can be asked to report on what is over or does not count.
        if project.excluded or project.facts.terminated_on is not None:
            continue
        for item in _items_of_project(project, day):
            by_unit.setdefault(item.unit, []).append(item)
    items = []
    for unit in sorted(by_unit, key=lambda name: (-len(by_unit[name]), name)):
        items.extend(sorted(by_unit[unit], key=_agenda_order))
    return items


def _items_of_project(project: JudgedProject, day: date) -> Iterator[MeetingItem]:
    for deadline in project_deadlines(project):
        is_past = deadline.due_on < day
        name = deadline.name or ""
        if deadline.kind == "milestone" and is_past:
            yield MeetingItem("milestone", project, name, deadline.due_on, deadline.about)
        elif deadline.kind == "stalled" and is_past:
            yield MeetingItem("stalled", project, name, deadline.due_on)
    for row in project_task_rows(project):
        if row.task.is_open:
            yield MeetingItem("task", project, row.unit_name, row.task.due_on, task=row)


def _agenda_order(item: MeetingItem) -> tuple[int, date, str]:
    return MATTERS.index(item.matter), item.due_on, item.project.facts.code


def mandated_tasks(
    ledger: Ledger, view: View, projects: Iterable[JudgedProject]
) -> list[MandatedTask]:
    """Return each task that names a meeting or document as its mandate."""
    tasks = []
    for project in projects:
        rows = project_task_rows(project)
        if not rows:
            continue
        # Facts leave the mandate out, as nothing is computed from it: it stands in the history.
        mandates = _mandates(ledger, view, project.facts.code)
        for row in rows:
            mandate = mandates.get(row.task.number)
            if mandate is not None:
                tasks.append(MandatedTask(row, mandate))
    return tasks


def _mandates(ledger: Ledger, view: View, code: str) -> dict[str, str]:
    """Return the mandate of each task of a project that has one, by the task's number."""
    mandates = {}
    for recorded in effective(ledger.history(Stream("project", code), view.position)):
        event = recorded.event
        if isinstance(event, TaskAssigned) and event.mandate:
            mandates[event.number] = event.mandate
    return mandates
