"""What forms say: the five task sheets (五单) and the confirmation of a project's information.

Forms are official papers: Chinese in every language (spec 5).
"""

from __future__ import annotations

from typing import Final

from commands.words.clause_names import cited_clause

# Entries

PROJECT: Final = "项目"
RESPONSIBLE_UNIT: Final = "责任单位"
MATTER: Final = "事由"
DUE_DATE: Final = "办结时限"
MANDATE: Final = "依据"
DEMAND: Final = "要求"
FEEDBACK: Final = "反馈情况"
PROOF: Final = "佐证清单"
PROBLEM: Final = "存在问题"
RECTIFY_BY: Final = "整改期限"
RESULT: Final = "办理结果"
SUBMITTED_BY: Final = "提交"
REVIEWED_BY: Final = "审核"
EXPOSED_FACTS: Final = "曝光事实"
APPROVED_BY: Final = "批准"
TO_BE_SIGNED: Final = "（签名）"

SEAL: Final = "签发（盖章）："
SIGNATURES: Final = (SEAL, "签收：")
ISSUED_ON: Final = "签发日期："
HISTORY: Final = "办理过程"
MANDATE_OF_SHEETS: Final = f"五单管理制度（{cited_clause('意8')}）"

# Demands of the five sheets

ASSIGNED_DEMAND: Final = (
    "请按时限办理，做到日清周结；办结后附佐证材料申请销号，不能按期办结的，请在时限前书面说明。"
)
WARNED_DEMAND: Final = "任务临近时限尚未办结，请抓紧办理；逾期将予督办。"
SUPERVISED_DEMAND: Final = (
    "任务已逾期，请查明原因、限期整改并书面反馈；逾期未整改的，经批准予以公开曝光。"
)
EXPOSED_DEMAND: Final = "请立即整改，整改情况报县招商引资工作领导小组办公室。"

# The demand of a sheet that is due, by the action that it takes.
DUE_DEMANDS: Final = {
    "assign": "请按计划推进该节点，并按时限办结。",
    "warn": WARNED_DEMAND,
    "supervise": "任务已逾期，请查明原因、限期整改并书面反馈。",
    "expose": "整改期限已过仍未办结，拟经批准予以公开曝光。",
    "clear": "节点已达到或项目已终止，请附佐证材料申请销号。",
}


def project_name(name: str, code: str) -> str:
    """A project by name and code."""
    return f"{name}（{code}）"


def matter(task: str, number: str) -> str:
    """A task with its number."""
    return f"{task}（{number}）"


def due_with_stage(day: str, stage: str) -> str:
    """A due date, and the node that the task is about."""
    return f"{day}，涉及节点：{stage}"


def due_with_days_left(day: str, days: int) -> str:
    """A due date, and the days left on the day of issue."""
    return f"{day}，距签发之日{days}天"


def due_and_closed(day: str, days_late: int) -> str:
    """A due date, and whether the task was closed in time."""
    if days_late <= 0:
        return f"{day}，按期办结"
    return f"{day}，逾期{days_late}天办结"


def estimated_day(day: str) -> str:
    """A day that rests on working days not yet arranged."""
    return f"{day}（按周末推算，待放假安排公布）"


def mandate(named: str | None) -> str:
    """What a sheet is issued by: a paper of its own, and the system of the five sheets."""
    return f"{named}；{MANDATE_OF_SHEETS}" if named else MANDATE_OF_SHEETS


def proof_file(name: str, digest: str) -> str:
    """A file of proof with the beginning of its digest."""
    return f"{name}（SHA-256 {digest}）"


# A day's batch

DUE_BATCH_FILE: Final = "{day}-待办五单"


def due_title(kind: str) -> str:
    """The title of a sheet that is still to be issued."""
    return f"{kind}（拟）"


def blank_number(
    prefix: str,
    sign: str,
    year: int,
) -> str:
    """The number of a sheet not issued yet: its counter is left blank."""
    return f"{prefix}{sign}〔{year}〕　　号"


def due_node(stage: str) -> str:
    """The node that an assignment is about."""
    return f"{stage}节点"


# A project's information

INFORMATION_FILE: Final = "{code}-项目信息确认表"
PROJECT_CODE: Final = "项目编号"
CONSULTATION: Final = "决策咨询"
FOLLOW_UPS: Final = "近期跟进情况"
NOT_PASSED: Final = "未通过"
OPINION: Final = "核实意见"
CONTACTS: Final = "投资方联系人"
CONTACTS_NOT_CHECKED: Final = "（联系人信息不计入校验码）"
INFORMATION_SIGNATURES: Final = ("首报单位（盖章）：", "确认单位（盖章）：", "日期：")


def information_title(county: str) -> str:
    """The title of the confirmation form."""
    return f"{county}招商引资在谈项目信息确认表"


def passed_on(day: str) -> str:
    """When a project passed its consultation."""
    return f"{day}通过"


def in_ten_thousand_yuan(amount: object) -> str:
    """An amount with its unit."""
    return f"{amount}万元"
