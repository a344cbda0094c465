"""Targets of county and units: rows of a table, the chart of funds, and who adds to them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from commands.web.accounts import Reader
from commands.web.county_view import CountyView
from commands.web.page_chart import PageChart
from commands.words import page_words
from commands.words.amount_text import column_amount, leaders_amount, reached_amount
from commands.words.point_text import percent
from lifecycle.rounding import decimal_text
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.views.target_view import (
    TargetProgress,
    project_target_shares,
    year_pace,
)

_FUNDS: Final = "funds_in_place"


def share_of_bar(share: Fraction) -> str:
    """A share in per cent of the length of a bar, which is no longer than the whole."""
    return decimal_text(100 * min(max(share, Fraction(0)), Fraction(1)), 1)


class TargetTexts(NamedTuple):
    """A target of a unit, what is reached of it, and how that stands to the days passed."""

    indicator: str
    target: str
    actual: str
    completion: str
    pace: str
    is_late: bool


def unit_target_rows(county: CountyView, unit: str) -> list[TargetTexts]:
    """The targets that were set for a unit."""
    pace = year_pace(county.view)
    declared = declared_targets(county)
    rows = []
    for progress in county.targets():
        if progress.unit == unit:
            rows.append(_target_texts(progress, declared[progress.indicator], pace))
    return rows


def _target_texts(progress: TargetProgress, target: CountyTarget, pace: Fraction) -> TargetTexts:
    ratio = progress.ratio
    # A target of 0 has no ratio: nothing is owed, so it cannot be late.
    is_late = ratio is not None and ratio < pace
    return TargetTexts(
        indicator=target.chinese,
        target=leaders_amount(progress.target, target.unit_of_measure),
        actual=reached_amount(progress.actual, progress.target, target.unit_of_measure),
        completion="" if ratio is None else percent(ratio),
        pace=page_words.BEHIND_PACE if is_late else page_words.ON_PACE,
        is_late=is_late,
    )


def declared_targets(county: CountyView) -> dict[str, CountyTarget]:
    """The targets as the rulebook declares them, by indicator."""
    return {target.indicator: target for target in county.view.rulebook.rulebook.targets}


def funds_target(county: CountyView) -> CountyTarget | None:
    """The first target of funds in place that the rulebook declares; None without one."""
    for target in county.view.rulebook.rulebook.targets:
        if target.measure == _FUNDS:
            return target
    return None


def unit_progress(county: CountyView, indicator: str) -> dict[str, TargetProgress]:
    """The progress of each unit that has a target of an indicator."""
    progress_by_unit = {}
    for progress in county.targets():
        # The county's own target has no unit, and no place beside the units in a chart.
        if progress.indicator == indicator and progress.unit is not None:
            progress_by_unit[progress.unit] = progress
    return progress_by_unit


def contributing_projects(county: CountyView, indicator: str) -> set[str]:
    """The codes of the projects that add to a target by the day."""
    codes = set()
    for code, project in county.projects().items():
        for share in project_target_shares(project):
            if share.indicator == indicator:
                codes.add(code)
    return codes


def unit_funds_chart(county: CountyView, reader: Reader) -> PageChart | None:
    """Each unit's funds in place beside its target, in the order of the ranking.

    None without a target of funds that was set for a unit.
    """
    funds = funds_target(county)
    if funds is None:
        return None
    progress_by_unit = unit_progress(county, funds.indicator)
    rows = []
    for score in county.scores():
        progress = progress_by_unit.get(score.unit)
        if progress is not None and reader.sees(score.unit):
            rows.append(_funds_row(score.name, progress))
    if not rows:
        return None
    pace = percent(year_pace(county.view))
    return PageChart(
        kind="bars",
        name="unit-funds",
        title=page_words.UNIT_FUNDS_TITLE,
        reading=page_words.unit_funds_reading(funds.unit_of_measure, pace),
        headings=page_words.UNIT_FUNDS_HEADINGS,
        rows=rows,
    )


def _funds_row(name: str, progress: TargetProgress) -> list[str]:
    completion = "" if progress.ratio is None else percent(progress.ratio)
    return [name, column_amount(progress.actual), column_amount(progress.target), completion]
