"""The words of a region's results: the verdicts on its members' ledgers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from commands.words.terms import Label, PolicyTerm

VERDICTS: Final[dict[str, Label]] = {
    "VERIFIED": Label("verified", "核验通过"),
    "DIFFERS": Label("differs", "核验不符"),
    "NOT_SIGNED": Label("not signed", "签名不符"),
    "TOO_OLD": Label("too old", "数据过旧"),
    "NEWER_VERSION": Label("newer version", "版本过新"),
    "UNUSABLE": Label("unusable", "不可用"),
    "MISSING": Label("missing", "缺失"),
}
"""By the verdict in JSON."""
WHOLE_REGION: Final = PolicyTerm("whole region", "全域")
MEMBER_EXAMPLE: Final = "开化县"

# In a region's documents, which are Chinese in every language

_LEVELS: Final = {"省": "全省", "市": "全市", "州": "全州", "盟": "全盟", "区": "全区"}
# Without 州 alone, in which names of cities end, too (杭州市).
_NAME_OF_REGION: Final = re.compile(r".+?(?:省|自治区|自治州|市|盟|地区)")
UNOFFICIAL: Final = "（非正式）"
MEMBERS_HEADING: Final = "计入范围"
MEMBERS_TABLE: Final = "各成员数据"
MEMBERS_ANNEX: Final = "各成员数据截至位置"
CONFLICTS_HEADING: Final = "重复填报项目"
CONFLICTS_SENTENCE: Final = (
    "以下项目由两个以上成员填报，投资方和项目名称相同，"
    "或者国家项目代码相同，均暂按各自填报计入，待核定。"
)
CONFLICT: Final = "组别"
PROJECT: Final = "项目"
NAME: Final = "项目名称"
INVESTOR: Final = "投资方"
REPORTED_ON: Final = "填报日期"
RECORDED_AT: Final = "录入时间"
COUNTED: Final = "计入情况"
POSITION: Final = "计入记录数"
ROOT: Final = "树根（前16位）"
IS_COUNTED: Final = "已计入"


def region_name(issuer: str) -> str:
    """The region's name, with which its rulebook's issuer begins; empty where it names none."""
    match = _NAME_OF_REGION.match(issuer)
    return "" if match is None else match[0]


def whole_region(issuer: str) -> str:
    """What the whole of a region is called: 全市, 全省; 全域 where the issuer does not say."""
    name = region_name(issuer)
    return _LEVELS.get(name[-1:], WHOLE_REGION.chinese)


def targets_sentence(whole: str, as_of: str, pace: str) -> str:
    """What the targets of a region and its members are compared with."""
    return f"截至{as_of}，全年时间已过{pace}。各项指标完成情况按{whole}和各成员列明。"


def members_sentence(count: int, counted: int) -> str:
    """How many members the figures count."""
    if counted == count:
        return f"本期共有成员{count}个，已全部计入。"
    return f"本期共有成员{count}个，计入{counted}个。"


def absent_sentence(members: Iterable[tuple[str, str]]) -> str:
    """Which members are not counted, each with why not."""
    parts = "、".join(f"{unit}（{reason}）" for unit, reason in members)
    return f"未计入：{parts}。各项得分、名次和名单均不含未计入的成员。"


def why_absent(verdict: str, left_out: str) -> str:
    """Why a member is not counted: a person's reason, else the verdict on its ledger."""
    if left_out:
        return f"按决定不计入：{left_out}"
    label = VERDICTS.get(verdict)
    return verdict if label is None else label.chinese


def conflict_line(reports: Iterable[tuple[str, str, str, str]]) -> str:
    """Reports of several members of what may be one project: code, name, investor, record time."""
    parts = []
    for project, name, investor, recorded_at in reports:
        parts.append(f"{project}（{name}，{investor}，{recorded_at}录入）")
    return f"重复填报：{'；'.join(parts)}"


UNOFFICIAL_SENTENCE: Final = "有成员未计入且未说明理由，本件所列为非正式结果。"

# On a region's pages, which are Chinese in every language as well

MENU: Final = (
    ("/", "看板"),
    ("/charts", "图表"),
    ("/projects", "项目"),
    ("/members", "成员"),
    ("/conflicts", "重复填报"),
    ("/publications", "公布"),
    ("/audit", "核验"),
)
"""The pages that every page links to, by their addresses."""
OFFICIAL: Final = "正式结果"
NOT_OFFICIAL: Final = "非正式结果"
MEMBERS_FIGURE: Final = "计入成员"
CONFLICTS_FIGURE: Final = "重复填报"
TO_BE_DECIDED: Final = "待核定"
NO_CONFLICTS: Final = "无重复填报"
LEFT_OUT: Final = "按决定不计入"
IS_UNCOUNTED: Final = "未计入"
_SAME_IDENTITY: Final = "投资方和项目名称相同"


def standing(counted: int, count: int, *, is_official: bool) -> str:
    """How many members a page counts, and whether what it shows is official."""
    result = OFFICIAL if is_official else NOT_OFFICIAL
    return f"已计入{counted}个成员，共{count}个：{result}"


def share_counted(counted: int, count: int) -> str:
    """The members counted, of all."""
    return f"{counted}／{count}"


def absent_member(unit: str, reason: str) -> str:
    """A member that is not counted, with why not."""
    return f"{unit}：{reason}"


def conflict_count(count: int) -> str:
    """How many groups of projects look like one."""
    return f"{count} 组"


def agreement(codes: Iterable[str], *, is_same_identity: bool) -> str:
    """What the reports of several members have in common."""
    parts = [_SAME_IDENTITY] if is_same_identity else []
    parts += [f"国家项目代码相同：{code}" for code in codes]
    return "；".join(parts)
