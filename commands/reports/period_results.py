"""What a report of a period stands on: the scores of the period, and those of the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from commands.reports.periods import ReportPeriod
from commands.words import member_words, report_words
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.scoring.evaluation import Result, evaluate
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.views.target_view import TargetProgress, target_progress_of

ZERO = Fraction(0)
# A unit and the id of a rule.
RuleOfUnit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PeriodResults:
    """The scores of a period with every line, and those at the end of the period before.

    `before` is None for the first period of a year.
    """

    ledger: Ledger
    view: View
    period: ReportPeriod
    current: Result
    before: Result | None
    projects: list[JudgedProject]
    targets: list[TargetProgress]
    """The county's, then the units' by sequence and rank, as in every other table."""

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the view."""
        return self.view.rulebook.rulebook

    @property
    def is_region(self) -> bool:
        """Whether the projects are those of a region's members."""
        return self.view.projects is not None

    @property
    def place(self) -> str:
        """The name of the county or region, with which the rulebook's issuer begins."""
        name = member_words.region_name if self.is_region else report_words.county_name
        return name(self.rulebook.issuer)

    @property
    def whole(self) -> str:
        """What the whole of it is called, such as 全县."""
        if self.is_region:
            return member_words.whole_region(self.rulebook.issuer)
        return report_words.WHOLE_COUNTY


def period_results(
    ledger: Ledger,
    view: View,
    period: ReportPeriod,
) -> PeriodResults:
    """Evaluate a period at a view whose day lies in it, and the period before."""
    projects: list[JudgedProject] = []
    current = evaluate(ledger, view, keep=_every_line, seen=projects.append)
    before = None
    if period.before is not None and period.before < view.as_of:
        # By what is known now, so that a correction changes both periods alike.
        view_before = replace(view, as_of=period.before)
        before = evaluate(ledger, view_before, keep=_every_line)
    targets = _ordered_targets(ledger, view, projects, current)
    return PeriodResults(ledger, view, period, current, before, projects, targets)


def _ordered_targets(
    ledger: Ledger, view: View, projects: list[JudgedProject], result: Result
) -> list[TargetProgress]:
    places = {score.unit: place for place, score in enumerate(result.scores)}
    targets = target_progress_of(ledger, view, projects, result.units)
    return sorted(targets, key=lambda row: -1 if row.unit is None else places[row.unit])


def _every_line(_line: ScoreLine) -> bool:
    return True


def points_by_rule(lines: Iterable[ScoreLine]) -> dict[RuleOfUnit, Fraction]:
    """Points summed by unit and rule."""
    sums: dict[RuleOfUnit, Fraction] = {}
    for line in lines:
        key = (line.unit, line.rule)
        sums[key] = sums.get(key, ZERO) + line.points
    return sums
