"""A score line's formula goes by the names of its rulebook, and by no id."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from commands.words.formulas import formula
from commands.words.line_names import line_names
from commands.words.messages import choose_language
from lifecycle.rulebook.kinds.exclusive_rule import OnlyHighestCounts
from lifecycle.rulebook.kinds.item_points import PointsEach
from projections.scoring.gate_conditions import ClosedGate
from projections.scoring.score_line import ItemInputs, LineInputs, MissingTarget, ScoreLine
from projections.scoring.unit_values import ConditionResult, CountedNumber, ResultRead
from tests.commands.words.test_rule_words import VISITS, book_of

ONE = Fraction(1)
# What is reported of a project is called `information`, too: a rule's id is no word.
NAMES = line_names(
    book_of(
        VISITS | {"id": "information", "indicator": "information"},
        # A rule with the id of its module.
        VISITS | {"id": "m", "chinese": "电话回访", "indicator": "calls"},
        {
            "id": "gate",
            "chinese": "前提",
            "kind": "gate",
            "gates": "module",
            "any_of": [{"all": [{"measure": "indicator", "indicator": "starts", "at_least": 1}]}],
        },
    )
)
HELD = [
    ConditionResult(ResultRead("rule", ("information",)), ONE, holds=True),
    ConditionResult(ResultRead("modules", ("m",)), ONE, holds=True),
    ConditionResult(ResultRead("rule", ("m",)), ONE, holds=True),
    ConditionResult(CountedNumber("information", ONE), ONE, holds=True),
    ConditionResult(CountedNumber("starts", ONE), ONE, holds=True),
    ConditionResult(CountedNumber("activities_held", ONE), ONE, holds=False),
]


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIFECYCLE_LANG", "zh_CN")
    choose_language()
    yield
    monkeypatch.undo()
    choose_language()


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (OnlyHighestCounts("information", "other"), "就高，只计 走访企业"),
        (
            ItemInputs(CountedNumber("x", ONE), PointsEach(ONE, ONE), left_for="information"),
            "就高，只计 走访企业",
        ),
        (MissingTarget("information", "information"), "未下达或未填报目标：走访企业"),
        (
            ClosedGate("m", tuple(HELD)),
            (
                "不计分：规则 走访企业 1 ✓；模块 项目信息 1 ✓；规则 电话回访 1 ✓；走访企业 1 ✓；"
                "“前提”的判定指标 1 ✓；活动次数 1 ✗"
            ),
        ),
    ],
)
def test_ids_go_by_their_names(inputs: LineInputs, text: str) -> None:
    line = ScoreLine("gate", "m", ONE, "一", "policy", "甲镇", None, inputs, ())
    assert formula(line, NAMES) == text
