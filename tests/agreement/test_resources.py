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
from lifecycle.rulebook import parse, shipped
from projections.scoring.result_view import View
from projections.views.deadline_view import deadline_rows
from projections.views.requested_axes import RequestedAxes
from projections.views.resource_view import resource_rows
from tests.given import REPORTED, correction, reported
from tests.ledgers import CLERK, fill, new_ledger
from tests.reference.deadlines import deadlines
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


def land_records() -> st.SearchStrategy[Record]:
    """Land that a project acquires, or its end."""
    of_project = {
        "project": st.sampled_from(("P", "Q")),
        "occurred_on": st.sampled_from(DAYS),
        "recorded_at": st.just(RECORDED_AT),
    }
    land = {
        "event": st.just("LandAcquired"),
        "area_mu": st.just("10"),
        "transfer_fee": st.just("100"),
        "parcel": st.sampled_from(("一期", "二期")),
    }
    end = {"event": st.just("ProjectTerminated"), "reason": st.just("终止")}
    return st.fixed_dictionaries(of_project | land) | st.fixed_dictionaries(of_project | end)


PLOT = {"event": "ResourceListed", "resource": "ZY-1", "occurred_on": DAYS[0], **LISTING}
IDLE_DAYS = 31
IDLE_TABLE = f"""[deadlines.idle_plot]
days = {IDLE_DAYS}
clause = "意8"
basis = "assumption"
note = "假定"

[deadlines.stalled]"""
WATCHING = parse(shipped("kaihua-2024").content.replace("[deadlines.stalled]", IDLE_TABLE))
# Due 31 days after one of DAYS: the day itself, the day after, and days between.
DEADLINE_DAYS = (*DAYS, "2024-03-03", "2024-04-02", "2024-05-02", "2024-06-02")


@examples(60)
@given(drawn=st.lists(resource_records() | land_records(), min_size=4, max_size=12))
def test_deadlines_of_idle_plots_agree_on_every_day(drawn: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, BASE, keep=False)
        records = list(BASE)
        for record in (PLOT | {"area_mu": "50", "recorded_at": RECORDED_AT}, *drawn):
            if is_recorded(ledger, record):
                records.append(record)
        for day in map(date.fromisoformat, DEADLINE_DAYS):
            view = View(2024, day, ledger.head().position, WATCHING)
            rows = [row.as_json() for row in deadline_rows(ledger, view)]
            expected = deadlines(records, day, idle_days=IDLE_DAYS)
            assert idle(rows) == idle(expected)


def idle(rows: list[Record]) -> list[tuple[str, ...]]:
    """What the rows of idle plots say; rows of one day and project have no order of their own."""
    fields = ("project", "unit", "about", "due_on", "level", "days_left")
    return sorted(
        tuple(str(row[name]) for name in fields) for row in rows if row["kind"] == "idle_plot"
    )


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
