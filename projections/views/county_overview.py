"""The county at a glance: each unit's projects by node reached, and the year month by month. Pure folds over history."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lifecycle.events.vocabulary import STAGES
from lifecycle.ledger.recorders.ledger_recorder import StoredRow
from lifecycle.ledger.store import Ledger
from projections.facts import effective_history as histories
from projections.facts.project_facts import fold_project
from projections.facts.unit_facts import UnitFacts
from projections.scoring.evaluation import View, targets_at, units_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore, ranked_scores, unit_score
from projections.scoring.year_scoring import YearScoring
from projections.views.board_view import view_of_month
from projections.views.target_view import (
    TargetProgress,
    TargetShare,
    project_target_shares,
    target_progress,
    targets_in_force,
)

_PROJECT: Final = len("project/")


def projects_by_stage(projects: Iterable[JudgedProject]) -> dict[str, dict[str, int]]:
    """Credit unit → node → how many of its projects have reached it; excluded and terminated ones are left out."""
    counts: dict[str, dict[str, int]] = {}
    for judged in projects:
        if judged.excluded or judged.project.terminated_on is not None:
            continue
        own = counts.setdefault(judged.unit, dict.fromkeys(STAGES, 0))
        for stage in STAGES:
            own[stage] += judged.node(stage) is not None
    return counts


@dataclass(slots=True)
class MonthOverview:
    """The county at a month's end, or at the day asked for where that lies within the month."""

    month: str
    view: View
    scores: list[UnitScore]
    targets: list[TargetProgress]


def month_views(view: View) -> list[View]:
    """The same as of each month's end before the day, and as of the day; none where the day lies before the year."""
    if view.as_of.year < view.year:
        return []
    return [
        view_of_month(view, f"{view.year}-{number:02}") for number in range(1, view.as_of.month + 1)
    ]


def monthly_overviews(ledger: Ledger, view: View) -> list[MonthOverview]:
    """Scores, ranks and targets at each month's end by the day, all by what was known at the view's position; history is read once."""
    policy, units, views = (
        prepared(view.rulebook),
        units_at(ledger, view.position),
        month_views(view),
    )
    years = [
        YearScoring(policy, units, each.axes, targets_at(ledger, policy, each.axes, view.position))
        for each in views
    ]
    given: list[list[TargetShare]] = [[] for _ in views]
    with ledger.rows_of_kind("project", view.position) as rows:
        for stream, own in histories.by_stream(rows):
            for place, judged in _through(stream[_PROJECT:], own, policy, views, units):
                given[place].extend(project_target_shares(judged))
                _run(years[place].take(judged))
    return [
        MonthOverview(
            f"{each.as_of:%Y-%m}", each, _concluded(year, units), _reached(ledger, each, share)
        )
        for each, year, share in zip(views, years, given, strict=True)
    ]


def _through(
    code: str, rows: list[StoredRow], policy: Policy, views: list[View], units: dict[str, UnitFacts]
) -> Iterator[tuple[int, JudgedProject]]:
    """A project judged at each of the views' days, from its facts read once."""
    facts = histories.effective(rows)
    for place, each in enumerate(views):
        project = fold_project(code, [fact for fact in facts if fact[0] <= each.as_of])
        if project is not None:
            yield place, JudgedProject(project, policy, each.axes, units)


def _concluded(year: YearScoring, units: dict[str, UnitFacts]) -> list[UnitScore]:
    for unit in units.values():
        _run(year.take_unit(unit))
    _run(year.conclude())
    return ranked_scores(
        [unit_score(unit, year.tallies[name], year.policy) for name, unit in units.items()], units
    )


def _run(lines: Iterator[ScoreLine]) -> None:
    """Let lines be tallied; none is kept."""
    deque(lines, maxlen=0)


def _reached(ledger: Ledger, view: View, given: list[TargetShare]) -> list[TargetProgress]:
    return target_progress(
        targets_in_force(
            ledger, view.rulebook.rulebook.targets, view.year, view.as_of, view.position
        ),
        given,
    )
