"""Drafts about units and the county: activities, marks, lists, targets, meetings."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from commands.demo.county_data import (
    CountyUnit,
    county_units,
    firm_names,
    read_county_file,
)
from commands.demo.day_book import COUNTY_STREAM, DayBook, DraftRecord, KeyedDrafts
from commands.demo.demo_calendar import moment, month_end, months_between, working_day_from

_REGISTERED_ON = date(2021, 1, 4)
_YEAR_BEGINS = date(2024, 1, 8)
_TARGETS_ISSUED_ON = date(2024, 3, 8)
_UNITS_AN_HOUR = 12
_MARKS = ("0.6", "0.5", "0.4", "0.2", "0", "-0.3", "-0.5")
_LISTING_REASONS = {
    "red": "当月综合得分列序列首位",
    "black": "项目推进滞后，当月得分靠后",
}


def draft_unit_events(
    book: DayBook,
    codes: Mapping[str, str],
    seed: int,
) -> KeyedDrafts:
    """Draft all events of units and county, keyed for their corrections.

    `codes` gives the project code of each storyline.
    """
    drafts: KeyedDrafts = {}
    texts = read_county_file("people")
    for number, unit in enumerate(county_units()):
        _register(book, unit, number)
        rng = random.Random(f"{seed}/units/{unit.name}")
        drafts |= _activities(book, unit, texts["activities"], rng)
        drafts |= _routine_marks(book, unit, texts["routine"]["items"], rng)
    year = read_county_file("year_2024")
    drafts |= _listings(book, year["boards"])
    drafts |= _merits(book, year["unit_events"], codes)
    drafts |= _targets(book, year)
    drafts |= _meetings(book, year["meetings"])
    return drafts


def _register(
    book: DayBook,
    unit: CountyUnit,
    number: int,
) -> None:
    """Register units five minutes apart: the order of registration is the order of every list."""
    fields: dict[str, object] = {
        "sequence": unit.sequence,
        "category": unit.category,
    }
    draft = _unit_event(book, unit.name, "UnitRegistered", _REGISTERED_ON, fields)
    hour = 9 + number // _UNITS_AN_HOUR
    draft.recorded_at = moment(_REGISTERED_ON, hour, number % _UNITS_AN_HOUR * 5)


def _unit_event(
    book: DayBook,
    unit: str,
    event: str,
    on: date,
    fields: dict[str, object],
    days_later: int = 0,
) -> DraftRecord:
    recorded_on = on + timedelta(days=days_later)
    return book.note(event, {"unit": unit}, on, recorded_on, fields)


def _activities(
    book: DayBook,
    unit: CountyUnit,
    texts: Mapping[str, list[str]],
    rng: random.Random,
) -> KeyedDrafts:
    """Trips and fairs of the year: more for a unit that pushes harder, most led by its head."""
    cities = [*firm_names().cities["near"], *firm_names().cities["far"]]
    drafts: KeyedDrafts = {}
    for day in _activity_days(unit, rng):
        journey = rng.choice(texts["journeys"])
        city = rng.choice(cities)
        theme = rng.choice(texts["themes"])
        fields: dict[str, object] = {
            "activity": journey.format(city=city, theme=theme),
            "led_by_head": rng.random() < 0.82,
        }
        draft = _unit_event(book, unit.name, "ActivityHeld", day, fields, rng.randint(0, 9))
        drafts[f"{unit.name}/ActivityHeld/{day}"] = draft
        # Under the short key stands the unit's last activity of the year, whatever its day.
        drafts[f"{unit.name}/ActivityHeld"] = draft
    return drafts


def _activity_days(unit: CountyUnit, rng: random.Random) -> list[date]:
    """Different working days of the year, in order."""
    days = set()
    for _ in range(unit.drive * 3 // 2 + rng.randint(1, 4)):
        days.add(working_day_from(_YEAR_BEGINS + timedelta(days=rng.randrange(340))))
    return sorted(days)


def _routine_marks(
    book: DayBook,
    unit: CountyUnit,
    items: list[str],
    rng: random.Random,
) -> KeyedDrafts:
    """One mark a month, recorded in the next month; now and then a month has none."""
    # A unit that pushes harder has better marks more often.
    weights = (unit.drive, unit.drive * 2, 5, 4, 3, 5 - unit.drive, 1)
    drafts = {}
    for month in months_between("2024-01", "2024-12"):
        if rng.random() < 0.06:
            continue
        points = rng.choices(_MARKS, weights)[0]
        fields: dict[str, object] = {
            "item": rng.choice(items),
            "points": points,
            "month": month,
        }
        recorded_on = month_end(month) + timedelta(days=rng.randint(3, 9))
        key = f"{unit.name}/RoutineAssessed/{month}"
        stream = {"unit": unit.name}
        drafts[key] = book.note("RoutineAssessed", stream, None, recorded_on, fields)
    return drafts


def _listings(book: DayBook, boards: list[dict[str, Any]]) -> KeyedDrafts:
    """The monthly red and black lists (红黑榜) as the county published them."""
    drafts = {}
    for row in boards:
        month = row["month"]
        for board, reason in _LISTING_REASONS.items():
            for unit in row[board]:
                fields: dict[str, object] = {
                    "board": board,
                    "month": month,
                    "reason": reason,
                }
                # A month's lists are decided once its scores are known.
                recorded_on = month_end(month) + timedelta(days=8)
                draft = book.note("UnitListed", {"unit": unit}, None, recorded_on, fields)
                drafts[f"{unit}/{board}/{month}"] = draft
    return drafts


def _merits(
    book: DayBook,
    rows: list[dict[str, Any]],
    codes: Mapping[str, str],
) -> KeyedDrafts:
    """Forums, awards, seconded cadres, failures of service, projects supported, indicators."""
    drafts = {}
    for row in rows:
        fields = dict(row)
        unit = fields.pop("unit")
        event = fields.pop("event")
        on = fields.pop("on")
        # A row names a storyline: its code is known once its report is drafted.
        if "about_project" in fields:
            fields["about_project"] = codes[fields["about_project"]]
        draft = _unit_event(book, unit, event, on, fields, days_later=3)
        drafts[f"{unit}/{event}/{on}"] = draft
    return drafts


def _targets(book: DayBook, year: Mapping[str, Any]) -> KeyedDrafts:
    """The county's targets (《实施意见》第二部分), and each unit's share of the funds."""
    drafts = {}
    issued_on = _TARGETS_ISSUED_ON
    for indicator, amount in year["county_targets"].items():
        fields: dict[str, object] = {
            "year": 2024,
            "indicator": indicator,
            "amount": amount,
        }
        drafts[indicator] = book.note("TargetSet", COUNTY_STREAM, issued_on, issued_on, fields)
    for unit in county_units():
        fields = {
            "year": 2024,
            "indicator": "funds_in_place",
            "amount": _unit_target(unit, year),
            "for_unit": unit.name,
        }
        recorded_on = issued_on + timedelta(days=3)
        draft = book.note("TargetSet", COUNTY_STREAM, issued_on, recorded_on, fields)
        drafts[f"{unit.name}/funds_in_place"] = draft
    return drafts


def _unit_target(unit: CountyUnit, year: Mapping[str, Any]) -> str:
    # Outposts are told a sum; the others share by kind and drive.
    amount = year["outpost_targets"].get(unit.name)
    if amount is not None:
        return str(amount)
    return str(year["flavour_shares"][unit.flavour] * unit.drive)


def _meetings(book: DayBook, rows: list[dict[str, Any]]) -> KeyedDrafts:
    """The year's meetings of every kind."""
    drafts = {}
    for row in rows:
        fields = dict(row)
        on = fields.pop("on")
        recorded_on = on + timedelta(days=2)
        draft = book.note("MeetingHeld", COUNTY_STREAM, on, recorded_on, fields)
        drafts[f"{row['meeting']}/{on}"] = draft
    return drafts
