"""Why a unit or a project has its points: every line with what it rests on, and why the rest earned nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from lifecycle.events import Stream
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds import PerItem, Rule, RuleBase
from projections.facts.narrow_events import MICRO
from projections.facts.unit_facts import UnitFacts
from projections.scoring.evaluation import View, evaluate, judged_projects, units_at
from projections.scoring.judgement import JudgedProject, Unmet
from projections.scoring.measure_values import of_unit
from projections.scoring.prepared_policy import Policy, prepared
from projections.scoring.score_line import ScoreLine
from projections.scoring.unit_scores import UnitScore, looks_at, project_lines


class NotCounted(NamedTuple):
    """Why something earned nothing: the project (None for a unit's own), the rule or table, the reason, the clause."""

    project: str | None
    rule: str
    template: str
    values: dict[str, Any]
    clause: str


@dataclass(slots=True)
class Explanation:
    """A subject's lines by module and rule, its score (of a unit), the projects judged, and what was not counted."""

    subject: str
    view: View
    lines: list[ScoreLine] = field(default_factory=list)
    not_counted: list[NotCounted] = field(default_factory=list)
    score: UnitScore | None = None
    projects: dict[str, JudgedProject] = field(default_factory=dict)


def explain_project(ledger: Ledger, view: View, code: str) -> Explanation | None:
    """One project's lines; None where it is not there by the day."""
    policy, units = prepared(view.rulebook), units_at(ledger, view.position)
    with ledger.rows_of_streams([Stream("project", code).id], view.position) as rows:
        for judged in judged_projects(rows, policy, view.axes, units):
            found = Explanation(code, view, projects={code: judged})
            if policy.whole:
                found.lines = evaluate(ledger, view, keep=lambda line: line.project == code).lines
            else:
                found.lines = list(project_lines(judged))
            found.not_counted = list(not_counted(judged))
            _sort(found, policy)
            return found
    return None


def explain_unit(ledger: Ledger, view: View, name: str) -> Explanation | None:
    """A unit's lines, which sum to its modules; None where no such unit is registered."""
    return explain_units(ledger, view, {name}).get(name)


def explain_units(
    ledger: Ledger, view: View, names: Container[str] | None = None
) -> dict[str, Explanation]:
    """The same of every registered unit, or of those named; the year is worked out once for all of them."""
    policy, units = prepared(view.rulebook), units_at(ledger, view.position)
    found = {name: Explanation(name, view) for name in units if names is None or name in names}

    def seen(judged: JudgedProject) -> None:
        if judged.unit in found:
            found[judged.unit].projects[judged.project.code] = judged

    result = evaluate(ledger, view, keep=lambda line: line.unit in found, seen=seen)
    scores = {score.unit: score for score in result.scores}
    for line in result.lines:
        found[line.unit].lines.append(line)
    for name, explained in found.items():
        explained.score = scores[name]
        for judged in explained.projects.values():
            explained.not_counted.extend(not_counted(judged))
        _sort(explained, policy)
        _add_beyond_limits(explained, units[name], policy)
    return found


def _add_beyond_limits(found: Explanation, unit: UnitFacts, policy: Policy) -> None:
    """The unit's own things that a limit left without points."""
    for rule in policy.rules:
        if isinstance(rule, PerItem) and rule.limit is not None and rule.reads_one_stream:
            counted = sum(line.rule == rule.id for line in found.lines)
            for item in list(of_unit(rule)(unit, found.view.axes))[counted:]:
                values = {"item": item.label, "limit": rule.limit}
                found.not_counted.append(
                    NotCounted(
                        None,
                        rule.id,
                        msg("{item}: the limit of {limit} points is reached"),
                        values,
                        rule.clause,
                    )
                )


def _sort(found: Explanation, policy: Policy) -> None:
    """By module and rule; within these as they came, a unit's limits last."""
    modules = {module: place for place, module in enumerate(policy.modules)}
    rules = {rule.id: place for place, rule in enumerate(policy.rules)}
    found.lines.sort(
        key=lambda line: (
            modules[line.module],
            rules.get(line.rule, len(rules)),
            line.project or "",
        )
    )


# What was not counted -------------------------------------------------------------------------------------------------


def not_counted(judged: JudgedProject) -> Iterator[NotCounted]:
    """Why a project, or a node or figure of it, earned nothing; from the first bar on, no further ones are told."""
    code, book = judged.project.code, judged.policy.book
    if judged.excluded:
        for exclusion, version in judged.excluded:
            values = {"what": exclusion.chinese, "event": judged.project.ref(version)}
            yield NotCounted(
                code,
                f"exclusion.{exclusion.fact}",
                msg("excluded: {what}, by {event}"),
                values,
                exclusion.clause,
            )
        return
    if not judged.recognised:
        template = msg("no passed consultation by {day}: nothing is earned yet")
        clause = "" if book.recognition is None else book.recognition.clause
        yield NotCounted(code, "recognition", template, {"day": judged.axes.as_of}, clause)
        return
    yield from _rules(judged, barred=_barred(judged))


def _rules(judged: JudgedProject, *, barred: list[NotCounted]) -> Iterator[NotCounted]:
    yield from barred
    for rule in judged.policy.rules:
        if (
            not isinstance(rule, RuleBase)
            or not looks_at(rule, judged)
            or ("eligible" in rule.needs and barred)
        ):
            continue
        if rule.measure == "consultations_passed":
            yield from _another_year(judged, rule, ("consultation",))
        elif rule.measure == "nodes_reached":
            yield from _nodes(judged, rule)
        elif rule.measure == "funds_in_place":
            yield from _funds(judged, rule)


def _barred(judged: JudgedProject) -> list[NotCounted]:
    """What keeps the project from progress and performance."""
    return [_not_eligible(judged, unmet) for unmet in judged.unmet]


def _not_eligible(judged: JudgedProject, unmet: Unmet) -> NotCounted:
    code = judged.project.code
    if unmet.row is None or unmet.need is None:
        return NotCounted(
            code,
            "eligibility",
            msg("not eligible: no row of the table takes such a project"),
            {},
            "",
        )
    rule, measure = f"eligibility.{unmet.row.id}", unmet.need.measure
    if unmet.need.at_least is None or unmet.actual is None:
        template = msg("not eligible: {measure} does not hold")
        return NotCounted(code, rule, template, {"measure": measure}, unmet.row.clause)
    values = {
        "measure": measure,
        "actual": Fraction(unmet.actual, MICRO),
        "least": unmet.need.at_least,
    }
    return NotCounted(
        code,
        rule,
        msg("not eligible: {measure} is {actual}, needed is {least}"),
        values,
        unmet.row.clause,
    )


def _another_year(judged: JudgedProject, rule: Rule, stages: Iterable[str]) -> Iterator[NotCounted]:
    year = judged.axes.year
    others = [
        (stage, node.on)
        for stage in stages
        if (node := judged.node(stage)) is not None and node.on.year != year
    ]
    if others:
        yield _row(judged, rule, msg("not reached in {year}: {nodes}"), year=year, nodes=others)


def _nodes(judged: JudgedProject, rule: Rule) -> Iterator[NotCounted]:
    stages = [
        stage for stage in judged.project.nodes if stage in (getattr(rule, "points_by", None) or ())
    ]
    if judged.by_tax and judged.project.tax_node is not None and "investment" not in stages:
        stages.append("investment")
    yield from _another_year(judged, rule, stages)
    for stage in stages:
        node = judged.node(stage)
        if node is not None and node.on.year == judged.axes.year and not judged.in_period(node):
            template = msg("{stage} was reached on {on}, after the assessment period's end, {end}")
            yield _row(judged, rule, template, stage=stage, on=node.on, end=judged.period_end)


def _funds(judged: JudgedProject, rule: Rule) -> Iterator[NotCounted]:
    row = judged.policy.funds.get(judged.information.sector)
    if row is None:
        return
    months = _months(judged, row.source)
    if row.needs is not None and row.needs not in judged.project.nodes and months:
        yield _row(
            judged,
            rule,
            msg("{months} months of figures wait for {stage}"),
            months=len(months),
            stage=row.needs,
        )
        return
    late = [month for month in months if month > judged.last_month]
    if late:
        template = msg("figures of {months} begin after the assessment period's end, {end}")
        yield _row(judged, rule, template, months=late, end=judged.period_end)
    elif not months:
        yield _row(judged, rule, msg("no funds in place in {year}"), year=judged.axes.year)


def _months(judged: JudgedProject, source: str) -> list[str]:
    """The year's months of the source that count towards funds."""
    if source == "land_fee":
        node = judged.project.nodes.get("land")
        return [f"{node.on:%Y-%m}"] if node is not None and node.on.year == judged.axes.year else []
    return [
        month for month, _version, _fact in (judged.taxes if source == "tax" else judged.figures)
    ]


def _row(judged: JudgedProject, rule: Rule, template: str, **values: object) -> NotCounted:
    return NotCounted(judged.project.code, rule.id, template, values, rule.clause)
