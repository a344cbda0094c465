"""`escalating` in words: points that depend on how many there are."""

from __future__ import annotations

from typing import Final

from commands.words.formula_parts import item_basis, points_each
from commands.words.kinds import Formula, KindWords
from commands.words.rule_phrases import RulebookNames, band_texts, number
from commands.words.terms import PolicyTerm
from lifecycle.rulebook.kinds.escalating_rule import Escalating, PointsByCount
from projections.scoring.counted_items import ItemFacts


def _points(rule: Escalating, _names: RulebookNames) -> str:
    bands = band_texts((band.count, band.points) for band in rule.bands)
    scope = "全部" if rule.applies_to == "all" else "依次"
    return f"{bands}（{scope}）"


def _formula(points: PointsByCount, facts: ItemFacts) -> str:
    each = points_each(points.points, points.value)
    return f"{each}{item_basis(facts)}（共 {number(points.count_)} 次）"


WORDS: Final = KindWords(
    kind="escalating",
    term=PolicyTerm("points by count", "按个数分档计分"),
    points=_points,
    fields={
        "count": PolicyTerm("count", "次数"),
        "applies_to": PolicyTerm("applies to", "适用于"),
    },
    formula=Formula(PointsByCount, _formula),
)
