"""The storylines: projects whose lives are told by hand, each for something that the county's rules must get right."""

import random
from datetime import date, datetime
from decimal import Decimal

from commands.demo import names
from commands.demo.days import month_after
from commands.demo.firms import credit_code, lead_person
from commands.demo.life import (
    Fact,
    Life,
    Venture,
    assessed,
    consulted,
    ended,
    entered,
    figure,
    filed,
    land,
    moved,
    plan,
    signed,
    tax,
)
from lifecycle.events.field_types import SHANGHAI


def day(text: str) -> date:
    """A date written YYYY-MM-DD, or MM-DD of 2024."""
    return date.fromisoformat(text if len(text) == 10 else f"2024-{text}")


def tell(
    unit: str,
    at: str,
    name: str,
    investor: str,
    sector: str,
    amounts: tuple[str, str],
    *facts: Fact,
    chains: tuple[str, ...] = (),
    traits: tuple[str, ...] = (),
    ratio: str = "1",
    kind: str = "new",
    site: str = "new_land",
    coded: bool = True,
    government: bool = False,
    standard: bool = False,
    distinct: str | None = None,
    care: int = 100,
) -> Life:
    """A life by hand: who reports what and when, planned investment and fixed assets, then the facts."""
    cities = names.NEAR_CITIES | names.FAR_CITIES | names.HOME
    reported = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    investment, fixed_assets = map(Decimal, amounts)
    venture = Venture(
        unit,
        reported,
        name,
        investor,
        credit_code(cities[investor[:2]], random.Random(investor)) if coded else None,
        sector,
        investment,
        fixed_assets,
        ratio,
        kind,
        traits,
        chains,
        site,
        government,
        standard,
        lead_person(unit, 1),
        distinct,
    )
    return Life(venture, facts, care)


def monthly(first: str, *amounts: str) -> list[Fact]:
    """Figures of consecutive months; an empty amount skips one."""
    return [
        figure(month_after(first, index), amount) for index, amount in enumerate(amounts) if amount
    ]


def taxes(first: str, *amounts: str) -> list[Fact]:
    """Taxes of consecutive months; an empty amount skips one."""
    return [
        tax(month_after(first, index), amount) for index, amount in enumerate(amounts) if amount
    ]


def milestones(**due: str) -> dict[str, date]:
    """The milestones of a plan."""
    return {stage: day(text) for stage, text in due.items()}


def _violation(on: str, finding: str) -> Fact:
    return Fact("ViolationFound", day(on), {"finding": finding})


# fmt: off
def great() -> dict[str, Life]:
    """What the county speaks of: the large signings of 2024 and the projects of earlier years that carry its funds."""
    return {
        "@flagship": tell(
            "驻上海招商组", "2023-11-20T10:05", "硅基新材料一体化产业园项目", "上海璟垣硅材料集团股份有限公司",
            "industrial", ("520000", "380000"), consulted(day("01-18")),
            plan(day("01-25"),
                milestones(signing="2024-03-20", land="2024-05-31", filing="2024-06-20", statistics="2024-08-10",
                           investment="2024-08-31")),
            signed(day("03-12"), "520000", "380000"), moved(day("03-28"), unit="华埠镇"),
            land(day("05-21"), "612.4", "11320"), filed(day("06-07")), entered(day("07-26"), "上海璟垣硅材料开化基地"),
            *monthly("2024-08", "4200.5", "5150", "6280", "7100", "8350"), chains=("silicone",),
            traits=("out_of_province", "listed"),
        ),
        "@solar": tell(
            "驻深圳招商组", "2024-01-15T09:20", "5GW高效光伏组件配套产业园项目", "深圳昱垚光伏科技股份有限公司",
            "industrial", ("230000", "186000"), consulted(day("02-27")),
            plan(day("03-05"),
                milestones(signing="2024-05-10", land="2024-07-31", filing="2024-08-31", statistics="2024-10-31",
                           investment="2024-11-30")),
            signed(day("04-25"), "230000", "186000"), moved(day("05-15"), unit="芹阳办事处"),
            land(day("08-14"), "318", "6360"), filed(day("08-30")), entered(day("11-18")),
            *monthly("2024-11", "2600", "4480.75"), chains=("pv_semiconductor",),
            traits=("out_of_province", "top500_private"),
        ),
        "@zone": tell(
            "驻杭州招商组", "2024-02-20T14:40", "半导体封装基板总部制造基地项目", "杭州岑衡半导体有限公司",
            "industrial", ("125000", "102000"), consulted(day("04-16")),
            plan(day("04-22"), milestones(signing="2024-06-30")), signed(day("06-18"), "125000", "102000"),
            moved(day("07-09"), zone="智造新城"), chains=("pv_semiconductor",), traits=("specialised",),
        ),
        "@polyol": tell(
            "马金镇", "2024-01-22T08:50", "赤藓糖醇精制与无糖饮料灌装项目", "宁波恬屿食品科技有限公司", "industrial",
            ("103000", "86000"), consulted(day("03-05")),
            plan(day("03-12"),
                milestones(signing="2024-04-30", land="2024-07-15", filing="2024-08-05", statistics="2024-10-25",
                           investment="2024-11-30")),
            signed(day("04-18"), "103000", "86000"), land(day("07-03"), "143.5", "2870"), filed(day("07-30")),
            entered(day("10-22")), *monthly("2024-11", "1180", "1460.5"), chains=("sugar_alcohol",),
        ),
        "@sensors": tell(
            "县经信局", "2023-08-10T11:15", "车规级智能传感器产业化项目", "苏州霁澜传感科技有限公司", "industrial",
            ("78000", "62000"), consulted(day("2023-11-23")), signed(day("01-16"), "78000", "62000"),
            land(day("03-22"), "96", "1824"), filed(day("04-12")), entered(day("05-24")),
            *monthly("2024-06", "820", "905.5", "", "1140", "980", "1215", "1330"), chains=("digital_economy",),
            traits=("out_of_province", "specialised"),
        ),
        "@oldmill": tell(
            "池淮镇", "2021-09-06T09:00", "年产10万吨特种硅油扩产一期项目", "嘉兴栎硕硅业有限公司", "industrial",
            ("96000", "72000"), consulted(day("2021-10-20")), signed(day("2021-12-15"), "96000", "74000"),
            land(day("2022-03-30"), "180", "3240"), filed(day("2022-04-22")), entered(day("2022-08-19")),
            *monthly("2022-09", "900", "1350", "1500", "1200", "700", "600", "1500", "1800", "2100", "1900", "2200",
                "1750", "2000", "1600", "1500", "1300", "900", "800", "1650", "1900", "2050", "1700", "2300", "1850",
                "2100", "1950", "1600", "1400"),
            assessed(day("06-18"), "fulfilled", "县经信局"), chains=("silicone",), traits=("state_owned",),
        ),
        "@resort": tell(
            "县文广旅体局", "2023-02-14T15:30", "根宫佛国文化度假区二期项目", "上饶棠溪文旅投资有限公司",
            "cultural_tourism", ("65000", "51000"), consulted(day("2023-04-11")),
            signed(day("2023-06-08"), "65000", "51000"), land(day("2023-10-17"), "210", "5460"),
            filed(day("2023-11-15")), entered(day("01-19")),
            *monthly("2024-01", "", "650", "1180", "1420", "1600", "1350", "1700", "1240.8", "1530", "1660", "1490",
                "1800"),
            Fact("ReviewHeld", day("05-23"), {"findings": "主体结构封顶，古建工艺人员不足，已协调"}),
            traits=("out_of_province",),
        ),
    }


def contested() -> dict[str, Life]:
    """What the rules argue about: exclusions, eligibility at the edge, deferrals, corrections to come."""
    return {
        "@decided": tell(
            "桐村镇", "2024-05-09T16:20", "集换式卡牌印制与防伪包装项目", "义乌拾光印务有限公司", "industrial",
            ("11800", "9600"), consulted(day("06-13")),
            plan(day("06-19"), milestones(signing="2024-08-20", filing="2024-09-20", statistics="2024-11-30")),
            signed(day("08-06"), "11800", "9600"), filed(day("09-11")), entered(day("11-08")),
            *monthly("2024-11", "410", "635"), chains=("cards",), site="standard_factory",
        ),
        "@cleared": tell(
            "池淮镇", "2023-10-18T09:35", "有机硅密封胶智能工厂项目", "温州砺川胶业有限公司", "industrial",
            ("16500", "12800"), consulted(day("2023-12-05")), signed(day("01-30"), "16500", "12800"),
            land(day("04-09"), "32.6", "620"), filed(day("04-26")),
            _violation("06-04", "临时厂棚未批先建，面积约420平方米"),
            Fact("ViolationCleared", day("07-16"), {"finding": "违建厂棚已拆除复绿，县综合行政执法局核验"}),
            entered(day("08-09")), *monthly("2024-08", "860", "", "1120", "745.5", "930"), chains=("silicone",),
        ),
        "@standing": tell(
            "杨林镇", "2024-02-28T10:10", "竹木餐具及可降解餐盒生产项目", "台州植觉环保制品有限公司", "industrial",
            ("7200", "5600"), consulted(day("04-09")),
            plan(day("04-15"), milestones(signing="2024-05-31", filing="2024-07-10", statistics="2024-09-30")),
            signed(day("05-28"), "7200", "5600"), filed(day("07-02")), entered(day("09-19")),
            *monthly("2024-10", "330", "420", "385"), _violation("11-12", "擅自占用河道管理范围堆场，责令整改未完成"),
            site="standard_factory",
        ),
        "@denied": tell(
            "中村乡", "2024-03-14T13:45", "高山云雾茶旅综合体项目", "黄山岫谷茶业有限公司", "cultural_tourism",
            ("6800", "5200"), consulted(day("04-25")), signed(day("06-14"), "6800", "5200"), filed(day("07-19")),
            Fact("RecognitionDenied", day("11-21"),
                {"reason": "实际出资方为县内企业关联主体，领导小组会议决定不予认定"}),
            traits=("out_of_province",), site="idle_revitalised",
        ),
        "@public": tell(
            "县交通运输局", "2024-03-20T09:00", "城乡公交充电基础设施建设项目", "开化通途公交场站有限公司", "other",
            ("8600", "8600"), consulted(day("04-30")), filed(day("06-05")), entered(day("08-23")),
            *monthly("2024-09", "460", "720", "810", "690"), ratio="0", government=True, traits=("state_owned",),
        ),
        "@local": tell(
            "县人力社保局", "2024-02-19T11:00", "铝合金门窗型材智能化项目", "开化匠造门业有限公司", "industrial",
            ("5200", "4100"), consulted(day("03-28")), signed(day("05-16"), "5200", "4100"), filed(day("06-21")),
            entered(day("08-28")), *monthly("2024-09", "280", "315", "350"), ratio="0.35", site="standard_factory",
        ),
        "@upgrade": tell(
            "村头镇", "2023-12-11T08:40", "硅橡胶智能产线技术改造项目", "开化恒橡硅橡胶有限公司", "industrial",
            ("14800", "12600"), consulted(day("01-23")),
            plan(day("01-30"), milestones(signing="2024-03-15", filing="2024-04-15", statistics="2024-06-30")),
            signed(day("03-08"), "14800", "12600"), filed(day("04-02")), entered(day("06-20")),
            *monthly("2024-07", "880", "1020", "1160.5", "950", "1240", "1080"), chains=("silicone",),
            kind="technical_upgrade", ratio="0.1", standard=True,
        ),
        "@patient": tell(
            "苏庄镇", "2024-01-09T10:30", "古田山森林康养度假营地项目", "南昌望岫文旅发展有限公司", "cultural_tourism",
            ("9800", "7600"), consulted(day("02-22"), "rejected"), consulted(day("03-28"), "deferred"),
            consulted(day("05-09")),
            plan(day("05-15"), milestones(signing="2024-06-25", filing="2024-08-31", statistics="2024-10-31")),
            plan(day("08-12"),
                milestones(filing="2024-10-15", statistics="2024-12-20"), "生态红线避让，规划方案重新报批"),
            signed(day("06-20"), "9800", "7600"), filed(day("10-10")), entered(day("12-17"), late=24),
            figure("2024-12", "260"), traits=("out_of_province",), site="idle_revitalised",
        ),
        "@given_up": tell(
            "林山乡", "2024-01-25T14:15", "金刚线母线智能制造项目", "合肥铂砺线材有限公司", "industrial",
            ("23000", "18600"), consulted(day("03-07")),
            plan(day("03-13"),
                milestones(signing="2024-04-20", land="2024-05-31", filing="2024-06-30", statistics="2024-09-30")),
            signed(day("04-16"), "23000", "18600"), ended(day("10-23"), "投资方实控人变更，县政府与企业协商解除协议"),
            chains=("pv_semiconductor",), traits=("out_of_province",),
        ),
        "@never": tell("县财政局", "2024-04-11T09:50", "绿色金融后台结算中心", "深圳衡笙商务服务有限公司", "service", ("32000", "9000")),
        "@payer": tell(
            "县财政局", "2023-06-15T10:00", "大宗贸易结算总部", "上海汇砚供应链管理有限公司", "service",
            ("5000", "300"), consulted(day("2023-07-18")), signed(day("2023-08-22"), "5000", "300"),
            *taxes("2023-10", "6.2", "8.15", "9.3"),
            *taxes("2024-01", "14.6", "", "22.35", "18.9", "25.4", "21.07", "26.8", "19.55", "24.3", "28.12", "22.6",
                "31.45"),
            assessed(day("11-13"), "fulfilled", "县发改局", "written"), traits=("out_of_province",),
        ),
        "@homes": tell(
            "县住建局", "2023-07-04T09:10", "芹江望府住宅地块开发项目", "杭州泊砚置业有限公司", "real_estate",
            ("86000", "64000"), consulted(day("2023-08-29")), signed(day("2023-10-12"), "86000", "64000"),
            land(day("01-10"), "78.4", "38600", "11580"), filed(day("02-21")), entered(day("04-17")),
            *monthly("2024-04", "900", "1450", "2100", "1870", "2300", "1960", "2240"),
        ),
        "@balanced": tell(
            "县住建局", "2023-05-22T15:05", "高铁新城酒店与商业综合体项目", "金华筑泰城市发展有限公司",
            "real_estate_balanced", ("48000", "36000"), consulted(day("2023-06-29")),
            signed(day("2023-08-17"), "48000", "36000"), land(day("2023-11-21"), "52", "15600"),
            filed(day("2023-12-20")), entered(day("03-15")), figure("2024-03", "700", self_held="420"),
            figure("2024-05", "1260", self_held="900", self_held_state_share="270"),
            figure("2024-07", "1480", self_held="1015.5", self_held_state_share="304.65"),
            figure("2024-10", "1890", self_held="1300", self_held_state_share="390"),
        ),
        "@fish": tell(
            "何田乡", "2024-01-17T10:25", "清水鱼生态循环养殖示范项目", "衢州渌川渔业有限公司", "agricultural",
            ("2600", "1800"), consulted(day("03-19")),
            plan(day("03-25"), milestones(signing="2024-04-30", filing="2024-05-31", statistics="2024-07-31")),
            signed(day("04-24"), "2600", "1800"), filed(day("05-28")), site="idle_revitalised",
        ),
        "@fish_again": tell(
            "长虹乡", "2024-06-03T09:40", "清水鱼生态循环养殖示范项目", "衢州渌川渔业有限公司", "agricultural",
            ("3400", "2500"), consulted(day("07-11")),
            plan(day("07-17"), milestones(signing="2024-08-31", filing="2024-10-10", statistics="2024-11-30")),
            signed(day("08-22"), "3400", "2500"), filed(day("09-27")), entered(day("11-21")),
            *monthly("2024-11", "190", "240.6"), distinct="同一企业在不同乡镇分别建设养殖基地，各自备案、各自入库",
        ),
        "@slow": tell(
            "大溪边乡", "2022-06-21T11:30", "红高粱酿造与乡村工坊项目", "绍兴稷上酒业有限公司", "agricultural",
            ("4800", "3600"), consulted(day("2022-08-09")), signed(day("2022-09-27"), "4800", "3600"),
            filed(day("2022-12-08")), entered(day("2023-04-20")),
            *monthly("2023-05", "160", "240", "", "310", "", "220", "180", ""),
            *monthly("2024-02", "150", "90", "", "200"), assessed(day("06-13"), "unfulfilled", "县农业农村局"),
        ),
        "@shadow": tell(
            "音坑乡", "2024-02-06T15:50", "下淤艺术乡村研学基地", "厦门鹿屿文化创意有限公司", "cultural_tourism",
            ("5600", "4300"), consulted(day("03-21")),
            plan(day("03-27"), milestones(signing="2024-05-15", filing="2024-07-15", statistics="2024-09-15")),
            signed(day("05-10"), "5600", "4300"), filed(day("07-05")), entered(day("09-06")),
            *monthly("2024-09", "380", "455", "510", "425"), traits=("out_of_province",), coded=False,
            site="idle_revitalised",
        ),
    }
# fmt: on
