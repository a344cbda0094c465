"""Corrections of unknown events, or whose result breaks a rule, are rejected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import RecordedEvent, Stream
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from tests.given import OTHER, OUTPOST, REPORTED, TOWN, UNITS, World, correction, reported
from tests.ledgers import stored_form
from tests.library_events import insert_events
from tests.lifecycle.deciding.test_rejections import ENTERED, FILED, PASSED, figure


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (correction(9, {"name": "x"}), "no_such_version"),
        (correction(1, None), "void_information"),
        (correction(1, {}), "empty_replacement"),
        (correction(1, {"colour": "x"}), "unknown_field"),
        (correction(1, {"name": None}), "missing"),
        (correction(1, {"planned_investment": 1.5}), "number_text"),
        (correction(1, {"reporting_unit": "无"}), "unit_not_registered"),
        (correction(1, {"name": "x"}, reason=" "), "text_empty"),
        (correction(2, {"occurred_on": "2031-01-01"}), "future"),
    ],
)
def test_a_correction_is_rejected_like_a_record(
    world: World, record: dict[str, Any], rule: str
) -> None:
    world.given(*REPORTED, PASSED)
    rules = world.rules(record) if rule != "text_empty" else _read_rules(record)
    assert rules == [rule]


def _read_rules(record: dict[str, Any]) -> list[str]:
    with pytest.raises(Rejected) as rejection:
        read_record(record)
    return [problem.rule for problem in rejection.value.problems]


def test_a_correction_cannot_claim_another_project_s_identity(world: World) -> None:
    world.given(
        *UNITS,
        reported("P"),
        FILED,
        reported("Q"),
        {**FILED, "project": "Q", "project_code": "2403-330824-04-01-000001"},
    )
    assert world.rules(correction(2, {"project_code": "2403-330824-04-01-123456"}, "Q")) == [
        "filing_code_taken"
    ]
    assert world.rules(correction(1, {"name": "项目P", "investor": "投资方P"}, "Q")) == [
        "identity_claimed"
    ]
    world.record(correction(2, {"project_code": "2403-330824-04-01-777777"}))
    world.record(correction(2, {"project_code": "2403-330824-04-01-123456"}, "Q"))


def test_a_void_frees_a_claim_and_voiding_the_void_reclaims_it(world: World) -> None:
    world.given(*REPORTED, FILED, reported("Q"))
    filing_of_q = {**FILED, "project": "Q"}
    world.record(correction(2, None))
    world.record(filing_of_q)
    assert world.rules(correction(3, None)) == [
        "filing_code_taken"
    ]  # reviving P's code would take it from Q
    world.record(correction(2, None, "Q"))
    world.record(correction(3, None))
    assert world.rules(correction(3, None, "Q")) == ["filing_code_taken"]


def test_a_statistics_entry_that_figures_rest_on_is_not_voided(world: World) -> None:
    world.given(*REPORTED, ENTERED, figure())
    assert world.rules(correction(2, None)) == ["no_statistics"]
    world.record(correction(3, None))
    world.record(correction(2, None))


def test_corrections_are_only_voided_and_void_events_only_revived(world: World) -> None:
    world.given(*REPORTED, PASSED, correction(2, None))
    assert world.rules(correction(3, {"reason": "x"})) == ["replace_correction"]
    assert world.rules(correction(2, {"outcome": "rejected"})) == ["replace_void"]
    world.record(correction(3, None))
    world.record(correction(2, {"outcome": "rejected"}))


def test_a_unit_in_use_is_not_voided(world: World) -> None:
    world.given(*REPORTED)
    void = {
        "event": "FactCorrected",
        "unit": TOWN,
        "occurred_on": "2024-06-01",
        "corrects": 1,
        "replacement": None,
        "reason": "x",
        "approved_by": "y",
    }
    assert world.rules(void) == ["unit_in_use"]
    world.record({**void, "unit": OUTPOST})
    assert world.rules(reported("Q", reporting_unit=OUTPOST)) == ["unit_not_registered"]


def test_a_unit_with_facts_of_its_own_is_told_which_stand(world: World) -> None:
    listed = {
        "event": "UnitListed",
        "unit": OUTPOST,
        "month": "2024-03",
        "board": "black",
        "reason": "靠后",
    }
    void = {
        "event": "FactCorrected",
        "unit": OUTPOST,
        "occurred_on": "2024-06-01",
        "corrects": 1,
        "replacement": None,
        "reason": "x",
        "approved_by": "y",
    }
    world.given(*REPORTED, listed)
    ((rule, place, message),) = world.rejections(void)
    assert (rule, place) == ("unit_not_registered", "corrects")
    assert "[2]" in message
    world.record({**void, "corrects": 2})
    world.record(void)


def test_the_leading_group_moves_a_report_to_another_unit(world: World) -> None:
    world.given(*REPORTED)
    world.record(
        correction(1, {"reporting_unit": OTHER, "reported_at": "2024-01-09T08:00:00+08:00"})
    )
    history = world.ledger.history(Stream("project", "P"))
    assert [type(item.event).__name__ for item in history] == [
        "InformationReported",
        "FactCorrected",
    ]


def test_a_corrected_month_moves_a_defaulted_date(world: World) -> None:
    world.given(
        *REPORTED, ENTERED, figure("2024-05"), figure("2024-07") | {"occurred_on": "2024-07-20"}
    )
    world.record(correction(3, {"month": "2024-06"}))
    assert world.rules(correction(4, {"month": "2024-08"})) == ["month"]  # its date lies in July
    world.record(correction(4, {"month": "2024-08", "occurred_on": None}))


def append_unchecked(ledger: Ledger, events: Sequence[RecordedEvent]) -> None:
    """Append events without checking any rule."""
    insert_events(ledger.recorder, [stored_form(item) for item in events])


def test_a_fact_that_older_rules_allowed_does_not_block_a_correction(
    world: World,
) -> None:
    """A rule that was tightened later leaves history readable and correctable.

    A correction that breaks another rule is rejected all the same.
    """
    world.given(*REPORTED, ENTERED, figure())
    ledger = world.ledger
    stream, stamp = Stream("project", "P"), ledger.history(Stream("project", "P"))[0].stamp
    laxer = [
        RecordedEvent(stream, version, read_record(record).event, stamp)
        for version, record in ((4, ENTERED), (5, {**figure(), "fixed_assets": "11"}))
    ]
    append_unchecked(ledger, laxer)
    world.record(correction(1, {"name": "新名"}))
    world.record(correction(4, {"occurred_on": "2024-04-02"}))
    assert world.rules(correction(5, {"occurred_on": "2031-05-01"})) == ["month"]
    assert world.rules(correction(4, {"occurred_on": "2031-05-01"})) == ["future"]
    world.record(correction(5, {"month": "2024-06"}))
    assert world.rules(figure("2024-06", note="又")) == ["second_figure"]


def test_a_store_with_facts_that_the_rules_reject_is_still_read(world: World) -> None:
    world.given(*REPORTED)
    stream, stamp = Stream("project", "P"), world.ledger.history(Stream("project", "P"))[0].stamp
    early = RecordedEvent(
        Stream("project", "无"), 1, read_record({**PASSED, "project": "无"}).event, stamp
    )
    append_unchecked(
        world.ledger,
        [RecordedEvent(stream, 2, read_record(reported(name="再报")).event, stamp), early],
    )
    assert [item.version for item in world.ledger.history(stream)] == [1, 2]
    assert world.rules({**PASSED, "project": "无", "note": "又"}) == ["no_information"]
    assert world.record(PASSED).ref == "P#3"
