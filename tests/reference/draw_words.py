"""Random rulebooks that declare words, and histories that use them (spec 6, Vocabulary)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from .draw_happenings import happenings
from .draw_policies import Data, Draw, rulebooks

CHINESE: Final = {
    "stages": {"energy_review": "节能审查", "above_scale": "上规"},
    "traits": {"world_500": "世界500强"},
    "sectors": {"mining": "矿业"},
    "chains": {"tungsten": "钨"},
    "sites": {"rented": "租赁"},
    "categories": {"zone": "开发区"},
}
"""The Chinese name of every word that may be declared, by vocabulary, but of figures."""
FIGURES: Final = {"capital": ("注册资本", "last"), "exports": ("出口额", "sum")}
"""Figures of projects: the Chinese name, and what of several periods counts."""
PERIODS: Final = (
    "2024",
    "2024-H1",
    "2024-Q2",
    "2024-Q3",
    "2024-05",
    "2024-08",
    "2023-12",
    "2023-Q2",
)
FIGURE_FILTERS: Final[tuple[Data, ...]] = (
    {"figures": {"capital": "[20,)"}},
    {"figures": {"exports": "(,30]", "capital": "(0,)"}},
)
SOURCE: Final = {"clause": "一", "basis": "policy"}
FIGURE_MEASURE: Final = "project_figure"
STAGES: Final = tuple(CHINESE["stages"])
EVERY_WORD: Final[Data] = {
    word_list: [{"name": name, "chinese": chinese, **SOURCE} for name, chinese in words.items()]
    for word_list, words in CHINESE.items()
}
EVERY_WORD["figures"] = [
    {"name": name, "chinese": chinese, "take": take, "unit": "万元", **SOURCE}
    for name, (chinese, take) in FIGURES.items()
]
PLAIN_BOOK: Final[Data] = {
    "id": "words",
    "title": "用语",
    "issuer": "县",
    "effective_from": date(2020, 1, 1),
    "effective_to": date(2020, 12, 31),
    "rounding": {"shown": 2, "json": 10, **SOURCE},
    "ranking": {"within": "sequence", **SOURCE},
    "modules": [{"id": "m", "chinese": "模块", **SOURCE}],
    "rules": [
        {
            "id": "r",
            "chinese": "规则",
            "module": "m",
            "kind": "per_item",
            "measure": "projects_signed",
            "points": Decimal(1),
            **SOURCE,
        }
    ],
    "vocabulary": EVERY_WORD,
}
"""A rulebook whose adoption lets records use every word."""


@st.composite
def worded_rulebooks(draw: st.DrawFn) -> Data:
    """A rulebook that declares the words, perhaps all but the sector, and counts by them."""
    drawn = Draw(draw)
    book = dict(draw(rulebooks()))
    vocabulary = dict(EVERY_WORD)
    sectors = ["industrial", "mining"]
    if draw(st.integers(0, 3)) == 0:
        del vocabulary["sectors"]
        sectors = ["industrial", "service"]
    book["vocabulary"] = vocabulary
    wheres = (
        {"sector": sectors},
        {"traits": ["world_500", "foreign"]},
        {"chains": ["tungsten"]},
        {"site": ["rented", "new_land"]},
        {"category": ["zone", "township"]},
        {"reached": {"stage": "above_scale", "period": "year"}},
        *FIGURE_FILTERS,
    )
    further: list[Data] = [
        {
            "measure": "nodes_reached",
            "stages": drawn.some(("above_scale", "signing", "energy_review", "completed")),
        },
        {
            "measure": "days_between",
            "from_stage": drawn.pick(("information", "energy_review")),
            "to_stage": drawn.pick(STAGES),
            **drawn.maybe(unreached="as_of"),
        },
        {"measure": "projects_signed", "needs": ["eligible"]},
        *[{"measure": FIGURE_MEASURE, "figure": name} for name in FIGURES],
    ]
    rules = [
        {
            "id": f"w{number}",
            "chinese": f"用语{number}",
            "module": drawn.pick(("m0", "m1")),
            "kind": "per_item",
            "points": drawn.points(),
            **counted,
            **drawn.maybe(where=lambda: drawn.pick(wheres), limit=Decimal(3)),
            "clause": f"w{number}",
            "basis": "policy",
        }
        for number, counted in enumerate(further)
    ]
    rules += [_amount_rule(drawn, number, name) for number, name in enumerate(FIGURES)]
    return {**book, "rules": [*book["rules"], *rules]}


def _amount_rule(drawn: Draw, number: int, figure: str) -> Data:
    """Points by the amount of a figure: of each project, of quarters, or of the unit."""
    ways: tuple[Data, ...] = (
        {},
        {"each": "project", "beyond": {"fixed": 10}},
        {"each": "quarter", "short_of": {"fixed": 25}},
        {"as": "to_last_year", "when_zero": 1, "when_missing": "none"},
    )
    return {
        "id": f"a{number}",
        "chinese": f"指标{number}",
        "module": drawn.pick(("m0", "m1")),
        "kind": "per_amount",
        "per": Decimal(10),
        "points": Decimal("0.5"),
        "measure": FIGURE_MEASURE,
        "figure": figure,
        **drawn.pick(ways),
        "clause": f"a{number}",
        "basis": "policy",
    }


@st.composite
def worded_happenings(draw: st.DrawFn, adopted: Data) -> list[Data]:
    """A history that begins with an adoption and uses the words that the rulebook declares."""
    drawn = Draw(draw)
    records: list[Data] = []
    for record in draw(happenings()):
        records.append({**record, **_worded(drawn, record)})
        if record["event"] == "InformationReported":
            records += _stages(drawn, record)
            records += _figures(drawn, record)
    stamp = {"recorded_at": "2025-02-01T08:00:00+08:00", "recorded_by": "甲"}
    return [{**adopted, **stamp}, *records]


def _worded(drawn: Draw, record: Data) -> Data:
    words: dict[str, Data] = {
        "UnitRegistered": {"category": "zone"},
        "InformationReported": {
            "sector": "mining",
            "investor_traits": ["world_500"],
            "chains": ["tungsten"],
            "site": "rented",
        },
        "InvestorChanged": {"investor_traits": ["world_500", "listed"]},
    }
    return drawn.maybe(**words.get(record["event"], {}))


def _figures(drawn: Draw, report: Data) -> list[Data]:
    stamp: dict[str, Any] = {name: report[name] for name in ("recorded_at", "recorded_by")}
    reported = [(name, period) for name in FIGURES for period in PERIODS]
    return [
        {
            "event": "ProjectFigureReported",
            "project": report["project"],
            "occurred_on": drawn.pick(("2024-05-31", "2024-06-30", "2024-09-10")),
            "figure": name,
            "period": period,
            "actual": drawn.pick(("0", "12.5", "20", "31")),
            **stamp,
        }
        for name, period in reported
        if drawn.draw(st.integers(0, 3)) == 0
    ]


def _stages(drawn: Draw, report: Data) -> list[Data]:
    days = ("2024-04-01", "2024-08-15", "2024-05-20", "2023-12-31")
    stamp: dict[str, Any] = {name: report[name] for name in ("recorded_at", "recorded_by")}
    return [
        {
            "event": "MilestoneReached",
            "project": report["project"],
            "milestone": stage,
            "occurred_on": drawn.pick(days),
            **stamp,
        }
        for stage in STAGES
        if drawn.draw(st.booleans())
    ]
