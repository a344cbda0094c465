"""Units that change: three evaluators agree in every figure; a change touches no earlier day."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import canonical, shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.explanation import explain_units
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.board_view import board_json, month_board
from projections.views.incentive_view import year_incentives
from projections.views.target_view import county_target_progress
from tests.agreement.test_agreement_days import agree
from tests.agreement.test_metamorphic import ledger_of
from tests.agreement.test_policies_agreement import assert_lines_agree, recomputed
from tests.ledgers import fill, new_ledger
from tests.reference import beyond, boards
from tests.reference.effective import Record, effective, shanghai_date
from tests.reference.histories import STEPS, axes, histories
from tests.reference.lawful import refusals
from tests.reference.scoring import day_in_year, evaluate as reference, shown
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

CHANGE_STEPS = (*STEPS, "unit_change", "unit_change", "unit_change", "unit", "sheet", "county")
BOOK = shipped("kaihua-2024")


@history_examples(60)
@given(data=st.data())
def test_evaluator_reference_and_verifier_agree(data: st.DataObject) -> None:
    records = data.draw(histories(steps=CHANGE_STEPS))
    year, as_of, known_at = data.draw(axes(records))
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        position = len(records) if known_at is None else ledger.position_at(known_at)
        view = View(year, day_in_year(year, as_of), position, BOOK)
        units = score_json(evaluate(ledger, view))["units"]
        assert units == shown(reference(records, year, as_of, known_at))["units"]
        agree(ledger, records, view.as_of, known_at)
        targets = [row.as_json() for row in county_target_progress(ledger, view)]
        assert targets == shown(beyond.targets(records, year, as_of, known_at))
        earned = [row.as_json() for row in year_incentives(ledger, view).earned]
        expected = beyond.incentives(records, year, as_of, known_at)
        assert sorted(map(str, earned)) == sorted(map(str, expected))
        # The verifier's scores are asked for by a day of their year.
        if known_at is None and view.as_of.year == year:
            assert units == recomputed(ledger, canonical(BOOK.rulebook), view.as_of)
            assert_lines_agree(ledger, view)


@history_examples(15)
@given(data=st.data())
def test_boards_agree_with_the_reference(data: st.DataObject) -> None:
    records = data.draw(histories(steps=CHANGE_STEPS))
    month = f"2024-{data.draw(st.integers(1, 12)):02}"
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    with ledger_of(records) as ledger:
        view = View(2024, last, len(records), BOOK)
        board = board_json(month_board(ledger, view, month))
    expected = shown(boards.board(records, month))
    for name in ("units", "candidates", "listed", "interviews"):
        assert board[name] == expected[name]


# Metamorphic relations ----------------------------------------------------------------------------


def unit_change(event: str, records: Sequence[Record], unit: str, **fields: str) -> Record:
    """A change of today, recorded when the last record was."""
    return {
        "event": event,
        "unit": unit,
        "occurred_on": today(records).isoformat(),
        "note": "变更",
        "recorded_at": records[-1]["recorded_at"],
        "recorded_by": "甲",
        **fields,
    }


def today(records: Sequence[Record]) -> date:
    """The day of the last record."""
    return shanghai_date(records[-1]["recorded_at"])


def units_of(records: Sequence[Record]) -> list[str]:
    """The registered units."""
    return [event.stream[1] for event in effective(records) if event.kind == "UnitRegistered"]


def results(ledger: Ledger, year: int, day: date) -> Any:
    """Scores of a year as of a day."""
    view = View(year, min(day, date(year, 12, 31)), ledger.head().position, BOOK)
    return score_json(evaluate(ledger, view))["units"]


@history_examples(20)
@given(data=st.data())
def test_a_change_alters_nothing_before_its_day(data: st.DataObject) -> None:
    records = data.draw(histories())
    unit = data.draw(st.sampled_from(units_of(records)))
    change = data.draw(
        st.sampled_from(
            [
                unit_change("UnitRenamed", records, unit, name="新设单位"),
                unit_change("UnitRegrouped", records, unit, sequence="新序列"),
                unit_change("UnitDissolved", records, unit, successor=units_of(records)[-1]),
            ]
        )
    )
    if refusals(records, change):
        return
    before = today(records) - timedelta(days=1)
    with ledger_of(records) as never, ledger_of([*records, dict(change)]) as changed:
        assert results(changed, before.year, before) == results(never, before.year, before)


@history_examples(20)
@given(data=st.data())
def test_renaming_alters_no_number(data: st.DataObject) -> None:
    records = data.draw(histories())
    unit = data.draw(st.sampled_from(units_of(records)))
    change = unit_change("UnitRenamed", records, unit, name="新设单位")
    if refusals(records, change):
        return
    day = today(records)
    with ledger_of(records) as never, ledger_of([*records, dict(change)]) as changed:
        after = results(changed, day.year, day)
        for row in after:
            assert row["name"] == ("新设单位" if row["unit"] == unit else row["name"])
            row["name"] = ""
        # The day of the renaming may be the first on which the unit is there.
        expected = [{**row, "name": ""} for row in results(never, day.year, day)]
        if len(after) == len(expected):
            assert after == expected


@history_examples(30)
@given(data=st.data())
def test_what_a_dissolved_unit_had_is_its_successors(data: st.DataObject) -> None:
    records = data.draw(histories(steps=STEPS[:-1]))
    names = units_of(records)
    unit = data.draw(st.sampled_from(names))
    successor = data.draw(st.sampled_from([name for name in names if name != unit]))
    change = unit_change("UnitDissolved", records, unit, successor=successor)
    if refusals(records, change):
        return
    day = today(records)
    with ledger_of(records) as never, ledger_of([*records, dict(change)]) as changed:
        view = View(day.year, day, len(records), BOOK)
        apart = explain_units(never, view)
        together = explain_units(changed, View(day.year, day, len(records) + 1, BOOK))

    def points(explanations: Any, *units: str) -> Fraction:
        # Caps, floors and distinct persons count both as one; a listing does not pass.
        total = Fraction(0)
        for name in units:
            if name in explanations:
                for line in explanations[name].lines:
                    if line.rule not in LIMITED and not line.rule.endswith((".cap", ".floor")):
                        total += line.points
        return total

    assert unit not in together
    assert points(together, successor) == points(apart, unit, successor)


LIMITED = ("secondment", "major_project", "black_list")


@history_examples(20)
@given(data=st.data())
def test_a_void_change_never_was(data: st.DataObject) -> None:
    records = data.draw(histories())
    unit = data.draw(st.sampled_from(units_of(records)))
    change = unit_change("UnitDissolved", records, unit)
    if refusals(records, change):
        return
    version = 1 + sum(record.get("unit") == unit for record in records)
    void = {
        **unit_change("FactCorrected", records, unit),
        "corrects": version,
        "replacement": None,
        "reason": "误录",
        "approved_by": "余敏",
    }
    year, as_of, _known = data.draw(axes(records))
    day = day_in_year(year, as_of)
    with ledger_of(records) as never, ledger_of([*records, dict(change), void]) as voided:
        assert results(voided, year, day) == results(never, year, day)
