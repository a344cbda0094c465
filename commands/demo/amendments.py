"""What the clerks got wrong and put right: corrections of every sort, late and early, and what chance adds."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from commands.demo.book import Book, Draft
from commands.demo.days import LAST_RECORDING, working_from

Drafts = dict[str, Draft]
_CENTRE, _GROUP = "县招商投资促进中心方宏伟", "县招商引资工作领导小组"


class Amendment(NamedTuple):
    """Which draft was wrong (story or unit, then what), when it was corrected, what replaces it (None voids), why."""

    whose: str
    what: str
    on: str
    replacement: dict[str, object] | None
    reason: str
    by: str = _CENTRE


_UNITS = "units"
_AGREEMENT = {
    "name": "投资协议（盖章件）.pdf",
    "sha256": sha256("硅基新材料一体化产业园项目投资协议".encode()).hexdigest(),
}

AMENDMENTS = (
    Amendment(
        "@oldmill",
        "InvestmentReported:2024-06",
        "2024-08-06",
        {"fixed_assets": "1070"},
        "统计局核减：重复计入设备款",
    ),
    Amendment(
        "@oldmill",
        "InvestmentReported:2024-06",
        "2024-09-10",
        {"fixed_assets": "1073.5"},
        "复核后调整尾数",
    ),
    Amendment(
        "@sensors",
        "InvestmentReported:2024-09",
        "2024-10-25",
        {"month": "2024-08"},
        "月份录入错误，应为8月数据",
    ),
    Amendment(
        "@payer", "TaxPaid:2024-03", "2024-04-22", {"month": "2024-02"}, "税款所属入库月份应为2月"
    ),
    Amendment(
        "@decided",
        "InformationReported",
        "2024-08-28",
        {"reporting_unit": "音坑乡"},
        "音坑乡主张报送在先，领导小组8月27日会议裁定首报单位为音坑乡",
        _GROUP,
    ),
    Amendment(
        "@upgrade",
        "StatisticsEntered",
        "2024-09-12",
        {"occurred_on": "2024-07-02"},
        "以统计局入库批次日期为准",
    ),
    Amendment(
        "@cleared",
        "AgreementSigned",
        "2024-05-20",
        {"contract_fixed_assets": "12080"},
        "合同金额录入时数字颠倒",
    ),
    Amendment(
        "@local",
        "InformationReported",
        "2024-12-18",
        {"outside_ratio": "0.25"},
        "审计核实出资证明，县外投资比例不足30%",
    ),
    Amendment(
        "@resort",
        "InformationReported",
        "2024-07-24",
        {"investor_traits": ["out_of_province", "state_owned"]},
        "补充认定投资主体国有控股",
    ),
    Amendment(
        "@homes",
        "LandAcquired",
        "2024-11-26",
        {"county_state_share": "13510"},
        "联合竞得方中县内国资出资比例更正为35%",
    ),
    Amendment(
        "@flagship",
        "AgreementSigned",
        "2024-03-26",
        {"source_ref": "开招协〔2024〕3号", "evidence": [_AGREEMENT]},
        "补充协议文号和附件",
    ),
    Amendment(
        "@slow",
        "PerformanceAssessed",
        "2024-07-09",
        {"method": "on_site", "note": "企业对书面结论有异议，已实地复核，结论不变"},
        "补记复核方式",
    ),
    Amendment(
        _UNITS,
        "马金镇/ActivityHeld",
        "2025-01-06",
        {"led_by_head": False},
        "带队人为分管领导，主要负责人未参加",
    ),
    Amendment(
        _UNITS,
        "驻深圳招商组/RoutineAssessed/2024-05",
        "2024-06-20",
        {"points": "-0.1"},
        "评分汇总表抄录错误",
    ),
    Amendment(
        _UNITS, "何田乡/black/2024-10", "2024-11-22", None, "申诉成立：当月滞后系不可抗力，撤销列入"
    ),
    Amendment(
        _UNITS,
        "monthly_consultation/2024-08-16",
        "2024-08-23",
        {"occurred_on": "2024-08-15"},
        "会议实际提前一天召开",
    ),
    Amendment(
        _UNITS,
        "驻北京招商组/funds_in_place",
        "2024-04-09",
        {"amount": "8000"},
        "任务分解表征求意见后调整",
        _GROUP,
    ),
)


def write(book: Book, stories: Mapping[str, Drafts], walks: list[Drafts], seed: int) -> None:
    """Draft the corrections of stories, units and county, a void that is itself voided, and those of chance."""
    for amendment in AMENDMENTS:
        wrong = stories[amendment.whose][amendment.what]
        book.correct(
            wrong,
            date.fromisoformat(amendment.on),
            amendment.replacement,
            amendment.reason,
            amendment.by,
        )
    _void_of_a_void(book, stories["@polyol"])
    _wrong_project(book, stories["@polyol"])
    _twice_alike(book)
    _by_chance(book, walks, random.Random(f"{seed}/amendments"))


def _void_of_a_void(book: Book, drafts: Drafts) -> None:
    """The land was struck out by mistake, and the striking out struck out in its turn."""
    void = book.correct(
        drafts["LandAcquired"], date(2024, 8, 6), None, "误认为系另一宗地成交记录", _CENTRE
    )
    book.correct(void, date(2024, 8, 20), None, "经自然资源部门核对，原摘牌记录无误，恢复", _CENTRE)


def _wrong_project(book: Book, drafts: Drafts) -> None:
    """A transfer entered under the wrong project, and voided."""
    stream, day = drafts["InformationReported"].stream, date(2024, 9, 4)
    transfer = book.note("ProjectTransferred", stream, day, day, {"to_unit": "县经信局"})
    book.correct(transfer, date(2024, 9, 11), None, "流转审批单属另一项目，误录入本项目", _CENTRE)


def _twice_alike(book: Book) -> None:
    """Two facts alike in everything: a note tells the fairs of one day apart, a key the visits of another."""
    for note in ("上午场", "下午场"):
        fair: dict[str, object] = {
            "activity": "在义乌举办跨境电商企业专场推介会",
            "led_by_head": True,
            "note": note,
        }
        book.note("ActivityHeld", {"unit": "县商务局"}, date(2024, 9, 25), date(2024, 9, 26), fair)
    for number in (1, 2):
        visit: dict[str, object] = {
            "activity": "赴上海拜访食品饮料企业",
            "led_by_head": True,
            "key": f"huabu-2024-0522-{number}",
        }
        book.note("ActivityHeld", {"unit": "华埠镇"}, date(2024, 5, 22), date(2024, 5, 23), visit)


def _by_chance(book: Book, walks: list[Drafts], rng: random.Random) -> None:
    """Amounts of a few other projects, found wrong a month or more later."""
    figures = [
        draft
        for drafts in walks
        for draft in drafts.values()
        if draft.event == "InvestmentReported"
    ]
    for wrong in rng.sample(
        [draft for draft in dict.fromkeys(figures) if draft.at.year == 2024], 6
    ):
        day = working_from(wrong.at.date() + timedelta(days=rng.randint(20, 75)))
        amount = f"{rng.randint(9000, 60000) / 100:.2f}".rstrip("0").rstrip(".")
        if day <= LAST_RECORDING:
            book.correct(
                wrong, day, {"fixed_assets": amount}, "统计联网直报数据核对后更正", _CENTRE
            )
