"""The demo county: about four years of a believable ledger, the same for the same seed, every record of it lawful."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from commands.demo import amendments, names, scribe, sheet_story as sheets, story, units
from commands.demo.book import Book
from commands.demo.chance import Walk
from commands.demo.firms import Registry
from commands.demo.life import Life, Venture

YEARS = (2021, 2022, 2023, 2024)
_STORIES = (story.great, story.contested)


def records(seed: int = 2024) -> list[dict[str, object]]:
    """The ledger as import records (spec 1 and 5), in the order of recording, for a fresh and empty store.

    Corrections name versions and sheets bear numbers, so the whole list is imported, with its record times kept.
    """
    book = Book(seed)
    told, drawn = _numbered(seed)
    codes = {name: life.venture.code for name, life in told.items()}
    drafts = {"units": units.write(book, codes, seed)}
    for name, life in told.items():
        drafts[name] = scribe.write(book, life, seed)
        sheets.issue(book, life, drafts[name], seed)
    walks = []
    for life in drawn:
        walks.append(scribe.write(book, life, seed))
        sheets.issue(book, life, walks[-1], seed)
    amendments.write(book, drafts, walks, seed)
    return book.written()


def refused_claims() -> list[dict[str, object]]:
    """Reports that come after the ledger and are refused: the same project claimed by another unit (考(二)).

    The first claims an earlier time of report; the second has no credit code and writes the name a little differently.
    """
    polyol, shadow = story.great()["@polyol"].venture, story.contested()["@shadow"].venture
    return [
        _claim(polyol, "KH-2024-901", unit="县商务局", reported=polyol.reported.replace(day=19)),
        _claim(
            shadow,
            "KH-2024-902",
            unit="县文广旅体局",
            reported=shadow.reported.replace(month=4),
            name="下淤·艺术乡村 “研学基地”",
        ),
    ]


def _claim(
    venture: Venture, code: str, *, unit: str, reported: datetime, name: str | None = None
) -> dict[str, object]:
    claimed = replace(venture, code=code, unit=unit, reported=reported, name=name or venture.name)
    return {
        "event": "InformationReported",
        "project": code,
        "recorded_by": names.CLERKS[0],
        **claimed.report(),
    }


def _numbered(seed: int) -> tuple[dict[str, Life], list[Life]]:
    """The told and the drawn lives, their codes counted through each year in the order of report."""
    registry = Registry(seed)
    drawn = [
        registry.venture(unit, year, number)
        for index, year in enumerate(YEARS)
        for unit in names.UNITS
        for number in range(unit.projects[index])
    ]
    told = {name: life for stories in _STORIES for name, life in stories().items()}
    codes = _codes([*drawn, *(life.venture for life in told.values())])
    drives = {unit.name: unit.drive for unit in names.UNITS}
    return (
        {name: replace(life, venture=_coded(life.venture, codes)) for name, life in told.items()},
        [Walk(_coded(venture, codes), drives[venture.unit]).live() for venture in drawn],
    )


def _coded(venture: Venture, codes: dict[Venture, str]) -> Venture:
    return replace(venture, code=codes[venture])


def _codes(ventures: Sequence[Venture]) -> dict[Venture, str]:
    counts: Counter[int] = Counter()
    codes = {}
    for venture in sorted(
        ventures, key=lambda venture: (venture.reported, venture.name, venture.unit)
    ):
        counts[venture.reported.year] += 1
        codes[venture] = f"KH-{venture.reported.year}-{counts[venture.reported.year]:03d}"
    return codes
