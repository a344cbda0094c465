"""Corrections and the effective facts (spec 4); decisions are pure, their indexes follow."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lifecycle.deciding.corrections import (
    Correction,
    amendments,
    corrected_history,
    effective,
    moved_to,
    require_readable,
)
from lifecycle.deciding.decide import decide
from lifecycle.deciding.decision_state import evolve, fold
from lifecycle.deciding.drafts import read_record
from lifecycle.events import COUNTY, Event, RecordedEvent, Stamp, Stream, UnreadableEvent
from lifecycle.events.codec import UnreadableError, fields_of
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import Rejected
from tests.given import OTHER, REPORTED, TOWN, World, correction, of, reported, unit
from tests.ledgers import CLERK, fill, new_ledger
from tests.reference import effective as reference
from tests.reference.histories import histories
from tests.soak import examples

P = Stream("project", "P")
PASSED = of("ConsultationHeld", "2024-02-01", outcome="passed")
ENTERED = of(
    "StatisticsEntered",
    "2024-04-01",
    statistics_name="甲项目",
    source_ref="统〔2024〕1号",
    note="首次",
)
FIGURE = of("InvestmentReported", None, month="2024-05", fixed_assets="10")


def facts(world: World, stream: Stream = P) -> list[RecordedEvent]:
    """The stream's effective facts."""
    return effective(world.ledger.history(stream))


def fact(world: World, version: int, stream: Stream = P) -> dict[str, object]:
    """One effective fact's fields."""
    (recorded,) = [item for item in facts(world, stream) if item.version == version]
    return fields_of(recorded.event)


# What a replacement changes -----------------------------------------------------------------------


def test_null_unsets_what_is_optional_in_the_fact_and_in_its_envelope(world: World) -> None:
    world.given(
        *REPORTED,
        ENTERED,
        correction(2, {"statistics_name": None, "source_ref": None, "note": None}),
    )
    assert fact(world, 2) == {"occurred_on": "2024-04-01"}


def test_evidence_and_source_are_corrected_like_any_field(world: World) -> None:
    proof = [{"name": "a.pdf", "sha256": "A" * 64}]
    world.given(
        *REPORTED, ENTERED, correction(2, {"evidence": proof, "source_ref": "  统〔2024〕2号 "})
    )
    assert fact(world, 2)["evidence"] == [{"name": "a.pdf", "sha256": "a" * 64}]
    assert fact(world, 2)["source_ref"] == "统〔2024〕2号"


@pytest.mark.parametrize(
    "field", ["key", "event", "project", "recorded_at", "recorded_by", "corrects"]
)
def test_identifying_fields_cannot_be_replaced(world: World, field: str) -> None:
    world.given(*REPORTED, PASSED)
    assert world.rejections(correction(2, {field: "x"}))[0][:2] == (
        "unknown_field",
        f"replacement.{field}",
    )


def test_values_of_a_replacement_are_normalised(world: World) -> None:
    world.given(*REPORTED)
    world.record(
        correction(
            1,
            {
                "planned_investment": "05000.10",
                "name": " cafe\u0301 ",
                "chains": ["cards", "cards"],
                "government_funded": True,
            },
        )
    )
    replaced = {
        key: fact(world, 1)[key]
        for key in ("planned_investment", "name", "chains", "government_funded")
    }
    assert replaced == {
        "planned_investment": "5000.1",
        "name": "caf\u00e9",
        "chains": ["cards"],
        "government_funded": True,
    }


def test_a_default_comes_back_when_its_field_is_unset(world: World) -> None:
    world.given(*REPORTED[:-1], reported(site="standard_factory", government_funded=True))
    world.record(correction(1, {"site": None, "government_funded": None}))
    assert (fact(world, 1)["site"], fact(world, 1)["government_funded"]) == ("new_land", False)


def test_voiding_a_replacement_restores_the_previous_one(
    world: World,
) -> None:
    world.given(*REPORTED)
    world.record(correction(1, {"name": "甲", "sector": "service"}))
    world.record(correction(1, {"name": "乙"}))
    assert (fact(world, 1)["name"], fact(world, 1)["sector"]) == ("乙", "service")
    world.record(correction(3, None))
    assert (fact(world, 1)["name"], fact(world, 1)["sector"]) == ("甲", "service")
    world.record(correction(2, None))
    assert (fact(world, 1)["name"], fact(world, 1)["sector"]) == ("项目P", "industrial")
    world.record(correction(4, None))  # the void of version 3 is void: 乙 counts again
    assert (fact(world, 1)["name"], fact(world, 1)["sector"]) == ("乙", "industrial")


def test_a_correction_is_voided_once(world: World) -> None:
    world.given(*REPORTED, PASSED, correction(2, None), correction(3, None), correction(4, None))
    assert [item.version for item in facts(world)] == [1]  # void, revived, void again


def test_the_original_and_every_correction_stay(world: World) -> None:
    world.given(
        *REPORTED, PASSED, correction(2, {"occurred_on": "2024-02-02"}), correction(2, None)
    )
    history = world.ledger.history(P)
    assert [item.version for item in history] == [1, 2, 3, 4]
    assert history[1].event.on == date(2024, 2, 1)


def test_a_corrected_fact_still_equals_its_original_record(world: World) -> None:
    world.given(*REPORTED, PASSED, correction(2, {"occurred_on": "2024-02-02"}))
    stored, corrected = world.ledger.history(P)[1], facts(world)[1]
    assert (corrected.stream, corrected.version, corrected.stamp, corrected.position) == (
        P,
        2,
        stored.stamp,
        5,
    )
    assert (stored.event.on, corrected.event.on) == (date(2024, 2, 1), date(2024, 2, 2))


# Dates --------------------------------------------------------------------------------------------


def test_a_moved_report_moves_its_day(world: World) -> None:
    world.given(*REPORTED[:-1], reported(occurred_on="2024-01-10"))
    world.record(correction(1, {"reported_at": "2024-01-11T16:30:00Z"}))
    (report,) = facts(world)
    assert report.event.on == date(2024, 1, 12)
    assert world.rules(correction(1, {"occurred_on": "2024-01-10"})) == ["occurred_on"]
    assert (
        world.record(correction(1, {"occurred_on": "2024-01-12", "note": "日期无误"})).ref == "P#3"
    )


def test_a_correction_moves_no_fact_into_the_future_or_past_the_termination(world: World) -> None:
    ended = of("ProjectTerminated", "2024-06-30", reason="撤资")
    world.given(*REPORTED, PASSED, ended)
    assert world.rules(correction(3, {"occurred_on": "2031-01-01"})) == ["future"]
    signed = of("AgreementSigned", "2024-06-30", contract_investment="1", contract_fixed_assets="1")
    world.record(signed)
    assert world.rules(correction(4, {"occurred_on": "2024-07-01"})) == ["terminated"]
    assert world.rules(correction(3, {"occurred_on": "2024-06-29"})) == ["terminated"]
    world.record(correction(3, {"occurred_on": "2024-07-01"}))
    assert world.record(correction(4, {"occurred_on": "2024-07-01"})).ref == "P#6"


def test_a_voided_termination_admits_facts_and_then_cannot_be_revived(world: World) -> None:
    world.given(*REPORTED, of("ProjectTerminated", "2024-06-30", reason="撤资"))
    late = of("ReviewHeld", "2024-08-01", findings="正常"), of("StatisticsEntered", "2024-08-02")
    assert world.rules(late[1]) == ["terminated"]
    world.record(correction(2, None))
    world.given(*late)
    assert world.rules(correction(3, None)) == ["terminated"]


def test_a_day_follows_its_corrected_month_only_if_it_was_defaulted(world: World) -> None:
    world.given(
        *REPORTED, ENTERED, FIGURE, of("TaxPaid", "2024-05-20", month="2024-05", amount="1")
    )
    world.record(correction(3, {"month": "2024-02"}))
    assert [item.event.on for item in facts(world) if item.version == 3] == [date(2024, 2, 29)]
    assert world.rules(correction(4, {"month": "2024-06"})) == ["month"]
    world.record(correction(4, {"month": "2024-06", "occurred_on": "2024-06-01"}))
    assert world.rules(correction(4, {"occurred_on": "2024-07-01"})) == ["month"]


# Corrected histories that are rejected ------------------------------------------------------------


def test_two_figures_cannot_share_a_month(world: World) -> None:
    world.given(*REPORTED, ENTERED, FIGURE, {**FIGURE, "month": "2024-06"})
    assert world.rules(correction(3, {"month": "2024-06"})) == ["second_figure"]
    assert world.rules(correction(4, {"month": "2024-05"})) == ["second_figure"]
    world.record(correction(3, {"month": "2024-07"}))
    world.record(correction(4, {"month": "2024-05"}))
    assert world.rules({**FIGURE, "month": "2024-07", "note": "又"}) == ["second_figure"]
    assert world.rules(correction(5, None)) == [
        "second_figure"
    ]  # it would restore version 3 to May


def test_dependent_fields_are_checked_together(world: World) -> None:
    land = of(
        "LandAcquired", "2024-03-10", area_mu="10", transfer_fee="100", county_state_share="40"
    )
    world.given(*REPORTED, land)
    assert world.rules(correction(2, {"transfer_fee": "39.999999"})) == ["share"]
    world.record(correction(2, {"transfer_fee": "39.999999", "county_state_share": "39.999999"}))


def test_a_plan_s_dates_stay_after_its_day(world: World) -> None:
    world.given(
        *REPORTED,
        of("ScheduleSet", "2024-02-01", milestones=[{"stage": "land", "due_on": "2024-03-01"}]),
    )
    assert world.rules(correction(2, {"occurred_on": "2024-03-01"})) == ["milestones"]
    world.record(correction(2, {"occurred_on": "2024-02-29"}))


def test_a_second_plan_must_keep_its_reason(world: World) -> None:
    plan = of("ScheduleSet", "2024-02-01", milestones=[{"stage": "land", "due_on": "2024-06-01"}])
    world.given(*REPORTED, plan, {**plan, "occurred_on": "2024-03-01", "reason": "调整"})
    assert world.rules(correction(3, {"reason": None})) == ["reason"]
    world.record(correction(2, None))
    world.record(correction(3, {"reason": None}))
    assert world.rules(correction(4, None)) == ["reason"]


def test_a_unit_s_facts_keep_their_registration(world: World) -> None:
    stream = Stream("unit", TOWN)
    world.given(
        unit(),
        unit(OTHER),
        {
            "event": "AwardWon",
            "unit": TOWN,
            "occurred_on": "2024-03-01",
            "title": "招商能手",
            "person": "江",
        },
    )
    of_unit = {
        "event": "FactCorrected",
        "unit": TOWN,
        "occurred_on": "2024-06-01",
        "reason": "误录",
        "approved_by": "余敏",
    }
    assert world.rules({**of_unit, "corrects": 1, "replacement": None}) == ["unit_not_registered"]
    world.record(
        {**of_unit, "corrects": 1, "replacement": {"category": "department", "sequence": "部门"}}
    )
    assert fact(world, 1, stream)["category"] == "department"


def test_the_county_s_facts_are_corrected_too(world: World) -> None:
    target = {
        "event": "TargetSet",
        "occurred_on": "2024-01-05",
        "year": 2024,
        "indicator": "到位资金",
        "amount": "100",
        "for_unit": TOWN,
    }
    of_county = {
        "event": "FactCorrected",
        "occurred_on": "2024-06-01",
        "corrects": 1,
        "reason": "误录",
        "approved_by": "余敏",
    }
    world.given(unit(), target)
    ((rule, field, text),) = world.rejections({**of_county, "replacement": {"for_unit": "华埠"}})
    assert (rule, field) == ("unit_not_registered", "for_unit")
    assert TOWN in text
    world.record({**of_county, "replacement": {"for_unit": None, "amount": "120"}})
    assert fact(world, 1, COUNTY) == {
        "occurred_on": "2024-01-05",
        "year": 2024,
        "indicator": "到位资金",
        "amount": "120",
    }


def test_a_sheet_keeps_its_number_and_may_change_the_rest(world: World) -> None:
    task = of(
        "TaskAssigned",
        number="开招办交〔2024〕1号",
        task="办理摘牌",
        responsible_unit=TOWN,
        due_on="2024-04-01",
    )
    world.given(*REPORTED, task)
    assert world.rules(correction(2, {"number": "开招办交〔2024〕2号"})) == ["number_fixed"]
    world.record(correction(2, {"number": "开招办交〔2024〕1号", "due_on": "2024-05-01"}))
    assert fact(world, 2)["due_on"] == "2024-05-01"


def test_a_task_with_followers_is_not_voided(world: World) -> None:
    task = of(
        "TaskAssigned",
        number="开招办交〔2024〕1号",
        task="办理摘牌",
        responsible_unit=TOWN,
        due_on="2024-04-01",
    )
    world.given(
        *REPORTED,
        task,
        of(
            "WarningIssued", "2024-03-26", number="开招办警〔2024〕1号", about="开招办交〔2024〕1号"
        ),
    )
    assert world.rules(correction(2, None)) == ["no_task"]
    world.record(correction(3, None))
    world.record(correction(2, None))


def test_the_same_correction_again_says_so(world: World) -> None:
    world.given(*REPORTED)
    first = world.record(correction(1, {"planned_investment": "5000"}))
    again = world.record(correction(1, {"planned_investment": "5000.0"}))
    assert (again.already, again.position) == (True, first.position)


# Properties ---------------------------------------------------------------------------------------


def histories_of(
    records: list[dict[str, Any]], ledger: Ledger
) -> dict[reference.Stream, list[RecordedEvent]]:
    fill(ledger, records)
    streams = dict.fromkeys(event.stream for event in reference.numbered(records))
    return {
        stream: ledger.history(
            COUNTY
            if stream == reference.COUNTY
            else Stream("project" if stream[0] == "project" else "unit", stream[1])
        )
        for stream in streams
    }


@examples(40)
@given(data=st.data())
def test_effective_facts_are_those_of_the_reference(data: st.DataObject) -> None:
    records = data.draw(histories())
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        recorded = histories_of(records, ledger)
    position = data.draw(st.integers(0, len(records)))
    for stream, history in recorded.items():
        ours = effective([item for item in history if item.position <= position])
        theirs = reference.effective_stream(
            [
                event
                for event in reference.known_records(records, None, position)
                if event.stream == stream
            ]
        )
        assert sorted(
            (item.event.on, item.version, type(item.event).__name__) for item in ours
        ) == [(event.occurred_on, event.version, event.kind) for event in theirs]
        by_version = {event.version: read_record(stripped(event.fields)).event for event in theirs}
        assert {item.version: item.event for item in ours} == by_version


def stripped(fields: Any) -> dict[str, Any]:
    return {
        name: value for name, value in fields.items() if name not in {"recorded_at", "recorded_by"}
    }


@examples(25)
@given(data=st.data())
def test_states_and_indexes_equal_the_fold_of_the_facts(data: st.DataObject) -> None:
    records = data.draw(histories())
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        with ledger.unit_of_work(CLERK, keep_recorded_at=True) as session:
            for record in records:
                session.record(read_record(record))
            states = {stream: deepcopy(state) for stream, state in session._states.items()}
        folded = {}
        for stream in states:
            history = ledger.history(Stream.of(stream))
            folded[stream] = fold(effective(history))
            folded[stream].version = len(history)
        assert states == folded
        with ledger.recorder.cursor(write=False) as cursor:
            cursor.execute("SELECT kind, value, stream FROM ledger_claims")
            # Near names, codes and the numbers that moved sheets carry are indexed there too, by
            # events and not by states: test_name_index, test_moving_projects.
            indexed = ("near", "code", "carried")
            stored = {tuple(row) for row in cursor.fetchall() if row[0] not in indexed}
    assert stored == {
        (claim.kind, claim.value, stream)
        for stream, state in folded.items()
        for claim in state.claims
    }


@examples(25)
@given(data=st.data())
def test_deciding_is_pure_and_repeatable(data: st.DataObject) -> None:
    records = data.draw(histories())
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder)) as ledger:
        fill(ledger, records)
        drafts = [
            read_record(stripped(record))
            for record in records
            if record["event"] != "FactCorrected"
        ]
        with ledger.recorder.cursor(write=False) as cursor:
            session = UnitOfWork(ledger.recorder, cursor, CLERK, ledger.clock())
            for draft in drafts:  # all are recorded already, so many are rejected now
                before = deepcopy(session._state(draft.stream))
                answers = [answer(session, draft) for _ in range(2)]
                assert answers[0] == answers[1]
                assert session._state(draft.stream) == before
                moved = [deepcopy(before), deepcopy(before)]
                for state in moved:
                    evolve(state, before.version + 1, draft.stream.name, draft.event)
                assert moved[0] == moved[1]


def answer(session: UnitOfWork, draft: Any) -> object:
    try:
        decide(session._state(draft.stream), draft.stream, draft.event, session)
    except Rejected as rejection:
        return rejection.problems
    return "allowed"


def test_thousands_of_corrections_of_one_event_apply_in_the_order_of_versions() -> None:
    corrections = [Correction(version, 1, {f"field{version}": version}) for version in range(2, 99)]
    corrections += [Correction(99, 1, {"field2": 99}), Correction(100, 98, None)]
    change = amendments(corrections)[1]
    assert change is not None
    assert change["field2"] == 99
    assert "field98" not in change
    assert len(change) == 96
    assert corrections[0].replacement == {"field2": 2}  # what is stored stays as it is


# What cannot be read ------------------------------------------------------------------------------


def recorded_as(version: int, event: Event) -> RecordedEvent:
    stamp = Stamp(datetime(2024, 1, 2, tzinfo=UTC), "clerk-01")
    return RecordedEvent(P, version, event, stamp, position=10 + version)


def test_an_event_that_nobody_can_read_stops_a_reader_until_it_is_void() -> None:
    readable = recorded_as(1, read_record(of("ReviewHeld", "2024-01-02", findings="正常")).event)
    unreadable = UnreadableEvent(
        topic="ReviewHeld/1", reason="findings: missing", recorded_on=date(2024, 1, 2)
    )
    broken = recorded_as(2, unreadable)
    void = recorded_as(3, read_record(correction(2, None)).event)

    require_readable([readable])
    with pytest.raises(UnreadableError) as stopped:
        require_readable([readable, broken])
    assert stopped.value.values == {
        "version": 2,
        "stream": "project/P",
        "name": "P",
        "position": 12,
        "why": "findings: missing",
    }
    require_readable([readable, broken, void])
    # A void of another event leaves it where it is.
    with pytest.raises(UnreadableError):
        require_readable([readable, broken, recorded_as(3, read_record(correction(1, None)).event)])


def test_what_cannot_be_read_is_kept_beside_the_facts_with_its_place() -> None:
    unreadable = UnreadableEvent(
        topic="ReviewHeld/1", reason="findings: missing", recorded_on=date(2024, 1, 2)
    )
    broken = recorded_as(1, unreadable)
    readable = recorded_as(2, read_record(of("ReviewHeld", "2024-01-02", findings="正常")).event)

    corrected = corrected_history([broken, readable])

    assert [recorded.version for recorded in corrected.facts] == [2]
    assert [(error.values["name"], error.values["version"]) for error in corrected.unreadable] == [
        ("P", 1)
    ]
    with pytest.raises(UnreadableError, match="findings: missing"):
        effective([broken, readable])


# Where a project moved to -------------------------------------------------------------------------


REVIEW = of("ReviewHeld", "2024-01-02", findings="正常")


@pytest.mark.parametrize(
    ("records", "code"),
    [
        pytest.param([reported()], None, id="never moved"),
        pytest.param([reported(), correction(1, None)], None, id="void"),
        pytest.param([reported(), correction(1, None, moved_to="B")], "B", id="moved"),
        pytest.param(
            [reported(), correction(1, None, moved_to="B"), REVIEW], "B", id="something came later"
        ),
        pytest.param(
            [reported(), correction(1, None, moved_to="B"), correction(2, None)],
            None,
            id="moved by mistake",
        ),
        pytest.param(
            [reported(), REVIEW, correction(1, None), correction(2, None, moved_to="B")],
            None,
            id="the void of something else",
        ),
        pytest.param(
            [REVIEW, reported(), correction(2, None, moved_to="B")], "B", id="reported second"
        ),
        pytest.param(
            [
                reported(),
                correction(1, None, moved_to="B"),
                reported(name="又"),
                correction(3, None, moved_to="C"),
                correction(3, {"name": "再"}),
            ],
            "C",
            id="the last move counts",
        ),
    ],
)
def test_a_project_moved_where_the_live_void_of_its_report_says(
    records: list[dict[str, Any]], code: str | None
) -> None:
    history = [
        recorded_as(version, read_record(record).event)
        for version, record in enumerate(records, start=1)
    ]
    assert moved_to(history) == code
