"""`rank` in words: points by the place in the sequence."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import neighbours, quotient
from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import RulebookNames, band_texts
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.rank_rule import PlaceInSequence, Rank
from projections.scoring.unit_values import CountedNumber


def _points(rule: Rank, _names: RulebookNames) -> str:
    bands = band_texts((band.place, band.points) for band in rule.bands)
    ties = "并列同名次" if rule.ties == "share" else "并列取均值"
    return f"第 {bands}（{ties}）"


def _formula(shape: PlaceInSequence, counted: CountedNumber) -> str:
    return _place(shape, counted) + neighbours(shape.neighbours)


def _place(shape: PlaceInSequence, counted: CountedNumber) -> str:
    if shape.place is None:
        return say(msg("{value}: no place"), value=quotient(counted))
    return say(
        msg("{value}: place {place} of {of}"),
        value=quotient(counted),
        place=shape.place,
        of=shape.of,
    )


WORDS: Final = KindWords(
    kind="rank",
    term=PolicyTerm("points by rank", "按名次计分"),
    points=_points,
    formula=Formula(PlaceInSequence, _formula),
)
