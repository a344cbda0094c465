"""Amounts as people read them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from commands.words import report_words
from commands.words.point_text import points

_YI: Final = 10_000  # 万元 in an 亿元
# From here on an amount in 亿元 does not read 0.00.
_SHOWN_IN_YI: Final = 100
_two_places = points(2)


def grouped_amount(text: str) -> str:
    """An amount in 万元 with its thousands set apart: `1,234.5`."""
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"


def column_amount(value: Fraction) -> str:
    """An amount to two places always, as the others in its column."""
    return grouped_amount(_two_places(value))


def listed_amount(text: str) -> str:
    """An amount in 万元 to two places at least, for columns whose amounts are never rounded."""
    whole, _, decimals = text.partition(".")
    return grouped_amount(f"{whole}.{decimals:0<2}")


def reached_amount(value: Fraction, target: Fraction, unit: str) -> str:
    """What is reached of a target as leaders read it: beside 亿元 in 亿元, unless none is shown."""
    is_in_yi = unit == report_words.TEN_THOUSAND_YUAN and target >= _YI
    if is_in_yi and (not value or value >= _SHOWN_IN_YI):
        return f"{_two_places(value / _YI)}{report_words.YI_YUAN}"
    return leaders_amount(value, unit)


def leaders_amount(value: Fraction, unit: str) -> str:
    """An amount as leaders read it: 亿元 from 1 亿 on, counts without decimals."""
    if unit == report_words.TEN_THOUSAND_YUAN and value >= _YI:
        return f"{_two_places(value / _YI)}{report_words.YI_YUAN}"
    if value.denominator == 1 and unit != report_words.TEN_THOUSAND_YUAN:
        return f"{value}{unit}"
    return f"{_two_places(value)}{unit}"
