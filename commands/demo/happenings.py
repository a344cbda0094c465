"""What happened to units and the county in the demo's 2024, written by hand: boards, awards, targets, meetings.

A project is named by the story it plays in, such as @flagship.
"""

from collections.abc import Mapping

from commands.demo.names import UNITS

Row = tuple[str, str, Mapping[str, object]]

BOARDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # month: red, black
    "2024-01": (("华埠镇", "县经信局", "县住建局", "驻上海招商组"), ()),
    "2024-02": (("池淮镇", "县文广旅体局", "县住建局", "驻杭州招商组"), ()),
    "2024-03": (("华埠镇", "县文广旅体局", "县住建局", "驻北京招商组"), ("杨林镇", "县交通运输局")),
    "2024-04": (("华埠镇", "县文广旅体局", "县住建局", "驻深圳招商组"), ("大溪边乡",)),
    "2024-05": (("华埠镇", "县经信局", "县住建局", "驻北京招商组"), ("驻深圳招商组",)),
    "2024-06": (("华埠镇", "县经信局", "县住建局", "驻上海招商组"), ("大溪边乡", "县交通运输局")),
    "2024-07": (
        ("华埠镇", "县经信局", "县住建局", "驻上海招商组"),
        ("县交通运输局", "驻北京招商组"),
    ),
    "2024-08": (("华埠镇", "县经信局", "县住建局", "驻上海招商组"), ("驻北京招商组",)),
    "2024-09": (("华埠镇", "县经信局", "县住建局", "驻上海招商组"), ("林山乡",)),
    "2024-10": (
        ("华埠镇", "县经信局", "县住建局", "驻上海招商组"),
        ("林山乡", "何田乡", "县科技局"),
    ),
    "2024-11": (("华埠镇", "县经信局", "县住建局", "驻上海招商组"), ()),
    "2024-12": (
        ("华埠镇", "县经信局", "县住建局", "驻上海招商组"),
        ("大溪边乡", "县商务局", "县交通运输局", "驻北京招商组"),
    ),
}

AWARDS: tuple[Row, ...] = (
    ("华埠镇", "2024-06-28", {"title": "招商能手", "person": "江春晖"}),
    ("县经信局", "2024-06-28", {"title": "双招双引能手", "person": "詹振宇"}),
    ("马金镇", "2024-09-27", {"title": "招商能手", "person": "叶明珠"}),
    ("县财政局", "2024-12-27", {"title": "双招双引能手", "person": "夏思远"}),
    ("县人力社保局", "2024-12-27", {"title": "招商能手", "person": "宋立军"}),
)

FORUMS: tuple[Row, ...] = (
    ("县市场监管局", "2024-04-18", {"activity": "承办“知识产权助企”招商沙龙", "led_by_head": True}),
)

SECONDED: tuple[Row, ...] = (
    ("县发改局", "2024-03-18", {"person": "方文斌", "group": "area_group"}),
    ("县发改局", "2024-03-18", {"person": "余丽君", "group": "landing_group"}),
    ("县经信局", "2024-03-18", {"person": "程俊杰", "group": "landing_group"}),
    ("县自然资源和规划局", "2024-03-18", {"person": "张忠华", "group": "landing_group"}),
    ("县自然资源和规划局", "2024-03-18", {"person": "吴佳颖", "group": "landing_group"}),
    ("县自然资源和规划局", "2024-04-08", {"person": "徐正阳", "group": "area_group"}),
    (
        "县自然资源和规划局",
        "2024-08-12",
        {"person": "邹海燕", "group": "area_group"},
    ),  # a fourth: the bonus ends at 15
    ("县住建局", "2024-03-18", {"person": "童国良", "group": "landing_group"}),
    ("县市场监管局", "2024-03-20", {"person": "鲁慧芳", "group": "area_group"}),
    ("县商务局", "2024-03-20", {"person": "金旭东", "group": "area_group"}),
    ("芹阳办事处", "2024-03-20", {"person": "廖伟民", "group": "area_group"}),
    ("池淮镇", "2024-03-20", {"person": "占雪梅", "group": "area_group"}),
    ("音坑乡", "2024-03-20", {"person": "汪成龙", "group": "area_group"}),
    ("马金镇", "2024-07-15", {"person": "郑建平", "group": "area_group"}),
    (
        "马金镇",
        "2024-11-04",
        {"person": "郑建平", "group": "landing_group"},
    ),  # the same person again: counted once
)

FAILURES: tuple[Row, ...] = (
    (
        "县自然资源和规划局",
        "2024-05-16",
        {"failure": "not_first_time", "about_project": "@flagship"},
    ),
    ("县自然资源和规划局", "2024-09-05", {"failure": "absent_from_decision"}),
    ("县住建局", "2024-07-24", {"failure": "not_first_time", "about_project": "@homes"}),
    ("县市场监管局", "2024-10-17", {"failure": "absent_from_decision"}),
    ("池淮镇", "2024-06-27", {"failure": "absent_from_decision"}),
    ("池淮镇", "2024-11-05", {"failure": "not_first_time", "about_project": "@cleared"}),
)

SUPPORTED: tuple[Row, ...] = (
    ("县发改局", "2024-07-08", {"about_project": "@flagship"}),
    ("华埠镇", "2024-07-08", {"about_project": "@flagship"}),
    ("县经信局", "2024-07-08", {"about_project": "@solar"}),
    ("芹阳办事处", "2024-10-14", {"about_project": "@solar"}),
    ("县住建局", "2024-10-14", {"about_project": "@solar"}),
)

INDICATORS: tuple[Row, ...] = (
    (
        "驻杭州招商组",
        "2024-12-31",
        {
            "indicator": "visits",
            "period": "2024",
            "actual": "186",
            "target": "160",
            "unit_of_measure": "家",
        },
    ),
    (
        "驻上海招商组",
        "2024-12-31",
        {
            "indicator": "visits",
            "period": "2024",
            "actual": "143",
            "target": "160",
            "unit_of_measure": "家",
        },
    ),
    (
        "驻深圳招商组",
        "2024-12-31",
        {
            "indicator": "visits",
            "period": "2024",
            "actual": "121",
            "target": "120",
            "unit_of_measure": "家",
        },
    ),
    (
        "驻北京招商组",
        "2024-06-30",
        {
            "indicator": "visits",
            "period": "2024-Q2",
            "actual": "19",
            "target": "30",
            "unit_of_measure": "家",
        },
    ),
    (
        "驻北京招商组",
        "2024-09-30",
        {
            "indicator": "visits",
            "period": "2024-Q3",
            "actual": "24",
            "target": "30",
            "unit_of_measure": "家",
        },
    ),
    (
        "县商务局",
        "2024-05-31",
        {
            "indicator": "foreign_signings",
            "period": "2024-05",
            "actual": "1",
            "shared_by": 2,
            "unit_of_measure": "个",
        },
    ),
    (
        "县经信局",
        "2024-05-31",
        {
            "indicator": "foreign_signings",
            "period": "2024-05",
            "actual": "1",
            "shared_by": 2,
            "unit_of_measure": "个",
        },
    ),
)

TARGETS = {
    "funds_in_place": "360000",
    "signed_10000": "20",
    "signed_100000": "5",
    "signed_200000": "2",
    "signed_500000": "1",
}
_SHARES = {
    "industry": 3000,
    "mixed": 2000,
    "green": 1200,
    "tourism": 2000,
    "farming": 1500,
    "service": 800,
    "building": 2500,
}
_OUTPOST_TARGETS = {
    "驻杭州招商组": "30000",
    "驻上海招商组": "26000",
    "驻深圳招商组": "20000",
    "驻北京招商组": "10000",
}
UNIT_TARGETS = {
    unit.name: _OUTPOST_TARGETS.get(unit.name, str(_SHARES[unit.flavour] * unit.drive))
    for unit in UNITS
}

MEETINGS: tuple[tuple[str, str, str | None], ...] = (
    ("2024-01-12", "monthly_consultation", "梳理上年结转项目，明确一季度签约清单"),
    ("2024-02-23", "monthly_consultation", "研究硅基新材料一体化项目用地、用能和环境容量"),
    ("2024-03-08", "ad_hoc", "专题研究总投资52亿元硅基新材料一体化项目投资协议"),
    ("2024-03-15", "monthly_consultation", "部署五单管理，首批交办任务"),
    ("2024-03-29", "quarterly_joint", "通报一季度进展，调度未签约项目"),
    ("2024-04-19", "monthly_consultation", "研究高效光伏组件配套项目落户方案"),
    ("2024-05-17", "monthly_consultation", "协调摘牌地块征迁扫尾"),
    ("2024-06-14", "monthly_consultation", "通报入库进度，督办逾期备案项目"),
    ("2024-06-28", "quarterly_joint", "通报二季度进展，研究跨区域流转项目利益分享"),
    (
        "2024-07-05",
        "half_year_promotion",
        "全县招商工作推进会：上半年通报，华埠镇、县经信局作交流发言",
    ),
    ("2024-07-19", "monthly_consultation", "研究标准厂房腾挪"),
    ("2024-08-16", "monthly_consultation", "分析糖醇产业链项目"),
    ("2024-08-27", "ad_hoc", "裁定项目信息首报单位争议"),
    ("2024-09-20", "monthly_consultation", "调度四季度集中签约"),
    ("2024-09-27", "quarterly_joint", "通报三季度进展，约谈连续列入黑榜单位"),
    ("2024-10-18", "monthly_consultation", "研究文旅存量资源盘活"),
    ("2024-11-15", "monthly_consultation", "冲刺年度目标，逐个过堂在建项目"),
    ("2024-11-21", "ad_hoc", "研究不予认定项目"),
    ("2024-12-13", "monthly_consultation", "核对年度到位资金"),
    ("2024-12-27", "quarterly_joint", "通报四季度进展"),
    ("2024-12-30", "half_year_promotion", "全县招商工作推进会：下半年通报"),
    ("2024-12-31", "annual_summary", None),
)
