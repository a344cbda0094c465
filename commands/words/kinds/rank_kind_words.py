"""`rank` in words: points by the place in the sequence."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import neighbours, quotient
from commands.words.kinds import Formula, KindWords
from commands.words.messages import say
from commands.words.rule_phrases import RulebookNames, band_texts, policy_number
from commands.words.terms import PolicyTerm
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds.rank_rule import PlaceInSequence, Rank
from projections.scoring.unit_values import CountedNumber


def _points(rule: Rank, _names: RulebookNames) -> str:
    bands = band_texts((band.place, band.points) for band in rule.bands)
    order = "由高到低" if rule.first == "greatest" else "由低到高"
    ties = "并列同名次" if rule.ties == "share" else "并列取均值"
    least = "" if rule.above is None else f"，高于 {policy_number(rule.above)} 的方列名次"
    return f"{order}第 {bands}（{ties}{least}）"


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
    fields={
        "first": PolicyTerm("first place", "首位取值"),
        "ties": PolicyTerm("ties", "并列"),
    },
    formula=Formula(PlaceInSequence, _formula),
)
