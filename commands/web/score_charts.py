"""Charts and tables of scores: ranking, units by module, ranks month by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.page_chart import PageChart
from commands.words import page_words
from commands.words.point_text import points
from lifecycle.rounding import decimal_text
from projections.scoring.unit_scores import UnitScore
from projections.views.county_overview import MonthOverview

_ZERO = Fraction(0)
_LEADING_RANKS: Final = 3


def sequence_of(score: UnitScore) -> str:
    """The sequence in which a unit is ranked."""
    return score.sequence


# Charts


def modules_chart(county: CountyView, reader: Reader) -> PageChart:
    """Units by module, with points after each module's own limits."""
    rulebook = county.view.rulebook.rulebook
    modules = rulebook.modules_of_year
    show_points = points(rulebook.rounding.shown)
    rows = []
    for score in county.scores():
        if reader.sees(score.unit):
            values = [show_points(score.modules[module.id]) for module in modules]
            rows.append([score.name, *values])
    return PageChart(
        kind="heat",
        name="modules",
        title=page_words.MODULES_TITLE,
        reading=page_words.MODULES_READING,
        headings=[page_words.UNIT, *[module.chinese for module in modules]],
        rows=rows,
    )


def rank_charts(county: CountyView) -> list[PageChart]:
    """A chart for each sequence: its units' ranks at the end of each month."""
    months = county.months()
    if not months:
        return []
    charts = []
    sequences = groupby(months[-1].scores, key=sequence_of)
    for number, (sequence, scores) in enumerate(sequences, start=1):
        chart = PageChart(
            kind="ranks",
            name=f"ranks-{number}",
            title=page_words.ranks_title(sequence),
            reading=page_words.RANKS_READING,
            headings=[page_words.UNIT, *[month.month for month in months]],
            rows=_rank_rows(scores, months),
        )
        charts.append(chart)
    return charts


def _rank_rows(scores: Iterable[UnitScore], months: list[MonthOverview]) -> list[list[str]]:
    """Each unit of a sequence with its ranks, month by month."""
    ranks_by_month = []
    for month in months:
        ranks_by_month.append({score.unit: _rank_text(score) for score in month.scores})
    rows = []
    for score in scores:
        # A unit that was not there at a month's end, or was not ranked, had no rank.
        ranks = [ranks_of_month.get(score.unit, "") for ranks_of_month in ranks_by_month]
        rows.append([score.name, *ranks])
    return rows


def _rank_text(score: UnitScore) -> str:
    return "" if score.rank is None else str(score.rank)


# Ranking


class RankedUnit(NamedTuple):
    """A unit's row of the ranking; `share` is its total in per cent of the sequence's highest."""

    unit: str
    name: str
    rank: int | None
    is_leading: bool
    total: str
    share: str
    open: bool
    change: str


class RankedSequence(NamedTuple):
    """A sequence's units in the order of their ranks.

    `has_changes` is False where there is no month before to compare with.
    """

    sequence: str
    units: list[RankedUnit]
    has_changes: bool


def ranking(county: CountyView, reader: Reader) -> list[RankedSequence]:
    """Total and rank of every unit; `open` tells whose affairs the reader sees."""
    sequences = []
    for sequence, members in groupby(county.scores(), key=sequence_of):
        scores = list(members)
        highest = max(score.total for score in scores)
        leading_rank = _leading_rank(scores)
        units = []
        for score in scores:
            units.append(_ranked_unit(score, highest, leading_rank, county, reader))
        has_changes = any(unit.change for unit in units)
        sequences.append(RankedSequence(sequence, units, has_changes))
    return sequences


def _leading_rank(scores: Sequence[UnitScore]) -> int:
    """The lowest rank that leads: within the first three, and the upper half; 0 for none.

    Of three or four there are no first three, and equals share a rank: in January half a sequence
    may have no points, and would all be painted as leading.
    """
    leading_rank = 0
    for rank in range(1, _LEADING_RANKS + 1):
        places = sum(score.rank is not None and score.rank <= rank for score in scores)
        if places <= len(scores) // 2:
            leading_rank = rank
    return leading_rank


def _ranked_unit(
    score: UnitScore,
    highest: Fraction,
    leading_rank: int,
    county: CountyView,
    reader: Reader,
) -> RankedUnit:
    rulebook = county.view.rulebook.rulebook
    show_points = points(rulebook.rounding.shown)
    return RankedUnit(
        unit=score.unit,
        name=score.name,
        rank=score.rank,
        is_leading=score.rank is not None and score.rank <= leading_rank,
        total=show_points(score.total),
        share=_share(score.total, highest),
        open=reader.sees(score.unit),
        change=_rank_change(county.ranks_before().get(score.unit), score.rank),
    )


def _share(total: Fraction, highest: Fraction) -> str:
    """The length of a bar, in per cent; points below zero have none."""
    if highest <= 0:
        return "0"
    return decimal_text(100 * max(total, _ZERO) / highest, 1)


def _rank_change(rank_before: int | None, rank: int | None) -> str:
    if rank is None or rank_before is None:
        return ""
    if rank_before == rank:
        return page_words.RANK_UNCHANGED
    if rank_before > rank:
        return page_words.rank_risen(rank_before - rank)
    return page_words.rank_fallen(rank - rank_before)
