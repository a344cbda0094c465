"""What the pages say in code: headings of charts, figures, standings and answers.

Pages are official: Chinese in every language (spec 5). What stands still on a page is written
in its template, `commands/web/templates/`.
"""

from __future__ import annotations

from typing import Final

# In place of a person's name that the reader may not see.
LEFT_OUT: Final = "〔从略〕"

WHOLE_COUNTY: Final = "全县"
MENU: Final = (
    ("/", "看板"),
    ("/charts", "图表"),
    ("/deadlines", "期限"),
    ("/sheets", "五单"),
    ("/projects", "项目"),
    ("/resources", "资源"),
    ("/audit", "核验"),
)
"""The pages that every page links to, by their addresses."""
UNIT: Final = "单位"
RESPONSIBLE_UNIT: Final = "责任单位"
PROJECT: Final = "项目"
MONTH: Final = "月份"

# Charts

FUNNEL_TITLE: Final = "项目节点漏斗"
FUNNEL_READING: Final = (
    "每个节点到达过的项目数；已终止和不计入考核的项目不在其中。可选一个单位单独看。"
)
MODULES_TITLE: Final = "单位 × 模块得分"
MODULES_READING: Final = "格内是得分；蓝色越深得分越高，红色越深扣分越多，负分加粗框。"
RANKS_READING: Final = "线越高名次越前；每月以月末（本月以截至日）总分排名，按目前掌握的事实计算。"
TIMELINE_TITLE: Final = "项目进度与期限"
NEXT_MILESTONE: Final = "下一节点计划"
PERIOD_END: Final = "考核期限"
OVERDUE_TITLE: Final = "任务单逾期分布"
OVERDUE_READING: Final = (
    "每单位未销号的任务单数，按逾期长短；未到期为蓝色，逾期为红色，颜色越深越多，逾期久的单位在前。"
)
OVERDUE_BANDS: Final = ("未到期", "逾期 1–7 天", "逾期 8–30 天", "逾期 30 天以上")
PACE_TITLE: Final = "资金到位与时序进度"
PACE_HEADINGS: Final = ("月份", "累计到位", "时序进度", "全年目标")

UNIT_FUNDS_TITLE: Final = "各单位到位资金与目标"
UNIT_FUNDS_HEADINGS: Final = ("单位", "到位资金", "目标", "完成率")


def unit_funds_reading(unit_of_measure: str, pace: str) -> str:
    """How the chart of the units' funds is read."""
    return f"单位：{unit_of_measure}；条形为到位资金，竖线为全年目标，按排名列出；时序进度 {pace}。"


# What to decide today

# As the templates of the two pages name their tables.
DUE_SHEET_TABLE: Final = "今日应办"
DEADLINE_TABLE: Final = "期限"
NOT_STALLED: Final = "久无进展以外"
SHEETS_TO_ISSUE: Final = "应发的单"
DEADLINES_PAST_DUE: Final = "其他红色期限"
STALLED_PROJECTS: Final = "久无进展的项目"


# Groups of projects on the first page

BY_CHAIN: Final = "产业链"
BY_CHAIN_NOTE: Final = "一个项目可属几条产业链，各计一次。"
NO_CHAIN: Final = "未列产业链"
BY_ORIGIN: Final = "来源地"
BY_ORIGIN_NOTE: Final = "按投资方统一社会信用代码中的登记地；各行之和即上方的数。"


def group_headings(signings: str, funds: str) -> list[str]:
    """The headings of signings and funds, beside that of the groups."""
    return [f"{signings}（个）" if signings else "", funds]


def ranks_title(sequence: str) -> str:
    """The title of a sequence's chart of ranks."""
    return f"逐月名次：{sequence}"


TRIAL_READING: Final = "横轴为参数取值；线越高名次越前，按同一段历史计算。"


def trial_title(sequence: str) -> str:
    """The title of a sequence's chart of ranks at each value of a parameter."""
    return f"各取值下的名次：{sequence}"


def timeline_reading(count: int, shown: int) -> str:
    """How the timeline is read, and how many projects it leaves out."""
    sentence = f"已签约、尚未完成投资的项目，考核期限先到的在前，共 {count} 个"
    if shown < count:
        return f"{sentence}，列出前 {shown} 个。"
    return f"{sentence}。"


def pace_reading(indicator: str, unit_of_measure: str) -> str:
    """How the chart of funds is read."""
    return (
        f"{indicator}（{unit_of_measure}），各月月末累计；虚线为按天数的时序进度，点线为全年目标。"
    )


# Ranking

RANK_UNCHANGED: Final = "持平"


def rank_risen(places: int) -> str:
    """A unit's rank has risen."""
    return f"升{places}"


def rank_fallen(places: int) -> str:
    """A unit's rank has fallen."""
    return f"降{places}"


# Deadlines and task sheets


def days_until(days: int) -> str:
    """How far a due date lies ahead or behind."""
    if days < 0:
        return f"超期 {-days} 天"
    if days == 0:
        return "当天到期"
    return f"还有 {days} 天"


# Key figures

_UNBROKEN: Final = "\N{NO-BREAK SPACE}"

BEHIND_PACE: Final = "未达到时序进度"
ON_PACE: Final = "达到时序进度"
OVERDUE_TASKS: Final = "逾期任务单"
MUST_SUPERVISE: Final = "须督办"
NONE_OVERDUE: Final = "无逾期"
RED_DEADLINES: Final = "红色期限（已超期）"
PAST_DUE: Final = "已超期"
NONE_PAST_DUE: Final = "无超期"
DUE_SHEETS: Final = "今日应发的单"
MUST_ISSUE: Final = "待签发"
NONE_TO_ISSUE: Final = "无应发"


def target_reached(completion: str, pace: str, days: str) -> str:
    """How far a target is reached, and how much of the year has passed."""
    return f"完成 {completion}，全年已过 {pace}（{days} 天）"


def more_than_year_before(amount: str, change: str) -> str:
    """What was reached by the same day of the year before, and how much more it is now."""
    return f"去年同期 {amount}，增长 {change}"


def less_than_year_before(amount: str, change: str) -> str:
    """What was reached by the same day of the year before, and how much less it is now."""
    return f"去年同期 {amount}，下降 {change}"


def same_as_year_before(amount: str) -> str:
    """As much was reached by the same day of the year before."""
    return f"去年同期 {amount}，持平"


def stalled_projects(count: int) -> str:
    """How many of the red deadlines are projects without progress."""
    return f"其中久无进展的项目 {count} 个"


def other_target(
    indicator: str,
    actual: str,
    target: str,
) -> str:
    """A lesser target in short."""
    return f"{indicator}{_UNBROKEN}{actual}/{target}"


def counted(name: str, count: int) -> str:
    """How many there are of a kind; the number stays beside its name."""
    return f"{name}{_UNBROKEN}{count}"


def task_count(count: int) -> str:
    """A number of tasks."""
    return f"{count} 件"


def open_tasks(count: int, exposed: int) -> str:
    """How many tasks are open, and how many of them were exposed."""
    return f"未销号 {count} 件；已曝光 {exposed} 件"


def deadline_count(count: int) -> str:
    """A number of deadlines."""
    return f"{count} 项"


# Red and black lists

LISTED: Final = "已列入"
PROPOSED: Final = "建议"
INTERVIEW: Final = "约谈"
LISTED_IN_A_ROW: Final = "连续列入黑榜"
CANDIDATE_REASONS: Final = {
    "first": "序列名次居首",
    "missed_checks": "连续两次未达时序进度",
    "last": "序列名次居末",
}

# Units and projects

TOTAL: Final = "总分"
TERMINATED: Final = "终止"
# Headings of facts that are no fields of an event.
FACT_HEADINGS: Final = {
    "unit": "引进单位",
    "filing_code": "备案代码",
    "invested": "累计固定资产投资",
    "tax": "累计税收",
    "period_end": "考核期限",
    "terminated_on": "终止日期",
    "excluded": "不计入考核",
    "recognised": "认可",
    "eligible": "符合条件",
    "not_eligible_because": "不符合之处",
}


def in_ten_thousand_yuan(amount: str) -> str:
    """An amount with its unit."""
    return f"{amount} 万元"


# Verification

CANNOT_RECOMPUTE: Final = "无法重算"
NEEDS_MEMBERS: Final = "未重算：须有各成员的台账"
RECOMPUTED_ALIKE: Final = "逐项一致"


def publication_standing(
    *,
    official: bool,
    adopted: bool,
    in_force: bool,
    left_out: int,
) -> str:
    """Whether a publication is official, and what of its rulebook and its knowledge says so."""
    parts = [
        "正式公布" if official else "非正式公布",
        "规则手册已采用" if adopted else "规则手册未采用",
        "现行" if in_force else "非现行",
    ]
    if left_out:
        parts.append(f"未计入当时最后{left_out}条记录")
    return "；".join(parts)


def recomputed_differently(differences: int) -> str:
    """A published result that computing it again does not give."""
    return f"有 {differences} 处不同"


# Files of tables


def table_file_label(name: str, form: str) -> str:
    """What a link to a table's file is called."""
    return f"下载“{name}”（{form}）"


# Answers other than a page


# Title and text for an HTTP status.
ERRORS: Final = {
    403: ("无权查看", "该页内容不属于您的单位，未予显示。"),
    404: ("没有这一页", "地址中的单位、项目或页面不存在，或在所选日期、时点还没有。"),
    405: ("只可查看", "本站只供查看，不接受这种请求。"),
}
OTHER_ERROR: Final = ("请求有误", "地址或表单无法读取。")
PROGRAM_ERROR: Final = ("程序出错", "该页未能生成，请告知管理员。")
WRONG_ADDRESS: Final = "地址有误"
CANNOT_SHOW: Final = "无法显示"
ACCOUNTS_UNAVAILABLE: Final = ("账户暂不可用", "账户文件无法读取，请告知管理员。")
LEDGER_UNAVAILABLE: Final = "台账暂不可用"
MUST_WAIT: Final = "尝试次数过多，请一分钟后再试。"
FORM_TOO_SLOW: Final = "表单未能及时收到，请重试。"
WRONG_PASSWORD: Final = "用户名或密码不正确。"  # noqa: S105 -- a sentence, no password
