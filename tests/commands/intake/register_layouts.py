"""Seven layouts of counties' own ledgers, each as it is in one month and in the next.

They are of our making, after what offices publish: 招商引资项目台账, 重点项目进展表, 项目月报.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tests.given import OTHER, TOWN
from tests.registers import Row, Sheet, write_register

Totals = dict[tuple[str, str], Decimal]
"""The workbook's own sums in 万元, by event and field."""
SIGNED: Final = ("AgreementSigned", "contract_investment")
INVESTED: Final = ("InvestmentReported", "fixed_assets")
REPORTED: Final = ("InformationReported", "planned_investment")
DATA: Final = Path(__file__).with_name("registers")
"""Workbooks that LibreOffice saved in older formats."""
JAN, FEB, MAR, APR = (date(2024, month, 8) for month in (1, 2, 3, 4))
CONSTANTS: Final = """
kind = { value = "new" }
outside_ratio = { value = "1" }
"""


@dataclass(frozen=True)
class Month:
    """What an import of one month's workbook does, beside the workbook's own totals."""

    recorded: int
    totals: Totals
    lists: dict[str, int]
    """The lists that have entries, and how many."""
    option: str | None = None


@dataclass(frozen=True)
class Layout:
    """A ledger's map, its workbook of each of two months, and what comes of them."""

    name: str
    map_text: str
    write: Callable[[Path, int], Path]
    months: tuple[Month, Month]
    codes: tuple[str, ...]


def dec(number: str) -> Decimal:
    return Decimal(number)


# 1. Two rows of headings, merged; cumulative since January, in 亿元; subtotals, a footer --------

TOWN_MAP = f"""
format = "lifecycle-map/1"
headings = [2, 3]
skip = ["合计", "小计", "注："]
unit = "亿元"
[project]
code = {{ make = "KH-{{year}}-{{n:03}}", year = "报送时间" }}
[[event]]
event = "InformationReported"
name = {{ column = "项目名称" }}
investor = {{ column = "投资方" }}
reporting_unit = {{ column = "责任单位" }}
sector = {{ column = "产业类别" }}
reported_at = {{ column = "报送时间" }}
planned_investment = {{ column = "计划投资/总投资" }}
planned_fixed_assets = {{ column = "计划投资/固投" }}
{CONSTANTS}
[[event]]
event = "AgreementSigned"
occurred_on = {{ column = "签约情况/时间" }}
contract_investment = {{ column = "签约情况/总投资" }}
contract_fixed_assets = {{ column = "签约情况/固投" }}
[[event]]
event = "StatisticsEntered"
occurred_on = {{ column = "入库时间" }}
[[months]]
event = "InvestmentReported"
field = "fixed_assets"
year = 2024
cumulative = "year"
columns = {{ "1月" = 1, "2月" = 2, "3月" = 3, "4月" = 4 }}
"""
UPPER: Final = (
    *("序号", "项目名称", "投资方", "责任单位", "产业类别", "报送时间"),
    *("计划投资", None, "签约情况", None, None, "入库时间", "2024年累计完成固投"),
)
LOWER: Final = (*[None] * 6, "总投资", "固投", "时间", "总投资", "固投", None, "1月", "2月")
TOWN_MERGED: Final = [
    "A1:P1",
    *(f"{letter}2:{letter}3" for letter in "ABCDEFL"),
    "G2:H2",
    "I2:K2",
    "M2:P2",
]


def write_by_town(path: Path, month: int) -> Path:
    silicon: list[Any] = [1, "年产5万吨有机硅", "甲公司", TOWN, "工业", JAN, 3.5, 2.8]
    silicon += [FEB, 3.5, 2.8, FEB, None, 0.1, 0.25]
    hotel: list[Any] = [2, "根宫酒店", "乙公司", OTHER, "文旅", "2024.1.9", 1.2, 0.9]
    hotel += ["2024年2月20日", "1.2亿元", "9000万元"]
    if month:
        silicon.append(0.4)
        hotel.append(MAR)
        hotel += [None, None, 0.05, 0.05]
    total: list[Any] = ["合计", *[None] * 5, 4.7, 3.7, None, 4.7, 3.7]
    rows = [
        ["某县招商引资项目台账（单位：亿元）"],
        UPPER,
        [*LOWER, "3月", "4月"],
        ["小计：华埠镇"],
        silicon,
        ["小计：马金镇"],
        hotel,
        total,
        ["注：本表由县招商局填报"],
    ]
    return write_register(path, Sheet("台账", rows, merged=TOWN_MERGED))


BY_TOWN = Layout(
    "two rows of headings, cumulative, by township",
    TOWN_MAP,
    write_by_town,
    (
        Month(7, {SIGNED: dec("47000"), INVESTED: dec("2500")}, {"passed_over": 4}),
        Month(4, {SIGNED: dec("47000"), INVESTED: dec("4500")}, {"passed_over": 4}),
    ),
    ("KH-2024-001", "KH-2024-002"),
)

# 2. Several sheets, one hidden; codes; each month alone, in 万元; dates as text; merged townships

PROGRESS_MAP = f"""
format = "lifecycle-map/1"
headings = [3]
[project]
code = {{ column = "项目编号" }}
[[event]]
event = "InformationReported"
name = {{ column = "项目名称" }}
investor = {{ column = "投资主体" }}
reporting_unit = {{ column = "乡镇" }}
sector = {{ column = "类别", words = {{ "制造业" = "industrial", "旅游" = "cultural_tourism" }} }}
reported_at = {{ column = "登记日期" }}
planned_investment = {{ column = "总投资" }}
planned_fixed_assets = {{ column = "其中：固定资产" }}
{CONSTANTS}
[[event]]
event = "LandAcquired"
occurred_on = {{ column = "摘牌时间" }}
area_mu = {{ column = "面积（亩）" }}
transfer_fee = {{ column = "出让金" }}
[[event]]
event = "StatisticsEntered"
occurred_on = {{ column = "入统时间" }}
[[months]]
event = "InvestmentReported"
field = "fixed_assets"
year = 2024
columns = {{ "1月完成" = 1, "2月完成" = 2, "3月完成" = 3 }}
"""
PROGRESS_HEADINGS: Final = (
    *("乡镇", "项目编号", "项目名称", "投资主体", "类别", "登记日期", "总投资", "其中：固定资产"),
    *("摘牌时间", "面积（亩）", "出让金", "入统时间", "1月完成", "2月完成", "3月完成", "备注"),
)


def write_progress(path: Path, month: int) -> Path:
    first: list[Any] = [TOWN, "A-1", "锂电材料", "丙公司", "制造业", "2024/1/3", 20000, "12,000"]
    first += ["2024.2.6", 35.5, 1200, "2024-02-10", 0, 310.25, 480]
    second: list[Any] = [None, "A-2", "竹制品加工", "丁公司", "制造业", "20240104", 3000, 2000]
    second += [None, None, None, "2024-02-12", 12, 30.75]
    third: list[Any] = [OTHER, "B-1", "民宿集群", "戊公司", "旅游", "2024年1月5日", 5000, 3000]
    rows: list[Row] = [
        ["重点项目进展情况表"],
        ["单位：万元"],
        PROGRESS_HEADINGS,
        first,
        second,
        third,
    ]
    name = "进展表"
    if month:
        second.append(45)
        # Rows move, the sheet has another name, and one project goes.
        rows[3:] = [second, first]
        second[0], first[0] = TOWN, None
        name = "进展表（4月）"
    sheets = (
        Sheet("填表说明", [["请各乡镇于每月5日前报送"], ["项目编号由县局统一编制"]]),
        Sheet(name, rows, merged=["A1:P1", "A4:A5"], hidden_rows=[5]),
        Sheet("原始数据", rows, is_hidden=True),
    )
    return write_register(path, *sheets)


PROGRESS = Layout(
    "several sheets, codes, single months, merged townships",
    PROGRESS_MAP,
    write_progress,
    (
        Month(11, {REPORTED: dec("28000"), INVESTED: dec("833")}, {}),
        Month(1, {REPORTED: dec("28000"), INVESTED: dec("878")}, {"vanished": 1}),
    ),
    ("A-1", "A-2", "B-1"),
)

# 3. A monthly report: one cumulative column since the beginning, whose month is told --------

REPORT_MAP = f"""
format = "lifecycle-map/1"
headings = [2]
skip = ["总计"]
[project]
code = {{ make = "YB{{n:04}}" }}
[[event]]
event = "InformationReported"
name = {{ column = "项目名称" }}
investor = {{ column = "建设单位" }}
investor_code = {{ column = "信用代码" }}
reporting_unit = {{ column = "责任单位" }}
sector = {{ value = "industrial" }}
reported_at = {{ column = "报送日期" }}
planned_investment = {{ column = "总投资（亿元）", unit = "亿元" }}
planned_fixed_assets = {{ column = "总投资（亿元）", unit = "亿元" }}
{CONSTANTS}
[[event]]
event = "StatisticsEntered"
occurred_on = {{ column = "入库日期" }}
statistics_name = {{ column = "入库名称" }}
[[months]]
event = "InvestmentReported"
field = "fixed_assets"
cumulative = "all"
column = "自开工累计完成投资（万元）"
"""


def write_report(path: Path, month: int) -> Path:
    headings = ["项目名称", "建设单位", "信用代码", "责任单位", "报送日期", "总投资（亿元）"]
    headings += ["入库日期", "入库名称", "自开工累计完成投资（万元）", "形象进度"]
    moment = datetime(2023, 11, 6, 14, 30)  # noqa: DTZ001
    first: list[Any] = ["光伏组件", "己公司", "91330824MA28F3XN0F", TOWN, moment, 8.25]
    first += [date(2023, 12, 1), "己公司光伏组件项目", 5210.5 if month else 4890, "厂房封顶"]
    second: list[Any] = ["轴承", "庚公司", None, OTHER, "2024-01-02", 0.6, FEB, None]
    second += [320 if month else 150, "设备安装"]
    total = ["总计", None, None, None, None, 8.85, None, None, first[8] + second[8]]
    return write_register(path, Sheet("月报", [["重点项目月报"], headings, first, second, total]))


REPORT = Layout(
    "a monthly report with one cumulative column",
    REPORT_MAP,
    write_report,
    (
        Month(6, {REPORTED: dec("88500"), INVESTED: dec("5040")}, {"passed_over": 1}, "2024-03"),
        Month(2, {REPORTED: dec("88500"), INVESTED: dec("5530.5")}, {"passed_over": 1}, "2024-04"),
    ),
    ("YB0001", "YB0002"),
)

# 4. A text file as Excel saves it in China: GB18030, merged headings as empty cells --------

TEXT_MAP = TOWN_MAP.replace('unit = "亿元"', 'unit = "万元"').replace('"year"\n', '"no"\n')


def write_text(path: Path, month: int) -> Path:
    figures = f'2024/2/8,"35,000.50",28000,2024/2/8,0,120.5,{"80" if month else ""},'
    lines = [
        "某县招商引资项目台账,,,,,,,,,,,,,,,",
        ",".join(text or "" for text in UPPER) + ",,,",
        ",".join(text or "" for text in LOWER) + ",3月,4月",
        f'1,"硅料\n二期",甲公司,{TOWN},工业,2024/1/8,"35,000",28000,{figures}',
        f"2,茶叶加工,乙公司,{OTHER},农业,2024/1/9,1200,900,,,,,,,,",
        "合计,,,,,,36200,28900,,35000.5,28000,,,,,",
    ]
    if month:
        lines[4] = lines[4].replace(",1200,", ",1300,")
    path = path.with_suffix(".csv")
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path


TEXT = Layout(
    "a text file in GB18030",
    TEXT_MAP,
    write_text,
    (
        Month(6, {SIGNED: dec("35000.5"), INVESTED: dec("120.5")}, {"passed_over": 1}),
        Month(
            1,
            {SIGNED: dec("35000.5"), INVESTED: dec("200.5")},
            {"passed_over": 1, "corrections": 1},
        ),
    ),
    ("KH-2024-001", "KH-2024-002"),
)


# 5. A monthly table whose heading names the month so far, with a heading for each kind of project -

RUNNING_MAP = f"""
format = "lifecycle-map/1"
sheet = "5月"
headings = [3]
skip = ["合计", "填表人"]
unit = "亿元"
[project]
code = {{ make = "XM-{{year}}-{{n:03}}", year = "签约日期" }}
[[event]]
event = "InformationReported"
reporting_unit = {{ column = "牵头责任单位" }}
reported_at = {{ column = "签约日期" }}
name = {{ column = "项目名称" }}
investor = {{ column = "项目单位（业主）" }}
sector = {{ column = "项目类别", words = {{ "文化旅游" = "cultural_tourism" }} }}
planned_investment = {{ column = "总投资（亿元）" }}
planned_fixed_assets = {{ column = "其中：固定资产投资" }}
{CONSTANTS}
[[event]]
event = "AgreementSigned"
occurred_on = {{ column = "签约日期" }}
contract_investment = {{ column = "总投资（亿元）" }}
contract_fixed_assets = {{ column = "其中：固定资产投资" }}
[[event]]
event = "StatisticsEntered"
occurred_on = {{ column = "入库（统）时间" }}
[[months]]
event = "InvestmentReported"
field = "fixed_assets"
year = 2024
cumulative = "year"
columns = {{ "1-5月累计完成投资（亿元）" = 5 }}
"""


def write_running(path: Path, month: int) -> Path:
    until = f"1-{5 + month}月"
    headings = ["序号", "项目类别", "项目名称", "项目单位（业主）", "建设地点", "建设起止年限"]
    headings += ["总投资（亿元）", "其中：固定资产投资", "2024年度计划投资（亿元）"]
    headings += [f"{until}累计完成投资（亿元）", "占年度计划%", "工程形象进度", "签约日期"]
    headings += ["入库（统）时间", "牵头责任单位", "包联领导", "存在问题"]
    rubber: list[Any] = [1, "工业", "特种硅橡胶", "甲公司", "城关", "2024-2026", 5.2, 4.1, 1.8]
    rubber += [0.61 if month else 0.42, "23%", "主体施工", "2024.1.18", "2024-03-20", TOWN, "张"]
    devices: list[Any] = [2, "工业", "智能装备", "乙公司", "张湾", "2024—2025", "3亿", "2.4亿", 1.2]
    devices += [0.3, "25%", "设备安装", "2024/2/6", "2024/4/2", OTHER, "李"]
    street: list[Any] = [3, "文化旅游", "根雕街区", "丙公司", "华埠", "2024-2027", 1.5, 1.1, 0.5]
    street += [None, "0", "前期", "2024-05-08", None, TOWN, "王", "用地指标"]
    total = ["合   计", *[None] * 5, 9.7, 7.6, 3.5, rubber[9] + devices[9]]
    rows: list[Row] = [
        [f"2024年重点招商项目推进情况表（{until}）"],
        ["填报单位：县招商中心", *[None] * 15, "单位：亿元"],
        headings,
        ["一、工业项目（2个）"],
        rubber,
        devices,
        ["二、文旅项目（1个）"],
        street,
        total,
        ["填表人：余敏    审核人：方"],
    ]
    merged = ["A1:Q1", "A2:P2", "A4:Q4", "A7:Q7"]
    return write_register(path, Sheet(f"{5 + month}月", rows, merged=merged))


RUNNING = Layout(
    "a monthly table whose heading names the month so far",
    RUNNING_MAP,
    write_running,
    (
        Month(10, {SIGNED: dec("97000"), INVESTED: dec("7200")}, {"passed_over": 4}),
        # What did not grow is a figure of 0.
        Month(2, {SIGNED: dec("97000"), INVESTED: dec("9100")}, {"passed_over": 4}),
    ),
    ("XM-2024-001", "XM-2024-002", "XM-2024-003"),
)

# 6 and 7. The first ledger as older Excel and WPS save it, and as an OpenDocument table -----------


def _saved_as(ending: str) -> Callable[[Path, int], Path]:
    def write(path: Path, month: int) -> Path:
        saved = DATA / f"by-town-{month + 1}{'.xls' if ending == '.et' else ending}"
        path = path.with_suffix(ending)
        path.write_bytes(saved.read_bytes())
        return path

    return write


OLD_EXCEL = Layout("xls", TOWN_MAP, _saved_as(".xls"), BY_TOWN.months, BY_TOWN.codes)
WPS = Layout("et", TOWN_MAP, _saved_as(".et"), BY_TOWN.months, BY_TOWN.codes)
OPEN_DOCUMENT = Layout("ods", TOWN_MAP, _saved_as(".ods"), BY_TOWN.months, BY_TOWN.codes)

LAYOUTS: Final = (BY_TOWN, PROGRESS, REPORT, TEXT, RUNNING, OLD_EXCEL, WPS, OPEN_DOCUMENT)
