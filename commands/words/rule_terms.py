"""The terms of measures and filters: no reader meets `funds_in_place`."""

from __future__ import annotations

from typing import Final

from commands.words.terms import PolicyTerm

MEASURES: Final[dict[str, PolicyTerm]] = {
    "consultations_passed": PolicyTerm("consultations passed", "通过决策咨询数"),
    "nodes_reached": PolicyTerm("stages reached", "到达节点数"),
    "funds_in_place": PolicyTerm("funds in place", "到位资金"),
    "checks_passed": PolicyTerm("schedule checks passed", "达到时序进度次数"),
    "checks_missed": PolicyTerm("schedule checks missed", "未达时序进度次数"),
    "assessed_unfulfilled": PolicyTerm("assessed as not fulfilled", "履约评估未履约"),
    "assessed_unfulfilled_or_untaxed": PolicyTerm(
        "assessed as not fulfilled, or no tax paid", "履约评估未履约或未缴税"
    ),
    "projects_signed": PolicyTerm("projects signed", "签约项目数"),
    "signed_investment": PolicyTerm("contract investment signed", "签约协议投资额"),
    "fixed_assets": PolicyTerm("fixed assets", "固定资产投资"),
    "tax_paid": PolicyTerm("tax paid", "缴纳税收"),
    "parcels_acquired": PolicyTerm("parcels acquired", "摘牌地块数"),
    "land_area": PolicyTerm("land area acquired", "摘牌土地面积"),
    "days_between": PolicyTerm("days between stages", "节点间隔天数"),
    "limits_kept": PolicyTerm("time limits kept", "按期完成次数"),
    "limits_missed": PolicyTerm("time limits missed", "逾期次数"),
    "days_late": PolicyTerm("days late", "逾期天数"),
    "activities_led_by_head": PolicyTerm("activities led by the head", "主要领导带队活动次数"),
    "activities_held": PolicyTerm("activities held", "活动次数"),
    "routine_points": PolicyTerm("routine work points", "日常工作得分"),
    "awards_won": PolicyTerm("awards won", "获评能手人次"),
    "cadres_seconded": PolicyTerm("cadres seconded", "选派干部人数"),
    "major_projects_supported": PolicyTerm("major projects supported", "配合重大项目数"),
    "black_listings": PolicyTerm("months on the black list", "列入黑榜月数"),
    "red_listings": PolicyTerm("months on the red list", "列入红榜月数"),
    "landing_failures": PolicyTerm("landing service failures", "落地服务保障不力次数"),
    "indicator": PolicyTerm("indicator", "单位指标"),
    "project_figure": PolicyTerm("figure of a project", "项目指标"),
}
"""Measure → its term."""

FILTERS: Final[dict[str, PolicyTerm]] = {
    "sector": PolicyTerm("sector", "产业类别"),
    "kind": PolicyTerm("project kind", "项目性质"),
    "traits": PolicyTerm("investor traits", "投资方属性"),
    "chains": PolicyTerm("industry chains", "产业链"),
    "site": PolicyTerm("site", "用地方式"),
    "scale": PolicyTerm("scale (万元)", "规模（万元）"),
    "investment": PolicyTerm("total investment (万元)", "总投资（万元）"),
    "invested_share": PolicyTerm("share invested", "投资完成比例"),
    "information_years": PolicyTerm("year of the project information", "项目信息年份"),
    "consulted_in_year": PolicyTerm("consulted in the year", "当年通过决策咨询"),
    "reached": PolicyTerm("stages reached", "已到节点"),
    "figures": PolicyTerm("figures of projects", "项目指标"),
    "category": PolicyTerm("unit category", "单位类别"),
    "sequence": PolicyTerm("sequence", "考核序列"),
    "except_sequence": PolicyTerm("sequence other than", "考核序列除外"),
}
"""Filter of a rule → its term."""


def measure(name: str) -> str:
    """A measure's Chinese term, for cells and documents."""
    return MEASURES[name].chinese


def filter_field(name: str) -> str:
    """A filter's Chinese term, for cells and documents."""
    return FILTERS[name].chinese
