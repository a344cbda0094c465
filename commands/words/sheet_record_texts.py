"""The default texts of issued sheets. Sheets are official acts, so they are always Chinese."""

from __future__ import annotations

from datetime import date

from commands.words.vocabulary_words import word
from lifecycle.working_days import WorkingCalendar


def assigned_task_text(project_name: str, stage: str) -> str:
    """Word the task that assigns a milestone."""
    return f"推进“{project_name}”{word(stage)}"


def overdue_problem_text(task: str, due_on: date) -> str:
    """Word the problem that a supervision sheet names."""
    return f"{task}：办结时限{due_on}已过，尚未办结"


def rectification_note(
    calendar: WorkingCalendar,
    working_days: int,
    rectify_by: date,
    *,
    estimated: bool,
) -> str:
    """Say how the rectification period was counted, and by which calendar, for later checks."""
    estimate = ""
    if estimated:
        estimate = f"{rectify_by.year}年放假安排未公布，按周末和法定节假日暂估；"
    return (
        f"整改期限为发出后{working_days}个工作日；{estimate}"
        f"工作日历{calendar.made_on}（{calendar.source}）{calendar.digest[:16]}"
    )
