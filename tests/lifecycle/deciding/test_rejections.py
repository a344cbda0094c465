"""Rejected records: the rule, and what it allows instead (spec 1)."""

from __future__ import annotations

from typing import Any

import pytest
from stdnum.cn import uscc

from tests.given import OTHER, REPORTED, TOWN, UNITS, World, correction, of, reported, unit

PASSED = of("ConsultationHeld", "2024-02-01", outcome="passed")
SIGNED = of(
    "AgreementSigned", "2024-03-01", contract_investment="3000", contract_fixed_assets="2000"
)
ENTERED = of("StatisticsEntered", "2024-04-01")
LAND = of("LandAcquired", "2024-03-10", area_mu="10", transfer_fee="100")
FILED = of("ProjectFiled", "2024-03-20", project_code="2403-330824-04-01-123456")
ENDED = of("ProjectTerminated", "2024-05-01", reason="投资方撤资")


def figure(month: str = "2024-05", **fields: Any) -> dict[str, Any]:
    return of("InvestmentReported", None, month=month, fixed_assets="10", **fields)


def task(number: int = 1, on: str = "2024-03-01", **fields: Any) -> dict[str, Any]:
    return of(
        "TaskAssigned",
        on,
        number=f"开招办交〔2024〕{number}号",
        task="办理摘牌",
        responsible_unit=TOWN,
        due_on="2024-04-01",
        **fields,
    )


def cleared(number: int = 1, on: str = "2024-03-20", about: int = 1) -> dict[str, Any]:
    proof = [{"name": "a.pdf", "sha256": "0" * 64}]
    return of(
        "TaskCleared",
        on,
        number=f"开招办销〔2024〕{number}号",
        about=f"开招办交〔2024〕{about}号",
        result="完成",
        submitted_by="甲",
        reviewed_by="乙",
        evidence=proof,
    )


def reopened(on: str = "2024-03-25") -> dict[str, Any]:
    return of("TaskReopened", on, about="开招办交〔2024〕1号", reason="材料不实")


def test_a_unit_is_registered_once(world: World) -> None:
    world.given(unit())
    assert world.rules(unit(sequence="别的")) == ["second_registration"]


def test_an_unregistered_unit_suggests_the_nearest_names(world: World) -> None:
    world.given(*UNITS)
    ((rule, field, text),) = world.rejections(reported(reporting_unit="华埠"))
    assert (rule, field) == ("unit_not_registered", "reporting_unit")
    assert TOWN in text


def test_nothing_comes_before_the_report(world: World) -> None:
    world.given(*UNITS)
    ((rule, field, text),) = world.rejections(SIGNED)
    assert (rule, field) == ("no_information", "project")
    assert "InformationReported" in text


def test_a_code_is_taken_once(world: World) -> None:
    world.given(*REPORTED)
    ((rule, field, text),) = world.rejections(reported(name="另一个", investor="另一家"))
    assert (rule, field) == ("code_taken", "project")
    assert TOWN in text


@pytest.mark.parametrize("again", [SIGNED, LAND, FILED, ENTERED])
def test_a_node_is_recorded_once(world: World, again: dict[str, Any]) -> None:
    world.given(*REPORTED, PASSED, again)
    assert world.rules({**again, "occurred_on": "2024-04-02"}) == ["second"]


def test_a_second_termination_is_rejected(world: World) -> None:
    world.given(*REPORTED, ENDED)
    assert world.rules({**ENDED, "occurred_on": "2024-04-20", "reason": "又"}) == ["second"]


def test_after_a_passed_consultation_none_is_held(world: World) -> None:
    world.given(*REPORTED, of("ConsultationHeld", "2024-01-20", outcome="deferred"), PASSED)
    for outcome in ("passed", "rejected", "deferred"):
        assert world.rules(of("ConsultationHeld", "2024-02-09", outcome=outcome)) == [
            "already_passed"
        ]


def test_a_month_has_one_figure_of_a_kind(world: World) -> None:
    world.given(*REPORTED, ENTERED, figure())
    assert world.rules(figure(note="补")) == ["second_figure"]
    world.record(of("TaxPaid", None, month="2024-05", amount="3"))
    assert world.rules(of("TaxPaid", None, month="2024-05", amount="4")) == ["second_figure"]
    world.record(figure("2024-06"))


def test_a_unit_is_listed_on_a_board_once_a_month(world: World) -> None:
    listed = {
        "event": "UnitListed",
        "unit": TOWN,
        "board": "red",
        "month": "2024-03",
        "reason": "第一",
    }
    world.given(*UNITS, listed)
    assert world.rules({**listed, "reason": "又"}) == ["second_figure"]
    world.record({**listed, "board": "black"})
    world.record({**listed, "month": "2024-04"})


def test_investment_comes_after_statistics(world: World) -> None:
    world.given(*REPORTED)
    ((rule, _field, text),) = world.rejections(figure())
    assert rule == "no_statistics"
    assert "StatisticsEntered" in text


def test_after_termination_only_certain_events_are_recorded(world: World) -> None:
    world.given(*REPORTED, task(), ENDED)
    late = {"occurred_on": "2024-05-02"}
    assert world.rules({**SIGNED, **late}) == ["terminated"]
    assert world.rules(task(2, "2024-05-02") | {"due_on": "2024-06-01"}) == ["terminated"]
    for record in (
        of("ViolationFound", "2024-05-02", finding="x"),
        of("ViolationCleared", "2024-05-03", finding="x"),
        of("RecognitionDenied", "2024-05-04", reason="x"),
        of("PerformanceAssessed", "2024-05-05", result="fulfilled", department="d", method="both"),
        of("ReviewHeld", "2024-05-06", findings="x"),
        cleared(1, "2024-05-07"),
        correction(1, {"name": "新名"}),
    ):
        assert world.record(record).ref
    world.record({**SIGNED, "occurred_on": "2024-05-01"})


def test_nothing_lies_in_the_future(world: World) -> None:
    world.given(*REPORTED)
    ((rule, field, text),) = world.rejections(of("ReviewHeld", "2030-01-02", findings="x"))
    assert (rule, field) == ("future", "occurred_on")
    assert "2030-01-01" in text
    assert world.rules(
        {"event": "RoutineAssessed", "unit": TOWN, "month": "2030-01", "item": "x", "points": "1"}
    ) == ["future"]
    world.record(
        {
            "event": "RoutineAssessed",
            "unit": TOWN,
            "month": "2030-01",
            "item": "x",
            "points": "1",
            "occurred_on": "2030-01-01",
        }
    )


def test_an_identity_is_claimed_once_in_any_notation(world: World) -> None:
    world.given(
        *UNITS, reported("P", name="年产10万吨 有机硅（一期）", investor="浙江硅谷有限公司")
    )
    claim = reported(
        "Q",
        name="年产１０万吨有机硅(一期)",
        investor="浙江硅谷 有限公司",
        reporting_unit=OTHER,
        reported_at="2024-01-09T09:00:00+08:00",
    )
    ((rule, _field, text),) = world.rejections(claim)
    assert rule == "identity_claimed"
    assert "P" in text
    assert TOWN in text
    assert "earlier" in text
    ((_rule, _field, later),) = world.rejections(
        {**claim, "reported_at": "2024-01-11T09:00:00+08:00"}
    )
    assert "earlier" not in later
    entry = world.record({**claim, "distinct_because": "另一条产线"})
    assert entry.ref == "Q#1"


def test_the_credit_code_distinguishes_investors(world: World) -> None:
    codes = [
        body + uscc.calc_check_digit(body) for body in ("91330824MA28F3XN0", "91330824MA28F3XN1")
    ]
    world.given(*UNITS, reported("P", name="同名", investor="甲公司", investor_code=codes[0]))
    assert world.rules(reported("Q", name="同名", investor="乙公司", investor_code=codes[0])) == [
        "identity_claimed"
    ]
    assert world.record(reported("R", name="同名", investor="甲公司", investor_code=codes[1])).ref


def test_similar_names_are_a_warning_that_lists_them(world: World) -> None:
    world.given(*UNITS, reported("P", name="年产10万吨有机硅新材料生产项目"))
    entry = world.record(reported("Q", name="年产10万吨有机硅新材料生产线项目"))
    assert [warning.rule for warning in entry.warnings] == ["similar_name"]
    assert "P" in str(entry.warnings[0])
    assert not world.record(reported("R", name="高山蔬菜冷链")).warnings


def test_a_filing_code_is_held_by_one_project(world: World) -> None:
    world.given(*REPORTED, FILED, reported("Q"))
    ((rule, field, text),) = world.rejections({**FILED, "project": "Q"})
    assert (rule, field) == ("filing_code_taken", "project_code")
    assert "P" in text


def test_a_new_plan_needs_a_reason(world: World) -> None:
    plan = of("ScheduleSet", milestones=[{"stage": "land", "due_on": "2024-06-01"}])
    world.given(*REPORTED, plan)
    again = {**plan, "occurred_on": "2024-04-01"}
    assert world.rules(again) == ["reason"]
    world.record({**again, "reason": "用地指标未到"})


def test_a_project_named_by_another_event_must_exist(world: World) -> None:
    world.given(*REPORTED)
    support = {
        "event": "MajorProjectSupported",
        "unit": TOWN,
        "occurred_on": "2024-03-01",
        "about_project": "无",
    }
    assert [warning.rule for warning in world.record(support).warnings] == ["unknown_project"]
    assert not world.record({**support, "about_project": "P"}).warnings


# Sheets -------------------------------------------------------------------------------------------


def test_sheet_numbers_run_without_gap_or_repeat(world: World) -> None:
    world.given(*REPORTED, reported("Q"))
    ((rule, field, text),) = world.rejections(task(2))
    assert (rule, field) == ("number_order", "number")
    assert text.endswith("is 1")
    world.record(task(1))
    assert world.rules({**task(1), "project": "Q"}) == ["number_order"]
    assert world.rules(task(3)) == ["number_order"]
    world.record({**task(2), "project": "Q"})
    assert world.rules({**task(3), "number": "开招办交（2024）3号"}) == ["number_form"]
    assert world.rules({**task(3), "number": "开招办警〔2024〕1号"}) == ["number_form"]
    assert world.rules({**task(3), "number": "开招办交〔2023〕1号"}) == ["number_form"]


def test_a_voided_sheet_keeps_its_number(world: World) -> None:
    world.given(*REPORTED, task(1), correction(2, None))
    assert world.rules(task(1, "2024-03-02")) == ["number_order"]
    world.record(task(2))


def test_a_task_is_cleared_while_open_and_reopened_while_cleared(world: World) -> None:
    world.given(*REPORTED, task())
    assert world.rules(reopened()) == ["task_open"]
    world.record(cleared())
    assert world.rules(cleared(2, "2024-03-21")) == ["task_closed"]
    world.record(reopened())
    assert world.rules(reopened("2024-03-26")) == ["task_open"]
    world.record(cleared(2, "2024-03-27"))


def test_a_sheet_concerns_a_task_of_its_project(world: World) -> None:
    world.given(*REPORTED, task(), reported("Q"))
    warning = of(
        "WarningIssued", "2024-03-10", number="开招办警〔2024〕1号", about="开招办交〔2024〕1号"
    )
    assert world.rules({**warning, "project": "Q"}) == ["no_task"]
    assert world.rules({**warning, "about": "开招办交〔2024〕9号"}) == ["no_task"]
    world.record(warning)


# Keys ---------------------------------------------------------------------------------------------


def test_the_same_again_records_nothing_and_says_so(world: World) -> None:
    world.given(*REPORTED)
    first = world.record({**SIGNED, "key": "k1"})
    again = world.record({**SIGNED, "key": "k1", "contract_investment": "3000.0"})
    assert (first.already, again.already, again.position) == (False, True, first.position)
    assert world.rules({**SIGNED, "key": "k1", "contract_investment": "3001"}) == ["key_conflict"]


def test_a_note_distinguishes_two_equal_facts(world: World) -> None:
    world.given(*REPORTED)
    award = {
        "event": "AwardWon",
        "unit": TOWN,
        "occurred_on": "2024-03-01",
        "title": "招商能手",
        "person": "江",
    }
    world.record(award)
    again = world.record(award)
    assert again.already
    assert [warning.rule for warning in again.warnings] == ["already_recorded"]
    assert not world.record({**award, "note": "第二次"}).already


def test_keys_are_unique_in_the_whole_store(world: World) -> None:
    world.given(*REPORTED, reported("Q"), {**SIGNED, "key": "k1"})
    assert world.rules({**SIGNED, "project": "Q", "key": "k1"}) == ["key_conflict"]
    assert world.rules({**unit("新镇"), "key": "k1"}) == ["key_conflict"]
    assert world.rules({**unit("新镇"), "key": " k1 "}) == ["key_conflict"]
    assert not world.record({**SIGNED, "project": "Q", "key": "K1"}).already
