"""What must not change a score does not.

The time of asking, the order of storing, zone, locale, hash seed, decimal context, a void.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject, strategies as st

from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.explanation import explain_unit
from projections.scoring.result_view import View
from projections.scoring.score_json import line_json, score_json
from tests.ledgers import fill, new_ledger
from tests.reference.histories import axes, histories
from tests.reference.scoring import day_in_year
from tests.soak import history_examples

BOOK = shipped("kaihua-2024")
Records = list[dict[str, Any]]

pytestmark = (
    pytest.mark.no_cover
)  # counting lines would take longer than the histories; the named cases reach them too


@contextmanager
def ledger_of(records: Records) -> Iterator[Ledger]:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        yield ledger


def scores(
    ledger: Ledger,
    year: int,
    as_of: date | None,
    position: int | None = None,
) -> Any:
    view = View(
        year,
        day_in_year(year, as_of),
        ledger.head().position if position is None else position,
        BOOK,
    )
    return score_json(evaluate(ledger, view))["units"]


@history_examples(25)
@given(data=st.data())
def test_a_prefix_holds_what_was_known_at_the_time(data: st.DataObject) -> None:
    records = data.draw(histories())
    year, as_of, _known = data.draw(axes(records))
    cut = data.draw(st.integers(0, len(records)))
    moment = datetime.fromisoformat(records[cut - 1]["recorded_at"]) if cut else None
    with ledger_of(records) as whole:
        position = 0 if moment is None else whole.position_at(moment)
        then = scores(whole, year, as_of, position)
    with ledger_of(records[:position]) as prefix:
        assert then == scores(prefix, year, as_of)


@history_examples(25)
@given(data=st.data())
def test_the_order_in_which_streams_are_stored_changes_no_points(data: st.DataObject) -> None:
    records = data.draw(histories())
    year, as_of, _known = data.draw(axes(records))
    units = [record for record in records if record["event"] == "UnitRegistered"]
    rest = [record for record in records if record["event"] != "UnitRegistered"]
    # Streams one after another, each in its own order: units first, since every fact names one.
    by_stream = sorted(
        rest, key=lambda record: (str(record.get("unit") or ""), str(record.get("project") or ""))
    )
    with ledger_of(records) as recorded:
        expected = scores(recorded, year, as_of)
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as reordered:
        try:
            fill(reordered, [*units, *by_stream], keep=False)
        except (
            Rejected
        ):  # a claim, a sheet's number or a correction may rest on another stream's order
            reject()
        assert scores(reordered, year, as_of) == expected


@history_examples(25)
@given(data=st.data())
def test_an_explanation_adds_up_and_names_recorded_events(data: st.DataObject) -> None:
    records = data.draw(histories())
    year, as_of, _known = data.draw(axes(records))
    with ledger_of(records) as ledger:
        view = View(year, day_in_year(year, as_of), ledger.head().position, BOOK)
        with ledger.rows_of_kind("project") as rows:
            events = {f"{row[1].partition('/')[2]}#{row[2]}" for row in rows}
        with ledger.rows_of_kind("unit") as rows:
            events |= {f"{row[1].partition('/')[2]}#{row[2]}" for row in rows}
        for score in evaluate(ledger, view).scores:
            explanation = explain_unit(ledger, view, score.unit)
            assert explanation is not None
            sums = dict.fromkeys(score.modules, Fraction(0))
            for line in explanation.lines:
                sums[line.module] += line.points
                assert set(line.events) <= events
                assert json.dumps(line_json(line, 10))
            assert sums == score.modules
            assert explanation.score is not None
            assert (explanation.score.total, explanation.score.basis) == (score.total, score.basis)
            named = {row.project for row in explanation.not_counted}
            named |= {line.project for line in explanation.lines}
            for code, project in explanation.projects.items():
                assert project.recognised or code in named


_SCORE = """
import decimal, json, locale, sys
from datetime import date
from pathlib import Path
decimal.getcontext().prec = int(sys.argv[2])
decimal.getcontext().rounding = decimal.ROUND_FLOOR
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
from lifecycle.rulebook import shipped
from lifecycle.ledger.store import Ledger
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import line_json, score_json
with Ledger.open(sys.argv[1]) as ledger:
    view = View(2024, date(2024, 9, 30), ledger.head().position, shipped("kaihua-2024"))
    result = evaluate(ledger, view, keep=lambda line: True)
lines = [line_json(line, 10) for line in result.lines]
print(json.dumps([score_json(result), lines], ensure_ascii=True))
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> str:
    from commands.demo.county_records import records

    url = f"sqlite:///{tmp_path_factory.mktemp('county') / 'l.db'}"
    with Ledger.open(url, create=True) as ledger:
        fill(ledger, records())
    return url


def test_zone_locale_hash_seed_and_decimal_context_change_nothing(county: str) -> None:
    worlds = [
        ({"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "0", "LC_ALL": "C"}, "28"),
        ({"TZ": "America/New_York", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}, "3"),
        ({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4242", "LC_ALL": "de_DE.UTF-8"}, "60"),
    ]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _SCORE, county, precision],
            env={**os.environ, "PYTHONPATH": ".", **world},
            capture_output=True,
            check=True,
        ).stdout
        for world, precision in worlds
    }
    assert len(outputs) == 1


@history_examples(25)
@given(data=st.data())
def test_a_voided_event_changes_nothing(data: st.DataObject) -> None:
    records = data.draw(histories())
    year, as_of, _known = data.draw(axes(records))
    award = {
        "event": "ActivityHeld",
        "occurred_on": f"{year}-02-01",
        "activity": "误录",
        "led_by_head": True,
    }
    # Nothing more is recorded of a unit from the day of its dissolution.
    dissolved = {record["unit"] for record in records if record["event"] == "UnitDissolved"}
    registered = [record["unit"] for record in records if record["event"] == "UnitRegistered"]
    units = [unit for unit in registered if unit not in dissolved]
    if not units:
        return
    with ledger_of(records) as never:
        expected = scores(never, year, as_of)
    with ledger_of(records) as voided:
        entry = fill(voided, [{**award, "unit": units[0]}], keep=False)[0]
        version = int(entry.ref.rpartition("#")[2])
        fill(
            voided,
            [
                {
                    "event": "FactCorrected",
                    "unit": units[0],
                    "occurred_on": f"{year}-02-02",
                    "corrects": version,
                    "replacement": None,
                    "reason": "误录",
                    "approved_by": "乙",
                }
            ],
            keep=False,
        )
        assert scores(voided, year, as_of) == expected
