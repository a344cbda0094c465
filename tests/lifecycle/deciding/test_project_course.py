"""Milestones, follow-ups, pauses and resumptions of a project (spec 7)."""

from __future__ import annotations

from tests.given import CODE, REPORTED, JsonRecord, World, correction, of, reported


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


def test_a_project_is_not_terminated_before_what_only_a_live_one_has(world: World) -> None:
    world.given(*REPORTED, followed("2024-05-01"), followed("2024-05-09"), followed("2024-05-06"))
    early = of("ProjectTerminated", "2024-05-05", reason="撤资")
    ((rule, field, text),) = world.rejections(early)
    assert (rule, field) == ("facts_after_termination", "occurred_on")
    # Of several the earliest is named, whichever was recorded first.
    assert "P#4" in text
    assert "2024-05-06" in text
    # What may follow a termination may have been recorded before it.
    world.given(of("ReviewHeld", "2024-05-20", findings="已停工"))
    world.given(of("ProjectTerminated", "2024-05-09", reason="撤资"))
    assert world.rules(correction(6, {"occurred_on": "2024-05-08"})) == ["facts_after_termination"]
    assert world.rules(correction(2, {"occurred_on": "2024-05-10"})) == ["facts_after_termination"]
    world.given(correction(3, None), correction(6, {"occurred_on": "2024-05-08"}))
    assert world.rules(correction(7, None)) == ["facts_after_termination"]
    world.given(correction(2, {"occurred_on": "2024-05-08"}))


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


# Investors ----------------------------------------------------------------------------------------


def changed(investor: str, on: str = "2024-03-01", code: str = "P", **fields: object) -> JsonRecord:
    return of("InvestorChanged", on, code, investor=investor, **fields)


def same_name(project: str, investor: str, **fields: object) -> JsonRecord:
    return reported(project, name="光伏 项目", investor=investor, **fields)


def test_a_project_holds_its_identity_under_every_investor_it_had(world: World) -> None:
    world.given(
        *REPORTED[:-1], same_name("P", "甲公司"), changed("乙公司"), changed("丙公司", "2024-04-01")
    )
    for investor in ("甲公司", "乙 公司", "丙公司"):
        assert world.rules(same_name("Q", investor)) == ["identity_claimed"]
    world.given(same_name("Q", "丁公司"))
    # A correction of the investor frees what was wrong; a change does not.
    world.given(correction(2, {"investor": "戊公司"}), same_name("R", "乙公司"))
    assert world.rules(same_name("S", "戊公司")) == ["identity_claimed"]
    assert world.rules(correction(2, {"investor": "乙公司"})) == ["identity_claimed"]
    world.given(correction(3, None), same_name("S", "丙公司"))
    assert world.rules(correction(5, None)) == ["identity_claimed"]


def test_a_change_to_an_identity_of_another_project_says_why(world: World) -> None:
    world.given(*REPORTED[:-1], same_name("P", "甲公司"), same_name("Q", "乙公司"))
    ((rule, field, text),) = world.rejections(changed("甲公司", code="Q"))
    assert (rule, field) == ("identity_claimed", "investor")
    assert "P “光伏 项目”" in text
    # The reason excuses the identity that its own event claims, no other.
    world.given(changed("甲公司", code="Q", distinct_because="二期"))
    assert world.rules(changed("甲公司", "2024-05-01", code="Q")) == ["identity_claimed"]
    assert world.rules(correction(2, {"distinct_because": None}, "Q")) == ["identity_claimed"]
    world.given(changed("乙公司", "2024-06-01", code="Q"))


def test_a_corrected_name_moves_the_identities_of_every_investor(world: World) -> None:
    world.given(*REPORTED[:-1], same_name("P", "甲公司"), changed("乙公司"))
    world.given(reported("Q", name="储能项目", investor="乙公司"))
    # Under the investor that P changed to, the name is Q's.
    assert world.rules(correction(1, {"name": "储能项目"})) == ["identity_claimed"]
    world.given(correction(1, {"name": "新能源项目"}), same_name("R", "乙公司"))
    assert world.rules(reported("S", name="新能源项目", investor="乙公司")) == ["identity_claimed"]
    assert world.rules(reported("S", name="新能源项目", investor="甲公司")) == ["identity_claimed"]


def test_an_investor_is_known_by_its_code_else_by_its_name(world: World) -> None:
    world.given(*REPORTED[:-1], same_name("P", "甲公司"), changed("乙公司", investor_code=CODE))
    assert world.rules(same_name("Q", "另一名", investor_code=CODE)) == ["identity_claimed"]
    world.given(same_name("Q", "乙公司"))
    wrong_code = changed("丙公司", investor_code="91330824MA28F3XN00")
    ((_rule, field, _text),) = world.rejections(wrong_code)
    assert field == "investor_code"
    assert world.rules(changed("丙公司", "2024-05-01", outside_ratio="1.1")) != []
    world.given(of("ProjectTerminated", "2024-05-10", reason="撤资"))
    assert world.rules(changed("丙公司", "2024-05-11")) == ["terminated"]
