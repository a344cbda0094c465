"""What the units and the county do besides projects: registration, activities, marks, boards, targets, meetings."""

import random
from collections.abc import Mapping
from datetime import date, timedelta

from commands.demo import names
from commands.demo.book import COUNTY, Book, Draft
from commands.demo.days import moment, month_end, months_between, working_from
from commands.demo.happenings import (
    AWARDS,
    BOARDS,
    FAILURES,
    FORUMS,
    INDICATORS,
    MEETINGS,
    SECONDED,
    SUPPORTED,
    TARGETS,
    UNIT_TARGETS,
)

Drafts = dict[str, Draft]
_JOURNEYS = (
    "赴{c}拜访{t}企业",
    "在{c}举办{t}专题推介会",
    "赴{c}开展{t}产业链招商",
    "接待{c}{t}客商来开考察",
    "赴{c}参加{t}行业展会",
)
_THEMES = (
    "有机硅",
    "无糖饮料",
    "光伏辅材",
    "卡牌文创",
    "数字经济",
    "生态文旅",
    "现代农业",
    "总部贸易",
    "乡贤",
)
_ITEMS = ("信息报送与台账", "月度例会与材料", "项目库更新", "资源清单维护")


def write(book: Book, codes: Mapping[str, str], seed: int) -> Drafts:
    """Draft all unit and county events; by name, for those who correct them. `codes` are the stories' project codes."""
    drafts: Drafts = {}
    for place, unit in enumerate(names.UNITS):
        _register(book, unit, place)
        rng = random.Random(f"{seed}/units/{unit.name}")
        drafts |= _activities(book, unit, rng) | _routine(book, unit, rng)
    return drafts | _boards(book) | _merits(book, codes) | _county(book)


def _register(book: Book, unit: names.Unit, place: int) -> None:
    """All units on one morning, one after the other: the order of registration is the order of the lists."""
    day, fields = date(2021, 1, 4), {"sequence": unit.sequence, "category": unit.category}
    draft = _of(book, unit.name, "UnitRegistered", day, dict(fields))
    draft.at = moment(day, 9 + place // 12, place % 12 * 5)


def _of(
    book: Book, unit: str, event: str, on: date, fields: dict[str, object], late: int = 0
) -> Draft:
    return book.note(event, {"unit": unit}, on, on + timedelta(days=late), fields)


def _activities(book: Book, unit: names.Unit, rng: random.Random) -> Drafts:
    """Trips and fairs of the year, more of them the harder the unit pushes, most led by its head."""
    days = sorted(
        {
            working_from(date(2024, 1, 8) + timedelta(days=rng.randrange(340)))
            for _ in range(unit.drive * 3 // 2 + rng.randint(1, 4))
        }
    )
    drafts = {}
    for day in days:
        text = rng.choice(_JOURNEYS).format(
            c=rng.choice([*names.NEAR_CITIES, *names.FAR_CITIES]), t=rng.choice(_THEMES)
        )
        fields: dict[str, object] = {"activity": text, "led_by_head": rng.random() < 0.82}
        drafts[f"{unit.name}/ActivityHeld/{day}"] = _of(
            book, unit.name, "ActivityHeld", day, fields, rng.randint(0, 9)
        )
        drafts[f"{unit.name}/ActivityHeld"] = drafts[f"{unit.name}/ActivityHeld/{day}"]
    return drafts


def _routine(book: Book, unit: names.Unit, rng: random.Random) -> Drafts:
    """One mark a month, entered in the next."""
    drafts = {}
    for month in months_between("2024-01", "2024-12"):
        if rng.random() < 0.06:
            continue
        points = rng.choices(
            ("0.6", "0.5", "0.4", "0.2", "0", "-0.3", "-0.5"),
            (unit.drive, unit.drive * 2, 5, 4, 3, 5 - unit.drive, 1),
        )[0]
        fields: dict[str, object] = {"item": rng.choice(_ITEMS), "points": points, "month": month}
        recorded = month_end(month) + timedelta(days=rng.randint(3, 9))
        key = f"{unit.name}/RoutineAssessed/{month}"
        drafts[key] = book.note("RoutineAssessed", {"unit": unit.name}, None, recorded, fields)
    return drafts


def _boards(book: Book) -> Drafts:
    """The monthly 红黑榜 as the county published them."""
    drafts = {}
    for month, (red, black) in BOARDS.items():
        for board, listed in (("red", red), ("black", black)):
            for unit in listed:
                reason = (
                    "当月综合得分列序列首位" if board == "red" else "项目推进滞后，当月得分靠后"
                )
                fields: dict[str, object] = {"board": board, "month": month, "reason": reason}
                recorded = month_end(month) + timedelta(days=8)
                drafts[f"{unit}/{board}/{month}"] = book.note(
                    "UnitListed", {"unit": unit}, None, recorded, fields
                )
    return drafts


def _merits(book: Book, codes: Mapping[str, str]) -> Drafts:
    """Forums, awards, seconded cadres, failures of the landing service, major projects supported, indicators."""
    drafts = {}
    for event, rows in (
        ("ActivityHeld", FORUMS),
        ("AwardWon", AWARDS),
        ("CadreSeconded", SECONDED),
        ("LandingServiceFailed", FAILURES),
        ("MajorProjectSupported", SUPPORTED),
        ("IndicatorReported", INDICATORS),
    ):
        for unit, on, fields in rows:
            named = {name: codes.get(str(value), value) for name, value in fields.items()}
            drafts[f"{unit}/{event}/{on}"] = _of(
                book, unit, event, date.fromisoformat(on), named, late=3
            )
    return drafts


def _county(book: Book) -> Drafts:
    """The targets of 意二, each unit's share of the funds, and the year's meetings of every kind."""
    drafts = {}
    issued = date(2024, 3, 8)
    for indicator, amount in TARGETS.items():
        fields: dict[str, object] = {"year": 2024, "indicator": indicator, "amount": amount}
        drafts[indicator] = book.note("TargetSet", COUNTY, issued, issued, fields)
    for unit, amount in UNIT_TARGETS.items():
        fields = {"year": 2024, "indicator": "funds_in_place", "amount": amount, "for_unit": unit}
        drafts[f"{unit}/funds_in_place"] = book.note(
            "TargetSet", COUNTY, issued, issued + timedelta(days=3), fields
        )
    for on, meeting, decisions in MEETINGS:
        day = date.fromisoformat(on)
        fields = {
            name: text for name, text in (("meeting", meeting), ("decisions", decisions)) if text
        }
        drafts[f"{meeting}/{on}"] = book.note(
            "MeetingHeld", COUNTY, day, day + timedelta(days=2), fields
        )
    return drafts
