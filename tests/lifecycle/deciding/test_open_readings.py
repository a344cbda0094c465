"""What spec 1 does not reject is recorded, though the reference draws none of it.

`tests/reference/lawful.py` calls unlawful what the text leaves open, so that whatever it draws is
accepted under every reading. Here is the reading of the product.
"""

from __future__ import annotations

from typing import Any

from tests.given import OTHER, REPORTED, TOWN, JsonRecord, World, correction, of, reported, unit


def mark(**fields: Any) -> JsonRecord:
    record = {"event": "RoutineAssessed", "unit": TOWN, "month": "2024-03", "item": "台账"}
    return record | {"points": "0.5"} | fields


def void(version: int, unit_name: str) -> JsonRecord:
    return {
        "event": "FactCorrected",
        "unit": unit_name,
        "occurred_on": "2024-06-01",
        "corrects": version,
        "replacement": None,
        "reason": "误录",
        "approved_by": "余敏",
    }


def test_an_item_may_be_marked_twice_in_a_month(world: World) -> None:
    # Spec 1 rejects "a second figure of one kind, or a second listing": a mark is neither.
    world.given(*REPORTED, mark(), mark(points="-0.3"))
    # Marks alike in everything need a key or a note to be two.
    assert world.record(mark()).already
    assert not world.record(mark(note="第二次")).already


def test_what_is_void_may_be_voided_again(world: World) -> None:
    # Spec 1 rejects a replacement of an event that is void; a void says nothing new of it.
    world.given(*REPORTED, of("ConsultationHeld", outcome="passed"))
    world.given(correction(2, None), correction(2, None, reason="重复"))
    # It is void while one of the two voids stands.
    world.given(correction(4, None))
    assert world.rules(correction(2, {"outcome": "deferred"})) == ["replace_void"]
    world.given(correction(3, None))
    assert world.rules(of("ConsultationHeld", "2024-03-02", outcome="passed")) == ["already_passed"]


def test_a_registration_is_void_once_nothing_rests_on_it(world: World) -> None:
    world.given(*REPORTED, mark(unit=OTHER))
    # It would leave an event of a unit that is not registered.
    assert world.rules(void(1, OTHER)) == ["unit_not_registered"]
    world.given(void(2, OTHER), void(1, OTHER))
    assert world.rules(mark(unit=OTHER, month="2024-04")) == ["unit_not_registered"]
    world.given(unit(OTHER, sequence="部门"))
    world.record(mark(unit=OTHER, month="2024-04"))


def test_a_corrected_identity_is_judged_when_it_is_corrected(world: World) -> None:
    # Spec 1: all rules look at the effective history as the ledger knows it then.
    world.given(*REPORTED, reported("Q"))
    claimed = {"name": "项目Q", "investor": "投资方Q"}
    ((rule, _field, text),) = world.rejections(correction(1, claimed))
    assert rule == "identity_claimed"
    assert "Q" in text
    # Its reason excuses the report that was recorded earlier, and Q's report stays as it is.
    world.given(correction(1, {**claimed, "distinct_because": "两个厂区"}))
    world.record(correction(1, {"note": "附件另存"}, "Q"))
    # Without the reason the correction would be a second claim again.
    assert world.rules(correction(1, {"distinct_because": None})) == ["identity_claimed"]
