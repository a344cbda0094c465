"""Why a unit or a project has its points, line by line, and why the rest earned nothing."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import Rulebook
from projections.facts.ledger_parts import LedgerPart
from projections.facts.unit_facts import UnitFacts
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.evaluation import evaluate
from projections.scoring.judged_history import facts_at, judged_facts
from projections.scoring.judgement import JudgedProject
from projections.scoring.not_counted import (
    NotCounted,
    beyond_limits,
    not_counted,
    of_dissolved_unit,
)
from projections.scoring.part_scoring import PartScoring, judged_part, outcomes_of_parts
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.result_view import View
from projections.scoring.score_line import ScoreLine
from projections.scoring.scored_periods import ScoredPeriods
from projections.scoring.stream_lines import project_lines
from projections.scoring.unit_scores import UnitScore
from projections.scoring.units_of_view import units_at


class ExplainedPeriod(NamedTuple):
    """A subject's lines of modules assessed by period, in one period, as of its last day."""

    period: str
    end: date
    lines: list[ScoreLine]


@dataclass(slots=True)
class Explanation:
    """A subject's lines by module and rule, its projects, and what was not counted.

    The score is a unit's; a project has none, nor has a dissolved unit. `periods` are those of
    modules assessed by period: their lines sum to what parts of composites take.
    """

    subject: str
    view: View
    units: UnitsOfDay
    lines: list[ScoreLine] = field(default_factory=list)
    not_counted: list[NotCounted] = field(default_factory=list)
    score: UnitScore | None = None
    projects: dict[str, JudgedProject] = field(default_factory=dict)
    periods: list[ExplainedPeriod] = field(default_factory=list)


def explain_project(
    ledger: Ledger,
    view: View,
    code: str,
) -> Explanation | None:
    """One project's lines; None where it is not there by the day."""
    policy, units = prepared(view.rulebook), units_at(ledger, view)
    with facts_at(ledger, view, [code]) as projects:
        for project in judged_facts(
            projects,
            policy,
            view.axes,
            units,
        ):
            return _explained_project(
                ledger,
                view,
                policy,
                project,
            )
    return None


def _explained_project(
    ledger: Ledger,
    view: View,
    policy: Policy,
    project: JudgedProject,
) -> Explanation:
    code = project.facts.code
    explanation = Explanation(code, view, project.units, projects={code: project})
    if policy.whole:
        # Other streams may move the project's points, so that the whole year is computed.
        result = evaluate(ledger, view, keep=lambda line: line.project == code)
        explanation.lines = result.lines
        explanation.periods = _explained_periods(result.periods, view)
    else:
        explanation.lines = list(project_lines(project))
    explanation.not_counted = list(not_counted(project))
    _sort_lines(explanation.lines, view.rulebook.rulebook)
    return explanation


def explain_unit(
    ledger: Ledger,
    view: View,
    name: str,
) -> Explanation | None:
    """A unit's lines, which sum to its modules; None where no such unit is there.

    A dissolved one has no lines: what it earned is its successor's, or nobody's.
    """
    units = units_at(ledger, view)
    if name in units:
        return explain_units(ledger, view, {name})[name]
    standing = units.standings.get(name)
    if standing is None or standing.dissolution is None:
        return None
    rows = list(of_dissolved_unit(name, standing.dissolution, units))
    return Explanation(name, view, units, not_counted=rows)


def explain_units(
    ledger: Ledger,
    view: View,
    names: Container[str] | None = None,
) -> dict[str, Explanation]:
    """The explanations of every unit that is there, or of those named, from one evaluation."""
    policy, units = prepared(view.rulebook), units_at(ledger, view)
    explanations = {
        name: Explanation(name, view, units) for name in units if names is None or name in names
    }

    def collect_project(project: JudgedProject) -> None:
        if project.unit is not None and project.unit in explanations:
            explanations[project.unit].projects[project.facts.code] = project

    collected = None
    if names is not None:
        collected = _projects_by_engine(ledger, view, units, frozenset(explanations))
    for project in collected or ():
        collect_project(project)
    # One evaluation for all: a sequence's points cannot be computed for one unit alone anyway.
    result = evaluate(
        ledger,
        view,
        keep=lambda line: line.unit in explanations,
        seen=collect_project if collected is None else None,
    )
    for line in result.lines:
        explanations[line.unit].lines.append(line)
    for name, explanation in explanations.items():
        explanation.periods = _explained_periods(result.periods, view, name)
    for score in result.scores:
        if score.unit in explanations:
            explanations[score.unit].score = score
    for name, explanation in explanations.items():
        _complete(explanation, units[name], policy)
    return explanations


def _projects_by_engine(
    ledger: Ledger,
    view: View,
    units: UnitsOfDay,
    names: frozenset[str],
) -> list[JudgedProject] | None:
    """Return the projects of some units, found by the view's engine; None where it has none.

    Other processes say which they are: a judged project holds its policy and is not sent.
    """
    outcomes = outcomes_of_parts(ledger, view, units, partial(codes_of_part, names))
    if outcomes is None:
        return None
    codes: list[str] = []
    for of_part in outcomes:
        codes += of_part
    with facts_at(ledger, view, codes) as facts:
        return list(judged_facts(facts, prepared(view.rulebook), view.axes, units))


def codes_of_part(
    names: frozenset[str],
    scoring: PartScoring,
    part: LedgerPart,
) -> list[str]:
    """Return the codes of a part's projects that have one of the units, in any process."""
    codes = []
    for project in judged_part(scoring, part):
        if project.unit in names:
            codes.append(project.facts.code)
    return codes


def _complete(
    explanation: Explanation,
    unit: UnitFacts,
    policy: Policy,
) -> None:
    """Sort a unit's lines, and add what was not counted: of its projects, then of its own."""
    _sort_lines(explanation.lines, explanation.view.rulebook.rulebook)
    for project in explanation.projects.values():
        explanation.not_counted.extend(not_counted(project))
    axes = explanation.view.axes
    explanation.not_counted.extend(
        beyond_limits(
            unit,
            policy,
            axes,
            explanation.lines,
        )
    )


def _explained_periods(
    periods: ScoredPeriods,
    view: View,
    unit: str | None = None,
) -> list[ExplainedPeriod]:
    """The periods with the lines kept of them, or with those of one unit."""
    explained = []
    for scored in periods.results:
        lines = [line for line in scored.lines if unit is None or line.unit == unit]
        _sort_lines(lines, view.rulebook.rulebook)
        # A period in which nothing was earned or lost has nothing to explain.
        if lines:
            explained.append(ExplainedPeriod(scored.period, scored.end, lines))
    return explained


def _sort_lines(lines: list[ScoreLine], book: Rulebook) -> None:
    """By module and rule, then by project; within these as they came, a unit's limits last."""
    modules = {module.id: place for place, module in enumerate(book.modules)}
    rules = {rule.id: place for place, rule in enumerate(book.rules)}

    def place(line: ScoreLine) -> tuple[int, int, str]:
        # A limit of a module is no rule: it stands behind them all.
        rule_place = rules.get(line.rule, len(rules))
        return modules[line.module], rule_place, line.project or ""

    lines.sort(key=place)
