"""Somebody's number in a text is recorded with a warning: the ledger could never erase it."""

from __future__ import annotations

import pytest

from lifecycle.deciding.personal_numbers import has_personal_number
from tests.given import CODE, REPORTED, World, correction, of


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678沟通",
        "+86 138-1234-5678",
        "座机 0570-6012345",
        "身份证11010519491231002X",
        "11010519491231002x，本人",
    ],
)
def test_a_number_is_noticed(text: str) -> None:
    assert has_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "总投资 13812.5 万元",
        "110105194912310021",
        "110105194913310025",
        CODE,
        "2403-330824-04-01-123456",
        "县招商专班纪要〔2024〕3号",
        "",
    ],
)
def test_other_digits_are_let_be(text: str) -> None:
    assert not has_personal_number(text)


def test_a_text_with_a_number_is_recorded_with_a_warning(world: World) -> None:
    world.given(*REPORTED)
    followed = of(
        "FollowedUp", content="致电13812345678", next_step="回访", note="11010519491231002X"
    )
    entry = world.record(followed)
    warnings = [(warning.rule, warning.field) for warning in entry.warnings]
    assert warnings == [("personal_data", "note"), ("personal_data", "content")]
    assert world.record(of("FollowedUp", content="到企业洽谈")).warnings == []
    voided = world.record(correction(2, None, reason="含13812345678"))
    assert [warning.rule for warning in voided.warnings] == ["personal_data"]
