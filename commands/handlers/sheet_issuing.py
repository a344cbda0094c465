"""Issue the sheets that are due in one decision, so that nothing is issued twice (spec 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from commands.handlers.moved_codes import require_present_code
from commands.handlers.task_lookup import FoundTask, find_task, ladder_of, sheet_record
from commands.words.sheet_record_texts import (
    assigned_task_text,
    overdue_problem_text,
    rectification_note,
)
from lifecycle.deciding import task_ladder, task_requirements
from lifecycle.deciding.drafts import read_record
from lifecycle.deciding.task_ladder import Action, Task
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Rejected, msg
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.views.requested_axes import view_of_day
from projections.views.sheet_view import (
    DueSheet,
    only_clearing_left,
    project_due_sheets,
)

# The sheets issued without a person's own words: exposure asks for an approval, clearing for
# evidence.
ISSUED_BY_RULE: Final[tuple[Action, ...]] = ("assign", "warn", "supervise")
_ROW_FIELDS: Final = (
    "number",
    "project",
    "about",
    "task",
    "responsible_unit",
    "stage",
    "due_on",
    "problem",
    "rectify_by",
    "note",
)


class SheetChoice(NamedTuple):
    """Identifies a sheet before it has a number: its action, its project, its task or stage."""

    action: str
    project: str
    origin: str


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """Which of the due sheets to issue, on which day (today if None), and in whose words.

    `about` names tasks by number; `approved` holds the sheets that a clerk approved, None for all.
    """

    actions: tuple[Action, ...] = ISSUED_BY_RULE
    about: tuple[str, ...] = ()
    day: date | None = None
    project: str | None = None
    unit: str | None = None
    approved: frozenset[SheetChoice] | None = None
    problem: str | None = None
    task: str | None = None
    mandate: str | None = None
    due_on: date | None = None
    """The new day of assigned tasks that would be overdue when they are issued."""


@dataclass(frozen=True, slots=True)
class IssuedSheet:
    """An issued sheet: what was due, record and entry; `estimated` if its working days are."""

    due: DueSheet
    origin: str
    record: dict[str, Any]
    entry: LedgerEntry
    about: Task | None = None
    estimated: bool = False

    @property
    def choice(self) -> SheetChoice:
        """Return what names this sheet in a preview and in the issue that follows it."""
        return SheetChoice(self.due.action, self.due.project, self.origin)

    @property
    def due_on(self) -> date:
        """The day that binds the unit: an assigned task may have a new one."""
        if self.due.action != "assign":
            return self.due.due_on
        return date.fromisoformat(self.record["due_on"])

    def row(self) -> dict[str, Any]:
        """Return the row of `sheets issue --format json`."""
        fields = {name: self.record.get(name) for name in _ROW_FIELDS}
        fields["due_on"] = self.due_on.isoformat()
        return {
            "action": self.due.action,
            **fields,
            "unit": self.due.unit,
            "estimated": self.estimated,
            "event": self.entry.ref,
        }


def preview_sheets(
    ledger: Ledger,
    request: IssueRequest,
    author: Author,
) -> list[IssuedSheet]:
    """Return the sheets that `issue_sheets` would issue, without recording. Raises the same."""
    return ledger.preview(lambda work: _SheetIssue(ledger, work, request).run(), author)


def issue_sheets(
    ledger: Ledger,
    request: IssueRequest,
    author: Author,
) -> list[IssuedSheet]:
    """Issue every requested sheet that is due, all or nothing.

    A task assigned when its day is near or past is warned about or supervised with it. Raises
    `Rejected`.
    """
    return ledger.execute(lambda work: _SheetIssue(ledger, work, request).run(), author)


class _SheetIssue:
    """One issue of sheets, decided on the unit of work's own view of the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        work: UnitOfWork,
        request: IssueRequest,
    ) -> None:
        self._work = work
        self._request = request
        day = request.day or work.today
        if request.due_on is not None and request.due_on <= day:
            template = msg("{due_on} is not after the day of issue, {day}")
            raise Rejected.by("due_on", template, at="due_on", due_on=request.due_on, day=day)
        self._view = view_of_day(ledger, day, work.head.position)
        self._ladder = ladder_of(self._view)
        codes = None if request.project is None else [request.project]
        projects = judged_at(ledger, self._view, codes)
        if request.project is not None and not projects:
            require_present_code(ledger, request.project)
            raise Rejected.by(
                "unknown_project",
                msg("the project {project} does not exist yet"),
                at="project",
                project=request.project,
            )
        self._projects = {judged.facts.code: judged for judged in projects}

    def run(self) -> list[IssuedSheet]:
        due_sheets: list[DueSheet] = []
        for judged in self._projects.values():
            due_sheets.extend(project_due_sheets(judged))
        # Named tasks are checked one by one: silence about one that is not due would look like
        # success.
        if self._request.about:
            numbers = self._requested_numbers()
            due_sheets = [due for due in due_sheets if due.about in numbers]
        # Numbers are given in this order, which is that of the lists clerks know.
        due_sheets.sort(key=lambda due: due.place)
        issued: list[IssuedSheet] = []
        for due in due_sheets:
            issued.extend(self._issue(due, due.about))
        # The projection judged the ledger before this issue, so a task assigned just now is not due
        # there yet.
        late: list[IssuedSheet] = []
        for sheet in issued:
            if sheet.due.action == "assign":
                late.extend(self._issue_overdue_steps(sheet))
        return issued + late

    def _requested_numbers(self) -> set[str]:
        """Return the requested tasks' numbers. Raises `Rejected` if nothing is due for one."""
        projects = [*self._projects.values()]
        numbers = set()
        for number in self._request.about:
            found = find_task(projects, number)
            self._require_due(found)
            numbers.add(found.task.number)
        return numbers

    def _require_due(self, found: FoundTask) -> None:
        task, day = found.task, self._view.as_of
        done = only_clearing_left(found.project, task)
        due_actions = {
            due.action
            for due in task_ladder.due_actions(task, day, self._ladder, only_clearing_left=done)
        }
        if due_actions & set(self._request.actions):
            return
        # The ladder explains the step that the clerk most likely had in mind.
        action: Action = "supervise" if day > task.due_on else "warn"
        if action not in self._request.actions:
            action = self._request.actions[0]
        task_requirements.require_allowed(task, action, day, self._ladder, only_clearing_left=done)

    def _issue_overdue_steps(self, assigned: IssuedSheet) -> Iterator[IssuedSheet]:
        """Issue the steps that are due for a task on the day it is assigned."""
        due, record = assigned.due, assigned.record
        unit = record["responsible_unit"]
        task = Task(record["number"], record["task"], unit, assigned.due_on, due.about)
        for step in task_ladder.due_actions(
            task, self._view.as_of, self._ladder, only_clearing_left=False
        ):
            follow = due._replace(action=step.action, about=task.number, due_on=step.due_on)
            yield from self._issue(follow, assigned.origin, task)

    def _issue(
        self,
        due: DueSheet,
        origin: str,
        task: Task | None = None,
    ) -> Iterator[IssuedSheet]:
        if not self._is_requested(due, origin):
            return
        judged = self._projects[due.project]
        task = task or judged.facts.tasks.get(due.about)
        record = sheet_record(
            due.action,
            due.project,
            self._view.as_of,
            self._ladder,
            self._work,
        )
        estimated = False
        if task is None:
            record |= self._assigned_fields(due, judged)
        else:
            record["about"] = task.number
            if due.action != "warn":
                estimated = self._add_rectification(record, task)
        yield IssuedSheet(
            due, origin, record, self._work.record(read_record(record)), task, estimated
        )

    def _is_requested(self, due: DueSheet, origin: str) -> bool:
        request = self._request
        # Nobody has the credit of a unit that was dissolved without a successor: who shall be
        # responsible, people decide and record.
        if due.unit is None:
            return False
        if due.action not in request.actions or request.unit not in (None, due.unit):
            return False
        choice = SheetChoice(due.action, due.project, origin)
        return request.approved is None or choice in request.approved

    def _assigned_fields(self, due: DueSheet, judged: JudgedProject) -> dict[str, Any]:
        name = judged.information.name
        fields = {
            "task": self._request.task or assigned_task_text(name, due.about),
            "responsible_unit": due.unit,
            "due_on": self._day_to_meet(due).isoformat(),
            "stage": due.about,
        }
        if self._request.mandate:
            fields["mandate"] = self._request.mandate
        return fields

    def _day_to_meet(self, due: DueSheet) -> date:
        """Return a task's day: the milestone's, or the new one where that is past."""
        new_day = self._request.due_on
        if new_day is None or due.due_on >= self._view.as_of:
            return due.due_on
        return new_day

    def _add_rectification(self, record: dict[str, Any], task: Task) -> bool:
        """Add the problem and the day to rectify it by; return whether that day is estimated."""
        calendar = self._view.axes.working_days
        days = self._ladder.rectify_working_days
        rectify_by, estimated = calendar.after(self._view.as_of, days)
        problem = self._request.problem or overdue_problem_text(task.task, task.due_on)
        record["problem"] = problem
        record["rectify_by"] = rectify_by.isoformat()
        record["note"] = rectification_note(calendar, days, rectify_by, estimated=estimated)
        return estimated
