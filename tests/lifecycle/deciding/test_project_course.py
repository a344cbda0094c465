"""Milestones, follow-ups, pauses and resumptions of a project (spec 7)."""

from __future__ import annotations

from tests.given import REPORTED, JsonRecord, World, correction, of


def paused(on: str, reason: str = "市场变化") -> JsonRecord:
    return of("ProjectPaused", on, reason=reason)


def resumed(on: str) -> JsonRecord:
    return of("ProjectResumed", on, reason="重新洽谈")


def followed(on: str = "2024-03-01", **fields: str) -> JsonRecord:
    return of("FollowedUp", on, content="到企业洽谈", **fields)


def reached(milestone: str, on: str = "2024-03-01") -> JsonRecord:
    return of("MilestoneReached", on, milestone=milestone)


def test_a_terminated_project_has_no_further_course(world: World) -> None:
    world.given(*REPORTED, of("ProjectTerminated", "2024-05-01", reason="撤资"))
    assert world.rules(followed("2024-05-02")) == ["terminated"]
    assert world.rules(paused("2024-05-02")) == ["terminated"]
    world.given(paused("2024-05-01"), followed("2024-05-01"))
    assert world.rules(resumed("2024-05-02")) == ["terminated"]


def test_a_milestone_is_reached_once_and_before_the_termination(world: World) -> None:
    world.given(*REPORTED, reached("completed"), reached("construction_started", "2024-04-01"))
    ((rule, field, text),) = world.rejections(reached("completed", "2024-05-01"))
    assert (rule, field) == ("second", "milestone")
    assert "completed" in text
    assert world.rules(correction(3, {"milestone": "completed"})) == ["second"]
    world.given(correction(2, None), reached("completed", "2024-05-01"))
    assert world.rules(correction(4, None)) == ["second"]
    world.given(of("ProjectTerminated", "2024-05-10", reason="撤资"))
    assert world.rules(reached("full_production", "2024-05-11")) == ["terminated"]
    ((rule, field, _text),) = world.rejections(reached("land"))
    assert field == "milestone"


def test_the_next_follow_up_is_later(world: World) -> None:
    world.given(*REPORTED)
    assert world.rules(followed(next_on="2024-03-01")) == ["next_on"]
    world.given(
        followed(next_on="2024-03-02", next_step="邀请考察"), followed(), followed("2024-03-05")
    )
    assert world.rules(correction(2, {"occurred_on": "2024-03-02"})) == ["next_on"]
    world.given(correction(2, {"occurred_on": "2024-03-02", "next_on": None}))


def test_pauses_and_resumptions_take_turns(world: World) -> None:
    world.given(*REPORTED)
    assert world.rules(resumed("2024-03-01")) == ["pause_order"]
    world.given(paused("2024-03-01"))
    assert world.rules(paused("2024-04-01")) == ["pause_order"]
    assert world.rules(paused("2024-02-01")) == ["pause_order"]
    assert world.rules(resumed("2024-02-29")) == ["pause_order"]
    # Of one day the order of recording counts.
    world.given(resumed("2024-03-01"), paused("2024-03-01", "再次暂缓"))
    assert world.rules(correction(3, None)) == ["pause_order"]
    assert world.rules(correction(2, {"occurred_on": "2024-03-02"})) == ["pause_order"]
    world.given(correction(4, None), correction(3, {"occurred_on": "2024-03-20"}))


def test_a_resumption_revived_may_stand_before_a_pause_recorded_earlier(world: World) -> None:
    world.given(*REPORTED, paused("2024-03-01"), resumed("2024-03-10"))
    world.given(correction(3, None), correction(2, None), paused("2024-03-05"))
    # By days: the pause of 5 March, the resumption of 10 March, whichever was recorded first.
    world.given(correction(4, None))
    assert world.rules(correction(5, None)) == ["pause_order"]
    assert world.rules(correction(6, None)) == ["pause_order"]
