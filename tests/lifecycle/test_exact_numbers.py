"""Rounding, bounds and periods: the small functions behind every figure."""

from __future__ import annotations

from datetime import date
from fractions import Fraction as F  # noqa: N817 -- short, for tables of numbers

import pytest
from hypothesis import given, strategies as st

from lifecycle.exact_numbers import NamedSums, clamped, exact_product, exact_sum
from lifecycle.periods import first_day_of, is_half_year, is_whole_year, period_of
from lifecycle.rounding import decimal_text, round_half_up


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (F(5, 100), 1, F(1, 10)),
        (F(-5, 100), 1, F(-1, 10)),
        (F(4, 100), 1, 0),
        (F(15, 10), 0, 2),
        (F(-15, 10), 0, -2),
        (F(1, 3), 2, F(33, 100)),
        (F(0), 3, 0),
    ],
)
def test_rounding_is_half_away_from_zero(value: F, places: int, rounded: F) -> None:
    assert round_half_up(value, places) == rounded


@given(value=st.fractions(-9, 9), places=st.integers(0, 3))
def test_rounding_picks_a_nearest_value_and_ignores_the_sign(value: F, places: int) -> None:
    rounded = round_half_up(value, places)
    assert abs(rounded - value) <= F(1, 2 * 10**places)
    assert round_half_up(-value, places) == -rounded
    assert (rounded * 10**places).denominator == 1


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (F(3), 2, "3"),
        (F(-3), 0, "-3"),
        (F(1, 2), 0, "1"),
        (F(-1, 2), 0, "-1"),
        (F(1, 4), 1, "0.3"),
        (F(-1, 3), 2, "-0.33"),
        (F(1, 10), 3, "0.1"),
        (F(1, 1000), 2, "0"),
        (F(-1, 1000), 2, "0"),
        (F(1999, 1000), 2, "2"),
        (F(100001, 10), 2, "10000.1"),
    ],
)
def test_a_decimal_text_has_no_trailing_zeros_and_no_negative_zero(
    value: F, places: int, text: str
) -> None:
    assert decimal_text(value, places) == text


@given(value=st.fractions(-9, 9), places=st.integers(0, 3))
def test_text_and_rounding_agree(value: F, places: int) -> None:
    assert F(decimal_text(value, places)) == round_half_up(value, places)


@pytest.mark.parametrize(
    ("value", "floor", "cap", "within"),
    [
        (3, 1, 5, 3),
        (0, 1, 5, 1),
        (9, 1, 5, 5),
        (0, None, 5, 0),
        (9, 1, None, 9),
        (1, 1, 1, 1),
        (-3, None, None, -3),
    ],
)
def test_points_stay_between_minimum_and_maximum(
    value: int, floor: int | None, cap: int | None, within: int
) -> None:
    ends = [None if end is None else F(end) for end in (floor, cap)]
    assert clamped(F(value), *ends) == within


def test_an_empty_sum_is_exact() -> None:
    totals = [exact_sum([]), exact_sum([F(1, 2), F(1)])]
    assert totals == [0, F(3, 2)]
    assert [type(total) for total in totals] == [F, F]


def test_a_product_of_nothing_is_one_and_as_exact_as_any() -> None:
    products = [exact_product([]), exact_product([F(1, 2), F(3)])]
    assert products == [1, F(3, 2)]
    assert [type(product) for product in products] == [F, F]


@pytest.mark.parametrize(
    ("when", "month", "quarter", "half_year"),
    [
        (date(2024, 5, 31), "2024-05", "2024-Q2", "2024-H1"),
        ("2024-05", "2024-05", "2024-Q2", "2024-H1"),
        ("2024-Q3", None, "2024-Q3", "2024-H2"),
        ("2024-Q2", None, "2024-Q2", "2024-H1"),
        ("2024-H1", None, None, "2024-H1"),
        ("2024-H2", None, None, "2024-H2"),
        ("2024", None, None, None),
        (None, None, None, None),
        ("2024-01", "2024-01", "2024-Q1", "2024-H1"),
        ("2024-03", "2024-03", "2024-Q1", "2024-H1"),
        ("2024-04", "2024-04", "2024-Q2", "2024-H1"),
        (date(2024, 6, 30), "2024-06", "2024-Q2", "2024-H1"),
        (date(2024, 7, 1), "2024-07", "2024-Q3", "2024-H2"),
        (date(2024, 12, 1), "2024-12", "2024-Q4", "2024-H2"),
        ("2024-10", "2024-10", "2024-Q4", "2024-H2"),
        ("2024-09", "2024-09", "2024-Q3", "2024-H2"),
    ],
)
def test_a_date_lies_in_its_month_quarter_and_half_year(
    when: date | str | None, month: str | None, quarter: str | None, half_year: str | None
) -> None:
    assert period_of(when, "month") == month
    assert period_of(when, "quarter") == quarter
    assert period_of(when, "half_year") == half_year


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024-01", date(2024, 1, 1)),
        ("2024-12", date(2024, 12, 1)),
        ("2024-Q1", date(2024, 1, 1)),
        ("2024-Q4", date(2024, 10, 1)),
        ("2024-H1", date(2024, 1, 1)),
        ("2024-H2", date(2024, 7, 1)),
    ],
)
def test_the_first_day_of_a_period(period: str, day: date) -> None:
    assert first_day_of(period) == day


def test_named_sums_add_whatever_their_denominators_are() -> None:
    sums, others = NamedSums(["a", "b", "c"]), NamedSums(["a"])
    for numerator, denominator in ((1, 2), (1, 3), (4, 1), (1, 3)):
        sums.add("a", numerator, denominator)
    sums.add("b", 2, 3)
    others.add("a", 1, 3)
    sums.add_all(others)

    assert sums.totals() == {"a": F(11, 2), "b": F(2, 3), "c": F(0)}
    with pytest.raises(KeyError):
        sums.add("d", 1, 1)


@pytest.mark.parametrize("period", ["2024", "2024-H1", "2024-Q3", "2024-05"])
def test_a_half_year_and_a_whole_one_are_told_from_other_periods(period: str) -> None:
    assert is_half_year(period) is (period == "2024-H1")
    assert is_whole_year(period) is (period == "2024")
