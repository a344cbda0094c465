"""The demo county: about four years of a realistic ledger, every record of it lawful.

The same seed gives the same records, byte for byte.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from commands.demo.change_drafts import DraftedLife, draft_changes
from commands.demo.correction_drafts import draft_corrections
from commands.demo.county_data import county_units, people
from commands.demo.day_book import DayBook
from commands.demo.drawn_life import DrawnLife
from commands.demo.invented_firms import VentureRegistry
from commands.demo.project_drafts import draft_life
from commands.demo.project_life import ProjectLife, Venture
from commands.demo.sheet_drafts import draft_sheets
from commands.demo.storylines import storylines
from commands.demo.unit_drafts import draft_unit_events

YEARS = (2021, 2022, 2023, 2024)


def records(seed: int = 2024) -> list[dict[str, object]]:
    """The ledger as import records (spec 1 and 5), in the order of recording.

    Corrections name versions and sheets bear numbers: import the whole list into an empty store,
    and keep its record times.
    """
    book = DayBook(seed)
    stories, drawn_lives = _numbered_lives(seed)
    codes = {story: life.venture.code for story, life in stories.items()}
    # The day book draws as it is filled: this order is part of what a seed stands for.
    drafts = {"units": draft_unit_events(book, codes, seed)}
    drafted_stories = {}
    for story, life in stories.items():
        drafted_stories[story] = _draft(book, life, seed)
        drafts[story] = drafted_stories[story].drafts
    drawn = [_draft(book, life, seed) for life in drawn_lives]
    draft_corrections(book, drafts, [drafted.drafts for drafted in drawn], seed)
    draft_changes(book, drafted_stories, drawn, seed)
    return book.records()


def _draft(book: DayBook, life: ProjectLife, seed: int) -> DraftedLife:
    drafts = draft_life(book, life, seed)
    draft_sheets(book, life, drafts, seed)
    return DraftedLife(life, drafts)


def rejected_claims() -> list[dict[str, object]]:
    """Reports that come after the ledger and are rejected (考(二)): another unit's project.

    The first claims an earlier time of report; the second has no credit code and writes
    the name a little differently.
    """
    stories = storylines()
    polyol = stories["polyol"].venture
    shadow = stories["shadow"].venture
    return [
        _claim(
            polyol,
            "KH-2024-901",
            unit="县商务局",
            reported=polyol.reported.replace(day=19),
            name=polyol.name,
        ),
        _claim(
            shadow,
            "KH-2024-902",
            unit="县文广旅体局",
            reported=shadow.reported.replace(month=4),
            name="下淤·艺术乡村 “研学基地”",
        ),
    ]


def _claim(
    venture: Venture,
    code: str,
    *,
    unit: str,
    reported: datetime,
    name: str,
) -> dict[str, object]:
    claimed = replace(
        venture,
        code=code,
        unit=unit,
        reported=reported,
        name=name,
    )
    return {
        "event": "InformationReported",
        "project": code,
        "recorded_by": people().clerks[0],
        **claimed.report(),
    }


def _numbered_lives(seed: int) -> tuple[dict[str, ProjectLife], list[ProjectLife]]:
    """The storylines' and the drawn lives, with project codes in the order of report."""
    ventures = _drawn_ventures(seed)
    stories = storylines()
    story_ventures = [life.venture for life in stories.values()]
    codes = _codes([*ventures, *story_ventures])
    drives = {unit.name: unit.drive for unit in county_units()}
    numbered_stories = {}
    for story, life in stories.items():
        venture = replace(life.venture, code=codes[life.venture])
        numbered_stories[story] = replace(life, venture=venture)
    drawn_lives = []
    for venture in ventures:
        numbered = replace(venture, code=codes[venture])
        drawn_lives.append(DrawnLife(numbered, drives[venture.unit]).live())
    return numbered_stories, drawn_lives


def _drawn_ventures(seed: int) -> list[Venture]:
    registry = VentureRegistry(seed)
    ventures = []
    for place, year in enumerate(YEARS):
        for unit in county_units():
            numbers = range(unit.projects[place])
            ventures += [registry.draw(unit, year, number) for number in numbers]
    return ventures


def _codes(ventures: Iterable[Venture]) -> dict[Venture, str]:
    """Project codes, counted through each year in the order of report."""
    reports_of_year: Counter[int] = Counter()
    codes = {}
    for venture in sorted(ventures, key=_report_order):
        year = venture.reported.year
        reports_of_year[year] += 1
        codes[venture] = f"KH-{year}-{reports_of_year[year]:03d}"
    return codes


def _report_order(venture: Venture) -> tuple[datetime, str, str]:
    # Name and unit decide between reports of the same moment.
    return venture.reported, venture.name, venture.unit
