"""Where an investor is registered, from the unified social credit code (GB 32100)."""

from __future__ import annotations

from typing import Final

# The first two digits of an area's code (GB/T 2260).
PROVINCES: Final = {
    "11": "北京",
    "12": "天津",
    "13": "河北",
    "14": "山西",
    "15": "内蒙古",
    "21": "辽宁",
    "22": "吉林",
    "23": "黑龙江",
    "31": "上海",
    "32": "江苏",
    "33": "浙江",
    "34": "安徽",
    "35": "福建",
    "36": "江西",
    "37": "山东",
    "41": "河南",
    "42": "湖北",
    "43": "湖南",
    "44": "广东",
    "45": "广西",
    "46": "海南",
    "50": "重庆",
    "51": "四川",
    "52": "贵州",
    "53": "云南",
    "54": "西藏",
    "61": "陕西",
    "62": "甘肃",
    "63": "青海",
    "64": "宁夏",
    "65": "新疆",
    "71": "台湾",
    "81": "香港",
    "82": "澳门",
}
WITHOUT_CODE: Final = "未填信用代码"
REGISTERED_NATIONALLY: Final = "国家级登记"


def registered_in(credit_code: str | None) -> str:
    """The province where the investor is registered; what stands in its place without a code."""
    if not credit_code:
        return WITHOUT_CODE
    # Two characters for the registering office and the kind of body stand before the area's code.
    # Bodies registered by a national office have 100000 there.
    return PROVINCES.get(credit_code[2:4], REGISTERED_NATIONALLY)
