"""The targets of county and units, against the share of the year that has passed."""

from __future__ import annotations

from fractions import Fraction

from commands.reports.content import (
    DocumentColumn,
    DocumentTable,
    Section,
    TableRow,
)
from commands.reports.period_results import ZERO, PeriodResults
from commands.words import member_words, report_words
from commands.words.date_text import chinese_date
from commands.words.point_text import percent
from lifecycle.rulebook.incentive_policy import CountyTarget
from projections.views.target_view import (
    TargetProgress,
    missing_amount,
    year_pace,
)


def targets_section(results: PeriodResults) -> Section:
    """The targets of county and units, against the share of the year that has passed."""
    view = results.view
    pace = year_pace(view)
    targets = {target.indicator: target for target in results.rulebook.targets}
    rows = []
    for progress in results.targets:
        scope = progress.name or results.whole
        rows.append(_target_row(scope, progress, targets[progress.indicator], pace))
    columns = (
        DocumentColumn(report_words.SCOPE, width=4),
        DocumentColumn(report_words.INDICATOR, width=9),
        DocumentColumn(report_words.TARGET, "quantity", 5),
        DocumentColumn(report_words.ACTUAL, "quantity", 5),
        DocumentColumn(report_words.COMPLETION, "share", 4),
        DocumentColumn(report_words.PACE, width=4),
        DocumentColumn(report_words.GAP, "quantity", 5),
    )
    day = chinese_date(view.as_of)
    sentence = report_words.targets_sentence(day, percent(pace))
    if results.is_region:
        sentence = member_words.targets_sentence(results.whole, day, percent(pace))
    table = DocumentTable(report_words.TARGETS_TABLE, columns, tuple(rows))
    return Section(report_words.TARGETS_HEADING, (sentence,), (table,))


def _target_row(
    scope: str,
    progress: TargetProgress,
    target: CountyTarget,
    pace: Fraction,
) -> TableRow:
    # Only the county's own target may have to be exceeded, not merely reached.
    must_exceed = target.exceed and progress.unit is None
    gap = missing_amount(progress, exceed=must_exceed)
    show = _project_count if target.measure == "signings" else _exact
    return (
        scope,
        report_words.indicator_name(target.chinese, target.unit_of_measure),
        show(progress.target),
        show(progress.actual),
        progress.ratio,
        None if progress.ratio is None else pace_word(progress.ratio, pace),
        show(ZERO if gap is None else gap),
    )


def _project_count(value: Fraction) -> int | Fraction:
    # A target is set by people, who may have set half a project.
    return int(value) if value.denominator == 1 else value


def _exact(value: Fraction) -> Fraction:
    return value


def pace_word(ratio: Fraction, pace: Fraction) -> str:
    """Whether a completion is ahead of the year, behind it, or on its pace."""
    if ratio > pace:
        return report_words.AHEAD
    if ratio < pace:
        return report_words.BEHIND
    return report_words.ON_PACE
