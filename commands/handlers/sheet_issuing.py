"""Issuing sheets: what the projection finds due becomes events inside one decision, so that nothing is issued twice (spec 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from commands.words import sheet_words
from commands.words.event_words import FIELDS
from commands.words.vocabulary_words import word
from lifecycle.calendar import working_calendar
from lifecycle.deciding import task_ladder as tasks
from lifecycle.deciding.decide import next_number
from lifecycle.deciding.drafts import read_record
from lifecycle.deciding.task_ladder import ACTIONS, Action, Task
from lifecycle.events import BY_NAME
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import LedgerEntry, UnitOfWork
from lifecycle.rejections import Problem, Rejected, msg
from lifecycle.rulebook.sheet_policy import SheetLadder
from projections.scoring import rulebook_in_force as in_force
from projections.scoring.evaluation import View, judged_at
from projections.scoring.judgement import JudgedProject
from projections.views import sheet_view as sheets
from projections.views.sheet_view import DueSheet

BY_ITSELF: Final[tuple[Action, ...]] = ("assign", "warn", "supervise")
"""What is issued without a person's own words: exposure asks for an approval, clearing for evidence."""
_SHORT: Final = re.compile(r"\D*([0-9]{4})\D+([0-9]+)\D*", re.ASCII)
_BRACKETS: Final = str.maketrans(
    {
        "[": "〔",
        "]": "〕",
        "【": "〔",
        "】": "〕",
        "（": "〔",
        "）": "〕",
        "(": "〔",
        ")": "〕",
        " ": None,
    }
)


class Chosen(NamedTuple):
    """A sheet that a clerk looked at and approved: its action, project, and the task or stage that it goes back to."""

    action: str
    project: str
    origin: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Which of the sheets due are to be issued, on which day (today if none), and in whose words."""

    actions: tuple[Action, ...] = BY_ITSELF
    about: tuple[str, ...] = ()
    day: date | None = None
    project: str | None = None
    unit: str | None = None
    chosen: frozenset[Chosen] | None = None
    problem: str | None = None
    task: str | None = None
    mandate: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A sheet issued: for what, its record and its entry; estimated where its working days are."""

    order: DueSheet
    origin: str
    record: dict[str, Any]
    entry: LedgerEntry
    about: Task | None = None
    estimated: bool = False

    @property
    def chosen(self) -> Chosen:
        """What names this sheet before and after numbers are given."""
        return Chosen(self.order.action, self.order.project, self.origin)

    def row(self) -> dict[str, Any]:
        """As JSON."""
        names = (
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
        shown = {name: self.record.get(name) for name in names}
        shown["due_on"] = self.order.due_on.isoformat()
        return {
            "action": self.order.action,
            **shown,
            "unit": self.order.unit,
            "estimated": self.estimated,
            "event": self.entry.ref,
        }


def day_of(ledger: Ledger, work: UnitOfWork, day: date) -> View:
    """The view that a decision stands on: the day, with everything that the unit of work sees."""
    position = work.head.position
    return View(day.year, day, position, in_force.at_day(in_force.adopted(ledger, position), day))


def ladder_of(view: View) -> SheetLadder:
    """The rulebook's ladder. Raises `Rejected` where it has none."""
    ladder = view.rulebook.rulebook.ladder
    if ladder is None:
        raise Rejected.by(
            "no_ladder",
            msg("the rulebook {id} of {day} has no ladder: no sheets are issued by it"),
            id=view.rulebook.id,
            day=view.as_of,
        )
    return ladder


# Issuing what is due --------------------------------------------------------------------------------------------------


def issuing(ledger: Ledger, wish: Wish) -> Callable[[UnitOfWork], list[Issued]]:
    """The decision: every sheet wished for that is due, on the unit of work's own view; a task assigned late climbs at once."""

    def act(work: UnitOfWork) -> list[Issued]:
        return _Issue(ledger, work, wish).run()

    return act


class _Issue:
    """One run over what is due."""

    def __init__(self, ledger: Ledger, work: UnitOfWork, wish: Wish) -> None:
        self._work = work
        self._wish = wish
        self._view = day_of(ledger, work, wish.day or work.today)
        self._ladder = ladder_of(self._view)
        projects = judged_at(ledger, self._view, None if wish.project is None else [wish.project])
        if wish.project is not None and not projects:
            raise Rejected.by(
                "unknown_project",
                msg("there is no project {project} yet"),
                at="project",
                project=wish.project,
            )
        self._projects = {judged.project.code: judged for judged in projects}

    def run(self) -> list[Issued]:
        numbers = self._named() if self._wish.about else None
        orders = [
            order
            for judged in self._projects.values()
            for order in sheets.project_due_sheets(judged)
            if numbers is None or order.about in numbers
        ]
        issued = [
            sheet
            for order in sorted(orders, key=lambda order: order.place)
            for sheet in self._issue(order, order.about)
        ]
        late = [
            follow
            for sheet in issued
            if sheet.order.action == "assign"
            for follow in self._climb(sheet)
        ]
        return issued + late

    def _named(self) -> set[str]:
        """The tasks named, each of which has something due that is wished for. Raises `Rejected` for one that has not."""
        found = [found_task([*self._projects.values()], number) for number in self._wish.about]
        for judged, task in found:
            done = sheets.only_clearing_left(judged, task)
            due = [due.action for due in tasks.due(task, self._view.as_of, self._ladder, done=done)]
            if not set(due) & set(self._wish.actions):
                likely: Action = "supervise" if self._view.as_of > task.due_on else "warn"
                action = likely if likely in self._wish.actions else self._wish.actions[0]
                tasks.refuse(task, action, self._view.as_of, self._ladder, done=done)
        return {task.number for _, task in found}

    def _climb(self, sheet: Issued) -> Iterator[Issued]:
        """A task that was assigned when its day was near or past is warned about or supervised with it."""
        order, record = sheet.order, sheet.record
        task = Task(record["number"], record["task"], order.unit, order.due_on, order.about)
        for due in tasks.due(task, self._view.as_of, self._ladder, done=False):
            yield from self._issue(
                DueSheet(due.action, order.project, task.number, order.unit, due.due_on),
                sheet.origin,
                task,
            )

    def _issue(self, order: DueSheet, origin: str, task: Task | None = None) -> Iterator[Issued]:
        wish = self._wish
        chosen = wish.chosen is None or Chosen(order.action, order.project, origin) in wish.chosen
        if order.action in wish.actions and wish.unit in (None, order.unit) and chosen:
            judged = self._projects[order.project]
            task = task or judged.project.tasks.get(order.about)
            record, estimated = self._record(order, judged, task)
            yield Issued(
                order, origin, record, self._work.record(read_record(record)), task, estimated
            )

    def _record(
        self, order: DueSheet, judged: JudgedProject, task: Task | None
    ) -> tuple[dict[str, Any], bool]:
        record = sheet_record(
            order.action, order.project, self._view.as_of, self._ladder, self._work
        )
        if task is None:
            text = self._wish.task or f"推进“{judged.information.name}”{word(order.about)}"
            fields = {
                "task": text,
                "responsible_unit": order.unit,
                "due_on": order.due_on.isoformat(),
                "stage": order.about,
            }
            return record | fields | (
                {"mandate": self._wish.mandate} if self._wish.mandate else {}
            ), False
        record["about"] = task.number
        if order.action == "warn":
            return record, False
        table, count = working_calendar(), self._ladder.rectify_working_days
        rectify_by, estimated = table.after(self._view.as_of, count)
        record["problem"] = (
            self._wish.problem or f"{task.task}：办结时限{task.due_on}已过，尚未办结"
        )
        record["rectify_by"] = rectify_by.isoformat()
        how = f"{rectify_by.year}年放假安排未公布，按周末暂估；" if estimated else ""
        record["note"] = (
            f"整改期限为发出后{count}个工作日；{how}工作日历{table.made_on}（{table.source}）{table.digest[:16]}"
        )
        return record, estimated


def sheet_record(
    action: Action, project: str, day: date, ladder: SheetLadder, work: UnitOfWork
) -> dict[str, Any]:
    """The beginning of a sheet's record: event, project, day, and the number that follows."""
    kind: Any = BY_NAME[ACTIONS[action]]
    number = next_number(kind, ladder.prefix, day, work)
    return {
        "event": kind.__name__,
        "project": project,
        "occurred_on": day.isoformat(),
        "number": number,
    }


# One task -------------------------------------------------------------------------------------------------------------


def found_task(projects: list[JudgedProject], text: str) -> tuple[JudgedProject, Task]:
    """The task of a number, as it stands or as it is easily typed: [2024]3, 交2024-3. Raises `Rejected`, naming the open ones."""
    wanted = text.translate(_BRACKETS)
    every = {
        number: (judged, task)
        for judged in projects
        for number, task in judged.project.tasks.items()
    }
    if wanted in every:
        return every[wanted]
    short = _SHORT.fullmatch(wanted)
    near = [
        number
        for number in every
        if short and sheets.sheet_number_order(number) == (int(short[1]), int(short[2]))
    ]
    if len(near) == 1 and not set(wanted) & set(
        "警督销曝"
    ):  # these sheets have numbers of their own
        return every[near[0]]
    still = sorted(
        (number for number, (_, task) in every.items() if task.is_open),
        key=sheets.sheet_number_order,
    )
    template = msg("there is no task {number}; {count} are open, among them {allowed}")
    raise Rejected.by(
        "no_task",
        template,
        at="about",
        number=text,
        count=len(still),
        allowed=still[-_SHOWN:] or ["—"],
    )


_SHOWN: Final = 5


class Done(NamedTuple):
    """An act on a task: its record and its entry."""

    record: dict[str, Any]
    entry: LedgerEntry


def acting(
    ledger: Ledger, event: str, number: str, fields: dict[str, Any], day: date | None
) -> Callable[[UnitOfWork], Done]:
    """The decision on one task: clearing, exposure or reopening, on the unit of work's own view. Raises `Rejected`."""

    def act(work: UnitOfWork) -> Done:
        view, judged, task = _allowed(ledger, work, event, number, day)
        code, on = judged.project.code, view.as_of
        record: dict[str, Any] = {"event": event, "project": code, "occurred_on": on.isoformat()}
        action = _action_of(event)
        if action is not None:
            record = sheet_record(action, code, on, ladder_of(view), work)
        record |= {"about": task.number} | fields
        entry = work.record(read_record(record))
        early = (
            [_early(task)]
            if event == "TaskCleared" and not sheets.only_clearing_left(judged, task) and task.stage
            else []
        )
        return Done(record, entry._replace(warnings=(*entry.warnings, *early)))

    return act


def _action_of(event: str) -> Action | None:
    return next((action for action, name in ACTIONS.items() if name == event), None)


def _allowed(
    ledger: Ledger, work: UnitOfWork, event: str, number: str, day: date | None
) -> tuple[View, JudgedProject, Task]:
    """The view, and the task that an act of a day is about. Raises `Rejected` where the ladder does not allow it."""
    view = day_of(ledger, work, day or work.today)
    judged, task = found_task(judged_at(ledger, view), number)
    tasks.refuse(
        task,
        _action_of(event) or "reopen",
        view.as_of,
        ladder_of(view),
        done=sheets.only_clearing_left(judged, task),
    )
    return view, judged, task


def looking(
    ledger: Ledger, event: str, number: str, day: date | None
) -> Callable[[UnitOfWork], tuple[list[str], list[Problem]]]:
    """The task that an act is about, as a clerk sees it beforehand, and what to look at. Raises what the act would."""

    def look(work: UnitOfWork) -> tuple[list[str], list[Problem]]:
        view, judged, task = _allowed(ledger, work, event, number, day)
        row = sheets.TaskRow(judged.project.code, task, view.as_of).as_json()
        row |= {"status": sheet_words.status(row["status"]), "stage": word(row["stage"])}
        lines = [
            f"{_LINES.get(name) or FIELDS[name]}  {value}"
            for name, value in row.items()
            if value and value is not True
        ]
        early = (
            event == "TaskCleared" and not sheets.only_clearing_left(judged, task) and task.stage
        )
        return lines, [_early(task)] if early else []

    return look


_LINES: Final = {
    "status": "状态",
    "warned_on": "预警日期",
    "supervised_on": "督办日期",
    "exposed_on": "曝光日期",
    "cleared_on": "销号日期",
}


def _early(task: Task) -> Problem:
    """A clearing before the stage is reached is the reviewer's to answer for; it is pointed out."""
    template = msg("{stage} has not been recorded for the project of {number}")
    return Problem("not_reached", template, {"number": task.number, "stage": word(task.stage)})
