"""The invented county: its units, people and firms, read from the TOML files in this folder."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent / "county"


@cache
def read_county_file(name: str) -> dict[str, Any]:
    """The content of one of the county's TOML files."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


# Units and people


class CountyUnit(NamedTuple):
    """A unit under assessment.

    `flavour` decides what kinds of project it brings, `drive` (1 to 5) how hard it pushes,
    `projects` how many drawn projects it reports in each year from 2021 to 2024.
    """

    name: str
    sequence: str
    category: str
    flavour: str
    drive: int
    projects: tuple[int, ...]


@cache
def county_units() -> tuple[CountyUnit, ...]:
    """All units, in the order in which they are registered."""
    units = []
    for row in read_county_file("units")["unit"]:
        row["projects"] = tuple(row["projects"])
        units.append(CountyUnit(**row))
    return tuple(units)


def unit_in_place_of(unit: str, day: date) -> str:
    """The unit that has the unit's duties on a day: itself, or its successor once dissolved."""
    for row in read_county_file("changes")["unit"]:
        is_over = row["event"] == "UnitDissolved" and row["on"] <= day
        if is_over and row["unit"] == unit:
            return str(row["successor"])
    return unit


class People(NamedTuple):
    """The invented people who record, review and decide."""

    clerks: tuple[str, ...]
    officers: tuple[str, ...]
    directors: tuple[str, ...]
    surnames: str
    given_names: tuple[str, ...]


@cache
def people() -> People:
    """The county's people."""
    content = read_county_file("people")
    return People(
        clerks=tuple(content["clerks"]),
        officers=tuple(content["officers"]),
        directors=tuple(content["directors"]),
        surnames=content["surnames"],
        given_names=tuple(content["given_names"]),
    )


# Firms


class Industry(NamedTuple):
    """What industrial firms of one kind are called and make; `weight` is that of a chain."""

    firm_suffix: str
    undertaking: str
    scales: tuple[int, ...]
    products: tuple[str, ...]
    weight: int = 0


class Trade(NamedTuple):
    """How projects of another sector are named: a head and a tail drawn independently."""

    firm_suffix: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]


class SizeBand(NamedTuple):
    """A range of planned fixed assets in 万元, and the weight with which it is drawn."""

    low: int
    high: int
    step: int
    weight: int


class FirmNames(NamedTuple):
    """Everything that invented firms and their projects are put together from."""

    brands: tuple[str, ...]
    cities: Mapping[str, Mapping[str, str]]
    flavours: Mapping[str, tuple[int, ...]]
    chains: Mapping[str, Industry]
    other_industry: Industry
    trades: Mapping[str, Trade]
    sizes: Mapping[str, tuple[SizeBand, ...]]

    def area_code(self, city: str) -> str:
        """The area code (GB/T 2260) of a city, wherever it lies."""
        for cities in self.cities.values():
            if city in cities:
                return cities[city]
        raise KeyError(city)


@cache
def firm_names() -> FirmNames:
    """The county's stock of names for firms."""
    content = read_county_file("firms")
    return FirmNames(
        brands=tuple(content["brands"]),
        cities=content["cities"],
        flavours={name: tuple(weights) for name, weights in content["flavours"].items()},
        chains={name: _industry(row) for name, row in content["chains"].items()},
        other_industry=_industry(content["other_industry"]),
        trades={name: _trade(row) for name, row in content["trades"].items()},
        sizes={sector: _size_bands(rows) for sector, rows in content["sizes"].items()},
    )


def _industry(row: Mapping[str, Any]) -> Industry:
    return Industry(
        firm_suffix=row["firm_suffix"],
        undertaking=row["undertaking"],
        scales=tuple(row["scales"]),
        products=tuple(row["products"]),
        weight=row.get("weight", 0),
    )


def _trade(row: Mapping[str, Any]) -> Trade:
    return Trade(
        firm_suffix=row["firm_suffix"],
        heads=tuple(row["heads"]),
        tails=tuple(row["tails"]),
    )


def _size_bands(rows: list[Mapping[str, int]]) -> tuple[SizeBand, ...]:
    return tuple(SizeBand(row["from"], row["to"], row["step"], row["weight"]) for row in rows)


# What is written on task sheets and in reviews


class StageTexts(NamedTuple):
    """What the task sheets of one stage say: task, problem, result and the name of its proof."""

    task: str
    problem: str
    result: str
    proof: str


@cache
def stage_texts() -> Mapping[str, StageTexts]:
    """The texts of task sheets, by stage."""
    stages = read_county_file("task_sheets")["stages"]
    return {stage: StageTexts(**texts) for stage, texts in stages.items()}


class LifeTexts(NamedTuple):
    """Reasons and findings that occur in the lives of drawn projects."""

    revision_reasons: tuple[str, ...]
    termination_reasons: tuple[str, ...]
    review_findings: tuple[str, ...]


@cache
def life_texts() -> LifeTexts:
    """The texts of drawn lives."""
    content = read_county_file("drawn_lives")
    return LifeTexts(
        revision_reasons=tuple(content["revision_reasons"]),
        termination_reasons=tuple(content["termination_reasons"]),
        review_findings=tuple(content["review_findings"]),
    )


# Corrections


class PlannedCorrection(NamedTuple):
    """A correction of a draft: which one was wrong, when it was put right, and by what.

    `of` is a storyline or "units", `draft` the key of the wrong draft within it.
    Without a replacement the draft is voided.
    """

    of: str
    draft: str
    on: date
    reason: str
    approved_by: str
    replacement: dict[str, object] | None = None


@cache
def planned_corrections() -> tuple[PlannedCorrection, ...]:
    """The corrections of 2024 and early 2025, in the order in which they are drafted."""
    rows = read_county_file("corrections")["correction"]
    return tuple(PlannedCorrection(**row) for row in rows)
