"""Amounts as people read them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from commands.words import report_words
from commands.words.point_text import points
from lifecycle.rounding import decimal_text

_YI: Final = 10_000  # 万元 in an 亿元
_two_places = points(2)


def grouped_amount(text: str) -> str:
    """An amount in 万元 with its thousands set apart: `1,234.5`."""
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"


def exact_amount(value: Fraction) -> str:
    """An amount to two places with its thousands set apart."""
    return grouped_amount(decimal_text(value, 2))


def column_amount(value: Fraction) -> str:
    """An amount to two places always, as the others in its column."""
    return grouped_amount(_two_places(value))


def leaders_amount(value: Fraction, unit: str) -> str:
    """An amount as leaders read it: 亿元 from 1 亿 on, counts without decimals."""
    if unit == report_words.TEN_THOUSAND_YUAN and value >= _YI:
        return f"{_two_places(value / _YI)}{report_words.YI_YUAN}"
    if value.denominator == 1 and unit != report_words.TEN_THOUSAND_YUAN:
        return f"{value}{unit}"
    return f"{_two_places(value)}{unit}"
