"""The policy's vocabularies: stored in English, shown in Chinese in cells (spec 5)."""

from __future__ import annotations

from typing import Final

from commands.words.declared_words import declared_term
from commands.words.event_words import chinese_field
from commands.words.reader_language import _, reads_chinese
from commands.words.terms import PolicyTerm

VOCABULARY: Final[dict[str, PolicyTerm]] = {
    # stage
    "information": PolicyTerm("project information", "项目信息"),
    "consultation": PolicyTerm("consultation", "决策咨询"),
    "signing": PolicyTerm("signing", "正式签约"),
    "land": PolicyTerm("land acquisition", "土地摘牌"),
    "filing": PolicyTerm("project filing", "项目备案"),
    "statistics": PolicyTerm("entry into statistics", "统计入库"),
    "investment": PolicyTerm("first investment", "投资出数"),
    # milestones of construction
    "construction_started": PolicyTerm("construction started", "开工"),
    "completed": PolicyTerm("construction completed", "竣工"),
    "production_started": PolicyTerm("production started", "投产"),
    "full_production": PolicyTerm("full production", "达产"),
    # sector
    "industrial": PolicyTerm("industry", "工业"),
    "cultural_tourism": PolicyTerm("culture and tourism", "文旅"),
    "agricultural": PolicyTerm("agriculture", "农业"),
    "service": PolicyTerm("services", "服务业"),
    "real_estate": PolicyTerm("real estate", "纯房地产"),
    "real_estate_balanced": PolicyTerm("balanced real estate", "地产平衡"),
    "other": PolicyTerm("other", "其他"),
    # kind of project
    "new": PolicyTerm("newly attracted", "新引进"),
    "technical_upgrade": PolicyTerm("technical upgrade", "技改"),
    # investor traits
    "out_of_province": PolicyTerm("from another province", "省外内资"),
    "foreign": PolicyTerm("foreign capital", "外资"),
    "unicorn": PolicyTerm("unicorn", "独角兽"),
    "specialised": PolicyTerm("specialised and innovative", "专精特新"),
    "state_owned": PolicyTerm("state-owned", "国企"),
    "central_soe": PolicyTerm("central state-owned", "央企"),
    "listed": PolicyTerm("listed company", "上市"),
    "top500_private": PolicyTerm("top 500 private company", "民营500强"),
    # chains
    "silicone": PolicyTerm("silicone", "有机硅"),
    "sugar_alcohol": PolicyTerm("sugar alcohols", "糖醇"),
    "pv_semiconductor": PolicyTerm("photovoltaics and semiconductors", "光伏半导体"),
    "cards": PolicyTerm("trading cards", "卡牌"),
    "digital_economy": PolicyTerm("digital economy", "数字经济"),
    # resources; a standard plant shares its Chinese term with the site below, which typed text of
    # no field means
    "plot": PolicyTerm("plot of land", "成熟地块"),
    "standard_plant": PolicyTerm("standard plant", "标准厂房"),
    "idle_plant": PolicyTerm("idle plant", "闲置厂房"),
    "building": PolicyTerm("office building", "楼宇"),
    "tourism_asset": PolicyTerm("idle tourism asset", "闲置文旅资源"),
    "mu": PolicyTerm("per mu", "每亩"),
    "m2_year": PolicyTerm("per m² and year", "每平方米每年"),
    "free": PolicyTerm("free", "空闲"),
    "partly": PolicyTerm("partly taken", "部分占用"),
    "taken": PolicyTerm("taken", "已占用"),
    "withdrawn": PolicyTerm("withdrawn", "已出库"),
    # site
    "new_land": PolicyTerm("new land", "新供地"),
    "standard_factory": PolicyTerm("standard factory building", "标准厂房"),
    "idle_revitalised": PolicyTerm("idle resources reused", "盘活闲置资源"),
    # consultation and performance assessment
    "passed": PolicyTerm("passed", "通过"),
    "rejected": PolicyTerm("not passed", "不通过"),
    "deferred": PolicyTerm("deferred", "暂缓"),
    "fulfilled": PolicyTerm("fulfilled", "已履约"),
    "unfulfilled": PolicyTerm("not fulfilled", "未履约"),
    "written": PolicyTerm("document review", "书面审核"),
    "on_site": PolicyTerm("on-site inspection", "实地查验"),
    "both": PolicyTerm("document review and on-site inspection", "书面审核和实地查验"),
    # units
    "township": PolicyTerm("township or subdistrict", "乡镇（办事处）"),
    "department": PolicyTerm("county department", "县级部门"),
    "outpost_group": PolicyTerm("outpost group", "驻外招商组"),
    "area_group": PolicyTerm("area group", "片区招商组"),
    "industry_squad": PolicyTerm("industry squad", "产业招商小分队"),
    "landing_group": PolicyTerm("landing service group", "落地服务组"),
    "not_first_time": PolicyTerm("no support at once", "未第一时间保障"),
    "absent_from_decision": PolicyTerm("absent from the decision", "未参与研判决策"),
    "red": PolicyTerm("red list", "红榜"),
    "black": PolicyTerm("black list", "黑榜"),
    # meetings
    "monthly_consultation": PolicyTerm("monthly consultation", "月会商"),
    "quarterly_joint": PolicyTerm("quarterly joint meeting", "季度联席"),
    "half_year_promotion": PolicyTerm("half-year promotion", "半年推进"),
    "annual_summary": PolicyTerm("annual summary", "年总结"),
    "ad_hoc": PolicyTerm("ad hoc coordination", "即时协调"),
    # what a value rests on
    "policy": PolicyTerm("policy", "政策"),
    "interpretation": PolicyTerm("interpretation", "解读"),
    "assumption": PolicyTerm("assumption", "假定"),
    # yes and no
    "true": PolicyTerm("yes", "是"),
    "false": PolicyTerm("no", "否"),
}
"""Stored value → its term."""

VALUE_BY_CHINESE: Final[dict[str, str]] = {
    term.chinese: value for value, term in VOCABULARY.items()
}
"""Chinese term → stored value, for typed text and workbooks. No two terms are equal."""


def term_of(value: str) -> PolicyTerm | None:
    """Return the term of a word, built in or declared by a rulebook; None of any other text."""
    return VOCABULARY.get(value) or declared_term(value)


def shown_word(value: str) -> str:
    """Return a word in the reader's language; any other text unchanged."""
    return str(term_of(value) or value)


def chinese_word(value: str) -> str:
    """Return the Chinese term of a vocabulary's value; any other text unchanged."""
    term = term_of(value)
    return value if term is None else term.chinese


def named_word(value: str) -> str:
    """Return a value as a message offers it: its Chinese term and, in parentheses, itself."""
    term = term_of(value)
    return value if term is None else f"{term.chinese} ({value})"


def word(value: object) -> str:
    """Return a stored value as a cell shows it: vocabulary in Chinese, lists on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return chinese_word(str(value).lower())
    if isinstance(value, (list, tuple)):
        return "、".join(word(entry) for entry in value)
    if isinstance(value, dict):
        return _object(value)
    return chinese_word(str(value))


def yes_or_no(value: object) -> str:
    """Return a truth in the reader's language: unlike a policy's terms, it is an ordinary word."""
    term = VOCABULARY["true" if value else "false"]
    return term.chinese if reads_chinese() else _(term.english)


def _object(value: dict[str, object]) -> str:
    if "sha256" in value:
        return str(value["name"])
    if "stage" in value:
        return f"{word(value['stage'])} {value['due_on']}"
    return " ".join(f"{chinese_field(name)}:{word(entry)}" for name, entry in value.items())
