"""`bracket` in words: points by the band of a value."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import final_value, quotient
from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import RulebookNames, limits_text, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.bracket_rule import BandPoints, Bracket, ValueBand
from projections.scoring.unit_values import CountedNumber


def _points(rule: Bracket, _names: RulebookNames) -> str:
    texts = []
    for band in rule.bands:
        texts.append(f"{band.value.text} {_points_in(band)}")
    return "，".join(texts) + limits_text(rule)


def _points_in(band: ValueBand) -> str:
    """Say what a value in the band gives; beside a share of the value, points of 0 say nothing."""
    if not band.slope:
        return policy_number(band.points)
    share = f"{policy_number(band.slope)}×值"
    return f"{policy_number(band.points)}＋{share}" if band.points else share


def _formula(shape: BandPoints, counted: CountedNumber) -> str:
    if shape.band is None:
        return say(msg("{value} is in no band"), value=quotient(counted))
    text = f"{quotient(counted)} ∈ {shape.band} → {policy_number(shape.points)}"
    if shape.slope is not None:
        text += f" + {policy_number(shape.slope)} × {final_value(counted)}"
    return text


WORDS: Final = KindWords(
    kind="bracket",
    term=PolicyTerm("points by band", "分档计分"),
    points=_points,
    fields={
        "value": PolicyTerm("value", "数值"),
        "slope": PolicyTerm("slope", "递增值"),
    },
    formula=Formula(BandPoints, _formula),
)
