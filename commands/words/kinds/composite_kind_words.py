"""`composite` in words: points for several values with shares."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from commands.words.filter_words import NEEDS, filter_texts
from commands.words.formula_parts import ends_text
from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import (
    PERIOD_NOUN,
    RulebookNames,
    compared_text,
    limits_text,
    number,
    over_target,
    policy_number,
    selection_texts,
    silence_text,
)
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.composite_rule import (
    Composite,
    CompositePart,
    WeightedPart,
    WeightedParts,
)
from lifecycle.rulebook.kinds.period_part import PERIOD_NAMES, PeriodPart


def _points(rule: Composite, names: RulebookNames) -> str:
    parts = [_composite_part(part, names) for part in rule.parts]
    divided = "" if rule.out_of == 1 else f"÷{policy_number(rule.out_of)}"
    scale = divided + _times(rule.weight)
    added = "＋".join(parts)
    if scale and len(parts) > 1:
        added = f"({added})"
    return f"{added}{scale}{limits_text(rule)}"


def _times(factor: Fraction) -> str:
    """Say by what is multiplied; a factor of 1 changes nothing and is not read."""
    return "" if factor == 1 else f"×{policy_number(factor)}"


def _composite_part(
    part: CompositePart | PeriodPart,
    names: RulebookNames,
) -> str:
    share = _times(part.share)
    if isinstance(part, PeriodPart):
        return f"{names.modules([part.subject])}{_periods_taken(part)}{share}"
    value = "均值" if part.take == "mean" else over_target(part, names)
    value = compared_text(part, value)
    return f"{names.subject(part)}{value}{_part_details(part)}{share}"


def _part_details(part: CompositePart) -> str:
    """Say of which projects or units a part is, and what counts where it is missing."""
    details = selection_texts(part)
    if part.where is not None:
        details += filter_texts(part.where)
    details += [NEEDS[need] for need in part.needs]
    # A mean lacks its marks, where a sum would lack its target.
    silence = silence_text(part, "未评分" if part.take == "mean" else "未下达目标")
    if silence:
        details.append(silence)
    return f"（{'；'.join(details)}）" if details else ""


def _periods_taken(part: PeriodPart) -> str:
    """Say of which periods the points are taken, how, and what counts where there are none."""
    periods = f"各{PERIOD_NOUN[part.each]}"
    if part.only is not None:
        periods = "、".join(_period_name(part.each, number) for number in _numbers_of(part))
    taken = {"sum": "得分之和", "mean": "得分的均值"}.get(part.take)
    if taken is None:
        taken = f"得分中最高的 {part.best} 个之和"
    silence = ""
    if isinstance(part.when_missing, Fraction):
        silence = f"（尚无得分的计 {policy_number(part.when_missing)}）"
    elif part.when_missing is not None:
        silence = "（尚无得分的不计分）"
    return f"{periods}{taken}{silence}"


def _numbers_of(part: PeriodPart) -> list[int]:
    """The places in the year of the periods that a part takes, from 1."""
    names = PERIOD_NAMES[part.each]
    return [names.index(name) + 1 for name in part.periods]


def _period_name(each: str, number_in_year: int) -> str:
    if each == "half_year":
        return "上半年" if number_in_year == 1 else "下半年"
    return f"第 {number_in_year} 季度" if each == "quarter" else f"{number_in_year} 月"


def _formula(shape: WeightedParts) -> str:
    parts = " + ".join(_weighted_part(part) for part in shape.parts)
    ends = ends_text(shape.floor, shape.cap)
    return f"({parts}) ÷ {policy_number(shape.out_of)} × {policy_number(shape.weight)}{ends}"


def _weighted_part(part: WeightedPart) -> str:
    value = number(part.value)
    if part.periods:
        periods = [_period_text(period, points) for period, points in part.periods]
        value = say(msg("{value} ({periods})"), value=value, periods="、".join(periods))
    return f"{value} × {policy_number(part.share)}"


def _period_text(period: str, points: Fraction | None) -> str:
    # A unit that came later had no part in the period, which is not 0 points.
    if points is None:
        return say(msg("{period} not there yet"), period=period)
    return f"{period} {number(points)}"


WORDS: Final = KindWords(
    kind="composite",
    term=PolicyTerm("weighted composite", "加权综合计分"),
    points=_points,
    fields={
        "parts": PolicyTerm("parts", "组成部分"),
        "only": PolicyTerm("only these periods", "仅取各期"),
        "best": PolicyTerm("number of the best", "取最高的期数"),
    },
    formula=Formula(WeightedParts, _formula),
)
