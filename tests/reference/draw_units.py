"""Fields of unit and county events to draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .book import Book, Fields
from .schema import CATEGORIES, MEETINGS

UNITS = ("华埠镇", "驻外一组", "县经信局", "片区一组", "落地服务组", "桐村镇", "小分队")
SEQUENCES = ("第一序列", "第二序列", "第三序列")
UNIT_KINDS = (
    "RoutineAssessed",
    "UnitListed",
    "ActivityHeld",
    "CadreSeconded",
    "UnitListed",
    "AwardWon",
    "RoutineAssessed",
    "UnitListed",
    "CadreSeconded",
    "LandingServiceFailed",
    "MajorProjectSupported",
    "IndicatorReported",
)
PERSONS = ("张三", "李四", "王五", "赵六")


def registration(book: Book) -> Fields:
    """`UnitRegistered`; outposts are frequent, as credit moves only from them."""
    return {"sequence": book.pick(SEQUENCES), "category": book.pick((*CATEGORIES, "outpost_group"))}


def failure(book: Book) -> Fields:
    """`LandingServiceFailed`, about a project or not."""
    fields: Fields = {"failure": book.pick(("not_first_time", "absent_from_decision"))}
    if book.chance(2):
        fields["about_project"] = book.pick(book.names("project"))
    return fields


def routine(
    book: Book,
    month: str,
) -> Fields:
    """`RoutineAssessed`, points below 0 too."""
    points = book.pick(("1", "-0.5", "0.123456", "4", "-3", "0"))
    return {"item": book.pick(("信息报送", "台账", "宣传")), "points": points, "month": month}


def indicator(book: Book) -> Fields:
    """`IndicatorReported`, which kaihua-2024 does not score."""
    period = book.pick(("2024", "2024-Q2", "2024-05"))
    fields: Fields = {
        "indicator": "visits",
        "period": period,
        "actual": book.pick(("3", "0.5", 12)),
    }
    options = {"target": "10", "shared_by": book.pick((1, 2, 3)), "unit_of_measure": "次"}
    for name, value in options.items():
        if book.chance(2):
            fields[name] = value
    return fields


def activity(book: Book) -> Fields:
    """`ActivityHeld`, mostly led by the head."""
    return {
        "activity": book.pick(("赴沪招商", "推介会")),
        "led_by_head": not book.chance(4),
    }


def award(book: Book) -> Fields:
    """`AwardWon`."""
    return {
        "title": book.pick(("招商能手", "双招双引能手")),
        "person": book.pick(PERSONS),
    }


def secondment(book: Book) -> Fields:
    """`CadreSeconded`; the same person may be seconded again."""
    return {
        "person": book.pick(PERSONS),
        "group": book.pick(("area_group", "landing_group")),
    }


def support(book: Book) -> Fields:
    """`MajorProjectSupported`."""
    return {"about_project": book.pick(book.names("project"))}


def listing(
    book: Book,
    month: str,
) -> Fields:
    """`UnitListed`, black more often than red."""
    return {
        "board": book.pick(("black", "black", "red")),
        "month": month,
        "reason": "月度通报",
    }


NAMES = ("华埠街道", "桐村街道", "招商一组", "华埠－街道", "投资促进中心", "经信局")
"""Names to rename units to; some fold to others."""


def renaming(book: Book) -> Fields:
    """`UnitRenamed`, to a new name or to one of its own that it had."""
    return {"name": book.pick((*NAMES, *UNITS[:2]))}


def regrouping(book: Book) -> Fields:
    """`UnitRegrouped`, with another category or without."""
    fields: Fields = {"sequence": book.pick(SEQUENCES)}
    if book.chance(2):
        fields["category"] = book.pick((*CATEGORIES, "outpost_group"))
    return fields


def dissolution(book: Book) -> Fields:
    """`UnitDissolved`, mostly with a successor."""
    if book.chance(4):
        return {}
    return {"successor": book.pick(book.names("unit"))}


DRAWS: Mapping[str, Callable[[Book], Fields]] = {
    "UnitRegistered": registration,
    "UnitRenamed": renaming,
    "UnitRegrouped": regrouping,
    "UnitDissolved": dissolution,
    "ActivityHeld": activity,
    "AwardWon": award,
    "CadreSeconded": secondment,
    "LandingServiceFailed": failure,
    "MajorProjectSupported": support,
    "IndicatorReported": indicator,
}
MONTHLY_DRAWS: Mapping[str, Callable[[Book, str], Fields]] = {
    "RoutineAssessed": routine,
    "UnitListed": listing,
}


def unit_fields(
    book: Book,
    kind: str,
    month: str,
) -> Fields:
    """The fields of a unit event; the month is that of a monthly one."""
    if kind in MONTHLY_DRAWS:
        return MONTHLY_DRAWS[kind](book, month)
    return DRAWS[kind](book)


def county_fields(
    book: Book,
    kind: str,
) -> Fields:
    """The fields of a county event."""
    if kind == "MeetingHeld":
        fields: Fields = {"meeting": book.pick(MEETINGS)}
        if book.chance(2):
            fields["decisions"] = "抓紧推进"
        return fields
    indicator_name = book.pick(("funds_in_place", "signed_10000", "signed_100000"))
    target: Fields = {
        "year": book.pick((2024, 2023)),
        "indicator": indicator_name,
        "amount": book.pick(("3", "40000.5")),
    }
    if book.chance(2):
        target["for_unit"] = book.pick(book.names("unit"))
    return target
