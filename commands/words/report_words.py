"""Headings, columns and sentences of reports and of the ledger workbook.

These documents are official papers: Chinese in every language (spec 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from commands.words.clause_names import cited_clause

COUNTY_WORK: Final = "招商引资工作"
WHOLE_COUNTY: Final = "全县"
_NUMERALS: Final = "一二三四五六七八九十"
_INTERVIEW_CLAUSE: Final = cited_clause("三.4")
_CHECKS_CLAUSE: Final = cited_clause("考(八)2")
_TARGETS_CLAUSE: Final = cited_clause("意二")

# Period of a report


def year_name(year: int) -> str:
    """A year in a title."""
    return f"{year}年度"


def month_name(year: int, month: int) -> str:
    """A month in a title."""
    return f"{year}年{month}月"


_TYPED: Final = r"(?P<year>[0-9]{4})"
TYPED_YEAR: Final = _TYPED + "年?度?"
TYPED_QUARTER: Final = _TYPED + "-?[Qq](?P<part>[1-4])"
TYPED_QUARTER_NAME: Final = _TYPED + "年?第?(?P<part>[1-4一二三四])季度?"
TYPED_HALF_YEAR: Final = _TYPED + "-?[Hh](?P<part>[12])"
TYPED_HALF_YEAR_NAME: Final = _TYPED + "年?(?P<part>[上下])半年"
"""How years, quarters and half-years are typed."""
NUMBER_OF_PART: Final = {
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "上": "1",
    "下": "2",
}


def quarter_name(year: int, quarter: int) -> str:
    """A quarter in a title."""
    return f"{year}年第{_NUMERALS[quarter - 1]}季度"


def half_year_name(year: int, half: int) -> str:
    """A half-year in a title."""
    return f"{year}年{'上' if half == 1 else '下'}半年"


LAST_MONTH: Final = "上月"
LAST_QUARTER: Final = "上季度"

# Titles and file names

MONTH_TITLE: Final = "“红黑榜”通报"
RESULT_TITLE: Final = "考核结果通报"
MONTH_SUBJECT: Final = "“红黑榜”"
RESULT_SUBJECT: Final = "考核结果"
MONTH_FILE: Final = "红黑榜通报"
QUARTER_FILE: Final = "季度考核结果"
YEAR_FILE: Final = "年度考核结果"


def county_name(issuer: str) -> str:
    """The county's name, with which its rulebook's issuer begins."""
    name, county, _office = issuer.partition("县")
    return name + county


def opening(
    policy: str,
    period: str,
    subject: str,
    as_of: str,
) -> str:
    """The first sentence of a report."""
    return f"根据《{policy}》，现将{period}{COUNTY_WORK}{subject}通报如下（数据截至{as_of}）。"


def section_heading(number: int, heading: str) -> str:
    """A section's heading with its numeral."""
    ones = number % 10
    numeral = _NUMERALS[number - 1] if number <= len(_NUMERALS) else f"十{_NUMERALS[ones - 1]}"
    return f"{numeral}、{heading}"


def table_heading(number: int, name: str) -> str:
    """The heading of one of several tables in a section."""
    return f"（{_NUMERALS[number - 1]}）{name}"


# Columns that several tables share

SEQUENCE: Final = "考核序列"
RANK: Final = "名次"
UNIT: Final = "单位"
RANK_MOVE: Final = "升降"
TOTAL: Final = "总分"
PROJECT_CODE: Final = "项目编号"
PROJECT_NAME: Final = "项目名称"
CLAUSE: Final = "条款"
BASIS: Final = "依据"
REASON: Final = "理由"

# Red and black lists

LISTS_HEADING: Final = "“红黑榜”名单"
LISTS_TABLE: Final = "红黑榜"
BOARD: Final = "榜单"


def list_sentence(board: str, listed: Iterable[str], *, is_decided: bool) -> str:
    """Who is on a month's list; nobody, or nobody yet where neither list is decided on."""
    names = "、".join(listed) or ("无" if is_decided else "本期尚未公布列榜单位")
    return f"“{board}”：{names}。"


def proposals_sentence(board: str, proposed: Iterable[str]) -> str:
    """Who is proposed for a month's list, in a draft."""
    names = "、".join(proposed) or "无"
    return f"建议列入“{board}”：{names}。"


DRAFT: Final = "（送审稿）"
PROPOSALS_HEADING: Final = "“红黑榜”建议名单（送审）"
PROPOSALS_TABLE: Final = "建议名单"
PROPOSALS: Final = "以下名单由系统依据考核办法提出，供领导小组审定，不随正式通报印发。"


def interview_sentence(unit: str, months: int) -> str:
    """A unit that is to be interviewed after that many months on the black list."""
    return f"{unit}已连续{months}个月列入“黑榜”，按规定落实约谈（{_INTERVIEW_CLAUSE}）。"


def reason_with_clauses(reason: str, clauses: str) -> str:
    """Why a unit is proposed, and by which clauses."""
    return f"{reason}（{clauses}）"


BLACK_PROPOSALS_HEADING: Final = "“黑榜”建议名单"
BLACK_PROPOSALS_TABLE: Final = "黑榜建议"
BLACK_PROPOSALS: Final = "以下单位建议列入“黑榜”，经审定公布后方予扣分。"
NO_BLACK_PROPOSALS: Final = "本季度没有建议列入“黑榜”的单位。"

# Ranks

RANKS_HEADING: Final = "各单位排名"
RANKS_OF_YEAR: Final = "各单位按考核序列排定名次。"


def ranks_sentence(earlier: str) -> str:
    """How the ranks are read beside those of the period before."""
    return f"各单位按考核序列排定名次，“升降”为与{earlier}末相比的名次变化；年初无上期，记“—”。"


def caps_sentence(caps: Iterable[tuple[str, str, str]]) -> str:
    """How modules add up to the total: each group, its modules, its cap."""
    parts = [f"“{group}”为{modules}之和，最高计{cap}分" for group, modules, cap in caps]
    return "；".join(parts) + "。"


# Changes of points

CHANGES_HEADING: Final = "得分变动原因"
CHANGES_TABLE: Final = "得分变动"
CHANGE: Final = "变动"
CAUSE: Final = "原因"
CAP_OF: Final = "{module}封顶"
FLOOR_OF: Final = "{module}扣分计至下限"


def no_changes_sentence(earlier: str) -> str:
    """Nothing has changed since the period before."""
    return f"与{earlier}末相比，各单位得分没有变动。"


def changes_sentence(earlier: str | None) -> str:
    """What the table of changes shows; None where the year has only begun."""
    since = "本年以来" if earlier is None else f"与{earlier}末相比"
    return f"{since}，各单位模块得分变动及原因逐项列明。"


# Schedule checks

CHECKS_HEADING: Final = "时序进度检查"
CHECKS_TABLE: Final = "时序检查"
CHECK_RESULT: Final = "检查"
CHECK_POINTS: Final = "计分"
CHECK_MET: Final = "达到"
CHECK_MISSED: Final = "未达"
NO_CHECKS: Final = "本季度没有应检查的节点。"


def checks_sentence(checked: int, missed: int) -> str:
    """How many projects were checked, and how many of them met their schedule."""
    met = checked - missed
    return f"本季度检查项目{checked}个，达到时序进度{met}个，未达{missed}个（{_CHECKS_CLAUSE}）。"


# Targets

TARGETS_HEADING: Final = "目标完成与时序进度"
TARGETS_TABLE: Final = "目标完成"
SCOPE: Final = "范围"
INDICATOR: Final = "指标"
TARGET: Final = "目标"
ACTUAL: Final = "完成数"
COMPLETION: Final = "完成率"
PACE: Final = "时序进度"
GAP: Final = "缺口"
AHEAD: Final = "超前"
BEHIND: Final = "滞后"
ON_PACE: Final = "持平"


def indicator_name(indicator: str, unit_of_measure: str) -> str:
    """An indicator with the unit that it is counted in."""
    return f"{indicator}（{unit_of_measure}）"


def targets_sentence(as_of: str, passed: str) -> str:
    """How much of the year has passed, as a percentage."""
    return (
        f"截至{as_of}，全年时间已过{passed}。各项指标完成情况按县和单位列明（{_TARGETS_CLAUSE}）。"
    )


# Projects by node

NODES_HEADING: Final = "项目推进晾晒"
NODES_TABLE: Final = "项目晾晒"
NODES_SENTENCE: Final = "各单位名下项目到达各节点的个数及当年到位资金一并列出。"
PROJECTS: Final = "项目"
FUNDS: Final = "到位资金（万元）"

# What points rest on

BASIS_HEADING: Final = "计分依据"
BASIS_NOTE: Final = (
    "“假定”为考核评分细则公布前的示例值，“解读”为条文有多种理解时选定的一种，"
    "均可在规则手册中查明并更换。"
)


def basis_sentence(policy: str, sums: Iterable[tuple[str, str]]) -> str:
    """How many points rest on the policy, a reading or an assumption."""
    parts = "，".join(f"{basis}{points}分" for basis, points in sums)
    return f"本期得分依据《{policy}》计算。各得分项按绝对值合计：{parts}。"


# Year

GROUPS_TABLE: Final = "分项得分与封顶计入情况"
GROUP_COUNTED: Final = "计入"
GROUP_SUM: Final = "{group}合计"
DETAILS_HEADING: Final = "得分明细"
DETAILS_SENTENCE: Final = "各单位得分按计分项汇总。"
RULE: Final = "计分项"
LINES: Final = "项次"
POINTS: Final = "分值"
INCENTIVES_HEADING: Final = "专项激励"
INCENTIVES_SENTENCE: Final = "以下项目达到激励条件。"
NO_INCENTIVES: Final = "本年度没有达到激励条件的项目。"
INCENTIVE: Final = "激励"
SCALE: Final = "规模（万元）"
INVESTED: Final = "入库资金（万元）"
INCENTIVE_GROUND: Final = "达到条件"


def earned_by_investment(least: str) -> str:
    """An incentive earned by what was invested."""
    return f"入库资金达{least.removesuffix('.00')}万元"


def earned_by_transfer(zone: str) -> str:
    """An incentive earned by a transfer in place of the investment."""
    return f"流转至{zone}，视同入库资金达标"


REWARDS_TABLE: Final = "奖励兑现"
REWARDS_SENTENCE: Final = "以下奖励按规定分期兑现，金额单位为万元。"
REWARD: Final = "奖励"
REWARD_RECEIVER: Final = "兑现对象"
REWARD_STAGE: Final = "分期"
REWARD_AMOUNT: Final = "金额"
REWARD_DUE_ON: Final = "兑现日期"
REWARD_STATUS: Final = "状态"
LEAD_PERSON: Final = "牵头人"

# Workbook

TITLE_FONT: Final = "方正小标宋简体"
HEADING_FONT: Final = "黑体"
BODY_FONT: Final = "宋体"
NOTICE_WORKSHEET: Final = "通报"
PAGE_FOOTER: Final = "&C第 &P 页，共 &N 页"
TEN_THOUSAND_YUAN: Final = "万元"
YI_YUAN: Final = "亿元"
POINTS_UNIT: Final = "分"
