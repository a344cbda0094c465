"""Changes of projects: three evaluators agree, and a change touches no view before its day."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import canonical, shipped
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from projections.views.deadline_view import deadline_rows
from projections.views.sheet_view import due_sheets
from tests.agreement.test_agreement import AXES_OF_A_HISTORY
from tests.agreement.test_agreement_days import agree
from tests.agreement.test_metamorphic import ledger_of, scores
from tests.agreement.test_policies_agreement import recomputed
from tests.ledgers import fill, new_ledger
from tests.reference.effective import Record, effective, shanghai_date
from tests.reference.histories import STEPS, axes, histories
from tests.reference.lawful import refusals
from tests.reference.scoring import day_in_year, evaluate as reference, shown
from tests.soak import history_examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

Records = list[dict[str, Any]]
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "AgreementAmended": {"contract_fixed_assets": "60000", "contract_investment": "1"},
    "LandAcquired": {"area_mu": "7", "transfer_fee": "9000", "parcel": "新增地块"},
    "InvestorChanged": {
        "investor": "另一投资方",
        "investor_traits": [],
        "outside_ratio": "0",
    },
    "FollowedUp": {"content": "洽谈", "next_on": "2031-01-01"},
    "ProjectPaused": {"reason": "暂缓"},
    "MilestoneReached": {"milestone": "full_production"},
    "ProjectFiled": {"project_code": "2403-330824-04-01-999999"},
}
CHANGE_STEPS = (*STEPS, "life", "life", "life", "node")


@history_examples(20)
@given(data=st.data())
def test_evaluator_reference_and_verifier_agree(data: st.DataObject) -> None:
    records = data.draw(histories(steps=CHANGE_STEPS))
    book = shipped("kaihua-2024")
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        for _ in range(AXES_OF_A_HISTORY):
            year, as_of, known_at = data.draw(axes(records))
            position = len(records) if known_at is None else ledger.position_at(known_at)
            view = View(year, day_in_year(year, as_of), position, book)
            units = score_json(evaluate(ledger, view))["units"]
            agree(ledger, records, view.as_of, known_at)
            assert units == shown(reference(records, year, as_of, known_at))["units"]
            # The verifier's scores are asked for by a day of their year.
            if known_at is None and view.as_of.year == year:
                assert units == recomputed(ledger, canonical(book.rulebook), view.as_of)


# Metamorphic relations ----------------------------------------------------------------------------


def listed(ledger: Ledger, day: date) -> list[dict[str, Any]]:
    """The deadlines and the sheets due on a day."""
    view = View(day.year, day, ledger.head().position, shipped("kaihua-2024"))
    rows = [row.as_json() for row in deadline_rows(ledger, view)]
    return rows + [sheet.as_json() for sheet in due_sheets(ledger, view)]


def amendable(records: Sequence[Record]) -> Mapping[str, date]:
    """The signed projects, each with the day of its signing."""
    signings = [event for event in effective(records) if event.kind == "AgreementSigned"]
    return {event.stream[1]: event.occurred_on for event in signings}


def change_of(event: str, records: Sequence[Record], code: str, day: date, **fields: Any) -> Record:
    """A change recorded when the last record was."""
    return {
        "event": event,
        "project": code,
        "occurred_on": day.isoformat(),
        "note": "变更",
        "recorded_at": records[-1]["recorded_at"],
        "recorded_by": "甲",
        **fields,
    }


def later_days(records: Sequence[Record], signed_on: date) -> list[date]:
    """Days on which an amendment may be recorded, the day of the signing included."""
    today = shanghai_date(records[-1]["recorded_at"])
    days = [signed_on + timedelta(days=shift) for shift in (0, 1, 30, 200)]
    return [day for day in days if day <= today] or [signed_on]


@history_examples(12)
@given(data=st.data())
def test_a_change_alters_nothing_before_its_day(data: st.DataObject) -> None:
    records = data.draw(histories())
    signings = amendable(records)
    if not signings:
        return
    code = data.draw(st.sampled_from(sorted(signings)))
    day = data.draw(st.sampled_from(later_days(records, signings[code])))
    event = data.draw(st.sampled_from(sorted(CHANGES)))
    change = change_of(event, records, code, day, **CHANGES[event])
    if refusals(records, change):
        return
    before = day - timedelta(days=1)
    with ledger_of(records) as never, ledger_of([*records, dict(change)]) as changed:
        assert scores(changed, before.year, before) == scores(never, before.year, before)
        assert listed(changed, before) == listed(never, before)


@history_examples(12)
@given(data=st.data())
def test_an_amendment_with_the_same_amounts_alters_nothing(data: st.DataObject) -> None:
    records = data.draw(histories())
    signings = amendable(records)
    if not signings:
        return
    code = data.draw(st.sampled_from(sorted(signings)))
    day = data.draw(st.sampled_from(later_days(records, signings[code])))
    amounts: dict[str, str] = {}
    for event in effective(records):
        is_contract = event.kind in {"AgreementSigned", "AgreementAmended"}
        if event.stream[1] == code and is_contract and event.occurred_on <= day:
            for name in ("contract_investment", "contract_fixed_assets"):
                if name in event.fields:
                    amounts[name] = event.fields[name]
    change = change_of("AgreementAmended", records, code, day, **amounts)
    if refusals(records, change):
        return
    year, as_of, _known = data.draw(axes(records))
    with ledger_of(records) as never, ledger_of([*records, dict(change)]) as changed:
        assert scores(changed, year, as_of) == scores(never, year, as_of)


@history_examples(12)
@given(data=st.data())
def test_a_void_change_never_was(data: st.DataObject) -> None:
    records = data.draw(histories())
    signings = amendable(records)
    if not signings:
        return
    code = data.draw(st.sampled_from(sorted(signings)))
    day = data.draw(st.sampled_from(later_days(records, signings[code])))
    event = data.draw(st.sampled_from(sorted(CHANGES)))
    change = change_of(event, records, code, day, **CHANGES[event])
    if refusals(records, change):
        return
    version = 1 + sum(record.get("project") == code for record in records)
    void = {
        "event": "FactCorrected",
        "project": code,
        "occurred_on": day.isoformat(),
        "corrects": version,
        "replacement": None,
        "reason": "误录",
        "approved_by": "余敏",
        "recorded_at": change["recorded_at"],
        "recorded_by": "甲",
    }
    year, as_of, _known = data.draw(axes(records))
    with ledger_of(records) as never, ledger_of([*records, dict(change), void]) as voided:
        assert scores(voided, year, as_of) == scores(never, year, as_of)
        assert listed(voided, day) == listed(never, day)
