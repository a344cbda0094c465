"""Resources: what is recorded and what is free agrees with the reference on every day."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.deciding.drafts import read_record
from lifecycle.events import Stream
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from projections.views.requested_axes import RequestedAxes
from projections.views.resource_view import resource_rows
from tests.given import REPORTED, correction, reported
from tests.ledgers import CLERK, fill, new_ledger
from tests.reference.effective import effective
from tests.reference.lawful import refusals
from tests.reference.resources import MEASURES, resource_rows as reference_rows
from tests.soak import examples

pytestmark = pytest.mark.no_cover  # counting lines would take longer than the histories

Record = dict[str, Any]
DAYS = ("2024-02-01", "2024-03-01", "2024-03-02", "2024-04-01", "2024-05-01")
AREAS = ("0", "1", "10", "25", "40.5", "50")
RECORDED_AT = "2024-06-30T09:00:00+08:00"
LISTING = {"kind": "plot", "name": "地块", "location": "园区"}
BASE = [record | {"recorded_at": RECORDED_AT} for record in (*REPORTED, reported("Q"))]
CODES = ("ZY-1", "ZY-2")


def areas() -> st.SearchStrategy[Record]:
    return st.fixed_dictionaries(
        {}, optional={measure: st.sampled_from(AREAS) for measure in MEASURES}
    )


@st.composite
def resource_records(draw: st.DrawFn) -> Record:
    """A record about a resource, lawful or not."""
    kind = draw(
        st.sampled_from(
            (
                "ResourceListed",
                "ResourceAllotted",
                "ResourceAllotted",
                "ResourceChanged",
                "ResourceReleased",
                "FactCorrected",
                "FactCorrected",
                "ResourceWithdrawn",
            )
        )
    )
    record: Record = {
        "event": kind,
        "resource": draw(st.sampled_from(CODES)),
        "occurred_on": draw(st.sampled_from(DAYS)),
        "recorded_at": RECORDED_AT,
    }
    if kind == "FactCorrected":
        return record | _corrected(draw)
    if kind in ("ResourceAllotted", "ResourceReleased"):
        record["project"] = draw(st.sampled_from(("P", "Q")))
    if kind == "ResourceWithdrawn":
        record["reason"] = "收回"
    if kind in ("ResourceListed", "ResourceAllotted", "ResourceChanged"):
        record |= draw(areas())
    if kind == "ResourceListed":
        record |= LISTING
    return record


def _corrected(draw: st.DrawFn) -> Record:
    version = draw(st.integers(1, 6))
    replacements = st.one_of(
        st.none(),
        st.sampled_from(AREAS).map(lambda area: {"area_mu": area}),
        st.sampled_from(DAYS).map(lambda on: {"occurred_on": on}),
    )
    fields = correction(version, draw(replacements), occurred_on="2024-06-01")
    del fields["project"], fields["event"]
    return fields


def is_recorded(ledger: Ledger, record: Record) -> bool:
    before = ledger.head()
    try:
        ledger.record(read_record(record), CLERK)
    except Rejected:
        return False
    # The same fact entered twice is one fact.
    return ledger.head() != before


def shown(ledger: Ledger, day: str) -> list[Record]:
    view = RequestedAxes(None, date.fromisoformat(day), None, None).day_view(ledger)
    return [row.as_json() for row in resource_rows(ledger, view)]


def assert_agreement(ledger: Ledger, records: Sequence[Record]) -> None:
    for day in DAYS:
        expected = reference_rows(effective(records), date.fromisoformat(day))
        rows = resource_rows(
            ledger, RequestedAxes(None, date.fromisoformat(day), None, None).day_view(ledger)
        )
        figures = [
            {
                "resource": row.resource,
                "free": dict(zip(MEASURES, row.free, strict=True)),
                "projects": row.projects,
                "status": row.status,
            }
            for row in rows
        ]
        assert figures == expected


@examples(60)
@given(drawn=st.lists(resource_records(), min_size=4, max_size=14))
def test_what_the_reference_lets_in_is_recorded_and_every_day_agrees(drawn: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, BASE, keep=False)
        records = list(BASE)
        first = {"event": "ResourceListed", "resource": "ZY-1", "occurred_on": DAYS[0], **LISTING}
        for record in (first | {"area_mu": "50", "recorded_at": RECORDED_AT}, *drawn):
            reasons = refusals(records, record)
            recorded = is_recorded(ledger, record)
            if not reasons:
                assert recorded, record
            # What the spec leaves open the reference calls unlawful: only then may they differ.
            if recorded:
                records.append(record)
        assert_agreement(ledger, records)


@examples(30)
@given(drawn=st.lists(resource_records(), min_size=4, max_size=10), data=st.data())
def test_a_void_is_as_if_never_recorded_and_later_days_alter_nothing(
    drawn: list[Record], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, BASE, keep=False)
        listing = {"event": "ResourceListed", "resource": "ZY-1", "occurred_on": DAYS[0]}
        is_recorded(ledger, {**listing, **LISTING, "area_mu": "50", "recorded_at": RECORDED_AT})
        for record in drawn:
            is_recorded(ledger, record)
        before = {day: shown(ledger, day) for day in DAYS}
        record = data.draw(resource_records().filter(lambda each: each["event"] != "FactCorrected"))
        if not is_recorded(ledger, record):
            return
        for day in DAYS:
            if day < record["occurred_on"]:
                assert shown(ledger, day) == before[day]
        version = len(ledger.history(Stream("resource", record["resource"])))
        void = correction(version, None) | {
            "resource": record["resource"],
            "recorded_at": RECORDED_AT,
        }
        del void["project"]
        ledger.record(read_record(void), CLERK)
        assert {day: shown(ledger, day) for day in DAYS} == before
