"""Drafts of the five task sheets (五单): tasks for milestones, followed until cleared."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from commands.demo.county_data import people, stage_texts, unit_in_place_of
from commands.demo.day_book import DayBook, DraftRecord, KeyedDrafts
from commands.demo.demo_calendar import working_day_from, working_days_after
from commands.demo.project_life import (
    STAGE_OF_EVENT,
    LifeEvent,
    ProjectLife,
    investment_event,
    stage_days,
)

# The first sheet after the policy was issued, and the last one before the demo's ledger closes.
_FIRST_SHEET = date(2024, 3, 11)
_LAST_SHEET = date(2025, 1, 17)
# Milestones due after this day need no sheet before the ledger closes.
_LAST_DUE = date(2025, 3, 1)
# The percentage of milestones missed by the end of the year for which a sheet was issued.
_CARE_FOR_MISSED = 90
_MANDATES = ("县招商引资月会商会议纪要〔2024〕{n}号", "县招商引资联席会议纪要〔2024〕{n}号")


class _Milestone(NamedTuple):
    """A milestone of a schedule that no later schedule moved."""

    set_on: date
    stage: str
    due_on: date


def draft_sheets(
    book: DayBook,
    life: ProjectLife,
    drafts: KeyedDrafts,
    seed: int,
) -> None:
    """Draft task sheets for a share of the milestones, and for nearly all that were missed."""
    reached = stage_days(life)
    for milestone in _milestones(life):
        rng = random.Random(f"{seed}/issue/{life.venture.code}/{milestone.stage}")
        assigned_on = _assigned_on(milestone, rng)
        reached_on = reached.get(milestone.stage)
        care = _CARE_FOR_MISSED if reached_on is None else life.care
        if rng.randrange(100) >= care:
            continue
        if not _needs_sheet(life, milestone, assigned_on, reached_on):
            continue
        recorded_on = None
        if reached_on is not None:
            recorded_on = _recorded_on(life, milestone.stage, reached_on, drafts)
        task = _Task(book, life, milestone, assigned_on, recorded_on, seed)
        task.draft_all()


def _assigned_on(milestone: _Milestone, rng: random.Random) -> date:
    """A month or two before the milestone is due, but never before it was set."""
    two_days_later = milestone.set_on + timedelta(days=2)
    before_due = milestone.due_on - timedelta(days=rng.randint(25, 55))
    return working_day_from(max(two_days_later, before_due, _FIRST_SHEET))


def _needs_sheet(
    life: ProjectLife,
    milestone: _Milestone,
    assigned_on: date,
    reached_on: date | None,
) -> bool:
    """Whether the milestone is still ahead on the day on which its task would be assigned."""
    if life.terminated_on is not None and assigned_on >= life.terminated_on:
        return False
    if reached_on is not None and reached_on <= assigned_on:
        return False
    return assigned_on < milestone.due_on and assigned_on <= _LAST_SHEET


def _recorded_on(
    life: ProjectLife,
    stage: str,
    reached_on: date,
    drafts: KeyedDrafts,
) -> date:
    """When the ledger took the event that reached the stage."""
    if stage == "investment":
        key = f"{investment_event(life.venture)}:{reached_on:%Y-%m}"
        return drafts[key].recorded_at.date()
    event_of_stage = {name: event for event, name in STAGE_OF_EVENT.items()}
    return drafts[f"{event_of_stage[stage]}:{reached_on}"].recorded_at.date()


def _milestones(life: ProjectLife) -> Iterator[_Milestone]:
    """The milestones of 2024 that no later schedule moved."""
    schedules = [event for event in life.events if event.event == "ScheduleSet"]
    for number, event in enumerate(schedules, start=1):
        is_last = number == len(schedules)
        revised_on = date.max if is_last else schedules[number].day
        for stage, due_on in _dated_stages(event):
            if due_on <= revised_on and _FIRST_SHEET < due_on < _LAST_DUE:
                yield _Milestone(event.day, stage, due_on)


def _dated_stages(event: LifeEvent) -> Iterator[tuple[str, date]]:
    milestones = event.fields["milestones"]
    assert isinstance(milestones, list)
    for milestone in milestones:
        yield milestone["stage"], date.fromisoformat(milestone["due_on"])


def _responsible_unit(life: ProjectLife, day: date) -> str:
    """The unit that has the project on that day."""
    unit = life.venture.unit
    for event in life.events:
        is_transfer = event.event == "ProjectTransferred" and "to_unit" in event.fields
        if is_transfer and event.day <= day:
            unit = str(event.fields["to_unit"])
    return unit_in_place_of(unit, day)


class _Task:
    """A task from its assignment to its clearing, as far as the demo's time reaches.

    `recorded_on` is the day on which the ledger learned that the stage was reached.
    """

    def __init__(
        self,
        book: DayBook,
        life: ProjectLife,
        milestone: _Milestone,
        assigned_on: date,
        recorded_on: date | None,
        seed: int,
    ) -> None:
        self.book = book
        self.life = life
        self.stage = milestone.stage
        self.due_on = milestone.due_on
        self.assigned_on = assigned_on
        self.recorded_on = recorded_on
        self.texts = stage_texts()[milestone.stage]
        self.reached_on = stage_days(life).get(milestone.stage)
        # Seeded by project and stage: a change to one task leaves the others as they are.
        self.rng = random.Random(f"{seed}/sheets/{life.venture.code}/{milestone.stage}")

    def draft_all(self) -> None:
        """Assign, then warn, supervise and expose as days pass, then clear; some are reopened."""
        assignment = self._assign()
        cleared_on = self._clearing_day()
        latest = self._press(assignment)
        if cleared_on is None or cleared_on > _LAST_SHEET:
            return
        clearing = self._clear(assignment, latest, cleared_on)
        if self.rng.random() < 0.05 and self.life.terminated_on is None:
            self._reopen(assignment, clearing, cleared_on)

    def _clearing_day(self) -> date | None:
        """Some days after the stage was known to be reached, or the project terminated."""
        if self.recorded_on is not None:
            return working_days_after(self.recorded_on, self.rng.randint(1, 5))
        if self.life.terminated_on is not None:
            return working_days_after(self.life.terminated_on, 3)
        return None

    def _assign(self) -> DraftRecord:
        fields: dict[str, object] = {
            "task": self.texts.task,
            "responsible_unit": _responsible_unit(self.life, self.assigned_on),
            "due_on": self.due_on.isoformat(),
            "stage": self.stage,
        }
        if self.rng.random() < 0.5:
            mandate = self.rng.choice(_MANDATES)
            fields["mandate"] = mandate.format(n=self.assigned_on.month)
        return self._issue("TaskAssigned", self.assigned_on, fields)

    def _press(self, assignment: DraftRecord) -> DraftRecord:
        """Warn, supervise and expose until the stage is reached; return the last sheet."""
        end = self._end_of_pressure()
        latest = assignment
        days_before = timedelta(days=self.rng.randint(1, 6))
        warned_on = working_day_from(max(self.assigned_on, self.due_on - days_before))
        if warned_on <= self.due_on and warned_on < end:
            latest = self._issue("WarningIssued", warned_on, {}, assignment, latest)
        supervised_on = working_days_after(self.due_on, self.rng.randint(1, 4))
        if supervised_on >= end or self.rng.random() < 0.12:
            return latest
        rectify_by = working_days_after(supervised_on, 5)
        problem: dict[str, object] = {
            "problem": self.texts.problem,
            "rectify_by": rectify_by.isoformat(),
        }
        latest = self._issue("SupervisionIssued", supervised_on, problem, assignment, latest)
        exposed_on = working_days_after(rectify_by, self.rng.randint(2, 6))
        if exposed_on < end and self.rng.random() < 0.25:
            latest = self._expose(exposed_on, assignment, latest)
        return latest

    def _end_of_pressure(self) -> date:
        """The first day on which no further sheet presses the unit."""
        return min(
            self.reached_on or date.max,
            self.life.terminated_on or date.max,
            _LAST_SHEET + timedelta(days=1),
        )

    def _expose(
        self,
        day: date,
        assignment: DraftRecord,
        latest: DraftRecord,
    ) -> DraftRecord:
        fields: dict[str, object] = {
            "facts": f"督办期满仍未整改：{self.texts.problem}",
            "approved_by": self.rng.choice(people().directors),
        }
        return self._issue("ExposurePublished", day, fields, assignment, latest)

    def _clear(
        self,
        assignment: DraftRecord,
        latest: DraftRecord,
        day: date,
        result: str | None = None,
    ) -> DraftRecord:
        """A clearing with its proof, submitted and reviewed by two people."""
        proof = "项目终止函.pdf"
        usual_result = "项目已终止，任务销号"
        if self.reached_on is not None:
            proof = self.texts.proof
            usual_result = self.texts.result
        proof_text = f"{self.life.venture.code}/{self.stage}/{day}/{proof}"
        digest = sha256(proof_text.encode()).hexdigest()
        fields: dict[str, object] = {
            "result": result or usual_result,
            "submitted_by": self.life.venture.lead_person or "项目专班",
            "reviewed_by": self.rng.choice(people().officers),
            "evidence": [{"name": proof, "sha256": digest}],
        }
        return self._issue("TaskCleared", day, fields, assignment, latest)

    def _reopen(
        self,
        assignment: DraftRecord,
        clearing: DraftRecord,
        cleared_on: date,
    ) -> None:
        """Reopened after a check on the spot, and cleared with better proof."""
        reopened_on = working_days_after(cleared_on, self.rng.randint(4, 10))
        cleared_again_on = working_days_after(reopened_on, self.rng.randint(2, 5))
        if cleared_again_on > _LAST_SHEET:
            return
        fields: dict[str, object] = {"reason": "回访发现佐证材料不完整，退回补正"}
        reopening = self._issue("TaskReopened", reopened_on, fields, assignment, clearing)
        result = f"{self.texts.result}，佐证材料已补正"
        self._clear(assignment, reopening, cleared_again_on, result)

    def _issue(
        self,
        event: str,
        day: date,
        fields: dict[str, object],
        assignment: DraftRecord | None = None,
        after: DraftRecord | None = None,
    ) -> DraftRecord:
        stream = {"project": self.life.venture.code}
        return self.book.note(event, stream, day, day, fields, about=assignment, after=after)
