"""Storylines: hand-written projects, each for a case that the county's rules must get right."""

import random
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from commands.demo.county_data import firm_names, read_county_file
from commands.demo.demo_calendar import month_after
from commands.demo.invented_firms import credit_code, lead_person
from commands.demo.project_life import LifeEvent, ProjectLife, Venture, schedule
from lifecycle.events.field_types import SHANGHAI

_FILES = ("great_projects", "contested_projects")

# Every milestone of a storyline gets its task sheets, so that each rung of the ladder is seen.
_CARE = 100
_CITY_LENGTH = 2


def storylines() -> dict[str, ProjectLife]:
    """The lives of the storylines, by name and without project codes."""
    lives = {}
    for file in _FILES:
        for row in read_county_file(file)["project"]:
            life = ProjectLife(_venture(row), history_events(row["history"]), _CARE)
            lives[row["story"]] = life
    return lives


def _venture(row: Mapping[str, Any]) -> Venture:
    investor = row["investor"]
    investor_code = None
    if row.get("has_credit_code", True):
        investor_code = _credit_code(investor)
    return Venture(
        unit=row["unit"],
        reported=datetime.fromisoformat(row["reported_at"]).replace(tzinfo=SHANGHAI),
        name=row["name"],
        investor=investor,
        investor_code=investor_code,
        sector=row["sector"],
        investment=Decimal(row["planned_investment"]),
        fixed_assets=Decimal(row["planned_fixed_assets"]),
        outside_ratio=row.get("outside_ratio", "1"),
        kind=row.get("kind", "new"),
        traits=tuple(row.get("traits", ())),
        chains=tuple(row.get("chains", ())),
        site=row.get("site", "new_land"),
        government_funded=row.get("government_funded", False),
        meets_city_standard=row.get("meets_city_standard", False),
        lead_person=lead_person(row["unit"], 1),
        distinct_because=row.get("distinct_because"),
        needs_floor_area_m2=row.get("needs_floor_area_m2"),
    )


def _credit_code(investor: str) -> str:
    # A firm's name begins with its city.
    area = firm_names().area_code(investor[:_CITY_LENGTH])
    return credit_code(area, random.Random(investor))


def history_events(rows: list[dict[str, Any]]) -> list[LifeEvent]:
    """The events of a history as the county's files write it."""
    events = []
    for row in rows:
        if "first_month" in row:
            events += _monthly_series(row)
        elif row["event"] == "ScheduleSet":
            events.append(schedule(row["on"], _milestones(row["milestones"]), row.get("reason")))
        else:
            events.append(_event(row))
    return events


def _monthly_series(row: Mapping[str, Any]) -> list[LifeEvent]:
    """An event for each amount of consecutive months; an empty amount skips its month."""
    name = "amount" if row["event"] == "TaxPaid" else "fixed_assets"
    events = []
    for number, amount in enumerate(row[name]):
        if amount:
            month = month_after(row["first_month"], number)
            events.append(LifeEvent(row["event"], None, {"month": month, name: amount}))
    return events


def _milestones(texts: list[str]) -> dict[str, date]:
    """Milestones written `signing 2024-03-20`."""
    milestones = {}
    for text in texts:
        stage, due_on = text.split()
        milestones[stage] = date.fromisoformat(due_on)
    return milestones


def _event(row: dict[str, Any]) -> LifeEvent:
    fields = dict(row)
    event = fields.pop("event")
    on = fields.pop("on", None)
    delay = fields.pop("recorded_days_later", None)
    if event == "InvestorChanged":
        fields["investor_code"] = _credit_code(fields["investor"])
    return LifeEvent(event, on, fields, delay)
