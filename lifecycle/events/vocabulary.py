"""The closed vocabularies of the policy: stored in English, shown with their Chinese names (spec 1)."""

from __future__ import annotations

from typing import Final, Literal

Stage = Literal[
    "information", "consultation", "signing", "land", "filing", "statistics", "investment"
]
Sector = Literal[
    "industrial",
    "cultural_tourism",
    "agricultural",
    "service",
    "real_estate",
    "real_estate_balanced",
    "other",
]
ProjectKind = Literal["new", "technical_upgrade"]
InvestorTrait = Literal[
    "out_of_province",
    "foreign",
    "unicorn",
    "specialised",
    "state_owned",
    "central_soe",
    "listed",
    "top500_private",
]
Chain = Literal["silicone", "sugar_alcohol", "pv_semiconductor", "cards", "digital_economy"]
SiteKind = Literal["new_land", "standard_factory", "idle_revitalised"]
ConsultationOutcome = Literal["passed", "rejected", "deferred"]
AssessmentResult = Literal["fulfilled", "unfulfilled"]
AssessmentMethod = Literal["written", "on_site", "both"]
Category = Literal[
    "township", "department", "outpost_group", "area_group", "industry_squad", "landing_group"
]
SecondmentGroup = Literal["area_group", "landing_group"]
Award = Literal["招商能手", "双招双引能手"]
LandingFailure = Literal["not_first_time", "absent_from_decision"]
BoardColour = Literal["red", "black"]
Meeting = Literal[
    "monthly_consultation", "quarterly_joint", "half_year_promotion", "annual_summary", "ad_hoc"
]
Basis = Literal["policy", "interpretation", "assumption"]

STAGES: Final[tuple[Stage, ...]] = (
    "information",
    "consultation",
    "signing",
    "land",
    "filing",
    "statistics",
    "investment",
)
"""The seven nodes (重要节点), in order: 考(三)."""

CHINESE: Final[dict[str, str]] = {
    # stage
    "information": "项目信息",
    "consultation": "决策咨询",
    "signing": "正式签约",
    "land": "土地摘牌",
    "filing": "项目备案",
    "statistics": "统计入库",
    "investment": "投资出数",
    # sector
    "industrial": "工业",
    "cultural_tourism": "文旅",
    "agricultural": "农业",
    "service": "服务业",
    "real_estate": "纯房地产",
    "real_estate_balanced": "地产平衡",
    "other": "其他",
    # kind
    "new": "新引进",
    "technical_upgrade": "技改",
    # investor traits
    "out_of_province": "省外内资",
    "foreign": "外资",
    "unicorn": "独角兽",
    "specialised": "专精特新",
    "state_owned": "国企",
    "central_soe": "央企",
    "listed": "上市",
    "top500_private": "民营500强",
    # chains
    "silicone": "有机硅",
    "sugar_alcohol": "糖醇",
    "pv_semiconductor": "光伏半导体",
    "cards": "卡牌",
    "digital_economy": "数字经济",
    # site
    "new_land": "新供地",
    "standard_factory": "标准厂房",
    "idle_revitalised": "盘活闲置资源",
    # consultation, assessment
    "passed": "通过",
    "rejected": "不通过",
    "deferred": "暂缓",
    "fulfilled": "已履约",
    "unfulfilled": "未履约",
    "written": "书面审核",
    "on_site": "实地查验",
    "both": "书面审核和实地查验",
    # units
    "township": "乡镇（办事处）",
    "department": "县级部门",
    "outpost_group": "驻外招商组",
    "area_group": "片区招商组",
    "industry_squad": "产业招商小分队",
    "landing_group": "落地服务组",
    "not_first_time": "未第一时间保障",
    "absent_from_decision": "未参与研判决策",
    "red": "红榜",
    "black": "黑榜",
    # meetings
    "monthly_consultation": "月会商",
    "quarterly_joint": "季度联席",
    "half_year_promotion": "半年推进",
    "annual_summary": "年总结",
    "ad_hoc": "即时协调",
    # basis, status and yes or no
    "policy": "政策",
    "interpretation": "解读",
    "assumption": "假定",
    "true": "是",
    "false": "否",
}
"""Every vocabulary value's Chinese name."""

ENGLISH: Final[dict[str, str]] = {chinese: english for english, chinese in CHINESE.items()}
"""The way back, for what a clerk types or a workbook holds; the Chinese names are all different."""
