"""Agendas and minutes of the meetings of the working mechanism. Chinese in every language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from commands.words.clause_names import cited_clause
from commands.words.date_text import chinese_date

_CLAUSE: Final = cited_clause("意2")
MEETINGS: Final = {
    "monthly_consultation": "会商会议",
    "quarterly_joint": "联席会议",
    "half_year_promotion": "全县招商工作推进会",
    "annual_summary": "总结会议",
    "ad_hoc": "协调会议",
}
"""What a meeting is called in agenda, minutes and the mandate of its tasks."""
# 《实施意见》第2条: who convenes which meeting, and what it is for.
_PURPOSES: Final = {
    "monthly_consultation": "每月召开一次会商会议，分析各产业项目推进情况",
    "quarterly_joint": "每季度由分管招商副县长召集召开联席会议，通报项目进展情况，部署招商工作",
    "half_year_promotion": (
        "半年度由县政府主要领导召集召开全县招商工作推进会，研究部署全县招商工作"
    ),
    "annual_summary": "月会商、季推进、年总结",
}

AGENDA: Final = "会议议程"
MINUTES: Final = "会议纪要"
FOLLOW_UP_HEADING: Final = "议定事项落实情况"
REPORTS_HEADING: Final = "汇报与研究事项"
DECISIONS_HEADING: Final = "议定事项"
TASKS_HEADING: Final = "任务交办"
NO_MEETING: Final = "此前没有同类会议的记录。"
NO_DECISIONS: Final = "未记录议定事项"
NO_ITEMS: Final = "没有节点逾期、未销号任务和久无进展的项目，无须专题汇报。"
DECISIONS_NOTE: Final = "本次会议议定事项记入附表，会后录入，以任务交办单交办。"
NO_TASKS: Final = "以本次会议为依据的任务尚未交办，待交办事项记入附表。"
MEETING: Final = "会议"
DECISIONS: Final = "议定事项"
ASSIGNED: Final = "交办"
CLEARED: Final = "销号"
REPORTING_UNIT: Final = "汇报单位"
MATTER: Final = "事项"
DUE_ON: Final = "时限"
DAYS_OVERDUE: Final = "逾期天数"
RESPONSIBLE_UNIT: Final = "责任单位"
TASK_NUMBER: Final = "交办单编号"
TASK: Final = "交办事项"
STATUS: Final = "办理情况"
STALLED: Final = "久无进展"
ATTENDANCE: Final = ("出席：", "请假：", "列席：")
"""Who was there, filled in by hand below the text of minutes (GB/T 9704, 10.3)."""


def meeting_name(kind: str, on: date) -> str:
    """A meeting by its day: also the mandate of the tasks that its decisions became."""
    return f"{chinese_date(on)}{MEETINGS[kind]}"


def agenda_title(kind: str) -> str:
    """The second line of an agenda's title."""
    return f"{MEETINGS[kind]}议程"


def county_heading(county: str) -> str:
    """The first line of the title of minutes: whose meeting it was, and on what."""
    return f"{county}招商引资"


def minutes_title(names: Iterable[str]) -> str:
    """The second line of the title of minutes."""
    return f"{'、'.join(names)}纪要"


def agenda_file(period: str) -> str:
    """The name of an agenda's file."""
    return f"{period}-{AGENDA}"


def minutes_file(on: date) -> str:
    """The name of the file of minutes."""
    return f"{on.isoformat()}-{MINUTES}"


def letterhead(issuer: str, form: str) -> str:
    """The head of an agenda or of minutes (GB/T 9704, 10.3: 纪要标志)."""
    return f"{issuer}{form}"


def agenda_opening(kind: str, as_of: str) -> str:
    """The first sentence of an agenda: why the meeting is held, and the day of the data."""
    return f"按照{_CLAUSE}“{_PURPOSES[kind]}”的要求，会议安排如下（数据截至{as_of}）。"


def minutes_opening(names: Iterable[str], as_of: str) -> str:
    """The first sentence of minutes: the meeting, and the day of what became of its decisions."""
    return f"{'、'.join(names)}议定事项纪要如下（交办任务办理情况截至{as_of}）。"


def follow_up_sentence(last_meeting: str, tasks: int, cleared: int) -> str:
    """The last meeting of the kind, and what became of the tasks since then."""
    if not tasks:
        return f"上次会议为{last_meeting}，此后各次会议议定事项如下，尚未以会议为依据交办任务。"
    return (
        f"上次会议为{last_meeting}，此后各次会议议定事项如下；"
        f"以会议为依据交办任务{tasks}件，已销号{cleared}件。"
    )


def items_sentence(milestones: int, tasks: int, stalled: int) -> str:
    """How many matters of each kind are to be discussed."""
    return f"需研究的事项：节点逾期{milestones}项，未销号任务{tasks}件，久无进展项目{stalled}个。"


def speakers_sentence(units: Iterable[tuple[str, int]]) -> str:
    """Who reports, in which order, on how many matters."""
    names = "、".join(f"{unit}（{count}项）" for unit, count in units)
    return f"请{names}依次汇报，逐项说明进展、原因和下步措施。"


def missed_node(stage: str) -> str:
    """A missed milestone as a matter of the agenda."""
    return f"{stage}未按计划完成"


def open_task(number: str, task: str, status: str) -> str:
    """An open task as a matter of the agenda."""
    return f"{task}（{number}，{status}）"


def decided(decisions: str) -> str:
    """What a meeting decided, as a sentence."""
    return f"{decisions.removesuffix('。')}。"


def decisions_sentence(name: str, decisions: str) -> str:
    """What one of several meetings decided."""
    return f"{name}：{decided(decisions)}"


def tasks_sentence(count: int, cleared: int) -> str:
    """How many tasks rest on the meeting."""
    return f"以本次会议为依据交办任务{count}件，已销号{cleared}件。"
