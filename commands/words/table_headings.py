"""The headings of the terminal's tables; those of event fields are in `event_words.FIELDS`.

An ordinary word is a `Label`. A term of the policy is a `PolicyTerm`, which keeps its Chinese
beside the English.
"""

from __future__ import annotations

from typing import Final

from commands.words.terms import Label, PolicyTerm

# scores, boards and their comparison
RANK: Final = PolicyTerm("Rank", "名次")
RANK_CHANGE: Final = Label("Change", "较上月")
TOTAL: Final = PolicyTerm("Total", "总分")
GRADE: Final = PolicyTerm("Grade", "等次")
OUTCOMES: Final = PolicyTerm("Outcomes", "认定结果")
TOTAL_A: Final = Label("Total A", "A 总分")
TOTAL_B: Final = Label("Total B", "B 总分")
GROUP_AND_TOTAL_LIMITS: Final = PolicyTerm("Limits of groups and total", "板块封顶与总分限制")
DIFFERENCE: Final = Label("Difference", "差")
RANKS_MOVED: Final = Label("Moved", "升降")
PROJECTS_MOVED_MOST: Final = Label("Projects that gain or lose most", "增减最多的项目")
VALUE_CHANGED: Final = Label("Value", "参数取值")
TOTAL_AT_VALUE_BEFORE: Final = Label("Total at the first", "前值总分")
TOTAL_AT_VALUE: Final = Label("Total at the second", "后值总分")
BOARD: Final = PolicyTerm("Board", "榜单")
EVENT_REFERENCE: Final = Label("Event", "事件")
WHY_PROPOSED: Final = Label("Reason", "理由")

# units
UNIT_IDENTITY: Final = Label("Registered as", "登记名称")
DISSOLVED_ON: Final = Label("Dissolved on", "撤并日期")
SEQUENCE_BEFORE: Final = Label("Sequence before", "调整前序列")
SEQUENCE_AFTER: Final = Label("Sequence after", "调整后序列")
RANK_BEFORE: Final = Label("Rank before", "调整前名次")
RANK_AFTER: Final = Label("Rank after", "调整后名次")
TOTAL_BEFORE: Final = Label("Total before", "调整前总分")
TOTAL_AFTER: Final = Label("Total after", "调整后总分")

# a region's members
VERDICT: Final = Label("Verdict", "核验结果")
COUNTED_UP_TO: Final = Label("Counted up to", "计入至第几条")
SIGNED_EVENTS: Final = Label("Signed events", "已签名记录数")
REPORTED_ON: Final = Label("Reported on", "填报日期")

# contacts of investors
CONTACT_PERSON: Final = Label("Person", "联系人")
CONTACT_POSITION: Final = Label("Position", "职务")
CONTACT_TELEPHONE: Final = Label("Telephone", "联系电话")
CONTACT_REMARK: Final = Label("Remark", "说明")
CHANGED_BY: Final = Label("Changed by", "更新人")
CHANGED_AT: Final = Label("Changed at", "更新时间")

# explanations
POINTS_EARNED: Final = PolicyTerm("Points", "得分")
CONTENT: Final = Label("Content", "内容")
FORMULA: Final = Label("Formula", "算式")
CLAUSE: Final = PolicyTerm("Clause", "条款")
BASIS: Final = PolicyTerm("Basis", "依据")
WHY_NOT_COUNTED: Final = Label("Reason", "原因")
NOT_COUNTED: Final = PolicyTerm("Not counted", "未计分")

# projects and their history
PROJECT_CATEGORY: Final = PolicyTerm("Sector", "类别")
CREDITED_UNIT: Final = PolicyTerm("Credited unit", "引进单位")
STAGE_REACHED: Final = PolicyTerm("Stage reached", "已到节点")
SCALE: Final = PolicyTerm("Scale (万元)", "规模（万元）")
SCALE_ALONE: Final = PolicyTerm("Scale", "规模")
INVESTED: Final = PolicyTerm("Invested", "累计投资")
INVESTED_IN_STATISTICS: Final = PolicyTerm("Invested", "入库资金")
TAX_PAID: Final = PolicyTerm("Tax paid", "累计税收")
EXCLUDED: Final = PolicyTerm("Excluded", "不计")
RECOGNISED: Final = PolicyTerm("Recognised", "认可")
ELIGIBLE: Final = PolicyTerm("Eligible", "符合条件")
ASSESSMENT_PERIOD: Final = PolicyTerm("Assessment period", "考核期限")
ANOMALY: Final = Label("Anomaly", "异常")
FUNDS_OF_YEAR: Final = PolicyTerm("Funds this year", "本年到位资金")
UNTIL: Final = Label("Until", "至")
SUBJECT: Final = Label("Project or unit", "项目或单位")
RECORDED_FOR: Final = Label("Recorded for", "代何人录入")
IMPORTED_BY: Final = Label("Imported by", "导入人")
CORRECTION: Final = PolicyTerm("Correction", "更正")
DAY: Final = Label("Day", "日期")
KIND_OF_DAY: Final = Label("Arrangement", "安排")

# deadlines and the five task sheets
LEVEL: Final = PolicyTerm("Level", "级别")
DUE_ON: Final = Label("Due", "期限")
DAYS_LEFT: Final = Label("Days left", "余天")
DEADLINE: Final = Label("Deadline", "事项")
ABOUT: Final = Label("About", "所涉")
SUM: Final = Label("Sum", "合计")
STATUS: Final = PolicyTerm("Status", "状态")
SHEET_DUE: Final = PolicyTerm("Due sheet", "应发")
SHEET: Final = PolicyTerm("Sheet", "单")
TIME_LIMIT: Final = Label("Time limit", "时限")
SHEETS_OF_WEEK: Final = PolicyTerm("Issued", "本周发单")
CLEARED_IN_WEEK: Final = PolicyTerm("Cleared", "本周销号")
CLEARED_IN_TIME: Final = PolicyTerm("In time", "按期销号")
NOT_CLEARED: Final = PolicyTerm("Not cleared", "未销号")
OVERDUE: Final = PolicyTerm("Overdue", "已逾期")
CLEARANCE_RATE: Final = PolicyTerm("Rate", "销号率")
WARNED_ON: Final = PolicyTerm("Warned on", "预警日期")
SUPERVISED_ON: Final = PolicyTerm("Supervised on", "督办日期")
EXPOSED_ON: Final = PolicyTerm("Exposed on", "曝光日期")
CLEARED_ON: Final = PolicyTerm("Cleared on", "销号日期")

# targets and incentives
INDICATOR: Final = PolicyTerm("Indicator", "指标")
TARGET: Final = PolicyTerm("Target", "目标")
COMPLETED: Final = PolicyTerm("Completed", "完成数")
COMPLETION_RATE: Final = PolicyTerm("Rate", "完成率")
SCHEDULE_PACE: Final = PolicyTerm("Pace", "时序进度")
SHORTFALL: Final = PolicyTerm("Shortfall", "缺口")
INCENTIVE: Final = PolicyTerm("Incentive", "激励")
MISSING: Final = Label("Missing", "尚缺")
REWARD: Final = PolicyTerm("Reward", "奖励")
RECEIVER: Final = PolicyTerm("Paid to", "兑现对象")
REWARD_STAGE: Final = PolicyTerm("Stage", "分期")
REWARD_AMOUNT: Final = PolicyTerm("Amount (万元)", "金额（万元）")
DUE_DAY: Final = PolicyTerm("Due on", "兑现日期")

# rulebooks, their parameters and their comparison
RULEBOOK_ID: Final = Label("Id", "编号")
RULEBOOK_TITLE: Final = Label("Title", "名称")
FROM: Final = Label("From", "起")
TO: Final = Label("To", "止")
ADOPTED: Final = Label("Adopted", "已采用")
DIGEST: Final = Label("Digest", "摘要")
MODULE: Final = PolicyTerm("Module", "模块")
MODULES_AND_GROUPS: Final = PolicyTerm("Modules and groups", "模块与板块")
SCORING_RULES: Final = PolicyTerm("Scoring rules", "计分规则")
MODULE_OR_GROUP: Final = PolicyTerm("Module or group", "模块／板块")
RULE: Final = PolicyTerm("Rule", "规则")
RULE_POINTS: Final = PolicyTerm("Points", "分值")
NOTE: Final = Label("Note", "说明")
LEAST: Final = Label("Least", "最低")
GREATEST: Final = Label("Greatest", "最高")
FLOOR: Final = PolicyTerm("Floor", "保底")
CAP: Final = PolicyTerm("Cap", "封顶")
FREE_AREA_MU: Final = PolicyTerm("Free land (mu)", "可供土地（亩）")
FREE_FLOOR_AREA_M2: Final = PolicyTerm("Free floor area (m²)", "可供建筑面积（平方米）")
SETTLED_PROJECTS: Final = PolicyTerm("Projects", "落地项目")
RESOURCE_STATUS: Final = PolicyTerm("Status", "使用状态")
SAME_SITE: Final = PolicyTerm("Site as asked", "用地方式相符")
INDUSTRY_IN_COMMON: Final = PolicyTerm("Industry in common", "产业相符")
SURPLUS_AREA_MU: Final = PolicyTerm("Surplus land (mu)", "余量（亩）")
SURPLUS_FLOOR_AREA_M2: Final = PolicyTerm("Surplus floor area (m²)", "余量（平方米）")
RESTS_ON: Final = PolicyTerm("Rests on", "依据记录")
SCORING_TABLES: Final = PolicyTerm("What scoring rests on", "计分口径")
BEYOND_POINTS: Final = PolicyTerm("Beyond the points", "分值之外")
PROVISION: Final = PolicyTerm("Provision", "规定")
MATTER: Final = PolicyTerm("Matter", "事项")
CLAUSE_LEFT_OUT: Final = PolicyTerm("Clause left out", "未纳入条款")
WHY_LEFT_OUT: Final = Label("Reason", "理由")
PARAMETER: Final = Label("Parameter", "参数")
VALUE: Final = Label("Value", "数值")
FORMER_VALUE: Final = Label("Former value", "原值")
NEW_VALUE: Final = Label("New value", "新值")
FORMER_BASIS: Final = Label("Former basis", "原依据")
NEW_BASIS: Final = Label("New basis", "新依据")
WHERE_FROM: Final = Label("Where the difference comes from", "差异来源")

# accounts
ROLE: Final = Label("Role", "角色")

FILE_HEADINGS: Final[dict[str, Label]] = {
    "a": Label("A", "A 得分"),
    "action": Label("Action", "事项"),
    "actual": Label("Actual", "完成数"),
    "b": Label("B", "B 得分"),
    "basis": Label("Basis", "依据"),
    "category": Label("Category", "单位类别"),
    "clause": Label("Clause", "条款"),
    "cleared_on": Label("Cleared on", "销号日期"),
    "conflict": Label("Group", "组别"),
    "days_left": Label("Days left", "余天"),
    "difference": DIFFERENCE,
    "estimated": Label("Estimated", "估算"),
    "event": Label("Event", "事件"),
    "events": Label("Events", "依据事件"),
    "exposed_on": Label("Exposed on", "曝光日期"),
    "inputs": Label("Inputs", "计算数据"),
    "level": Label("Level", "级别"),
    "module": Label("Module", "模块"),
    "previous_value": Label("Previous value", "前值"),
    "project_codes": Label("National project codes", "国家项目代码"),
    "rank": Label("Rank", "名次"),
    "rank_a": Label("Rank A", "A 名次"),
    "rank_after": Label("Rank after", "后值名次"),
    "rank_b": Label("Rank B", "B 名次"),
    "rank_before": Label("Rank before", "前值名次"),
    "ratio": Label("Ratio", "完成比例"),
    "reported_on": Label("Reported on", "填报日期"),
    "rule": Label("Rule", "规则"),
    "same_identity": Label("Same investor and name", "投资方和名称相同"),
    "status": Label("Status", "状态"),
    "supervised_on": Label("Supervised on", "督办日期"),
    "total": Label("Total", "总分"),
    "total_a": TOTAL_A,
    "total_after": TOTAL_AT_VALUE,
    "total_b": TOTAL_B,
    "total_before": TOTAL_AT_VALUE_BEFORE,
    "value": Label("Value", "后值"),
    "warned_on": Label("Warned on", "预警日期"),
}
"""The headings of files, of columns that are no fields of events."""
