"""Units are renamed, regrouped and dissolved: what is rejected, by day and by record (spec 7)."""

from __future__ import annotations

import pytest

from lifecycle.events import Stream
from lifecycle.events.project_events import InformationReported
from tests.given import (
    OTHER,
    REPORTED,
    TOWN,
    UNITS,
    JsonRecord,
    World,
    correction,
    of,
    reported,
    unit,
)

NEW = "华埠街道"


def in_unit(event: str, on: str | None, name: str, **fields: object) -> JsonRecord:
    record = {"event": event, "unit": name, **fields}
    return record if on is None else {**record, "occurred_on": on}


def renamed(to: str = NEW, on: str = "2024-05-01", name: str = TOWN) -> JsonRecord:
    return in_unit("UnitRenamed", on, name) | {"name": to}


def regrouped(on: str = "2024-05-01", name: str = TOWN, **fields: object) -> JsonRecord:
    return in_unit("UnitRegrouped", on, name, **({"sequence": "街道"} | fields))


def dissolved(on: str = "2024-06-01", name: str = TOWN, **fields: object) -> JsonRecord:
    return in_unit("UnitDissolved", on, name, **fields)


def activity(on: str = "2024-05-20", name: str = TOWN) -> JsonRecord:
    return in_unit("ActivityHeld", on, name, activity="推介会", led_by_head=True)


def routine(month: str, name: str = TOWN, on: str | None = None) -> JsonRecord:
    return in_unit("RoutineAssessed", on, name, item="台账", points="1", month=month)


def of_unit(corrects: int, replacement: JsonRecord | None, name: str = TOWN) -> JsonRecord:
    record = correction(corrects, replacement)
    del record["project"]
    return {**record, "unit": name}


# Names --------------------------------------------------------------------------------------------


def test_any_name_that_a_unit_has_or_had_is_stored_as_its_identity(world: World) -> None:
    world.given(*UNITS, renamed(), renamed("华埠新城", "2024-05-02"))
    for name in (NEW, "华埠新城", TOWN):
        entry = world.record(reported(name, reporting_unit=name))
        (stored,) = world.ledger.history(Stream("project", name))
        assert isinstance(stored.event, InformationReported)
        assert stored.event.reporting_unit == TOWN
        assert [note.rule for note in entry.warnings if note.rule == "understood_as"] == (
            [] if name == TOWN else ["understood_as"]
        )
    entry = world.record(activity(name="华埠新城"))
    assert entry.ref.startswith(f"{TOWN}#")


@pytest.mark.parametrize("taken", [OTHER, "马金街道", "马金－街道", "马金\u200b镇"])
def test_a_name_that_is_or_was_anothers_is_rejected(world: World, taken: str) -> None:
    world.given(*UNITS, renamed("马金街道", name=OTHER), renamed("马金-街道", "2024-05-03", OTHER))
    ((rule, field, text),) = world.rejections(renamed(taken))
    assert (rule, field) == ("name_taken", "name")
    assert OTHER in text
    assert world.rules(unit("马金街道")) == ["second_registration"]


def test_a_registration_under_a_former_name_is_told_whose_it_was(world: World) -> None:
    world.given(*UNITS, renamed("芹阳街道", name=OTHER), renamed(OTHER, "2024-05-03", OTHER))
    ((rule, _field, text),) = world.rejections(unit("芹阳街道"))
    assert rule == "second_registration"
    assert f"the name 芹阳街道 is or was that of the unit {OTHER}" in text


def test_a_unit_takes_its_own_former_name_or_one_that_only_folds_to_it_again(world: World) -> None:
    world.given(
        *UNITS, renamed("ABC"), renamed("ＡＢＤ", "2024-05-02"), renamed("abc", "2024-05-03")
    )
    world.record(renamed(TOWN, "2024-05-04"))


def test_a_void_renaming_frees_its_name(world: World) -> None:
    world.given(*UNITS, renamed(), of_unit(2, None))
    world.given(renamed(NEW, name=OTHER))
    assert world.rules(of_unit(3, None)) == ["name_taken"]
    assert world.rules(of_unit(2, {"name": "别名"})) == ["replace_void"]


def test_a_corrected_name_frees_what_was_wrong(world: World) -> None:
    world.given(*UNITS, renamed(), of_unit(2, {"name": "华埠新城"}))
    assert world.rules(reported("Q", reporting_unit=NEW)) == ["unit_not_registered"]
    world.given(renamed(NEW, name=OTHER))
    assert world.rules(of_unit(3, None)) == ["name_taken"]


# Dissolutions -------------------------------------------------------------------------------------


def test_a_dissolved_unit_is_not_changed_whatever_the_day(world: World) -> None:
    world.given(*UNITS, dissolved(successor=OTHER))
    for change in (renamed(on="2024-02-01"), regrouped(on="2024-02-01"), dissolved("2024-07-01")):
        ((rule, _field, text),) = world.rejections(change)
        assert rule == "unit_dissolved"
        assert "2024-06-01" in text
    world.given(of_unit(2, None), renamed(on="2024-02-01"))
    assert world.rules(of_unit(3, None)) == ["unit_dissolved"]


def test_a_correction_of_a_renaming_waits_for_the_void_of_the_dissolution(world: World) -> None:
    world.given(*UNITS, renamed(), regrouped(), dissolved(successor=OTHER))
    assert world.rules(of_unit(2, {"name": "别名"})) == ["unit_dissolved"]
    assert world.rules(of_unit(2, None)) == ["unit_dissolved"]
    assert world.rules(of_unit(3, {"sequence": "别"})) == ["unit_dissolved"]
    world.record(of_unit(1, {"sequence": "别"}))
    world.given(of_unit(4, None), of_unit(2, {"name": "别名"}))


def test_a_successor_is_registered_another_and_there(world: World) -> None:
    world.given(*UNITS, dissolved("2024-05-01", OTHER))
    assert world.rules(dissolved(successor="不存在镇")) == ["unit_not_registered"]
    assert world.rules(dissolved(successor=TOWN)) == ["successor_is_itself"]
    assert world.rules(dissolved("2024-05-01", successor=OTHER)) == ["unit_dissolved"]
    # By the day before the successor was dissolved it was there.
    world.given(dissolved("2024-04-30", successor=OTHER))
    assert world.rules(of_unit(2, {"occurred_on": "2024-05-01"})) == ["unit_dissolved"]
    assert world.rules(of_unit(2, {"occurred_on": "2024-04-30"}, OTHER)) == [
        "facts_after_dissolution"
    ]


def test_no_fact_of_the_day_or_later_is_recorded_of_a_dissolved_unit(world: World) -> None:
    world.given(*REPORTED, dissolved(successor=OTHER))
    for late in (
        activity("2024-06-01"),
        routine("2024-06"),
        of("ProjectTransferred", "2024-06-01", to_unit=TOWN),
        reported("Q", reported_at="2024-06-01T00:00:00+08:00"),
        {
            "event": "TargetSet",
            "occurred_on": "2024-06-02",
            "year": 2024,
            "indicator": "funds_in_place",
            "amount": "1",
            "for_unit": TOWN,
        },
    ):
        ((rule, _field, text),) = world.rejections(late)
        assert rule == "unit_dissolved"
        assert OTHER in text
    world.given(activity("2024-05-31"), reported("Q", reported_at="2024-05-31T23:59:59+08:00"))


def test_a_monthly_fact_counts_by_the_first_of_its_month(world: World) -> None:
    world.given(*UNITS, dissolved("2024-06-02", successor=OTHER), routine("2024-06"))
    assert world.rules(of_unit(2, {"occurred_on": "2024-06-01"})) == ["facts_after_dissolution"]
    world.record(of_unit(2, {"occurred_on": "2024-06-03"}))


@pytest.mark.parametrize(
    "fact",
    [
        activity("2024-06-01"),
        of("ProjectTransferred", "2024-06-02", to_unit=TOWN),
        of("TaskAssigned", "2024-07-01", number="开招办交〔2024〕1号", task="开工")
        | {"responsible_unit": TOWN, "due_on": "2024-08-01"},
        dissolved("2024-06-01", OTHER, successor=TOWN),
    ],
)
def test_a_unit_is_not_dissolved_before_its_last_fact(world: World, fact: JsonRecord) -> None:
    world.given(*REPORTED, fact)
    ((rule, field, text),) = world.rejections(dissolved())
    assert (rule, field) == ("facts_after_dissolution", "occurred_on")
    assert str(fact["occurred_on"]) in text
    world.given(dissolved("2024-07-02"))


def test_corrections_leave_no_fact_after_a_dissolution(world: World) -> None:
    world.given(*REPORTED, activity("2024-05-20"), dissolved(successor=OTHER))
    assert world.rules(of_unit(2, {"occurred_on": "2024-06-01"})) == ["unit_dissolved"]
    assert world.rules(of_unit(3, {"occurred_on": "2024-05-20"})) == ["facts_after_dissolution"]
    world.given(of_unit(2, None), of_unit(3, {"occurred_on": "2024-05-20"}))
    # The fact revived would lie on the day of the dissolution.
    assert world.rules(of_unit(4, None)) == ["unit_dissolved"]
    moved = {"reported_at": "2024-05-20T08:00:00+08:00"}
    assert world.rules(correction(1, moved)) == ["unit_dissolved"]
    world.record(correction(1, {**moved, "reporting_unit": OTHER}))


def test_a_revived_dissolution_finds_what_was_recorded_meanwhile(world: World) -> None:
    world.given(*UNITS, dissolved(successor=OTHER), of_unit(2, None), activity("2024-06-05"))
    assert world.rules(of_unit(3, None)) == ["facts_after_dissolution"]
    world.given(of_unit(4, None), of_unit(3, None))
    assert world.rules(activity("2024-06-06")) == ["unit_dissolved"]


def test_two_dissolutions_never_stand(world: World) -> None:
    world.given(*UNITS, dissolved(successor=OTHER), of_unit(2, None), dissolved("2024-08-01"))
    assert world.rules(of_unit(3, None)) == ["unit_dissolved"]


def test_a_registration_is_not_moved_behind_the_dissolution(world: World) -> None:
    world.given(*UNITS, dissolved())
    assert world.rules(of_unit(1, {"occurred_on": "2024-06-01"})) == ["unit_dissolved"]
    # A unit is registered once, whatever became of it.
    assert world.rules(unit(occurred_on="2024-07-01")) == ["second_registration"]
