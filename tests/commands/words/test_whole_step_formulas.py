"""Formulas of points for whole steps: the reader sees what was cut."""

from __future__ import annotations

from fractions import Fraction

import pytest

from commands.words.formulas import formula
from lifecycle.rulebook.kinds.per_amount_rule import AmountRate
from lifecycle.rulebook.kinds.ratio_rule import WeightedRatio
from lifecycle.rulebook.kinds.stepped_rule import StepsTaken
from projections.scoring.score_line import ItemInputs, ScoreLine, ValueInputs
from projections.scoring.unit_values import CountedNumber

COMPLETION = CountedNumber("x", Fraction(224), Fraction(200), Fraction(112, 100))
RATE = (Fraction(50), Fraction(1))


def line_of(inputs: ItemInputs | ValueInputs) -> ScoreLine:
    return ScoreLine("r", "m", Fraction(2), "一", "policy", "甲镇", None, inputs, ())


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (AmountRate(Fraction(110), *RATE, Fraction(2)), "110 ÷ 50 → 2 × 1"),
        (AmountRate(Fraction(110), *RATE), "110 × 1/50"),
    ],
)
def test_full_steps_of_an_amount(points: AmountRate, text: str) -> None:
    amount = CountedNumber("x", Fraction(110))
    assert formula(line_of(ItemInputs(amount, points))) == text


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (WeightedRatio(Fraction(10), None, None, Fraction(110)), "224 ÷ 200 → 110 % × 10"),
        (WeightedRatio(Fraction(10), None, None), "224 ÷ 200 × 10"),
        (StepsTaken(Fraction(10), Fraction(110), Fraction(1)), "224 ÷ 200 → 110 %: 10 + 1"),
        (
            StepsTaken(Fraction(10), Fraction(112), Fraction(6, 5)),
            "224 ÷ 200 = 112 %: 10 + 1.2",
        ),
    ],
)
def test_full_steps_of_a_completion(shape: WeightedRatio | StepsTaken, text: str) -> None:
    assert formula(line_of(ValueInputs(COMPLETION, shape, None))) == text
