"""The words of the terminal's screens beside their tables: titles, states and amounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commands.words.rank_words import UNRANKED
from commands.words.terms import Label, PolicyTerm

RED_AND_BLACK_LISTS: Final = PolicyTerm("Red and black lists", "红黑榜")
UNIT_REVIEW: Final = PolicyTerm("Unit review", "比亮晒")
INTERVIEW: Final = PolicyTerm("Interview", "约谈")
WHOLE_COUNTY: Final = PolicyTerm("whole county", "全县")
TERMINATED: Final = PolicyTerm("Terminated", "终止")
VOIDED: Final = Label("void", "作废")
NOT_SIGNED: Final = "未签约"
TARGET_REACHED: Final = "已完成"
UNIT_TARGETS_ANNEX: Final = "附件1"
"""The annex of the policy that sets the units' targets."""
PROJECT_FORM: Final = PolicyTerm("Project", "项目")
"""The form that asks for all known nodes of a project."""
UNDO_REASON: Final = "录入当日由本人撤销"
"""Stands in the ledger, so it is Chinese in every language."""
COUNTY_STREAM: Final = "县"
"""May be typed for the county's stream."""

LACKING: Final[dict[str, str]] = {
    "recognised": "认可",
    "eligible": "符合考核条件",
    "not_excluded": "列入考核",
    "signing": "正式签约",
    "scale": "固定资产投资",
    "invested": "入库资金",
}
"""What a project may lack for an incentive."""


WAN_YUAN: Final = "万元"


def wan(amount: str) -> str:
    """Return an amount with its unit, 万元."""
    return f"{amount} {WAN_YUAN}"


def rank_of(rank: int | None, units: int) -> str:
    """Return a rank among the units of a sequence; or that the unit is not ranked."""
    if rank is None:
        return UNRANKED
    return f"第 {rank} 名／{units}"


def terminated_on(day: str) -> str:
    """Return the state of a project that was terminated."""
    return f"{TERMINATED.chinese} {day}"


def cap_text(cap: str) -> str:
    """Return a group's cap, to stand behind its points."""
    return f"（封顶 {cap}）"


def interview_reason(months: Sequence[str]) -> str:
    """Say why a unit is called in: months in a row on the black list (三.4)."""
    return f"连续 {len(months)} 个月列入黑榜：{'、'.join(months)}（三.4）"
