"""The words of the demo county: its units, and the invented people, firms and undertakings."""

from typing import NamedTuple


class Unit(NamedTuple):
    """A unit under assessment; flavour and drive (1 to 5) shape what happens to it, projects per year 2021 to 2024."""

    name: str
    sequence: str
    category: str
    flavour: str
    drive: int
    projects: tuple[int, int, int, int]


TOWNSHIPS, ECONOMIC, GENERAL, OUTPOSTS = "乡镇（办事处）", "经济部门", "综合部门", "驻外招商组"

UNITS = (
    Unit("华埠镇", TOWNSHIPS, "township", "industry", 5, (3, 0, 4, 3)),
    Unit("马金镇", TOWNSHIPS, "township", "mixed", 4, (1, 1, 1, 1)),
    Unit("池淮镇", TOWNSHIPS, "township", "industry", 4, (1, 2, 2, 2)),
    Unit("村头镇", TOWNSHIPS, "township", "industry", 3, (1, 1, 1, 1)),
    Unit("桐村镇", TOWNSHIPS, "township", "mixed", 3, (0, 1, 2, 2)),
    Unit("杨林镇", TOWNSHIPS, "township", "mixed", 2, (0, 1, 1, 1)),
    Unit("苏庄镇", TOWNSHIPS, "township", "green", 3, (1, 1, 2, 2)),
    Unit("齐溪镇", TOWNSHIPS, "township", "green", 4, (1, 1, 1, 2)),
    Unit("林山乡", TOWNSHIPS, "township", "mixed", 2, (0, 1, 1, 1)),
    Unit("音坑乡", TOWNSHIPS, "township", "mixed", 4, (1, 1, 2, 1)),
    Unit("中村乡", TOWNSHIPS, "township", "green", 2, (0, 1, 1, 1)),
    Unit("长虹乡", TOWNSHIPS, "township", "green", 3, (0, 1, 1, 2)),
    Unit("何田乡", TOWNSHIPS, "township", "green", 1, (0, 0, 1, 1)),
    Unit("大溪边乡", TOWNSHIPS, "township", "green", 1, (0, 0, 1, 1)),
    Unit("芹阳办事处", TOWNSHIPS, "township", "industry", 4, (2, 3, 2, 2)),
    Unit("县发改局", ECONOMIC, "department", "mixed", 3, (1, 1, 2, 3)),
    Unit("县经信局", ECONOMIC, "department", "industry", 5, (1, 2, 2, 2)),
    Unit("县商务局", ECONOMIC, "department", "service", 4, (1, 1, 2, 3)),
    Unit("县农业农村局", ECONOMIC, "department", "farming", 4, (1, 2, 2, 2)),
    Unit("县文广旅体局", ECONOMIC, "department", "tourism", 4, (1, 1, 1, 3)),
    Unit("县科技局", ECONOMIC, "department", "industry", 2, (0, 1, 1, 2)),
    Unit("县财政局", GENERAL, "department", "service", 3, (0, 0, 1, 2)),
    Unit("县自然资源和规划局", GENERAL, "department", "mixed", 3, (0, 1, 1, 2)),
    Unit("县住建局", GENERAL, "department", "building", 3, (0, 1, 1, 1)),
    Unit("县市场监管局", GENERAL, "department", "service", 2, (0, 1, 1, 2)),
    Unit("县人力社保局", GENERAL, "department", "service", 2, (0, 0, 0, 2)),
    Unit("县交通运输局", GENERAL, "department", "service", 1, (0, 1, 1, 1)),
    Unit("驻杭州招商组", OUTPOSTS, "outpost_group", "industry", 5, (1, 2, 2, 3)),
    Unit("驻上海招商组", OUTPOSTS, "outpost_group", "industry", 4, (1, 1, 2, 3)),
    Unit("驻深圳招商组", OUTPOSTS, "outpost_group", "industry", 3, (0, 1, 2, 3)),
    Unit("驻北京招商组", OUTPOSTS, "outpost_group", "mixed", 2, (0, 1, 2, 2)),
)

FLAVOURS = {  # weights of: a chain's industry, other industry, tourism, farming, service, the rest
    "industry": (12, 4, 0, 0, 2, 1),
    "mixed": (5, 4, 3, 3, 2, 1),
    "green": (1, 1, 7, 6, 1, 1),
    "tourism": (0, 0, 8, 0, 2, 0),
    "farming": (1, 0, 0, 8, 1, 0),
    "service": (2, 1, 0, 0, 8, 1),
    "building": (0, 2, 1, 0, 1, 5),
}

CLERKS = ("余晓岚", "汪志远", "方雅琴", "郑凯文", "程思雨", "江云帆", "詹丽萍")
OFFICERS = ("徐立新", "姚建明", "余国庆")
DIRECTORS = ("县招商投资促进中心主任方宏伟", "分管副县长程国栋", "县招商引资工作领导小组")
SURNAMES = "余汪方徐郑程江张吴叶詹姚夏鲁宋金廖占邹童"
GIVEN = (
    "建平", "志强", "晓东", "海燕", "国良", "秀英", "永红", "文斌", "丽君", "俊杰", "雪梅", "成龙", "慧芳", "忠华",
    "立军", "春晖", "明珠", "振宇", "小玲", "伟民", "旭东", "佳颖", "正阳", "爱国", "思远",
)  # fmt: skip

NEAR_CITIES = {
    "杭州": "330106", "宁波": "330203", "温州": "330302", "嘉兴": "330402", "湖州": "330502", "绍兴": "330602",
    "金华": "330702", "义乌": "330782", "台州": "331002", "衢州": "330802",
}  # fmt: skip
FAR_CITIES = {
    "上海": "310115", "苏州": "320505", "深圳": "440305", "广州": "440106", "南京": "320106", "合肥": "340104",
    "厦门": "350203", "北京": "110108", "武汉": "420106", "上饶": "361102", "南昌": "360102", "黄山": "341002",
}  # fmt: skip
HOME = {"开化": "330824"}
BRANDS = (
    "澜屿", "砚禾", "朗垚", "启榕", "沐垣", "弘穗", "炜宸", "乾岑", "泓旸", "睿蒲", "景岫", "昊樾", "铭禹", "瑾川",
    "臻禾", "恺望", "翊衡", "霁源", "岚桥", "柏聿", "知屿", "森昱", "锦嵘", "元杉", "星榆", "鹿鸣涧", "云秣", "越岑",
    "拓野", "盈峤", "凌砺", "予白", "棠溪谷", "赫川", "笃行", "清屿", "望岳台", "百泽", "汇砾", "聚岚", "晟桦",
    "谷雨集", "隽禾", "穹宇格", "钧石", "漱玉", "逸岭", "同舟达", "初晴", "叠翠", "方塬", "珩远", "嘉禾垅", "远岫",
    "照野", "鼎峤", "岱青", "禹畴",
)  # fmt: skip

CHAIN_GOODS = {
    "silicone": (
        "新材料有限公司",
        ("硅烷偶联剂", "乙烯基硅油", "液体硅橡胶", "混炼硅橡胶", "硅基导热界面材料", "有机硅密封胶", "苯基硅树脂",
         "气相白炭黑", "氨基硅油乳液", "特种硅油", "硅橡胶医用制品", "有机硅防水剂", "硅基阻燃母粒", "环体硅氧烷"),
        "年产{n}吨{p}", (800, 1200, 2000, 3000, 5000, 8000, 10000, 15000, 20000),
    ),
    "sugar_alcohol": (
        "食品科技有限公司",
        ("赤藓糖醇", "木糖醇", "麦芽糖醇", "阿洛酮糖", "无糖气泡饮料", "低聚木糖", "无糖植物饮", "功能性软糖",
         "结晶山梨糖醇", "零糖茶饮", "益生元固体饮料", "无糖烘焙预拌粉"),
        "年产{n}吨{p}生产线", (1000, 2500, 5000, 6000, 12000, 30000, 50000),
    ),
    "pv_semiconductor": (
        "光电科技有限公司",
        ("光伏组件边框", "光伏焊带", "光伏背板膜", "碳化硅衬底片", "半导体封装基板", "金刚线母线", "光伏接线盒",
         "储能逆变器模组", "单晶硅辅材", "石英坩埚", "半导体清洗部件", "光伏封装胶膜"),
        "年产{n}万套{p}", (20, 50, 80, 120, 200, 500),
    ),
    "cards": (
        "文化用品有限公司",
        ("集换式卡牌", "主题卡牌礼盒", "纪念卡套装", "文创卡册", "防伪镭射卡包", "桌游周边", "收藏卡砖"),
        "年产{n}万盒{p}印制", (300, 500, 800, 1200, 2000),
    ),
    "digital_economy": (
        "数字科技有限公司",
        ("智能传感器", "边缘计算模块", "智能终端结构件", "车载显示模组", "工业控制模块", "物联网水表", "无人机零部件"),
        "年产{n}万件{p}", (10, 30, 60, 100, 150),
    ),
}  # fmt: skip
PLAIN_GOODS = (
    "实业有限公司",
    ("薄膜包材", "精密铸件", "户外折叠家具", "竹木餐具", "汽车内饰件", "净水滤芯", "医用敷料", "铝合金门窗型材",
     "电动工具配件", "无纺布制品", "微型轴承", "宠物用品", "可降解餐盒", "智能锁具"),
    "年产{n}万件{p}", (15, 40, 60, 100, 300, 800),
)  # fmt: skip
TOURISM = (
    "文旅发展有限公司",
    ("根宫佛国", "花牵谷", "白石尖", "钱江源", "高田坑", "台回山", "霞山古村", "九溪龙门", "龙潭口", "七彩长虹", "汶山",
     "下淤村", "江源古道"),
    ("夜游光影", "研学营地", "星空露营地", "度假民宿群", "亲水运动公园", "非遗文创街区", "森林康养基地", "低空飞行体验",
     "开化纸手作体验园", "红色旅游综合体"),
)  # fmt: skip
FARMING = (
    "农业开发有限公司",
    ("清水鱼", "龙顶茶", "高产油茶", "中华蜂", "高山蔬菜", "黑木耳", "三叶青", "石斛", "土鸡", "猕猴桃", "金丝皇菊",
     "优质稻"),
    ("种养示范基地", "精深加工", "产业融合园", "冷链初加工中心", "良种繁育基地"),
)  # fmt: skip
SERVICE = (
    "商务服务有限公司",
    ("总部贸易", "网络货运平台", "直播电商", "跨境电商", "工业检验检测", "人力资源", "供应链管理", "数据标注",
     "软件信息", "文化创意设计", "金融后台", "数字营销", "云仓物流", "会展"),
    ("结算中心", "运营中心", "区域总部", "服务基地"),
)  # fmt: skip
REST = {
    "real_estate": (
        "置业有限公司", ("芹江", "岙滩", "凤凰山", "城东", "玉屏"), ("住宅开发", "住宅二期开发", "花园洋房开发"),
    ),
    "real_estate_balanced": (
        "城市发展有限公司", ("南湖", "江滨", "高铁新城"),
        ("商业综合体", "酒店与住宅组团", "邻里中心与住宅", "会展酒店组团"),
    ),
    "other": (
        "产业有限公司", ("朝阳片区", "经开区", "城西", "金星", "火车站"),
        ("医养结合中心", "充换电综合服务站", "职业技能培训学校", "绿色建材配送中心"),
    ),
}  # fmt: skip
