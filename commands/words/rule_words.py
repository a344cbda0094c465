"""A rule of a rulebook in words: what it counts, and the points it gives, as a policy would put it.

Cells are Chinese in every language (spec 5). No code name appears: measures and filters have their
terms in `rule_terms`, and what a rule names goes by the Chinese name that the rulebook gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Final

from commands.words.filter_words import filter_texts, unit_filter_text
from commands.words.rule_terms import measure
from commands.words.vocabulary_words import word
from lifecycle.rulebook import Rulebook, kinds as k
from lifecycle.rulebook.counted import (
    Alternative,
    Condition,
    Counted,
    MeasureSelection,
    Reference,
)
from lifecycle.rulebook.intervals import Interval
from lifecycle.rulebook.kinds.composite_rule import CompositePart
from lifecycle.rulebook.measures import MEASURES
from projections.scoring.rounding import decimal_text

_PLACES: Final = 6
_EACH: Final = {"year": "全年", "quarter": "每季度", "month": "每月", None: ""}
_PERIOD_NOUN: Final = {"quarter": "季度", "month": "月"}
_NEEDS: Final = {"recognised": "须经认可", "eligible": "须符合条件", "not_excluded": "须列入考核"}
_BOUNDS: Final = {"at_least": "≥", "above": "＞", "at_most": "≤", "below": "＜"}
_UNITS: Final = {"count": "个", "万元": "万元", "points": "分", "days": "天", "figure": ""}
_LIMITS: Final = {"floor": "保底", "least": "最低", "cap": "封顶", "most": "最高"}


def number(value: Fraction | None) -> str:
    """Write a number as the policy has it; nothing where there is none."""
    return "" if value is None else decimal_text(value, _PLACES)


class RulebookNames:
    """The Chinese names that a rulebook gives to its rules and to the indicators they count."""

    def __init__(self, book: Rulebook) -> None:
        self._rules = {rule.id: rule.chinese for rule in book.rules}
        self._indicators = _indicator_names(book)

    def rules(self, rule_ids: Iterable[str]) -> str:
        """Name several rules."""
        return "、".join(self._rules.get(rule_id, rule_id) for rule_id in rule_ids)

    def subject(self, selection: MeasureSelection) -> str:
        """Name what is counted: an indicator by the rule that counts it, else the measure."""
        if selection.indicator is not None:
            return self._indicators.get(selection.indicator, f"指标“{selection.indicator}”")
        if selection.from_stage is not None:
            return f"{word(selection.from_stage)}至{word(selection.to_stage)}的天数"
        return measure(selection.measure)


def _indicator_names(book: Rulebook) -> dict[str, str]:
    """Name each indicator by the target or rule that reads it; by the module of several rules."""
    modules = {module.id: module.chinese for module in book.modules}
    names: dict[str, str] = {}
    for rule in book.rules:
        if isinstance(rule, k.RuleBase) and rule.indicator is not None:
            # Rules of one indicator differ by their units; what they share is the module.
            several = rule.indicator in names
            names[rule.indicator] = modules[rule.module] if several else rule.chinese
    for target in book.targets:
        names[target.indicator] = target.chinese
    return names


def rule_content(rule: k.Rule, names: RulebookNames) -> str:
    """Say what a rule is called, how its value is formed, and of which projects or units."""
    if not isinstance(rule, k.RuleBase):
        return rule.chinese
    details: list[str] = []
    if rule.derived:
        details.append(_derived(rule, names))
    if rule.where is not None:
        details += filter_texts(rule.where)
    details += [_NEEDS[need] for need in rule.needs]
    return f"{rule.chinese}（{'；'.join(details)}）" if details else rule.chinese


def rule_points(rule: k.Rule, names: RulebookNames) -> str:
    """Say what points a rule gives, with its values."""
    text = _POINTS[rule.kind](rule, names)
    places = getattr(rule, "places", None)
    return text if places is None else f"{text}，四舍五入至 {places} 位小数"


# How a value is formed ----------------------------------------------------------------------------


def _derived(counted: Counted, names: RulebookNames) -> str:
    each = _EACH[counted.each]
    if counted.reaching is not None:
        return f"{each}达到 {number(counted.reaching)} 的期数{_over(counted, names)}"
    if counted.short_of is not None:
        return f"{each}不足{_reference(counted.short_of, names)}的缺额"
    if counted.beyond is not None:
        return f"超过{_reference(counted.beyond, names)}的部分"
    return _over(counted, names)


def _over(counted: Counted, names: RulebookNames) -> str:
    if counted.target is None:
        return ""
    return f"与{_reference(counted.target, names)}之比"


def _reference(reference: Reference, names: RulebookNames) -> str:
    if reference.fixed is not None:
        return f" {number(reference.fixed)} "
    if reference.counted is not None:
        return names.subject(reference.counted)
    return "目标"


# Points for each thing counted --------------------------------------------------------------------


def _per_item(rule: k.PerItem, _names: RulebookNames) -> str:
    if rule.points_by is not None:
        values = [f"{word(label)} {number(points)}" for label, points in rule.points_by.items()]
        text = "，".join(values)
    else:
        text = _each_or_bands(rule)
    if rule.limit is None:
        return text
    return f"{text}（{_EACH[rule.limit_per]}至多 {number(rule.limit)}）"


def _deduct(rule: k.Deduct, _names: RulebookNames) -> str:
    start = "" if rule.start is None else f"满分 {number(rule.start)}，"
    return f"{start}{_each_or_bands(rule)}{_limits(rule)}"


def _each_or_bands(rule: k.PerItem | k.Deduct) -> str:
    if rule.bands is None:
        return f"每个 {number(rule.points)}"
    return _bands((band.band, band.points) for band in rule.bands)


def _bands(bands: Iterable[tuple[Interval, Fraction]]) -> str:
    return "，".join(f"{band.text} {number(points)}" for band, points in bands)


def _limits(rule: k.Rule) -> str:
    texts = []
    for field, chinese in _LIMITS.items():
        limit = getattr(rule, field, None)
        if limit is not None:
            texts.append(f"{chinese} {number(limit)}")
    return f"（{'，'.join(texts)}）" if texts else ""


def _per_amount(rule: k.PerAmount, _names: RulebookNames) -> str:
    # Marks and counts are no amounts of money.
    unit = _UNITS[MEASURES[rule.measure].unit]
    return f"{number(rule.points)}／{number(rule.per)}{unit}"


def _credit(rule: k.Credit, _names: RulebookNames) -> str:
    receiver = "归首报单位" if rule.to == "first_reporter" else "平分"
    return f"每个 {number(rule.points)}（{receiver}）"


def _escalating(rule: k.Escalating, _names: RulebookNames) -> str:
    bands = _bands((band.count, band.points) for band in rule.bands)
    scope = "全部" if rule.applies_to == "all" else "依次"
    return f"{bands}（{scope}）"


# Points for a unit's value ------------------------------------------------------------------------


def _bracket(rule: k.Bracket, _names: RulebookNames) -> str:
    texts = []
    for band in rule.bands:
        slope = f"＋{number(band.slope)}×值" if band.slope else ""
        texts.append(f"{band.value.text} {number(band.points)}{slope}")
    return "，".join(texts) + _limits(rule)


def _ratio(rule: k.Ratio, _names: RulebookNames) -> str:
    return f"完成率×{number(rule.weight)}{_limits(rule)}"


def _stepped(rule: k.Stepped, _names: RulebookNames) -> str:
    steps = [f"{segment.percent.text} ±{number(segment.step)}" for segment in rule.segments]
    return f"{number(rule.base)}，每个百分点 {'，'.join(steps)}{_limits(rule)}"


def _composite(rule: k.Composite, names: RulebookNames) -> str:
    parts = "＋".join(_composite_part(part, names) for part in rule.parts)
    return f"({parts})÷{number(rule.out_of)}×{number(rule.weight)}{_limits(rule)}"


def _composite_part(
    part: CompositePart,
    names: RulebookNames,
) -> str:
    value = "均值" if part.take == "mean" else _over(part, names)
    return f"{names.subject(part)}{value}×{number(part.share)}"


# Points within the sequence -----------------------------------------------------------------------


def _rank(rule: k.Rank, _names: RulebookNames) -> str:
    bands = _bands((band.place, band.points) for band in rule.bands)
    ties = "并列同名次" if rule.ties == "share" else "并列取均值"
    return f"第 {bands}（{ties}）"


def _minmax(rule: k.MinMax, _names: RulebookNames) -> str:
    mark = f"(值－最低)÷(最高－最低)×{number(rule.span)}＋{number(rule.base)}"
    points = f"({mark})÷{number(rule.out_of)}×{number(rule.weight)}"
    return f"{points}，全相等 {number(rule.when_equal)}"


def _relative(rule: k.Relative, _names: RulebookNames) -> str:
    return f"值÷最高×{number(rule.weight)}，最高为零 {number(rule.when_none)}"


# Rules on other rules' results --------------------------------------------------------------------


def _exclusive(rule: k.Exclusive, names: RulebookNames) -> str:
    scope = "同一项目" if rule.per == "project" else "同一单位"
    return f"{scope}就高不重复：{names.rules(rule.rules)}"


def _unit_coefficient(
    rule: k.UnitCoefficient,
    _names: RulebookNames,
) -> str:
    rows = []
    for row in rule.rows:
        units = "或".join(unit_filter_text(where) for where in row.where)
        rows.append(f"{units} ×{number(row.factor)}")
    combination = "取高" if rule.combine == "highest" else "连乘"
    return f"{'，'.join(rows)}（{combination}）"


def _gate(rule: k.Gate, names: RulebookNames) -> str:
    return f"方才计分：{_alternatives(rule.any_of, names)}"


def _outcome(rule: k.Outcome, names: RulebookNames) -> str:
    steps = ""
    if rule.steps is not None:
        direction = "上升" if rule.steps > 0 else "下降"
        steps = f"（等次{direction} {abs(rule.steps)} 档）"
    return f"{rule.outcome}{steps}：{_alternatives(rule.any_of, names)}"


def _alternatives(
    any_of: Iterable[Alternative],
    names: RulebookNames,
) -> str:
    return "；或".join(_all_conditions(alternative, names) for alternative in any_of)


def _all_conditions(
    alternative: Alternative,
    names: RulebookNames,
) -> str:
    return "，且".join(_condition(condition, names) for condition in alternative.all)


def _condition(condition: Condition, names: RulebookNames) -> str:
    run = ""
    if condition.in_a_row is not None and condition.each is not None:
        run = f"连续 {condition.in_a_row} 个{_PERIOD_NOUN[condition.each]}"
    bounds = ""
    for field, sign in _BOUNDS.items():
        bound = getattr(condition, field)
        if bound is not None:
            bounds += f" {sign} {number(bound)}"
    return f"{run}{names.subject(condition)}{_over(condition, names)}{bounds}"


_POINTS: Final[dict[str, Callable[[Any, RulebookNames], str]]] = {
    "per_item": _per_item,
    "deduct": _deduct,
    "per_amount": _per_amount,
    "credit": _credit,
    "escalating": _escalating,
    "bracket": _bracket,
    "ratio": _ratio,
    "stepped": _stepped,
    "composite": _composite,
    "rank": _rank,
    "minmax": _minmax,
    "relative": _relative,
    "exclusive": _exclusive,
    "coefficient": _unit_coefficient,
    "gate": _gate,
    "outcome": _outcome,
}
