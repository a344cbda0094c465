"""Comparisons in words: the rule, the formula of its lines, what a condition looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from commands.reports.rulebook_rows import rule_rows
from commands.words.formulas import formula
from commands.words.messages import choose_language
from lifecycle.rulebook import parse
from projections.scoring.explanation import explain_unit
from projections.scoring.result_view import View
from tests.agreement.test_comparison_vectors import (
    GROWN_BY_A_QUARTER,
    GROWTH,
    MEAN,
    PLACES,
    RISEN,
    SHARE,
    VECTORS,
    last_year,
)
from tests.agreement.test_shape_vectors import SET_TARGET, UNITS, Facts, figure, goal
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import HEAD

RULES = {
    "规则（占本序列合计的比重）": SHARE,
    "规则（与本序列均值之比）": MEAN,
    "规则（与上年同期之比）": GROWTH,
    "规则（与目标之比，再取其与上年同期之比）": GROWTH + SET_TARGET,
    "规则（比上年同期上升的名次）": PLACES,
}
FORMULAS: dict[str, tuple[str, Facts]] = {
    "1 ÷ 9 × 18": (SHARE, [figure("1"), figure("8", "乙镇")]),
    "0 × 18": (SHARE, []),
    "5 ÷ 4 × 10": (GROWTH, [figure("5"), last_year("4")]),
    "(5 ÷ 10) ÷ 0.5 × 10": (
        GROWTH + SET_TARGET,
        [goal("10"), goal("8", year=2023), figure("5"), last_year("4")],
    ),
    "无2023年同期数：x": (GROWTH, [figure("5")]),
    "2（由第2名到第1名）": (PLACES, RISEN),
}


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIFECYCLE_LANG", "zh")
    choose_language()
    yield
    monkeypatch.undo()
    choose_language()


@pytest.mark.parametrize("text", RULES)
def test_a_comparison_of_a_rule_in_words(text: str) -> None:
    [row] = rule_rows(parse(HEAD + RULES[text]).rulebook)
    assert row.chinese == text


def test_the_points_say_what_counts_without_last_year() -> None:
    [row] = rule_rows(parse(HEAD + GROWTH).rulebook)
    assert row.points == "比值×10，无上年同期数的计 3 分"
    [row] = rule_rows(parse(HEAD + GROWTH + SET_TARGET).rulebook)
    assert row.points == "比值×10，未下达目标或无上年同期数的计 3 分"
    condition = rule_rows(parse(HEAD + GROWN_BY_A_QUARTER).rulebook)[1].points
    assert "与上年同期之比 ≥ 1.25（无上年同期数的视为不满足）" in condition


@pytest.mark.parametrize("text", FORMULAS)
def test_a_line_s_formula_shows_both_sides(text: str, tmp_path: Path) -> None:
    rules, facts = FORMULAS[text]
    assert formulas_of(tmp_path, rules, facts) == [text]


def test_a_closed_gate_names_the_comparison(tmp_path: Path) -> None:
    rules, facts, _points = VECTORS["a condition just missed"]
    assert formulas_of(tmp_path, rules, facts)[1].endswith("x与上年同期之比 1.2475 ✗")


def formulas_of(folder: Path, rules: str, facts: Facts) -> list[str]:
    """The formulas of the lines of 甲镇."""
    loaded = parse(HEAD + rules)
    units = [
        {"event": "UnitRegistered", "occurred_on": "2024-01-01", "unit": name}
        | {"sequence": "乡镇", "category": "township"}
        for name in UNITS
    ]
    with new_ledger(folder) as ledger:
        fill(ledger, [{"recorded_by": "甲", **record} for record in (*units, *facts)], keep=False)
        view = View(2024, date(2024, 12, 31), ledger.head().position, loaded)
        explanation = explain_unit(ledger, view, "甲镇")
        assert explanation is not None
        return [formula(line) for line in explanation.lines]
