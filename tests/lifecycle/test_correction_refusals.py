"""Which corrections are refused: those of nothing, and those whose outcome the rules refuse (spec 1)."""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.events import Stream
from lifecycle.records import read
from lifecycle.refusals import Refused
from tests.given import OTHER, OUTPOST, REPORTED, TOWN, UNITS, World, correction, reported
from tests.lifecycle.test_refusals import ENTERED, FILED, PASSED, figure


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
def test_a_correction_is_refused_like_a_record(world: World, record: dict[str, Any], rule: str) -> None:
    world.given(*REPORTED, PASSED)
    found = world.rules(record) if rule != "text_empty" else _read_rules(record)
    assert found == [rule]


def _read_rules(record: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as found:
        read(record)
    return [problem.rule for problem in found.value.problems]


def test_a_correction_may_not_take_what_another_holds(world: World) -> None:
    world.given(*UNITS, reported("P"), FILED, reported("Q"), {**FILED, "project": "Q", "project_code": "2403-330824-04-01-000001"})
    assert world.rules(correction(2, {"project_code": "2403-330824-04-01-123456"}, "Q")) == ["filing_code_taken"]
    assert world.rules(correction(1, {"name": "项目P", "investor": "投资方P"}, "Q")) == ["identity_claimed"]
    world.record(correction(2, {"project_code": "2403-330824-04-01-777777"}))
    world.record(correction(2, {"project_code": "2403-330824-04-01-123456"}, "Q"))


def test_a_void_frees_what_was_held_and_a_void_of_the_void_takes_it_back(world: World) -> None:
    world.given(*REPORTED, FILED, reported("Q"))
    other = {**FILED, "project": "Q"}
    world.record(correction(2, None))
    world.record(other)
    assert world.rules(correction(3, None)) == ["filing_code_taken"]  # reviving P's code would take it from Q
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
    void = {"event": "FactCorrected", "unit": TOWN, "occurred_on": "2024-06-01", "corrects": 1, "replacement": None, "reason": "x", "approved_by": "y"}
    assert world.rules(void) == ["unit_in_use"]
    world.record({**void, "unit": OUTPOST})
    assert world.rules(reported("Q", reporting_unit=OUTPOST)) == ["unit_not_registered"]


def test_the_leading_group_moves_a_report_to_another_unit(world: World) -> None:
    world.given(*REPORTED)
    world.record(correction(1, {"reporting_unit": OTHER, "reported_at": "2024-01-09T08:00:00+08:00"}))
    history = world.ledger.history(Stream("project", "P"))
    assert [type(item.event).__name__ for item in history] == ["InformationReported", "FactCorrected"]


def test_a_month_alone_moves_a_date_that_was_left_out(world: World) -> None:
    world.given(*REPORTED, ENTERED, figure("2024-05"), figure("2024-07") | {"occurred_on": "2024-07-20"})
    world.record(correction(3, {"month": "2024-06"}))
    assert world.rules(correction(4, {"month": "2024-08"})) == ["month"]  # its date lies in July
    world.record(correction(4, {"month": "2024-08", "occurred_on": None}))
