"""The names of events and their fields, in both languages. A new event touches this file."""

from __future__ import annotations

from typing import Final

from commands.words.reader_language import reads_chinese
from commands.words.terms import PolicyTerm

EVENTS: Final[dict[str, PolicyTerm]] = {
    # project events
    "InformationReported": PolicyTerm("Project information", "项目信息"),
    "ConsultationHeld": PolicyTerm("Consultation", "决策咨询"),
    "AgreementSigned": PolicyTerm("Agreement signed", "正式签约"),
    "AgreementAmended": PolicyTerm("Agreement amended", "补充协议"),
    "LandAcquired": PolicyTerm("Land acquired", "土地摘牌"),
    "ProjectFiled": PolicyTerm("Project filed", "项目备案"),
    "StatisticsEntered": PolicyTerm("Entered into statistics", "统计入库"),
    "InvestmentReported": PolicyTerm("Investment reported", "投资出数"),
    "TaxPaid": PolicyTerm("Tax paid", "缴纳税收"),
    "ScheduleSet": PolicyTerm("Schedule set", "倒排计划"),
    "InvestorChanged": PolicyTerm("Investor changed", "投资主体变更"),
    "MilestoneReached": PolicyTerm("Construction milestone reached", "建设节点"),
    "FollowedUp": PolicyTerm("Follow-up", "跟进"),
    "ProjectPaused": PolicyTerm("Project paused", "暂缓"),
    "ProjectResumed": PolicyTerm("Project resumed", "重启"),
    "ProjectTransferred": PolicyTerm("Project transferred", "流转"),
    "ProjectTerminated": PolicyTerm("Project terminated", "终止"),
    "ViolationFound": PolicyTerm("Illegal construction found", "违建"),
    "ViolationCleared": PolicyTerm("Illegal construction cleared", "违建消除"),
    "RecognitionDenied": PolicyTerm("Recognition denied", "不予认定"),
    "PerformanceAssessed": PolicyTerm("Performance assessed", "履约评估"),
    "ReviewHeld": PolicyTerm("Look-back", "回头看"),
    "FactCorrected": PolicyTerm("Correction", "更正"),
    # the five task sheets
    "TaskAssigned": PolicyTerm("Assignment sheet", "任务交办单"),
    "WarningIssued": PolicyTerm("Warning sheet", "预警提醒单"),
    "SupervisionIssued": PolicyTerm("Supervision sheet", "问题督办单"),
    "TaskCleared": PolicyTerm("Clearance sheet", "任务销号单"),
    "TaskReopened": PolicyTerm("Task reopened", "任务重启"),
    "ExposurePublished": PolicyTerm("Exposure sheet", "公开曝光单"),
    # unit events
    "UnitRegistered": PolicyTerm("Unit registered", "单位登记"),
    "UnitRenamed": PolicyTerm("Unit renamed", "单位更名"),
    "UnitRegrouped": PolicyTerm("Sequence changed", "序列调整"),
    "UnitDissolved": PolicyTerm("Unit dissolved", "单位撤并"),
    "ActivityHeld": PolicyTerm("Activity held", "活动组织"),
    "RoutineAssessed": PolicyTerm("Routine work assessed", "日常工作"),
    "AwardWon": PolicyTerm("Award won", "获评能手"),
    "CadreSeconded": PolicyTerm("Cadre seconded", "选派干部"),
    "LandingServiceFailed": PolicyTerm("Landing service failed", "落地服务保障不力"),
    "MajorProjectSupported": PolicyTerm("Major project supported", "配合重大项目考核"),
    "UnitListed": PolicyTerm("Red or black listing", "红黑榜"),
    "ProjectFigureReported": PolicyTerm("Project figure reported", "项目指标"),
    "IndicatorReported": PolicyTerm("Indicator reported", "单位指标"),
    # resource events
    "ResourceListed": PolicyTerm("Resource listed", "资源入库"),
    "ResourceChanged": PolicyTerm("Resource changed", "资源变更"),
    "ResourceAllotted": PolicyTerm("Resource allotted", "匹配落地"),
    "ResourceReleased": PolicyTerm("Resource released", "退回"),
    "ResourceWithdrawn": PolicyTerm("Resource withdrawn", "资源出库"),
    # county events
    "RulebookAdopted": PolicyTerm("Rulebook adopted", "采用规则手册"),
    "TargetSet": PolicyTerm("Target set", "下达目标"),
    "MeetingHeld": PolicyTerm("Meeting held", "召开会议"),
    "WorkingDaysArranged": PolicyTerm("Working days arranged", "放假安排"),
    "SigningKeyChanged": PolicyTerm("Signing key changed", "更换签名密钥"),
    "RecordTimeCorrected": PolicyTerm("Record time corrected", "更正录入时间"),
    "ScoresPublished": PolicyTerm("Scores published", "公布得分"),
    "BoardPublished": PolicyTerm("Board published", "公布红黑榜"),
}
"""Event name → its term."""

FIELDS: Final[dict[str, PolicyTerm]] = {
    # the envelope, and the streams that a record names
    "event": PolicyTerm("Event", "事件"),
    "project": PolicyTerm("Project code", "项目编号"),
    "unit": PolicyTerm("Unit", "单位"),
    "resource": PolicyTerm("Resource code", "资源编号"),
    "occurred_on": PolicyTerm("Date", "发生日期"),
    "recorded_at": PolicyTerm("Recorded at", "录入时间"),
    "recorded_by": PolicyTerm("Recorded by", "录入人"),
    "source_ref": PolicyTerm("Document number", "依据文号"),
    "evidence": PolicyTerm("Evidence", "佐证材料"),
    "key": PolicyTerm("Unique key", "唯一标识"),
    "note": PolicyTerm("Note", "备注"),
    # project events
    "reporting_unit": PolicyTerm("First reporting unit", "首报单位"),
    "reported_at": PolicyTerm("Reported at", "报送时间"),
    "name": PolicyTerm("Project name", "项目名称"),
    "investor": PolicyTerm("Investor", "投资方"),
    "investor_code": PolicyTerm("Unified social credit code", "统一社会信用代码"),
    "sector": PolicyTerm("Sector", "产业类别"),
    "kind": PolicyTerm("Project kind", "项目性质"),
    "planned_investment": PolicyTerm("Planned investment", "计划总投资"),
    "planned_fixed_assets": PolicyTerm("Planned fixed assets", "计划固定资产投资"),
    "outside_ratio": PolicyTerm("Share from outside the county", "县外投资比例"),
    "investor_traits": PolicyTerm("Investor traits", "投资方属性"),
    "chains": PolicyTerm("Industry chains", "产业链"),
    "site": PolicyTerm("Site", "用地方式"),
    "government_funded": PolicyTerm("Government-funded", "政府投资"),
    "meets_city_standard": PolicyTerm("Meets the city's standard", "符合市级标准"),
    "lead_person": PolicyTerm("First introducer", "首要引荐人"),
    "needs_area_mu": PolicyTerm("Land needed (mu)", "用地需求（亩）"),
    "needs_floor_area_m2": PolicyTerm("Floor area needed (m²)", "厂房需求（平方米）"),
    "distinct_because": PolicyTerm("Why it is another project", "非同一项目理由"),
    "outcome": PolicyTerm("Outcome", "咨询结论"),
    "contract_investment": PolicyTerm("Contract investment", "协议总投资"),
    "contract_fixed_assets": PolicyTerm("Contract fixed assets", "协议固定资产投资"),
    "area_mu": PolicyTerm("Land area (mu)", "土地面积（亩）"),
    "transfer_fee": PolicyTerm("Land transfer fee", "土地出让金"),
    "county_state_share": PolicyTerm("of which county state capital", "其中县内国资"),
    "parcel": PolicyTerm("Parcel", "地块"),
    "project_code": PolicyTerm("Filing code", "项目代码"),
    "statistics_name": PolicyTerm("Name in statistics", "入库名称"),
    "month": PolicyTerm("Month", "月份"),
    "fixed_assets": PolicyTerm("Fixed assets of the month", "当月固定资产投资"),
    "self_held": PolicyTerm("of which self-held", "其中自持"),
    "self_held_state_share": PolicyTerm("county state capital in self-held", "自持中县内国资"),
    "amount": PolicyTerm("Amount", "金额"),
    "milestones": PolicyTerm("Milestones", "节点计划"),
    "stage": PolicyTerm("Stage", "节点"),
    "milestone": PolicyTerm("Construction milestone", "建设节点"),
    "next_step": PolicyTerm("Next step", "下一步打算"),
    "next_on": PolicyTerm("Next follow-up on", "下次跟进日期"),
    "due_on": PolicyTerm("Due date", "办结时限"),
    "reason": PolicyTerm("Reason", "理由"),
    "to_unit": PolicyTerm("Transferred to unit", "流转至单位"),
    "to_zone": PolicyTerm("Transferred to zone", "流转至园区"),
    "finding": PolicyTerm("Finding", "认定情况"),
    "result": PolicyTerm("Result", "结果"),
    "department": PolicyTerm("Assessing department", "评估部门"),
    "method": PolicyTerm("Method", "评估方式"),
    "findings": PolicyTerm("Findings", "情况"),
    "corrects": PolicyTerm("Corrected version", "更正版本"),
    "replacement": PolicyTerm("Corrected content", "更正内容"),
    "approved_by": PolicyTerm("Approved by", "批准人"),
    "moved_to": PolicyTerm("Moved to", "迁往项目编号"),
    # resource events
    "location": PolicyTerm("Location", "位置"),
    "floor_area_m2": PolicyTerm("Floor area (m²)", "建筑面积（平方米）"),
    "industries": PolicyTerm("Industries", "适宜产业"),
    "price": PolicyTerm("Price (10,000 yuan)", "价格（万元）"),
    "price_per": PolicyTerm("Price per", "计价单位"),
    "available_on": PolicyTerm("Available from", "可供日期"),
    # the five task sheets
    "number": PolicyTerm("Number", "编号"),
    "task": PolicyTerm("Task", "交办事项"),
    "responsible_unit": PolicyTerm("Responsible unit", "责任单位"),
    "mandate": PolicyTerm("Mandate", "交办依据"),
    "about": PolicyTerm("Task number", "所涉任务"),
    "problem": PolicyTerm("Problem", "存在问题"),
    "rectify_by": PolicyTerm("Rectify by", "整改期限"),
    "submitted_by": PolicyTerm("Submitted by", "提交人"),
    "reviewed_by": PolicyTerm("Reviewed by", "审核人"),
    "facts": PolicyTerm("Facts exposed", "曝光事实"),
    # unit and county events
    "sequence": PolicyTerm("Sequence", "考核序列"),
    "category": PolicyTerm("Category", "单位类别"),
    "successor": PolicyTerm("Successor", "承接单位"),
    "activity": PolicyTerm("Activity", "活动名称"),
    "led_by_head": PolicyTerm("Led by the unit's head", "主要领导带队"),
    "item": PolicyTerm("Item", "考核事项"),
    "points": PolicyTerm("Points", "分值"),
    "title": PolicyTerm("Title", "称号"),
    "person": PolicyTerm("Person", "人员"),
    "group": PolicyTerm("Seconded to", "派往"),
    "failure": PolicyTerm("Failure", "失职情形"),
    "about_project": PolicyTerm("Project concerned", "涉及项目"),
    "board": PolicyTerm("Board", "榜单"),
    "indicator": PolicyTerm("Indicator", "指标"),
    "figure": PolicyTerm("Figure", "指标项"),
    "period": PolicyTerm("Period", "期间"),
    "actual": PolicyTerm("Actual", "完成数"),
    "target": PolicyTerm("Target", "目标"),
    "shared_by": PolicyTerm("Shared by (units)", "分享单位数"),
    "unit_of_measure": PolicyTerm("Unit of measure", "计量单位"),
    "year": PolicyTerm("Year", "年度"),
    "off": PolicyTerm("Days off", "放假日期"),
    "worked": PolicyTerm("Weekend days worked", "上班日期"),
    "for_unit": PolicyTerm("Target of unit", "目标单位"),
    "meeting": PolicyTerm("Meeting", "会议"),
    "decisions": PolicyTerm("Decisions", "议定事项"),
    "as_of": PolicyTerm("As of", "截至日"),
    "first": PolicyTerm("First position", "起始总序号"),
    "last": PolicyTerm("Last position", "截止总序号"),
    "position": PolicyTerm("Position", "总序号"),
    "calendar_digest": PolicyTerm("Calendar digest", "日历摘要"),
    "unofficial": PolicyTerm("Reason for not being official", "非正式公布理由"),
    "members": PolicyTerm("Members of the region", "区域成员"),
    "tree_size": PolicyTerm("Tree size", "树大小"),
    "evaluator": PolicyTerm("Evaluator version", "评分程序版本"),
    "root": PolicyTerm("Tree root", "树根"),
    "rulebook_digest": PolicyTerm("Rulebook digest", "规则手册摘要"),
    "rulebook_id": PolicyTerm("Rulebook", "规则手册"),
    "digest": PolicyTerm("Digest", "摘要"),
    "content": PolicyTerm("Content", "内容"),
    "verifier_key": PolicyTerm("Verifier key", "公钥"),
    "endorsement": PolicyTerm("Endorsement by the former key", "原密钥签署"),
    # No field: what a history shows in the place of fields that cannot be read
    "unreadable": PolicyTerm("Cannot be read", "无法读取"),
}
"""Field name → its term. A field keeps its name and meaning in every event that has it."""

_TERMS_OF_EVENTS: Final[dict[tuple[str, str], PolicyTerm]] = {
    ("UnitRenamed", "name"): PolicyTerm("New name", "新名称"),
    ("ResourceListed", "kind"): PolicyTerm("Kind of resource", "资源类型"),
    ("ResourceListed", "name"): PolicyTerm("Name of the resource", "资源名称"),
    ("ResourceChanged", "kind"): PolicyTerm("Kind of resource", "资源类型"),
    ("ResourceChanged", "name"): PolicyTerm("Name of the resource", "资源名称"),
    ("UnitRegistered", "occurred_on"): PolicyTerm(
        "Date (the unit is assessed from this day on)", "发生日期（自当日起参加考核）"
    ),
}
"""Terms of fields in one event, where the field's own would mislead who fills it in."""

UNREADABLE_FIELDS: Final = "unreadable"
"""Under this name a history says why an event's fields cannot be read."""

# Names of 0.1.0, with which workbooks and CSV files may still come.
_FORMER_EVENTS: Final = {"落地服务失职": "LandingServiceFailed"}
_FORMER_FIELDS: Final = {"实绩": "actual"}

EVENT_BY_CHINESE: Final[dict[str, str]] = _FORMER_EVENTS | {
    term.chinese: name for name, term in EVENTS.items()
}
"""Chinese name → event name, for what a clerk types and for the sheets of a workbook."""

FIELD_BY_CHINESE: Final[dict[str, str]] = (
    _FORMER_FIELDS
    | {term.chinese: name for (_event, name), term in _TERMS_OF_EVENTS.items()}
    | {term.chinese: name for name, term in FIELDS.items()}
)
"""Chinese name → field name, for the headings of a workbook or CSV file."""


def field_term(event: str, name: str) -> PolicyTerm:
    """Return a field's term in an event."""
    return _TERMS_OF_EVENTS.get((event, name)) or FIELDS[name]


def field_name(name: str, event: str = "") -> str:
    """Return a field's name in the reader's language; the stored name if it has no words.

    With an event it is the field's name there.
    """
    if (event, name) in _TERMS_OF_EVENTS or name in FIELDS:
        return str(field_term(event, name))
    return name


def chinese_field(name: str, event: str = "") -> str:
    """Return a field's Chinese name, for cells and documents, which are always Chinese (spec 5).

    With an event it is the field's name there; without words it is the stored name.
    """
    if (event, name) in _TERMS_OF_EVENTS or name in FIELDS:
        return field_term(event, name).chinese
    return name


def field_place(place: str, event: str = "") -> str:
    """Return the name of a place in a record, with the place itself in parentheses.

    `milestones.0.due_on` is named by its first part; a correction's by the field that it corrects.
    With an event a field has its name there.
    """
    first, _dot, rest = place.partition(".")
    if first == "replacement" and rest:
        # A correction's field is named by the field that it corrects.
        first = rest.partition(".")[0]
    if first not in FIELDS:
        return place
    name = field_name(first, event)
    if reads_chinese():
        return f"{name}（{place}）"
    return f"{name} ({place})"
