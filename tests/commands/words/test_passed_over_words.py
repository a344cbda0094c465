"""What a rulebook passes over goes by the names that the rulebook gives."""

from __future__ import annotations

from typing import Any

import pytest

from commands.words.declared_words import show_words
from commands.words.messages import choose_language
from commands.words.passed_over_words import passed_over_text, subject_names
from lifecycle.rulebook.declared_words import words_declared_in
from projections.scoring.passed_over import PassedOver
from tests.commands.words.test_rule_words import VISITS, book_of

FUNDS = {
    "id": "information",
    "chinese": "到位资金完成率",
    "kind": "ratio",
    "measure": "indicator",
    "indicator": "funds",
    "target": {"source": "set", "indicator": "goal"},
    "weight": 30,
}
CAPITAL = """
[[vocabulary.figures]]
name = "capital"
chinese = "注册资本"
take = "last"
unit = "万元"
clause = "一"
basis = "policy"
"""


def row(what: Any, name: str, reason: Any, **fields: Any) -> PassedOver:
    values: dict[str, Any] = {"unit": "甲镇", "period": "2024", "count": 1, **fields}
    return PassedOver(what=what, name=name, reason=reason, **values)


@pytest.mark.parametrize(
    ("passed_over", "text"),
    [
        # Project information has the name `information`, too: a rule's is no word.
        (
            row("rule", "information", "no_such_unit", unit=None),
            "规则“到位资金完成率（information）”没有适用的单位",
        ),
        (
            row("target", "goal", "no_target"),
            "甲镇：2024 的“到位资金完成率（goal）”目标未下达或未填报",
        ),
        (
            row("target", "funds", "no_target"),
            "甲镇：2024 的“到位资金完成率（funds）”目标未下达或未填报",
        ),
        (
            row("indicator", "visits", "too_coarse"),
            "甲镇：“走访企业（visits）”按 2024 填报，而规则只使用更短周期的数据",
        ),
        (
            row("indicator", "industrial", "read_by_no_rule"),
            "甲镇：没有任何规则使用指标“industrial”（2024，共填报 1 次）",
        ),
        (
            row("figure", "capital", "read_by_no_rule"),
            "甲镇：没有任何规则使用项目指标“注册资本”（2024，共填报 1 次）",
        ),
        (
            row("category", "township", "no_such_unit", unit=None),
            "规则手册写有“乡镇（办事处）”类别，而没有任何单位属于该类别",
        ),
    ],
)
def test_a_row_names_what_it_is_about(
    passed_over: PassedOver, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFECYCLE_LANG", "zh_CN")
    choose_language()
    show_words(words_declared_in(CAPITAL))
    names = subject_names(book_of(VISITS, FUNDS))
    assert passed_over_text(passed_over, names) == text
    show_words(())
    monkeypatch.undo()
    choose_language()
