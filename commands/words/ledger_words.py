"""Chinese headings, rows and remarks of the ledger workbook (台账)."""

from __future__ import annotations

from typing import Final

LEDGER_FILE: Final = "台账.xlsx"

ALL_PROJECTS: Final = "全部项目"
NO_SEQUENCE: Final = "未登记单位"
NUMBER: Final = "序号"
INVESTOR: Final = "投资方"
SECTOR: Final = "产业类别"
CHAINS: Final = "产业链"
REACHED_NODE: Final = "当前节点"
SUM: Final = "合计"
TOTAL_INVESTMENT: Final = "总投资"
FIXED_ASSETS: Final = "固定资产投资"
REPORTING_UNIT: Final = "首报单位"
CREDITED_UNIT: Final = "引进单位"
LAND_AREA: Final = "用地"
FILING_CODE: Final = "备案代码"
IN_STATISTICS: Final = "入库"
MONTH_INVESTMENT: Final = "当月投资"
YEAR_INVESTMENT: Final = "当年投资"
WHOLE_INVESTMENT: Final = "累计投资"
PERIOD_END: Final = "考核期限"
WARNING: Final = "预警"
OPEN_SHEETS: Final = "未办结单"
PROBLEMS: Final = "存在问题"
REMARK: Final = "备注"
DATE_UNIT: Final = "日期"
LAST_DAY_UNIT: Final = "截止日"
AREA_UNIT: Final = "亩"
YES: Final = "是"
NO: Final = "否"

# What looks odd about a project, by the rule that noticed it.
ANOMALIES: Final = {
    "order": "{later}（{on}）早于{earlier}（{first}）",
    "left_out": "{stage}未录入，已有后续节点",
    "before_statistics": "{months}的投资早于统计入库",
    "amounts": "协议固定资产投资大于总投资",
    "dated_ahead": "{event}的发生日期{on}晚于录入日期{recorded_on}（录入时间已由{correction}更正）",
}


def ledger_title(county: str, as_of: str) -> str:
    """The title of the ledger workbook."""
    return f"{county}招商引资项目台账（截至{as_of}）"


def excluded(exclusion: str) -> str:
    """Why a project does not count at all."""
    return f"不列入考核：{exclusion}"


def transferred(destination: str, day: str) -> str:
    """Where a project went."""
    return f"流转至{destination}（{day}）"


def terminated(day: str) -> str:
    """When a project ended."""
    return f"终止（{day}）"
