"""Agendas say who reports on what; minutes say what was decided and what became of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from commands.reports.content import DocumentContent, Notice
from commands.reports.periods import report_period
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from projections.scoring.judged_history import judged_at
from projections.views.deadline_view import deadline_rows
from projections.views.sheet_view import task_rows
from tests.commands.conftest import Cli
from tests.commands.reports.conftest import composed, view_at
from tests.commands.reports.test_documents import tables_of, text_of
from tests.given import REPORTED, TOWN, JsonRecord, World, of

DAY = "2024-06-10"
MILESTONES = [{"stage": "signing", "due_on": "2024-05-20"}]


def meeting(on: str, kind: str = "monthly_consultation", **fields: str) -> JsonRecord:
    return {"event": "MeetingHeld", "occurred_on": on, "meeting": kind} | fields


def assigned(number: int, on: str, **fields: str) -> JsonRecord:
    required = {"task": "完成签约", "responsible_unit": TOWN, "due_on": "2024-07-31"}
    return of("TaskAssigned", on, number=f"开招办交〔2024〕{number}号", **(required | fields))


def sentences_of(content: DocumentContent) -> str:
    assert isinstance(content, Notice)
    return "".join("".join(section.sentences) for section in content.sections)


def test_an_agenda_has_every_missed_milestone_stalled_project_and_open_task(
    county_ledger: Ledger,
) -> None:
    content, _foot = composed(county_ledger, "agenda", "2024-06", DAY)
    rows = tables_of(content)["汇报与研究事项"].rows
    view = view_at(county_ledger, DAY)
    late = Counter(
        row.deadline.kind for row in deadline_rows(county_ledger, view) if row.level == "red"
    )
    going = {
        project.facts.code
        for project in judged_at(county_ledger, view)
        if not project.excluded and project.facts.terminated_on is None
    }
    open_tasks = [
        row
        for row in task_rows(county_ledger, view)
        if row.status != "cleared" and row.project in going
    ]
    matters = Counter(
        "stalled"
        if row[3] == "久无进展"
        else "milestone"
        if str(row[3]).endswith("未按计划完成")
        else "task"
        for row in rows
    )
    assert matters == {
        "milestone": late["milestone"],
        "stalled": late["stalled"],
        "task": len(open_tasks),
    }
    text = sentences_of(content)
    assert f"节点逾期{late['milestone']}项，未销号任务{len(open_tasks)}件" in text
    # Each unit is asked once, with as many matters as the table has for it, the most first.
    per_unit = Counter(str(row[0]) for row in rows)
    for unit, count in per_unit.items():
        assert f"{unit}（{count}项）" in text
    counts = [per_unit[unit] for unit in dict.fromkeys(str(row[0]) for row in rows)]
    assert counts == sorted(counts, reverse=True)
    for row in rows:
        due_on, overdue = row[4], row[5]
        assert isinstance(due_on, date)
        days = (view.as_of - due_on).days
        assert overdue == (days if days > 0 else None)


def test_a_figure_of_an_agenda_is_the_same_as_in_the_notice(county_ledger: Ledger) -> None:
    agenda, _foot = composed(county_ledger, "agenda", "2024-06", "2024-06-30")
    notice, _foot = composed(county_ledger, "month", "2024-06", "2024-06-30")
    assert isinstance(agenda, Notice)
    assert isinstance(notice, Notice)
    assert agenda.sections[0] == notice.sections[0]


def test_decisions_are_followed_from_the_meeting_through_its_tasks_to_the_next_agenda(
    tmp_path: Path,
) -> None:
    name = "2024年5月17日会商会议"
    world = World(tmp_path).given(
        *REPORTED,
        of("ScheduleSet", "2024-01-20", milestones=MILESTONES),
        meeting("2024-04-19", decisions="更早的会议"),
        meeting("2024-05-17", decisions="协调签约，联系人13812345678"),
        meeting("2024-05-24", "ad_hoc"),
        assigned(1, "2024-05-17", mandate=name),
        assigned(2, "2024-05-18", mandate=f"{name}第2项"),
        assigned(3, "2024-05-18", mandate="县委专题会议纪要〔2024〕3号"),
        assigned(4, "2024-05-18"),
    )
    world.given(
        of(
            "TaskCleared",
            "2024-06-03",
            number="开招办销〔2024〕1号",
            about="开招办交〔2024〕1号",
            result="已签约",
            submitted_by="甲",
            reviewed_by="乙",
            evidence=[{"sha256": "0" * 64, "name": "协议.pdf"}],
        )
    )
    agenda, _foot = composed(world.ledger, "agenda", "2024-06", DAY)
    assert tables_of(agenda)["议定事项落实情况"].rows == (
        (name, "协调签约，联系人（联系方式略）", 2, 1),
        ("2024年5月24日协调会议", "未记录议定事项", 0, 0),
    )
    assert "13812345678" not in "".join(agenda.statements())
    assert "交办任务2件，已销号1件" in sentences_of(agenda)
    minutes, _foot = composed(world.ledger, "minutes", "2024-05-17", DAY)
    rows = tables_of(minutes)["任务交办"].rows
    assert [(row[0], row[5]) for row in rows] == [
        ("开招办交〔2024〕1号", "已销号"),
        ("开招办交〔2024〕2号", "办理中"),
    ]
    # Before the task was cleared, the minutes said so; before the meeting there were none.
    earlier, _foot = composed(world.ledger, "minutes", "2024-05-17", "2024-05-31")
    assert {row[5] for row in tables_of(earlier)["任务交办"].rows} == {"办理中"}
    with pytest.raises(Rejected) as rejection:
        composed(world.ledger, "minutes", "2024-05-17", "2024-05-16")
    assert rejection.value.problems[0].rule == "no_meeting"
    assert rejection.value.problems[0].values["allowed"] == ["2024-04-19"]


def test_minutes_say_whose_meeting_on_what_it_was(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED, meeting("2024-05-17", decisions="协调签约"))
    minutes, _foot = composed(world.ledger, "minutes", "2024-05-17", DAY)
    assert isinstance(minutes, Notice)
    assert minutes.title == ("开化县招商引资", "2024年5月17日会商会议纪要")


def test_each_period_has_its_own_meeting(county_ledger: Ledger) -> None:
    titles = {}
    for subject in ("2024-06", "2024-Q2", "2024-H1", "2024"):
        content, _foot = composed(county_ledger, "agenda", subject, "2024-06-30")
        assert isinstance(content, Notice)
        titles[subject] = "".join(content.title)
        # Under a meeting's own head nobody is told what to do before it has decided.
        assert content.letterhead.endswith("会议议程")
    assert titles == {
        "2024-06": "开化县2024年6月会商会议议程",
        "2024-Q2": "开化县2024年第二季度联席会议议程",
        "2024-H1": "开化县2024年上半年全县招商工作推进会议程",
        "2024": "开化县2024年度总结会议议程",
    }


def test_a_half_year_is_a_period_with_the_one_before() -> None:
    second = report_period("meeting", "2024-H2")
    assert (second.kind, second.end, second.before) == (
        "half_year",
        date(2024, 12, 31),
        date(2024, 6, 30),
    )
    assert report_period("meeting", "2024-H1").before is None
    for text in ("2024-H3", "2024-13", "六月", "上半年"):
        with pytest.raises(Rejected) as rejection:
            report_period("meeting", text)
        assert "2024-H1" in str(rejection.value.problems[0].values["examples"])


def test_an_empty_county_has_an_agenda_without_matters(tmp_path: Path) -> None:
    world = World(tmp_path).given(*REPORTED)
    agenda, _foot = composed(world.ledger, "agenda", "2024-01", "2024-01-31")
    text = sentences_of(agenda)
    assert "此前没有同类会议的记录" in text
    assert "无须专题汇报" in text
    assert list(tables_of(agenda)) == ["议定事项"]


def test_the_commands_write_files_that_can_be_checked(county: Cli, tmp_path: Path) -> None:
    written = [
        county("report", "agenda", "2024-06", "--dated", "2024-06-28", "--to", tmp_path),
        county("report", "minutes", "2024-06-14", "--as-of", "2024-06-30", "--to", tmp_path),
    ]
    assert [answer.code for answer in written] == [0, 0], written
    files = sorted(tmp_path.iterdir())
    assert len(files) == 6
    for path in files:
        assert county("audit", "document", path).code == 0, path
    assert "下步要求" not in text_of(tmp_path / "2024-06-会议议程.pdf")
    missing = county("report", "minutes", "2024-06-15", "--as-of", "2024-06-30", "--to", tmp_path)
    assert (missing.code, "2024-06-14" in missing.err) == (1, True)
    assert county("report", "minutes", "六月", "--to", tmp_path).code == 1
    assert sorted(tmp_path.iterdir()) == files
