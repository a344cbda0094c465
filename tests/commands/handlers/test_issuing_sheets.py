"""Due sheets become events in one decision: numbered without a gap, never issued twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commands.handlers.sheet_issuing import (
    IssueRequest,
    SheetChoice,
    issue_sheets,
    preview_sheets,
)
from commands.handlers.task_acts import act_on_task, preview_task
from commands.handlers.task_lookup import understood_sheet_number
from lifecycle.rejections import Rejected
from tests.given import REPORTED, TOWN, World, of
from tests.ledgers import CLERK

SIGNED = of("AgreementSigned", contract_investment="3000", contract_fixed_assets="2000")
PLAN = of("ScheduleSet", "2024-03-02", milestones=[{"stage": "land", "due_on": "2024-05-20"}])
NEAR, LATE = date(2024, 5, 10), date(2024, 5, 25)
TASK = "开招办交〔2024〕1号"


@pytest.fixture
def world(tmp_path: Path) -> World:
    consultation = of("ConsultationHeld", "2024-02-01", outcome="passed")
    return World(tmp_path).given(*REPORTED, consultation, SIGNED, PLAN)


def rule_of(rejected: pytest.ExceptionInfo[Rejected]) -> str:
    return rejected.value.problems[0].rule


def test_a_preview_shows_the_sheet_and_records_nothing(world: World) -> None:
    head = world.ledger.head()
    (sheet,) = preview_sheets(world.ledger, IssueRequest(day=NEAR), CLERK)
    assert (sheet.record["number"], sheet.due.unit, sheet.due.about) == (TASK, TOWN, "land")
    assert world.ledger.head() == head


def test_issued_once_a_sheet_is_no_longer_due(world: World) -> None:
    request = IssueRequest(day=NEAR)
    assert len(issue_sheets(world.ledger, request, CLERK)) == 1
    assert issue_sheets(world.ledger, request, CLERK) == []


def test_a_task_assigned_late_is_supervised_with_it(world: World) -> None:
    sheets = issue_sheets(world.ledger, IssueRequest(day=LATE), CLERK)
    assert [sheet.due.action for sheet in sheets] == ["assign", "supervise"]
    assert sheets[1].record["about"] == sheets[0].record["number"]
    assert sheets[1].record["rectify_by"] > LATE.isoformat()


def test_only_approved_sheets_are_issued(world: World) -> None:
    approved = frozenset([SheetChoice("assign", "P", "land")])
    request = IssueRequest(day=LATE, approved=approved)
    (sheet,) = issue_sheets(world.ledger, request, CLERK)
    assert sheet.due.action == "assign"


def test_a_clerks_own_wording_is_recorded(world: World) -> None:
    request = IssueRequest(day=NEAR, task="完成土地摘牌", mandate="县政府专题会议")
    (sheet,) = issue_sheets(world.ledger, request, CLERK)
    assert (sheet.record["task"], sheet.record["mandate"]) == ("完成土地摘牌", "县政府专题会议")


def test_an_unknown_project_is_rejected(world: World) -> None:
    with pytest.raises(Rejected) as rejected:
        issue_sheets(world.ledger, IssueRequest(day=NEAR, project="Q"), CLERK)
    assert rule_of(rejected) == "unknown_project"


def test_issuing_a_sheet_that_is_not_due_is_rejected_with_the_reason(world: World) -> None:
    issue_sheets(world.ledger, IssueRequest(day=NEAR), CLERK)
    with pytest.raises(Rejected):
        issue_sheets(world.ledger, IssueRequest(("supervise",), (TASK,), NEAR), CLERK)


@pytest.mark.parametrize("number", [TASK, "开招办交[2024]1号", "[2024]1", "交2024-1"])
def test_a_task_is_found_by_its_number_in_any_notation(world: World, number: str) -> None:
    issue_sheets(world.ledger, IssueRequest(day=NEAR), CLERK)
    preview = preview_task(world.ledger, "TaskCleared", number, NEAR, CLERK)
    assert preview.row.task.number == TASK


@pytest.mark.parametrize("number", ["开招办销[2024]1号", "[2023]1", "1"])
def test_any_other_number_is_rejected(world: World, number: str) -> None:
    issue_sheets(world.ledger, IssueRequest(day=NEAR), CLERK)
    with pytest.raises(Rejected) as rejected:
        preview_task(world.ledger, "TaskCleared", number, NEAR, CLERK)
    assert rule_of(rejected) == "no_task"


CLEARING = {
    "result": "办结",
    "submitted_by": "甲",
    "reviewed_by": "乙",
    "evidence": [{"name": "a.pdf", "sha256": "0" * 64}],
}


def test_a_clearing_before_the_stage_is_reached_is_recorded_with_a_warning(world: World) -> None:
    issue_sheets(world.ledger, IssueRequest(day=NEAR), CLERK)
    preview = preview_task(world.ledger, "TaskCleared", TASK, NEAR, CLERK)
    assert [problem.rule for problem in preview.warnings] == ["not_reached"]
    result = act_on_task(world.ledger, "TaskCleared", TASK, CLEARING, NEAR, CLERK)
    assert result.record["number"] == "开招办销〔2024〕1号"
    assert [problem.rule for problem in result.entry.warnings] == ["not_reached"]


def test_a_cleared_task_is_reopened_and_an_open_one_is_not(world: World) -> None:
    issue_sheets(world.ledger, IssueRequest(day=NEAR), CLERK)
    reopening = {"reason": "反弹"}
    with pytest.raises(Rejected) as rejected:
        act_on_task(world.ledger, "TaskReopened", TASK, reopening, NEAR, CLERK)
    assert rule_of(rejected) == "task_open"
    act_on_task(world.ledger, "TaskCleared", TASK, CLEARING, NEAR, CLERK)
    result = act_on_task(world.ledger, "TaskReopened", TASK, reopening, LATE, CLERK)
    assert result.record["about"] == TASK


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("交2024-1", "开招办交〔2024〕1号"),
        ("2024-1", "开招办交〔2024〕1号"),
        ("督2024-12", "开招办督〔2024〕12号"),
        ("曝[2024]3号", "开招办曝〔2024〕3号"),
        ("开招办警[2024]3号", "开招办警〔2024〕3号"),
        ("其他", "其他"),
    ],
)
def test_a_sheet_number_is_understood_as_it_is_typed(typed: str, number: str) -> None:
    assert understood_sheet_number(typed, "开招办") == number
