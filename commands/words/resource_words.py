"""Chinese headings and texts of the resource list (资源清单) in workbooks and on pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from commands.words.vocabulary_words import word
from lifecycle.events.field_types import plain

RESOURCE_LIST: Final = "资源清单"
CODE: Final = "资源编号"
KIND: Final = "资源类型"
NAME: Final = "资源名称"
LOCATION: Final = "位置"
LAND: Final = "土地面积"
FLOORS: Final = "建筑面积"
FREE_LAND: Final = "可供土地"
FREE_FLOORS: Final = "可供建筑面积"
INDUSTRIES: Final = "适宜产业"
PRICE: Final = "价格"
AVAILABLE_ON: Final = "可供日期"
STATUS: Final = "使用状态"
ALLOTMENTS: Final = "落地项目及依据"
SUM_OF_OFFERED: Final = "合计（不含已出库）"
MU: Final = "亩"
M2: Final = "平方米"


def resource_list_title(county: str, as_of: str) -> str:
    """The title of the worksheet."""
    return f"{county}招商资源清单（截至{as_of}）"


def price_text(price: str | None, price_per: str | None) -> str:
    """What a resource costs; empty where the list does not say."""
    if price is None or price_per is None:
        return ""
    return f"{word(price_per)}{price}万元"


def areas_text(mu: Decimal, floor_m2: Decimal) -> str:
    """An area of land and one of floors, without those that are 0."""
    texts = []
    if mu:
        texts.append(f"{plain(mu)}{MU}")
    if floor_m2:
        texts.append(f"{plain(floor_m2)}{M2}")
    return "、".join(texts)


def land_text(free: str, listed: str) -> str:
    """How much land of a location is free."""
    return f"土地可供 {free} 亩，共 {listed} 亩"


def floors_text(free: str, listed: str) -> str:
    """How much floor area of a location is free."""
    return f"建筑可供 {free} 平方米，共 {listed} 平方米"


def ground_text(day: str, event: str, source_ref: str | None) -> str:
    """What an allotment rests on: its day, its record, its document."""
    ground = f"{day}，记录{event}"
    return f"{ground}，{source_ref}" if source_ref else ground
