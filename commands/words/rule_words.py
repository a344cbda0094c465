"""A rule's values in a leader's words; domain terms are Chinese with every locale (spec 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Final

from commands.words.vocabulary_words import word
from lifecycle.rulebook import kinds as k
from lifecycle.rulebook.counted import Alternative, Condition, Counted, Reference
from projections.scoring.rounding import decimal_text

_UNTIL: Final = {"year": "全年", "quarter": "每季度", "month": "每月", None: ""}


def number(value: Fraction | None) -> str:
    """A value as it stands in the policy; nothing where there is none."""
    return "" if value is None else decimal_text(value, 6)


def worth(rule: k.Rule) -> str:
    """What a rule gives, with its values."""
    text = _OF[rule.kind](rule)
    places = getattr(rule, "places", None)
    return text if places is None else f"{text}，四舍五入至 {places} 位小数"


def what(rule: k.Rule) -> str:
    """What a rule is called, with what it counts where that is an indicator or of some only."""
    if not isinstance(rule, k.RuleBase):
        return rule.chinese
    about = [_held(rule)] if rule.derived else []
    if rule.where is not None:
        about += [
            f"{word(name)}：{_listed(value)}" for name, value in rule.where if value is not None
        ]
    return rule.chinese + (f"（{'；'.join(one for one in about if one)}）" if any(about) else "")


def _listed(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(word(one) for one in value)
    return word(getattr(value, "text", value))


def _held(counted: Counted) -> str:
    """What the counted is held against."""
    each = _UNTIL[counted.each]
    if counted.reaching is not None:
        return f"{each}达到 {number(counted.reaching)} 的期数" + _over(counted)
    if counted.short_of is not None:
        return f"{each}不足{_against(counted.short_of)}的缺额"
    if counted.beyond is not None:
        return f"超过{_against(counted.beyond)}的部分"
    return _over(counted).removeprefix(" ")


def _over(counted: Counted) -> str:
    return "" if counted.target is None else f" 与{_against(counted.target)}之比"


def _against(reference: Reference) -> str:
    if reference.fixed is not None:
        return f" {number(reference.fixed)} "
    if reference.source is not None:
        return "目标"
    assert reference.counted is not None
    return f" {reference.counted.indicator or word(reference.counted.measure)} "


def _ends(rule: Any) -> str:
    names = (("floor", "保底"), ("least", "最低"), ("cap", "封顶"), ("most", "最高"))
    found = [
        f"{chinese} {number(value)}"
        for name, chinese in names
        if (value := getattr(rule, name, None)) is not None
    ]
    return f"（{'，'.join(found)}）" if found else ""


def _bands(bands: Iterable[Any], name: str) -> str:
    return "，".join(
        f"{getattr(band, name).text} {number(band.points)}"
        + (f"＋{number(band.slope)}×值" if getattr(band, "slope", None) else "")
        for band in bands
    )


def _item(rule: k.PerItem | k.Deduct) -> str:
    points_by = getattr(rule, "points_by", None)
    if points_by is not None:
        text = "，".join(f"{word(label)} {number(points)}" for label, points in points_by.items())
    elif rule.bands is not None:
        text = "，".join(f"{band.band.text} {number(band.points)}" for band in rule.bands)
    else:
        text = f"每个 {number(rule.points)}"
    if isinstance(rule, k.PerItem):
        return text + (
            f"（{_UNTIL[rule.limit_per]}至多 {number(rule.limit)}）"
            if rule.limit is not None
            else ""
        )
    return (f"满分 {number(rule.start)}，" if rule.start is not None else "") + text + _ends(rule)


def _composite(rule: k.Composite) -> str:
    parts = "＋".join(
        f"{part.indicator or word(part.measure)}{'均值' if part.take == 'mean' else _over(part)}×{number(part.share)}"
        for part in rule.parts
    )
    return f"({parts})÷{number(rule.out_of)}×{number(rule.weight)}{_ends(rule)}"


def _factors(rule: k.UnitCoefficient) -> str:
    rows = "，".join(
        f"{'或'.join(_listed(where.category or where.sequence or where.except_sequence or ()) for where in row.where)} ×{number(row.factor)}"
        for row in rule.rows
    )
    return f"{rows}（{'取高' if rule.combine == 'highest' else '连乘'}）"


def conditions(any_of: Iterable[Alternative]) -> str:
    """Alternatives in words."""
    return "；或 ".join(
        "且".join(_condition(one) for one in alternative.all) for alternative in any_of
    )


def _condition(condition: Condition) -> str:
    names = (("at_least", "≥"), ("above", "＞"), ("at_most", "≤"), ("below", "＜"))
    bounds = "".join(
        f" {sign} {number(value)}"
        for name, sign in names
        if (value := getattr(condition, name)) is not None
    )
    run = (
        f"连续 {condition.in_a_row} 个{'月' if condition.each == 'month' else '季度'}"
        if condition.in_a_row is not None
        else ""
    )
    return f"{run}{condition.indicator or word(condition.measure)}{_over(condition)}{bounds}"


def _gate(rule: k.Gate) -> str:
    return f"方才计分：{conditions(rule.any_of)}"


def _outcome(rule: k.Outcome) -> str:
    steps = (
        ""
        if rule.steps is None
        else f"（等次{'上升' if rule.steps > 0 else '下降'} {abs(rule.steps)} 档）"
    )
    return f"{rule.outcome}{steps}：{conditions(rule.any_of)}"


_OF: Final[dict[str, Callable[[Any], str]]] = {
    "per_item": _item,
    "deduct": _item,
    "per_amount": lambda rule: f"{number(rule.points)}／{number(rule.per)}万元",
    "credit": lambda rule: (
        f"每个 {number(rule.points)}（{'归首报单位' if rule.to == 'first_reporter' else '平分'}）"
    ),
    "escalating": lambda rule: (
        _bands(rule.bands, "count") + ("（全部）" if rule.applies_to == "all" else "（依次）")
    ),
    "bracket": lambda rule: _bands(rule.bands, "value") + _ends(rule),
    "ratio": lambda rule: f"完成率×{number(rule.weight)}{_ends(rule)}",
    "stepped": lambda rule: (
        f"{number(rule.base)}，每个百分点 "
        + "，".join(f"{one.percent.text} ±{number(one.step)}" for one in rule.segments)
        + _ends(rule)
    ),
    "composite": _composite,
    "rank": lambda rule: (
        "第 "
        + _bands(rule.bands, "place")
        + ("（并列同名次）" if rule.ties == "share" else "（并列取均值）")
    ),
    "minmax": lambda rule: (
        f"((值－最低)÷(最高－最低)×{number(rule.span)}＋{number(rule.base)})÷{number(rule.out_of)}×{number(rule.weight)}，全相等 {number(rule.when_equal)}"
    ),
    "relative": lambda rule: f"值÷最高×{number(rule.weight)}，最高为零 {number(rule.when_none)}",
    "exclusive": lambda rule: (
        f"{'同一项目' if rule.per == 'project' else '同一单位'}就高不重复：{'、'.join(rule.rules)}"
    ),
    "coefficient": _factors,
    "gate": _gate,
    "outcome": _outcome,
}
