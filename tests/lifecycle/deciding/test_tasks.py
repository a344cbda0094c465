"""A task's ladder: its table and diagram, the edges of each step, each rejection, any course."""

from __future__ import annotations

import re
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commands.handlers.sheet_issuing import IssueRequest, issue_sheets
from commands.handlers.task_acts import TaskAct, act_on_task
from lifecycle.deciding.task_ladder import (
    ACTIONS,
    TRANSITIONS,
    Action,
    Task,
    due_actions,
)
from lifecycle.deciding.task_requirements import require_allowed
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import shipped
from projections.scoring.result_view import View
from projections.views import sheet_view as sheets
from tests.given import REPORTED, TOWN, of
from tests.ledgers import fill
from tests.reference.recognition import facts
from tests.reference.sheets import sheets_list, tasks_of, to_clear, to_expose, to_supervise, to_warn
from tests.soak import either

DRAWING = Path(__file__).parents[3] / "docs/sheets.md"
LADDER = shipped("kaihua-2024").rulebook.ladder
DUE = date(2024, 5, 20)


def test_the_drawing_is_the_table() -> None:
    drawn = re.findall(
        r"^    (\w+) --> (\w+): (\w+)$", DRAWING.read_text(encoding="utf-8"), re.MULTILINE
    )
    moves = [
        (before, after, event)
        for before, steps in TRANSITIONS.items()
        for event, after in steps.items()
        if before != after
    ]
    assert sorted(drawn) == sorted(moves)
    assert set(ACTIONS.values()) - {"TaskAssigned"} == {
        event for steps in TRANSITIONS.values() for event in steps
    } - {"TaskReopened"}


def task() -> Task:
    return Task("开招办交〔2024〕1号", "落实用地", TOWN, DUE, "land")


def on(day: str, task_: Task, *, only_clearing_left: bool = False) -> list[str]:
    assert LADDER is not None
    return [
        step.action
        for step in due_actions(
            task_, date.fromisoformat(day), LADDER, only_clearing_left=only_clearing_left
        )
    ]


def rule_of(action: Any, day: str, task_: Task, *, only_clearing_left: bool = False) -> str:
    assert LADDER is not None
    with pytest.raises(Rejected) as rejection:
        require_allowed(
            task_, action, date.fromisoformat(day), LADDER, only_clearing_left=only_clearing_left
        )
    (problem,) = rejection.value.problems
    assert problem.template.format(**problem.values)
    return problem.rule


def test_a_warning_is_due_from_seven_days_before_to_the_day() -> None:
    assert [on(day, task()) for day in ("2024-05-12", "2024-05-13", "2024-05-20")] == [
        [],
        ["warn"],
        ["warn"],
    ]
    assert [rule_of("warn", day, task()) for day in ("2024-05-12", "2024-05-21")] == [
        "warning_day",
        "warning_day",
    ]
    warned = task()
    warned.apply("WarningIssued", date(2024, 5, 13))
    assert on("2024-05-14", warned) == []
    assert rule_of("warn", "2024-05-14", warned) == "second_warning"


def test_a_supervision_is_due_after_the_deadline() -> None:
    assert [on(day, task()) for day in ("2024-05-20", "2024-05-21")] == [["warn"], ["supervise"]]
    assert rule_of("supervise", "2024-05-20", task()) == "not_overdue"
    supervised = task()
    supervised.apply("SupervisionIssued", date(2024, 5, 21), date(2024, 5, 28))
    assert rule_of("supervise", "2024-05-22", supervised) == "second_supervision"


def test_an_exposure_follows_the_rectification_and_answers_one_supervision() -> None:
    assert rule_of("expose", "2024-06-30", task()) == "not_supervised"
    supervised = task()
    supervised.apply("SupervisionIssued", date(2024, 5, 21), date(2024, 5, 28))
    assert [on(day, supervised) for day in ("2024-05-28", "2024-05-29")] == [[], ["expose"]]
    assert rule_of("expose", "2024-05-28", supervised) == "before_rectification"
    supervised.apply("ExposurePublished", date(2024, 5, 29))
    assert rule_of("expose", "2024-05-30", supervised) == "second_exposure"
    supervised.apply("SupervisionIssued", date(2024, 6, 3), date(2024, 6, 11))  # recorded elsewhere
    assert on("2024-06-12", supervised) == ["expose"]


def test_a_finished_or_cleared_task_has_no_further_sheet_due() -> None:
    assert on("2024-05-21", task(), only_clearing_left=True) == ["clear"]
    assert rule_of("supervise", "2024-05-21", task(), only_clearing_left=True) == "to_clear"
    assert rule_of("reopen", "2024-05-21", task()) == "task_open"
    cleared = task()
    cleared.apply("TaskCleared", date(2024, 5, 2))
    assert on("2024-05-21", cleared, only_clearing_left=True) == []
    assert {
        rule_of(action, "2024-05-21", cleared)
        for action in ("warn", "supervise", "expose", "clear")
    } == {"task_closed"}
    cleared.apply("TaskReopened", date(2024, 6, 1))
    assert (cleared.status(date(2024, 6, 1)), cleared.cleared_on, on("2024-06-01", cleared)) == (
        "overdue",
        None,
        ["supervise"],
    )


# Any course ---------------------------------------------------------------------------------------

FIRST = date(2024, 4, 1)
CLERK = Author("文员")
WANTED = {"warn": to_warn, "supervise": to_supervise, "expose": to_expose, "clear": to_clear}
EVIDENCE = [{"name": "证明.pdf", "sha256": "ab" * 32}]


class Course(RuleBasedStateMachine):
    """A project whose tasks take any course that commands allow, checked by the reference."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = datetime(2024, 4, 1, 9, tzinfo=SHANGHAI)
        self.ledger = Ledger.open(
            f"sqlite:///{self.folder.name}/l.db", create=True, clock=lambda: self.now
        )
        self.records: list[dict[str, Any]] = []

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @property
    def today(self) -> date:
        return self.now.date()

    @initialize(days=st.lists(st.sampled_from((10, 25, 40, 65, 90)), min_size=2, max_size=2))
    def plan(self, days: list[int]) -> None:
        milestones = [
            {"stage": stage, "due_on": (FIRST + timedelta(days=far)).isoformat()}
            for stage, far in zip(("signing", "land"), days, strict=True)
        ]
        self.note(*REPORTED, of("ScheduleSet", "2024-04-01", milestones=milestones))

    def note(self, *records: dict[str, Any]) -> None:
        fill(self.ledger, records, keep=False)
        self.follow(*records)

    def follow(self, *records: dict[str, Any]) -> None:
        self.records += [
            {**record, "recorded_at": self.now.isoformat(), "recorded_by": "文员"}
            for record in records
        ]

    def tasks(self) -> list[Any]:
        return tasks_of(facts(self.records, self.today).projects["P"])

    @rule(days=st.sampled_from((1, 3, 7, 15, 40)))
    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(
        lambda self: not any(record["event"] == "AgreementSigned" for record in self.records)
    )
    @rule()
    def sign(self) -> None:
        self.note(
            of(
                "AgreementSigned",
                self.today.isoformat(),
                contract_investment="3000",
                contract_fixed_assets="2000",
            )
        )

    @rule(action=st.sampled_from((None, "assign", "warn", "supervise")))
    def issue(self, action: Action | None) -> None:
        request = IssueRequest() if action is None else IssueRequest((action,))
        expected = sheets.due_sheets(self.ledger, self.view())
        issued = issue_sheets(self.ledger, request, CLERK)
        assert {sheet.about for sheet in expected if sheet.action in request.actions} == {
            sheet.due.about
            for sheet in issued
            if sheet.due.action == "assign" or sheet.origin == sheet.due.about
        }
        self.follow(*(sheet.record for sheet in issued))
        assert issue_sheets(self.ledger, request, CLERK) == []

    @precondition(lambda self: self.tasks())
    @rule(
        data=st.data(), action=st.sampled_from(("warn", "supervise", "expose", "clear", "reopen"))
    )
    def act(self, data: st.DataObject, action: str) -> None:
        chosen = data.draw(st.sampled_from(self.tasks()))
        before = self.states()[chosen.number]
        clearable = action == "clear" and chosen.is_open
        allowed = clearable or (
            not chosen.is_open if action == "reopen" else WANTED[action](chosen, self.today)
        )
        try:
            record = self.taken(action, chosen.number)
        except Rejected:
            assert not allowed
            return
        assert allowed
        self.follow(record)
        assert self.states()[chosen.number] == TRANSITIONS[before][record["event"]]  # type: ignore[index]

    def taken(self, action: str, number: str) -> dict[str, Any]:
        if action in ("warn", "supervise"):
            (sheet,) = issue_sheets(self.ledger, IssueRequest((action,), (number,)), CLERK)  # type: ignore[arg-type]
            return sheet.record
        events: dict[str, TaskAct] = {
            "expose": "ExposurePublished",
            "clear": "TaskCleared",
            "reopen": "TaskReopened",
        }
        texts: dict[str, dict[str, Any]] = {
            "expose": {"facts": "未办", "approved_by": "主任"},
            # Two reopenings on the same day for the same reason would be one fact (spec 1, keys).
            "reopen": {"reason": f"第{len(self.records)}条后反弹"},
            "clear": {
                "result": "办结",
                "submitted_by": "甲",
                "reviewed_by": "乙",
                "evidence": EVIDENCE,
            },
        }
        fields = texts[action]
        return act_on_task(self.ledger, events[action], number, fields, None, CLERK).record

    def view(self) -> View:
        return View(
            self.today.year, self.today, self.ledger.head().position, shipped("kaihua-2024")
        )

    def states(self) -> dict[str, str]:
        rows = sheets.task_rows(self.ledger, self.view())
        return {row.task.number: "open" if row.status == "overdue" else row.status for row in rows}

    @invariant()
    def the_list_is_the_references(self) -> None:
        if self.records:
            rows = [row.as_json() for row in sheets.task_rows(self.ledger, self.view())]
            assert rows == sheets_list(self.records, self.today)


Course.TestCase.settings = settings(
    max_examples=either(12, 300), stateful_step_count=either(20, 50)
)
TestCourse = Course.TestCase
