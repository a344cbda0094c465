"""The words of a county's own ledger and of its map: units, totals, headings and their events."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from commands.words.terms import Label

MapUnit = Literal["万元", "亿元"]
DEFAULT_UNIT: Final = "万元"
SKIPPED_BEGINNINGS: Final = ("合计", "小计", "总计", "注：", "备注：", "填表人", "说明：")
"""What rows that are no projects usually begin with."""
UNIT_MARKS: Final[dict[str, MapUnit]] = {"亿元": "亿元", "万元": "万元"}
"""How a heading, or a line above the headings, says the unit of its amounts."""
FOREIGN_UNIT: Final = r"\((?:单位:)?(?:元|千元|百万元|千万元|(?:万|亿)?(?:美元|欧元|港元|日元))\)"
"""A unit of amounts that a heading says in brackets, and that is none of a map's."""
AFTER_CLASS_OF_AMOUNT: Final = "以上|以下|级|及|项目|产业|企业"
"""What follows 亿元 where it is the class of a title's projects, and no unit."""
CUMULATIVE_MARK: Final = "累计"
CUMULATIVE_WORDS: Final[dict[str, Label]] = {
    "no": Label("no (each month alone)", "当月数（no）"),
    "year": Label("year (since January)", "当年累计（year）"),
    "all": Label("all (since begun)", "自开工累计（all）"),
}
"""How a map's `cumulative` is read out; the stored word stands in brackets, as the map has it."""
OF_YEAR_MARKS: Final = ("本年", "今年", "年度", "当年")
"""What says that a cumulative figure begins with the year."""
OF_MONTH_MARKS: Final = ("本月", "当月")
INVESTED_MARKS: Final = ("完成", "投资", "到位")
"""What the heading of a figure of investment contains."""
PLANNED_MARKS: Final = ("计划", "目标", "拟")
"""What the heading of a figure contains that is no result."""
SIGNED_MARKS: Final = ("签约", "协议", "合同")
"""What the heading above an amount contains that is the contract's."""
DAY_HEADINGS: Final = ("时间", "日期", "会议时间", "会议日期")
"""What heads a day below the heading of its event."""
OUTCOME_HEADINGS: Final = ("结论", "结果", "意见")
"""What heads the outcome below the heading of a consultation."""
EVENT_MARKS: Final = {
    "报送": "InformationReported",
    "首报": "InformationReported",
    "咨询": "ConsultationHeld",
    "评审": "ConsultationHeld",
    "签约": "AgreementSigned",
    "协议": "AgreementSigned",
    "合同": "AgreementSigned",
    "摘牌": "LandAcquired",
    "供地": "LandAcquired",
    "土地": "LandAcquired",
    "备案": "ProjectFiled",
    "立项": "ProjectFiled",
    "入库": "StatisticsEntered",
    "入统": "StatisticsEntered",
    "终止": "ProjectTerminated",
}
"""What the heading of an event's columns contains."""
MONTH_HEADING: Final = r"(?:1[-—~至])?(?P<month>1[0-2]|0?[1-9])月份?(?:累计|完成|投资|[^0-9月])*"
UNTIL_MONTH: Final = r"1[-—~至].*"
RUNNING_MONTH: Final = r"1[-—–~～至](?P<month>1[0-2]|[1-9])月"
"""The part of a heading that says until which month its figures run."""
TITLE_YEAR: Final = r"(?P<year>20[0-9]{2})年"
PROPOSED_CODE: Final = "XM-{year}-{n:03}"
PROPOSED_RESOURCE_CODE: Final = "ZY-{year}-{n:03}"
"""The patterns that are proposed for codes where the ledger has none."""


class HeadingMeaning(NamedTuple):
    """What a heading means: the event and field, or a code as `project` or `resource`, `code`."""

    event: str
    field: str


_REPORT: Final = "InformationReported"

HEADING_WORDS: Final[dict[HeadingMeaning, tuple[str, ...]]] = {
    HeadingMeaning("project", "code"): ("项目编号", "项目编码", "台账编号"),
    HeadingMeaning(_REPORT, "name"): ("项目名称", "项目"),
    HeadingMeaning(_REPORT, "investor"): (
        "投资方",
        "投资主体",
        "投资单位",
        "投资企业",
        "投资方名称",
        "投资商",
        "业主单位",
        "建设单位",
        "项目单位",
        "企业名称",
        "签约企业",
        "客商名称",
    ),
    HeadingMeaning(_REPORT, "investor_code"): ("统一社会信用代码", "信用代码"),
    HeadingMeaning(_REPORT, "reporting_unit"): (
        "首报单位",
        "引进单位",
        "招商单位",
        "责任单位",
        "引荐单位",
        "报送单位",
        "所属乡镇",
        "乡镇",
        "牵头单位",
    ),
    HeadingMeaning(_REPORT, "reported_at"): (
        "报送时间",
        "报送日期",
        "首报时间",
        "首报日期",
        "信息报送时间",
        "登记时间",
        "登记日期",
    ),
    HeadingMeaning(_REPORT, "sector"): (
        "产业类别",
        "产业类型",
        "行业类别",
        "所属行业",
        "所属产业",
        "产业",
        "行业",
        "项目类别",
    ),
    HeadingMeaning(_REPORT, "kind"): (
        "项目性质",
        "建设性质",
        "项目类型",
        "建设类型",
        "是否新引进",
        "是否新引进项目",
        "是否为新引进项目",
        "新引进",
    ),
    HeadingMeaning(_REPORT, "planned_investment"): ("计划总投资", "拟投资额", "总投资", "投资总额"),
    HeadingMeaning(_REPORT, "planned_fixed_assets"): (
        "计划固定资产投资",
        "固定资产投资",
        "其中固定资产投资",
        "固投",
        "计划固投",
    ),
    HeadingMeaning(_REPORT, "outside_ratio"): (
        "县外投资比例",
        "县外投资占比",
        "县外资金比例",
        "县外资金占比",
        "外来资金比例",
        "外来资金占比",
    ),
    HeadingMeaning(_REPORT, "chains"): ("产业链",),
    HeadingMeaning(_REPORT, "lead_person"): ("首要引荐人", "引荐人", "招商人员"),
    HeadingMeaning("ConsultationHeld", "occurred_on"): (
        "决策咨询时间",
        "决策咨询日期",
        "咨询日期",
        "评审时间",
        "决策咨询",
    ),
    HeadingMeaning("ConsultationHeld", "outcome"): (
        "咨询结论",
        "咨询结果",
        "决策咨询结论",
        "决策咨询结果",
        "评审结论",
        "评审结果",
    ),
    HeadingMeaning("AgreementSigned", "occurred_on"): (
        "签约日期",
        "签约时间",
        "正式签约",
        "正式签约时间",
        "签约",
    ),
    HeadingMeaning("AgreementSigned", "contract_investment"): (
        "协议总投资",
        "合同总投资",
        "协议投资",
        "签约总投资",
        "协议投资额",
        "合同投资额",
    ),
    HeadingMeaning("AgreementSigned", "contract_fixed_assets"): (
        "协议固定资产投资",
        "合同固定资产投资",
        "协议固投",
        "协议固定资产",
    ),
    HeadingMeaning("LandAcquired", "occurred_on"): (
        "摘牌日期",
        "摘牌时间",
        "土地摘牌",
        "供地时间",
        "拿地时间",
        "土地摘牌时间",
    ),
    HeadingMeaning("LandAcquired", "area_mu"): (
        "土地面积(亩)",
        "摘牌面积(亩)",
        "用地面积(亩)",
        "供地面积(亩)",
        "成交面积(亩)",
        "出让面积(亩)",
    ),
    HeadingMeaning("LandAcquired", "transfer_fee"): ("土地出让金", "出让金", "土地款"),
    HeadingMeaning("ProjectFiled", "occurred_on"): (
        "备案日期",
        "备案时间",
        "项目备案",
        "立项时间",
        "项目备案时间",
    ),
    HeadingMeaning("ProjectFiled", "project_code"): (
        "项目代码",
        "备案代码",
        "项目备案代码",
        "备案赋码",
        "立项代码",
        "赋码",
    ),
    HeadingMeaning("StatisticsEntered", "occurred_on"): (
        "入库日期",
        "入库时间",
        "统计入库",
        "入统时间",
        "统计入库时间",
        "入统日期",
    ),
    HeadingMeaning("ProjectTerminated", "occurred_on"): ("终止日期", "终止时间"),
    HeadingMeaning("ProjectTerminated", "reason"): ("终止原因", "终止理由"),
}
"""What each field is called in the headings of offices' ledgers, the most usual first."""

_LISTED: Final = "ResourceListed"
_ALLOTTED: Final = "ResourceAllotted"

RESOURCE_HEADING_WORDS: Final[dict[HeadingMeaning, tuple[str, ...]]] = {
    HeadingMeaning("resource", "code"): ("资源编号", "地块编号", "宗地编号", "厂房编号", "编号"),
    HeadingMeaning(_LISTED, "name"): (
        "资源名称",
        "地块名称",
        "厂房名称",
        "宗地名称",
        "楼宇名称",
        "名称",
    ),
    HeadingMeaning(_LISTED, "location"): (
        "坐落位置",
        "坐落",
        "位置",
        "地址",
        "具体位置",
        "地块位置",
        "所在位置",
        "所在地",
    ),
    HeadingMeaning(_LISTED, "kind"): ("资源类型", "资源类别", "类型", "类别"),
    HeadingMeaning(_LISTED, "area_mu"): (
        "面积(亩)",
        "土地面积(亩)",
        "用地面积(亩)",
        "占地面积(亩)",
        "可用面积(亩)",
        "土地面积",
        "占地面积",
    ),
    HeadingMeaning(_LISTED, "floor_area_m2"): (
        "建筑面积(平方米)",
        "建筑面积(㎡)",
        "厂房面积(平方米)",
        "可用建筑面积(平方米)",
        "建筑面积",
        "厂房面积",
    ),
    HeadingMeaning(_LISTED, "industries"): (
        "适宜产业",
        "适合产业",
        "产业方向",
        "产业定位",
        "拟引进产业",
    ),
    HeadingMeaning(_LISTED, "price"): ("价格(万元)", "价格", "出让价格", "租金"),
    HeadingMeaning(_LISTED, "price_per"): ("计价单位", "计价方式"),
    HeadingMeaning(_LISTED, "available_on"): (
        "可用日期",
        "可供时间",
        "可用时间",
        "交付时间",
        "交地时间",
    ),
    HeadingMeaning(_LISTED, "occurred_on"): (
        "入库日期",
        "入库时间",
        "登记日期",
        "登记时间",
        "排查时间",
    ),
    HeadingMeaning("ResourceChanged", "occurred_on"): ("变更日期", "变更时间"),
    HeadingMeaning(_ALLOTTED, "occurred_on"): ("落地日期", "匹配日期", "落地时间", "匹配时间"),
    HeadingMeaning(_ALLOTTED, "project"): (
        "落地项目编号",
        "匹配项目编号",
        "项目编号",
        "落地项目",
        "匹配项目",
    ),
    HeadingMeaning(_ALLOTTED, "area_mu"): ("落地面积(亩)", "匹配面积(亩)"),
    HeadingMeaning(_ALLOTTED, "floor_area_m2"): (
        "落地建筑面积(平方米)",
        "匹配建筑面积(平方米)",
    ),
    HeadingMeaning("ResourceReleased", "occurred_on"): ("退回日期", "退回时间"),
    HeadingMeaning("ResourceWithdrawn", "occurred_on"): ("出库日期", "出库时间"),
    HeadingMeaning("ResourceWithdrawn", "reason"): ("出库原因", "出库理由"),
}
"""The same of ledgers with a row for each plot, plant or building that the county offers."""

WORD_MEANINGS: Final[dict[str, dict[str, str]]] = {
    "sector": {
        "制造业": "industrial",
        "工业类": "industrial",
        "旅游": "cultural_tourism",
        "文化旅游": "cultural_tourism",
        "文旅类": "cultural_tourism",
        "农业类": "agricultural",
        "农林": "agricultural",
        "现代农业": "agricultural",
        "服务": "service",
        "现代服务业": "service",
        "三产": "service",
        "房地产": "real_estate",
    },
    "kind": {
        "新建": "new",
        "新引进项目": "new",
        "招商项目": "new",
        "是": "new",
        "技术改造": "technical_upgrade",
        "技改项目": "technical_upgrade",
        "改扩建": "technical_upgrade",
        # From here on the kinds of resources: their field has the name of the projects' field.
        "地块": "plot",
        "土地": "plot",
        "工业用地": "plot",
        "净地": "plot",
        "熟地": "plot",
        "厂房": "standard_plant",
        "闲置厂房及设备": "idle_plant",
        "写字楼": "building",
        "商务楼宇": "building",
        "文旅资源": "tourism_asset",
    },
    "outcome": {
        "同意": "passed",
        "已通过": "passed",
        "不同意": "rejected",
        "未通过": "rejected",
        "缓议": "deferred",
    },
}
"""What offices write for a field's vocabulary, to be confirmed."""
MAP_COMMENTS: Final = {
    "head": "本县自有台账的对照表，由 lifecycle import --propose 按表头生成。",
    "check": "请核对",
    "missing": "台账中没有，缺少时该事项不录入：",
    "unused": "未使用的列：",
    "words": '未识别的内容，请写入 words，如 words = { "甲" = "工业" }，不取用的对应为 ""：',
}
"""The comments of a proposed map, which is for offices alone to read."""
