"""The Chinese names of fields; domain terms are Chinese with every locale (spec 5)."""

from __future__ import annotations

from typing import Final

from lifecycle.events.vocabulary import CHINESE

FIELDS: Final[dict[str, str]] = {
    "event": "事件",
    "project": "项目编号",
    "unit": "单位",
    "occurred_on": "发生日期",
    "recorded_at": "录入时间",
    "recorded_by": "录入人",
    "source_ref": "依据文号",
    "evidence": "佐证材料",
    "key": "唯一标识",
    "note": "备注",
    # project events
    "reporting_unit": "首报单位",
    "reported_at": "报送时间",
    "name": "项目名称",
    "investor": "投资方",
    "investor_code": "统一社会信用代码",
    "sector": "产业类别",
    "kind": "项目性质",
    "planned_investment": "计划总投资",
    "planned_fixed_assets": "计划固定资产投资",
    "outside_ratio": "县外投资比例",
    "investor_traits": "投资方属性",
    "chains": "产业链",
    "site": "用地方式",
    "government_funded": "政府投资",
    "meets_city_standard": "符合市级标准",
    "lead_person": "首要引荐人",
    "distinct_because": "非同一项目理由",
    "outcome": "咨询结论",
    "contract_investment": "协议总投资",
    "contract_fixed_assets": "协议固定资产投资",
    "area_mu": "土地面积（亩）",
    "transfer_fee": "土地出让金",
    "county_state_share": "其中县内国资",
    "project_code": "项目代码",
    "statistics_name": "入库名称",
    "month": "月份",
    "fixed_assets": "当月固定资产投资",
    "self_held": "其中自持",
    "self_held_state_share": "自持中县内国资",
    "amount": "金额",
    "milestones": "节点计划",
    "stage": "节点",
    "due_on": "办结时限",
    "reason": "理由",
    "to_unit": "流转至单位",
    "to_zone": "流转至园区",
    "finding": "认定情况",
    "result": "结果",
    "department": "评估部门",
    "method": "评估方式",
    "findings": "情况",
    "corrects": "更正版本",
    "replacement": "更正内容",
    "approved_by": "批准人",
    # sheets
    "number": "编号",
    "task": "交办事项",
    "responsible_unit": "责任单位",
    "mandate": "交办依据",
    "about": "所涉任务",
    "problem": "存在问题",
    "rectify_by": "整改期限",
    "submitted_by": "提交人",
    "reviewed_by": "审核人",
    "facts": "曝光事实",
    # unit and county events
    "sequence": "考核序列",
    "category": "单位类别",
    "activity": "活动名称",
    "led_by_head": "主要领导带队",
    "item": "考核事项",
    "points": "分值",
    "title": "称号",
    "person": "人员",
    "group": "派往",
    "failure": "失职情形",
    "about_project": "涉及项目",
    "board": "榜单",
    "indicator": "指标",
    "period": "期间",
    "actual": "实绩",
    "target": "目标",
    "shared_by": "分享单位数",
    "unit_of_measure": "计量单位",
    "year": "年度",
    "for_unit": "目标单位",
    "meeting": "会议",
    "decisions": "议定事项",
    "as_of": "截至日",
    "position": "总序号",
    "calendar_digest": "日历摘要",
    "tree_size": "树大小",
    "evaluator": "评分程序版本",
    "root": "树根",
    "rulebook_digest": "规则手册摘要",
    "rulebook_id": "规则手册",
    "digest": "摘要",
    "content": "内容",
    "verifier_key": "公钥",
    "endorsement": "原密钥签署",
}
"""Field name → Chinese name."""


def field_label(place: str) -> str:
    """A field's place such as `milestones.0.due_on` with its Chinese name, the stored name beside it."""
    first, _dot, rest = place.partition(".")
    if first == "replacement" and rest:
        first = rest.partition(".")[0]
    chinese = FIELDS.get(first)
    return f"{chinese}（{place}）" if chinese else place


def named_word(value: str) -> str:
    """A vocabulary's word with its Chinese name, which may be typed as well."""
    return f"{CHINESE[value]} ({value})" if value in CHINESE else value


def word(value: object) -> str:  # noqa: PLR0911 -- one line for each kind of value
    """A stored value as a table shows it: vocabulary by its Chinese name."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return CHINESE["true" if value else "false"]
    if isinstance(value, (list, tuple)):
        return "、".join(word(inner) for inner in value)
    if isinstance(value, dict) and "sha256" in value:
        return str(value["name"])
    if isinstance(value, dict) and "stage" in value:
        return f"{word(value['stage'])} {value['due_on']}"
    if isinstance(value, dict):
        return " ".join(f"{FIELDS.get(name, name)}:{word(inner)}" for name, inner in value.items())
    return CHINESE.get(value, value) if isinstance(value, str) else str(value)
