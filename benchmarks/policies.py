"""How fast rules are evaluated: score lines a second for each kind, and kaihua-2024 as a whole."""

from __future__ import annotations

import sqlite3
import time
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import measure
from benchmarks.history import EVENTS_PER_PROJECT, UNITS, records, unit
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import parse, shipped
from lifecycle.rulebook.rulebook_toml import write_toml
from projections.scoring.evaluation import evaluate
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.target_amounts import TargetsOfYears
from projections.scoring.units_of_view import units_at
from projections.scoring.year_scoring import YearScoring
from tests.ledgers import fill

ROUNDS: Final = 5
PROJECTS: Final = 1_000
DAY: Final = date(2024, 12, 31)
_COUNTED: Final = {"measure": "indicator", "indicator": "visits"}
_TARGET: Final[dict[str, Any]] = {"target": {"source": "reported"}, "when_zero": 0}
_ONE: Final = {
    "id": "other",
    "chinese": "规则",
    "module": "m",
    "kind": "per_item",
    **_COUNTED,
    "points": 1,
    "clause": "一",
    "basis": "policy",
}
_ALL: Final = [{"all": [{**_COUNTED, "at_least": 10_000}]}]
KINDS: Final[dict[str, dict[str, Any]]] = {
    "per_item": {**_COUNTED, "points": 1, "limit": 5},
    "per_amount": {**_COUNTED, "per": 3, "points": 1},
    "credit": {**_COUNTED, "points": 2, "to": "equally"},
    "deduct": {**_COUNTED, "points": -1, "start": 20, "floor": 0},
    "escalating": {
        **_COUNTED,
        "bands": [{"count": "(,2]", "points": 1}, {"count": "(2,)", "points": 2}],
        "applies_to": "further",
    },
    "bracket": {
        **_COUNTED,
        "bands": [{"value": "[0,10)", "points": 1}, {"value": "[10,)", "points": 2}],
    },
    "ratio": {**_COUNTED, **_TARGET, "weight": 30},
    "stepped": {
        **_COUNTED,
        **_TARGET,
        "base": 25,
        "segments": [{"percent": "(,100)", "step": 1}, {"percent": "[100,)", "step": 2}],
    },
    "composite": {"parts": [{**_COUNTED, "share": 1, "take": "mean"}], "weight": 15, "out_of": 100},
    "rank": {
        **_COUNTED,
        "bands": [{"place": "[1,3]", "points": 7}],
        "first": "greatest",
        "ties": "share",
    },
    "minmax": {**_COUNTED, "span": 40, "base": 60, "out_of": 100, "weight": 30, "when_equal": 100},
    "relative": {**_COUNTED, "weight": 10, "when_none": 0},
    "exclusive": {"rules": ["other", "third"], "per": "unit"},
    "coefficient": {
        "rules": ["other"],
        "combine": "highest",
        "rows": [{"where": [{"category": ["township"]}], "factor": Decimal("1.2")}],
    },
    "gate": {"gates": "rule", "rule": "other", "any_of": _ALL},
    "outcome": {"outcome": "降等", "any_of": _ALL},
}


def book(kind: str) -> dict[str, Any]:
    """Return a rulebook with a rule of that kind and those that it refers to."""
    other_kinds = (
        [_ONE, {**_ONE, "id": "third", "clause": "二"}]
        if kind in ("exclusive", "coefficient", "gate")
        else []
    )
    source = {"clause": "一", "basis": "policy"}
    return {
        "id": "bench",
        "title": "基准",
        "issuer": "基准",
        "effective_from": date(2024, 1, 1),
        "effective_to": DAY,
        "rounding": {"shown": 2, "json": 10, **source},
        "ranking": {"within": "sequence", **source},
        "modules": [{"id": "m", "chinese": "模块", **source}],
        "rules": [
            *other_kinds,
            {
                "id": "rule",
                "chinese": "规则",
                "module": "m",
                "kind": kind,
                **KINDS[kind],
                "clause": "三",
                "basis": "policy",
            },
        ],
    }


def _reports() -> Iterator[dict[str, Any]]:
    """Yield each unit's registration and its two reports a month."""
    for number in range(UNITS):
        yield {
            "event": "UnitRegistered",
            "unit": unit(number),
            "occurred_on": "2024-01-01",
            "sequence": f"序列{number % 4}",
            "category": "township",
        }
    for number in range(UNITS):
        for place in range(24):
            month = f"2024-{place // 2 + 1:02d}"
            yield {
                "event": "IndicatorReported",
                "unit": unit(number),
                "occurred_on": f"{month}-28",
                "indicator": "visits",
                "period": month,
                "actual": str((number + place) % 3),
                "target": "2",
                "key": f"{number}-{place}",
            }


def lines_per_second(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield (kind, lines a second) for 60 units with two reports a month, facts in memory."""
    with Ledger.open(f"sqlite:///{folder / 'kinds.db'}", create=True) as ledger:
        fill(ledger, _reports(), keep=False)
        for kind in KINDS:
            loaded = parse(write_toml(tomllib.loads(write_toml(book(kind)), parse_float=Decimal)))
            view = View(2024, DAY, ledger.head().position, loaded)
            policy, axes, units = prepared(loaded), view.axes, units_at(ledger, view)
            rates = []
            for _round in range(ROUNDS):
                begun = time.perf_counter()
                year = YearScoring(policy, units, axes, TargetsOfYears({}, {}))
                count = sum(
                    1 for unit_facts in units.values() for _line in year.take_unit(unit_facts)
                )
                count += sum(1 for _line in year.conclude())
                rates.append(max(count, len(units)) / (time.perf_counter() - begun))
            yield kind, median(rates)


def whole_over_reading(folder: Path) -> float:
    """Return the time to evaluate kaihua-2024 for 1000 projects over that to read their rows."""
    path = folder / "many.db"
    measure.fill(f"sqlite:///{path}", records(PROJECTS * EVENTS_PER_PROJECT))
    reading, scoring = [], []
    with Ledger.open(f"sqlite:///{path}") as ledger:
        view = View(2024, DAY, ledger.head().position, shipped("kaihua-2024"))
        for _round in range(ROUNDS):
            begun = time.perf_counter()
            with sqlite3.connect(path) as connection:
                for _row in connection.execute(
                    "SELECT rowid, originator_id, originator_version, topic, state"
                    " FROM ledger_events ORDER BY originator_id, originator_version"
                ):
                    pass
            reading.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            evaluate(ledger, view)
            scoring.append(time.perf_counter() - begun)
    return median(scoring) / median(reading)


def report(folder: Path) -> None:
    """Print every figure."""
    for kind, rate in lines_per_second(folder):
        print(f"{'lines a second of ' + kind:<78} {rate:9,.0f}", flush=True)
    print(
        f"{'kaihua-2024, 60 units and 1000 projects ÷ reading their rows by SQL':<78}"
        f" {whole_over_reading(folder):6.2f}   at most 20",
        flush=True,
    )
