"""Histories of what one rulebook names: its indicators, sequences, categories, traits and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from .draw_policies import Data, Draw

UNITS = ("甲单位", "乙单位", "丙单位", "丁单位", "戊单位")
FIGURES = ("0", "1", "2.5", "5", "12", "40")
ON_EDGES = ("4999.999999", "10000", "49999.999999", "50000", "100000", "600000")
BUILT_IN_TRAITS = ("foreign", "out_of_province", "top500_private")


class Named:
    """What a rulebook names anywhere, so that drawn facts meet its rules."""

    def __init__(self, book: Data) -> None:
        self.sequences = sorted({*_values(book, "sequence"), "乡镇"})
        self.categories = sorted({*_values(book, "category"), "township"})
        self.indicators = sorted({*_values(book, "indicator")})
        self.traits = sorted({*_values(book, "traits"), *BUILT_IN_TRAITS})
        words = book.get("vocabulary", {}).get("traits", [])
        self.traits += [word["name"] for word in words if word["name"] not in self.traits]


def _values(part: Any, field: str) -> Iterator[str]:
    """Every text that a field of this name holds, however deep it stands."""
    if isinstance(part, list):
        for member in part:
            yield from _values(member, field)
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        if name == field:
            values = value if isinstance(value, list) else [value]
            yield from (text for text in values if isinstance(text, str))
        yield from _values(value, field)


@st.composite
def histories_of(draw: st.DrawFn, book: Data, adoption: Data | None) -> list[Data]:
    """Units, figures, targets and projects of the rulebook's first year, in a lawful order."""
    drawn = Draw(draw)
    named = Named(book)
    year = book["effective_from"].year
    records = [] if adoption is None else [{**adoption, "occurred_on": f"{year}-01-01"}]
    units = UNITS[: draw(st.integers(2, len(UNITS)))]
    for unit in units:
        # The first is there from the start: no day is without a unit.
        days = ("01-01",) if unit == units[0] else ("01-01", "01-01", "05-01")
        records.append(
            {
                "event": "UnitRegistered",
                "unit": unit,
                "occurred_on": f"{year}-{drawn.pick(days)}",
                "sequence": drawn.pick(tuple(named.sequences)),
                "category": drawn.pick(tuple(named.categories)),
            }
        )
    for number in range(draw(st.integers(0, 3))):
        records += _project(drawn, named, f"P{number}", year, units)
    if named.indicators:
        for number in range(draw(st.integers(0, 24))):
            figure = _figure(drawn, named, year, drawn.pick(units))
            records.append({**figure, "key": f"k{number}"})
    return [
        {
            **record,
            "recorded_at": f"{year + 5}-02-01T09:{place // 60:02d}:{place % 60:02d}+08:00",
            "recorded_by": "甲",
        }
        for place, record in enumerate(records)
    ]


def _figure(
    drawn: Draw,
    named: Named,
    year: int,
    unit: str,
) -> Data:
    """A figure of the unit, or a target that it was set."""
    indicator = drawn.pick(tuple(named.indicators))
    part = drawn.pick(("", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", "-02", "-06", "-11"))
    if drawn.draw(st.integers(0, 3)) == 0:
        target = {
            "event": "TargetSet",
            "occurred_on": f"{year}-05-10",
            "year": year,
            "indicator": indicator,
            "amount": drawn.pick(FIGURES),
            "for_unit": unit,
        }
        return target | ({"period": f"{year}{part}"} if part else {})
    return {
        "event": "IndicatorReported",
        "unit": unit,
        "occurred_on": f"{year}-{drawn.pick(('02-28', '03-31', '06-30', '09-30', '12-31'))}",
        "indicator": indicator,
        "period": f"{year}{part}",
        "actual": drawn.pick(FIGURES),
        **drawn.maybe(target=lambda: drawn.pick(FIGURES), shared_by=lambda: drawn.pick((1, 2))),
    }


def _project(
    drawn: Draw,
    named: Named,
    code: str,
    year: int,
    units: tuple[str, ...],
) -> list[Data]:
    """A project of a size on some edge, signed, and perhaps started and invested in."""
    size = drawn.pick(ON_EDGES)
    life: list[Data] = [
        {
            "event": "InformationReported",
            "reporting_unit": drawn.pick(units),
            "reported_at": f"{year}-05-02T09:00:00+08:00",
            "name": code,
            "investor": code,
            "sector": drawn.pick(("industrial", "service")),
            "kind": "new",
            "planned_investment": size,
            "planned_fixed_assets": size,
            "outside_ratio": "1",
            "investor_traits": drawn.some(tuple(named.traits)),
        },
        {
            "event": "AgreementSigned",
            "occurred_on": f"{year}-05-{drawn.pick(('02', '20'))}",
            "contract_investment": size,
            "contract_fixed_assets": size,
        },
    ]
    if drawn.draw(st.booleans()):
        started_on = drawn.pick((f"{year}-06-30", f"{year}-12-31", f"{year + 1}-01-01"))
        milestone = {"event": "MilestoneReached", "milestone": "construction_started"}
        life.append({**milestone, "occurred_on": started_on})
    if drawn.draw(st.booleans()):
        # 5 % of some of the sizes, and half of it: the share that some books ask for.
        invested = drawn.pick(("250", "2500", "5000", "30000"))
        life.append({"event": "StatisticsEntered", "occurred_on": f"{year}-07-02"})
        month = {"event": "InvestmentReported", "month": f"{year}-08"}
        life.append({**month, "fixed_assets": invested})
    return [{**record, "project": code} for record in life]
