"""The terms of a rulebook's tables and fields, shown beside their code names in findings.

Authors of a rulebook type the code names, so a finding names them; leaders read the terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from commands.words.kinds import kind_words, rule_kind_terms
from commands.words.reader_language import reads_chinese
from commands.words.rule_terms import FILTERS, MEASURES
from commands.words.terms import PolicyTerm
from commands.words.vocabulary_words import VOCABULARY
from lifecycle.rejections import Problem

TABLES: Final[dict[str, PolicyTerm]] = {
    "rounding": PolicyTerm("rounding", "小数位数"),
    "modules": PolicyTerm("modules", "模块"),
    "groups": PolicyTerm("groups of modules", "板块"),
    "total": PolicyTerm("total", "总分"),
    "grades": PolicyTerm("grades", "等次"),
    "assessed": PolicyTerm("assessed period", "考核周期"),
    "change": PolicyTerm("change within a year", "年内更替"),
    "clauses": PolicyTerm("clauses to be named", "应列条款"),
    "left_out": PolicyTerm("clauses left out", "未纳入条款"),
    "ranking": PolicyTerm("ranking", "排名"),
    "credit": PolicyTerm("credit", "业绩归属"),
    "exclusions": PolicyTerm("exclusions", "不列入考核情形"),
    "recognition": PolicyTerm("recognition", "项目认可"),
    "eligibility": PolicyTerm("eligibility", "考核条件"),
    "assessment_period": PolicyTerm("assessment period", "考核期限"),
    "nodes": PolicyTerm("nodes", "重要节点"),
    "funds": PolicyTerm("funds in place", "到位资金"),
    "schedule_checks": PolicyTerm("schedule checks", "时序进度考核"),
    "coefficients": PolicyTerm("coefficients", "项目系数"),
    "rules": PolicyTerm("scoring rules", "计分规则"),
    "incentives": PolicyTerm("incentives", "激励"),
    "near_miss": PolicyTerm("near misses", "接近达标"),
    "rewards": PolicyTerm("rewards", "奖励"),
    "targets": PolicyTerm("county targets", "全县目标"),
    "boards": PolicyTerm("red and black boards", "红黑榜"),
    "ladder": PolicyTerm("five task sheets", "五单"),
    "deadlines": PolicyTerm("deadlines", "时限"),
    "limits": PolicyTerm("time limits", "办理时限"),
    "vocabulary": PolicyTerm("words of its own", "自定用语"),
    "case": PolicyTerm("cases", "算例"),
}
"""Table of a rulebook → its term."""

_FIELDS: Final[dict[str, PolicyTerm]] = {
    # of every table
    "id": PolicyTerm("id", "编号"),
    "title": PolicyTerm("title", "名称"),
    "issuer": PolicyTerm("issuer", "制定单位"),
    "effective_from": PolicyTerm("effective from", "施行日期"),
    "effective_to": PolicyTerm("effective to", "截止日期"),
    "chinese": PolicyTerm("Chinese name", "中文名称"),
    "clause": PolicyTerm("clause", "条款"),
    "basis": PolicyTerm("basis", "依据"),
    "note": PolicyTerm("note", "说明"),
    "why": PolicyTerm("reason", "理由"),
    "document": PolicyTerm("document", "文号"),
    "where": PolicyTerm("filter", "适用范围"),
    "needs": PolicyTerm("requirements", "须具备条件"),
    "floor": PolicyTerm("floor", "保底"),
    "cap": PolicyTerm("cap", "封顶"),
    "share": PolicyTerm("share", "比例"),
    "every": PolicyTerm("interval", "周期"),
    "months": PolicyTerm("months", "月数"),
    "days": PolicyTerm("days", "天数"),
    # rounding, modules, grades, periods
    "shown": PolicyTerm("decimals shown", "显示小数位"),
    "json": PolicyTerm("decimals in JSON", "数据小数位"),
    "period": PolicyTerm("period", "周期"),
    "within_year": PolicyTerm("within the year", "年内适用"),
    "within": PolicyTerm("ranked within", "排名范围"),
    "transferred_from": PolicyTerm("transferred from", "流转自"),
    "fact": PolicyTerm("fact", "事实"),
    "stage": PolicyTerm("node", "节点"),
    "counts_from": PolicyTerm("counts from", "起算节点"),
    "limits": PolicyTerm("limited measures", "受限计量"),
    "by_tax": PolicyTerm("reached by tax", "以税收计出数"),
    "source": PolicyTerm("source", "数据来源"),
    "combine": PolicyTerm("combination", "合并方式"),
    "rows": PolicyTerm("rows", "各档"),
    "factor": PolicyTerm("factor", "系数"),
    # what a rule counts
    "module": PolicyTerm("module", "模块"),
    "measure": PolicyTerm("measure", "计量"),
    "indicator": PolicyTerm("indicator", "指标"),
    "coefficient": PolicyTerm("coefficient", "系数"),
    "from_stage": PolicyTerm("from node", "起始节点"),
    "to_stage": PolicyTerm("to node", "终止节点"),
    "each": PolicyTerm("each period", "逐期"),
    "reaching": PolicyTerm("reaching", "达到"),
    "short_of": PolicyTerm("short of", "不足"),
    "beyond": PolicyTerm("beyond", "超过"),
    "target": PolicyTerm("target", "目标"),
    "when_zero": PolicyTerm("value for a divisor of zero", "除数为零时"),
    "when_missing": PolicyTerm(
        "where a target or last year is missing", "未下达目标或无上年同期数时"
    ),
    "as": PolicyTerm("compared as", "比较方式"),
    "name": PolicyTerm("name", "名称"),
    "year": PolicyTerm("year", "年度"),
    "as_of": PolicyTerm("as of", "截止日期"),
    "units": PolicyTerm("units", "单位"),
    "unit": PolicyTerm("unit", "单位"),
    "facts": PolicyTerm("facts", "事实"),
    "not_counted": PolicyTerm("not counted", "未计分事项"),
    "grades": PolicyTerm("grades", "等次"),
    "outcomes": PolicyTerm("outcomes", "认定结果"),
    "modules": PolicyTerm("modules", "模块"),
    "sequence": PolicyTerm("sequence", "考核序列"),
    "category": PolicyTerm("category", "单位类别"),
    "stages": PolicyTerm("nodes or stages", "节点或分期"),
    "sectors": PolicyTerm("sectors", "产业类别"),
    "sites": PolicyTerm("sites", "落地方式"),
    "categories": PolicyTerm("categories of units", "单位类别"),
    "time_limit": PolicyTerm("time limit", "办理时限"),
    "figure": PolicyTerm("figure of projects", "项目指标"),
    "unreached": PolicyTerm("where the node is not reached", "未达节点时"),
    "range": PolicyTerm("range of marks", "评分区间"),
    "whole_steps": PolicyTerm("whole steps", "按整档计"),
    "at_most_per_project": PolicyTerm("at most per project", "单个项目最多"),
    "fixed": PolicyTerm("fixed number", "定数"),
    "counted": PolicyTerm("counted measure", "对照计量"),
    # the points it gives
    "points": PolicyTerm("points", "分值"),
    "bands": PolicyTerm("bands", "分档"),
    "places": PolicyTerm("decimals", "小数位"),
    "per": PolicyTerm("per", "计分单位"),
    "to": PolicyTerm("credited to", "归属"),
    "weight": PolicyTerm("weight", "权重"),
    "base": PolicyTerm("base", "基准分"),
    "take": PolicyTerm("taken as", "取值方式"),
    "out_of": PolicyTerm("out of", "满分"),
    "place": PolicyTerm("place", "名次"),
    # conditions
    "rule": PolicyTerm("rule", "规则"),
    "any_of": PolicyTerm("alternatives", "任一条件"),
    "all": PolicyTerm("conditions", "全部条件"),
    "at_least": PolicyTerm("at least", "不低于"),
    "at_most": PolicyTerm("at most", "不超过"),
    "above": PolicyTerm("above", "高于"),
    "below": PolicyTerm("below", "低于"),
    "in_a_row": PolicyTerm("consecutive periods", "连续期数"),
    "result": PolicyTerm("result", "得分结果"),
    "group": PolicyTerm("group of modules", "板块"),
    "total": PolicyTerm("total", "总分"),
    "each_below": PolicyTerm("modules below", "低于该分的模块"),
    # incentives and targets
    "scale_at_least": PolicyTerm("least scale", "最低规模"),
    "invested_at_least": PolicyTerm("least investment", "最低入库资金"),
    "invested_in": PolicyTerm("months of the investment", "入库资金期间"),
    "or_zone": PolicyTerm("or in the zone", "或流转至园区"),
    "own_credit_only": PolicyTerm("own credit only", "仅限本单位业绩"),
    "instead_of": PolicyTerm("instead of", "取代"),
    "at": PolicyTerm("at the node", "起算节点"),
    "scale_share": PolicyTerm("share of the scale", "规模比例"),
    "contract_at_least": PolicyTerm("least contract investment", "最低协议投资"),
    "amount": PolicyTerm("amount", "数额"),
    "unit_of_measure": PolicyTerm("unit of measure", "计量单位"),
    "exceed": PolicyTerm("to be exceeded", "突破"),
    # boards, sheets, deadlines
    "red": PolicyTerm("red board", "红榜"),
    "missed_checks": PolicyTerm("missed checks", "时序进度扣分"),
    "consecutive": PolicyTerm("consecutive checks", "连续次数"),
    "last": PolicyTerm("last place", "末位"),
    "of_at_least": PolicyTerm("least number of units", "最少单位数"),
    "interview": PolicyTerm("interview", "约谈"),
    "consecutive_months": PolicyTerm("consecutive months", "连续月数"),
    "prefix": PolicyTerm("document sign", "发文字号"),
    "assign_days": PolicyTerm("days before assignment", "交办提前天数"),
    "warn_days": PolicyTerm("days before warning", "预警提前天数"),
    "rectify_working_days": PolicyTerm("working days to rectify", "整改工作日数"),
    "complete": PolicyTerm("completion", "完成标准"),
    "by": PolicyTerm("completed or begun anew by", "完成方式或重新起算事件"),
    "milestone": PolicyTerm("milestone", "节点计划"),
    "task": PolicyTerm("task", "交办任务"),
    "rectification": PolicyTerm("rectification", "整改"),
    "look_back": PolicyTerm("look-back", "回头看"),
    "follow_up": PolicyTerm("follow-up", "跟进"),
    "stalled": PolicyTerm("stalled project", "停滞项目"),
    "idle_plot": PolicyTerm("idle plot", "闲置地块"),
    "until": PolicyTerm("until the node", "至节点"),
    "from": PolicyTerm("from the node", "起算节点"),
    "working_days": PolicyTerm("working days", "工作日数"),
    "levels": PolicyTerm("levels", "等级"),
    "orange": PolicyTerm("orange", "橙色"),
    "yellow": PolicyTerm("yellow", "黄色"),
    "blue": PolicyTerm("blue", "蓝色"),
}
"""Field of a rulebook that is none of a single kind of rule → its term."""

_OF_TABLE: Final[dict[tuple[str, str], PolicyTerm]] = {
    ("limits", "to"): PolicyTerm("to the node", "完成节点"),
    ("limits", "every"): PolicyTerm("recurring", "定期要求"),
    ("limits", "by"): PolicyTerm("begun anew by", "重新起算事件"),
    ("limits", "days"): PolicyTerm("days", "天数"),
    ("limits", "months"): PolicyTerm("months", "月数"),
    ("rewards", "to"): PolicyTerm("paid to", "兑现对象"),
    ("vocabulary", "unit"): PolicyTerm("unit of measure", "计量单位"),
}
"""Table and field → the term, where a field means something of its own in a table."""


_KIND_OF_RULE: Final = {"kind": PolicyTerm("kind of rule", "规则类别")}


@cache
def field_terms() -> Mapping[str, PolicyTerm]:
    """Field of a rulebook → its term; filters have theirs in `rule_terms`."""
    terms = dict(_FIELDS)
    for words in kind_words().values():
        terms |= words.fields
    return terms


def is_rulebook_place(place: str | None) -> bool:
    """Whether a problem is at a place of a rulebook, such as `rules.award.points`."""
    return place is not None and place.partition(".")[0] in TABLES


def rulebook_place(place: str) -> str:
    """Name a place by its table and field, with the place as an editor finds it in parentheses."""
    table, *inner = place.split(".")
    head = TABLES.get(table) or field_terms().get(table)
    if head is None:
        return place
    terms = [head]
    for name in reversed(inner):
        if (table, name) == ("rules", "kind") and "where" not in inner:
            terms.append(_KIND_OF_RULE[name])
            break
        term = _OF_TABLE.get((table, name)) or field_terms().get(name) or FILTERS.get(name)
        if term is not None:
            terms.append(term)
            break
    if reads_chinese():
        return f"{'·'.join(term.chinese for term in terms)}（{place}）"
    return f"{', '.join(str(term) for term in terms)} ({place})"


def rulebook_values(problem: Problem) -> dict[str, object]:
    """Return a problem's values with the term beside each code name."""
    tables = [FILTERS, MEASURES, rule_kind_terms(), field_terms(), VOCABULARY, TABLES]
    # A filter by `kind` is of projects; the field of that name beside it is the rule's own.
    place = str(problem.field).split(".")
    if problem.rule == "unknown_field" and place[0] == "rules" and "where" not in place:
        tables.insert(0, _KIND_OF_RULE)
    # The node `investment` is 投资出数, and the filter of that name the total investment.
    if problem.rule == "vocabulary":
        tables.insert(0, VOCABULARY)
    return {name: _with_terms(value, tables) for name, value in problem.values.items()}


def _with_terms(value: object, tables: Sequence[Mapping[str, PolicyTerm]]) -> object:
    if isinstance(value, (list, tuple)):
        return [_with_terms(entry, tables) for entry in value]
    if isinstance(value, str):
        return _with_term(value, tables)
    return value


def _with_term(name: str, tables: Sequence[Mapping[str, PolicyTerm]]) -> str:
    for terms in tables:
        term = terms.get(name)
        if term is not None:
            chinese = term.chinese
            return f"{name}（{chinese}）" if reads_chinese() else f"{name} ({chinese})"
    return name
