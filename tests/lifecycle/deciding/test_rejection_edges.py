"""Rejections at their edges: days of a task's cycle, nearly equal names, the end of a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.rejections import Rejected
from tests.given import CODE, OTHER, REPORTED, TOWN, UNITS, World, correction, of, reported, unit
from tests.ledgers import CLERK, new_ledger
from tests.lifecycle.deciding.test_rejections import LAND, PASSED, SIGNED, cleared, reopened, task


def test_a_clearing_is_not_dated_before_its_task(world: World) -> None:
    world.given(*REPORTED, task(on="2024-03-10"))
    assert world.rules(cleared(on="2024-03-09")) == ["task_order"]
    world.record(cleared(on="2024-03-10"))
    assert world.rules(reopened("2024-03-09")) == ["task_order"]
    assert world.rules(cleared(2, "2024-03-09")) == ["task_order"]


def test_a_task_s_cycle_follows_dates_rather_than_entry_order(world: World) -> None:
    world.given(*REPORTED, task(on="2024-03-01"), cleared(on="2024-03-20"))
    assert world.rules(reopened("2024-03-10")) == ["task_open"]
    world.record(cleared(2, "2024-03-10"))  # entered late, for a day when it was open
    assert world.rules(cleared(3, "2024-03-15")) == ["task_closed"]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (of("ProjectTransferred", to_unit="华埠"), "to_unit"),
        (task() | {"responsible_unit": "华埠"}, "responsible_unit"),
        (
            {
                "event": "TargetSet",
                "occurred_on": "2024-01-05",
                "year": 2024,
                "indicator": "到位资金",
                "amount": "1",
                "for_unit": "华埠",
            },
            "for_unit",
        ),
        (
            {
                "event": "AwardWon",
                "unit": "华埠",
                "occurred_on": "2024-03-01",
                "title": "招商能手",
                "person": "江",
            },
            "unit",
        ),
    ],
)
def test_every_unit_that_a_record_names_is_registered(
    world: World, record: dict[str, Any], field: str
) -> None:
    world.given(*REPORTED)
    ((rule, where, text),) = world.rejections(record)
    assert (rule, where) == ("unit_not_registered", field)
    assert TOWN in text


def test_a_zone_outside_the_county_is_no_unit(world: World) -> None:
    world.given(*REPORTED)
    assert world.record(of("ProjectTransferred", to_zone="智造新城")).ref == "P#2"


def test_a_reason_of_distinction_does_not_open_a_taken_code(world: World) -> None:
    world.given(*REPORTED)
    assert world.rules(reported(distinct_because="另一条产线")) == ["code_taken"]


def test_an_identity_is_free_again_once_its_holder_was_corrected(world: World) -> None:
    world.given(*UNITS, reported("P", name="甲", investor="丙"))
    assert world.rules(reported("Q", name="甲", investor="丙")) == ["identity_claimed"]
    world.record(correction(1, {"name": "乙"}))
    assert world.rules(reported("Q", name="乙", investor="丙")) == ["identity_claimed"]
    assert world.record(reported("Q", name="甲", investor="丙")).ref == "Q#1"


def test_a_credit_code_identifies_an_investor_under_any_name(world: World) -> None:
    world.given(*UNITS, reported("P", name="甲", investor="丙", investor_code=CODE))
    assert (
        world.record(reported("Q", name="甲", investor="丙")).ref == "Q#1"
    )  # without the code it is another investor
    assert world.rules(reported("R", name="甲", investor="丁", investor_code=CODE.lower())) == [
        "identity_claimed"
    ]


def test_the_nearest_names_come_first_and_at_most_three(world: World) -> None:
    names = [f"年产{tons}万吨有机硅新材料生产项目" for tons in (10, 11, 12, 13, 14)]
    world.given(*UNITS, *(reported(f"P{number}", name=name) for number, name in enumerate(names)))
    (warning,) = world.record(reported("Q", name="年产11万吨有机硅新材料生产项目 (二期)")).warnings
    assert str(warning).startswith("name: similar to ['P1 “")
    assert str(warning).count("“") == 3


def test_identical_findings_can_be_recorded_twice(world: World) -> None:
    world.given(*REPORTED)
    for number in (1, 2):
        for record in (
            of("ViolationFound", finding=f"第{number}处"),
            of("RecognitionDenied", reason=f"第{number}次"),
            of("ReviewHeld", findings=f"第{number}次"),
        ):
            assert not world.record(record).already


def test_nodes_out_of_order_are_facts(world: World) -> None:
    world.given(
        *REPORTED,
        {**LAND, "occurred_on": "2023-03-10"},
        {**SIGNED, "occurred_on": "2024-03-01"},
        {**PASSED, "occurred_on": "2024-06-01"},
    )
    assert world.ledger.head().position == 7


def test_today_is_the_day_in_shanghai(tmp_path: Path) -> None:
    evening = datetime(2024, 3, 31, 16, 30, tzinfo=UTC)  # half past midnight of 1 April in Shanghai
    with new_ledger(tmp_path, clock_time=evening) as ledger:
        ledger.record(read_record(unit(occurred_on="2024-04-01")), CLERK)
        with pytest.raises(Rejected):
            ledger.record(read_record(unit(OTHER, occurred_on="2024-04-02")), CLERK)
        mark = {"event": "RoutineAssessed", "unit": TOWN, "item": "台账", "points": "1"}
        ledger.record(read_record({**mark, "month": "2024-03"}), CLERK)
        with pytest.raises(Rejected) as rejection:
            ledger.record(
                read_record({**mark, "month": "2024-04"}), CLERK
            )  # a month not over yet needs its date given
        assert [problem.rule for problem in rejection.value.problems] == ["future"]
        ledger.record(read_record({**mark, "month": "2024-04", "occurred_on": "2024-04-01"}), CLERK)
