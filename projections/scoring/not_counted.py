"""Why a project, a node or a figure earned nothing, and what a limit left without points."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from fractions import Fraction
from typing import Any, Final, NamedTuple

from lifecycle.exact_numbers import MICRO
from lifecycle.rejections import msg
from lifecycle.rulebook.kinds import RuleBase
from lifecycle.rulebook.kinds.per_item_rule import PerItem
from projections.facts.unit_facts import Dissolution, UnitFacts
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.item_sources import unit_source
from projections.scoring.judgement import JudgedProject, ScoringAxes, UnmetCondition
from projections.scoring.prepared_policy import Policy
from projections.scoring.score_line import ScoreLine
from projections.scoring.stream_lines import counts_project

DISSOLVED: Final = "dissolved"
"""The rule of rows about what a dissolved unit would earn."""
UNKNOWN_TO_RULEBOOK: Final = "unknown_to_rulebook"
"""The rule of rows about projects with words that only other rulebooks declare."""
WITHOUT_SUCCESSOR: Final = msg(
    "dissolved: {unit} on {day}, without a successor; nobody is credited"
)


class NotCounted(NamedTuple):
    """Why something earned nothing: the rule or table, the reason as a message, the clause.

    `project` is None for what is a unit's own.
    """

    project: str | None
    rule: str
    template: str
    values: dict[str, Any]
    clause: str


def not_counted(project: JudgedProject) -> Iterator[NotCounted]:
    """Why a project, or a node or figure of it, earned nothing.

    What bars the whole project is reported alone: no further reason could change anything. But that
    its unit was dissolved without a successor is reported beside the rest: who names one later
    wants to know what the project would earn.
    """
    if project.unit is None:
        yield from _dissolved(project)
    if project.excluded:
        yield from _exclusions(project)
    elif not project.recognised:
        recognition = project.policy.book.recognition
        yield NotCounted(
            project.facts.code,
            "recognition",
            msg("no consultation passed by {day}: no points yet"),
            {"day": project.axes.as_of},
            "" if recognition is None else recognition.clause,
        )
    else:
        unmet = [_not_eligible(project, condition) for condition in project.unmet]
        yield from unmet
        yield from _not_counted_by_rules(project, eligible=not unmet)


def _dissolved(project: JudgedProject) -> Iterator[NotCounted]:
    last = project.units.last_of_succession(project.earning_unit)
    dissolution = project.units.standings[last].dissolution
    if dissolution is not None:
        yield NotCounted(
            project.facts.code,
            DISSOLVED,
            WITHOUT_SUCCESSOR,
            {"unit": project.units.shown_name(last), "day": dissolution.on},
            "",
        )


def of_dissolved_unit(
    unit: str,
    dissolution: Dissolution,
    units: UnitsOfDay,
) -> Iterator[NotCounted]:
    """Why a dissolved unit has no points: who has them, if anybody."""
    holder = units.holder_of(unit)
    template = WITHOUT_SUCCESSOR
    values: dict[str, Any] = {"unit": units.shown_name(unit), "day": dissolution.on}
    if holder is not None:
        template = msg("dissolved: {unit} on {day}; its points are those of {successor} now")
        values["successor"] = units.shown_name(holder)
    yield NotCounted(None, DISSOLVED, template, values, "")


def _exclusions(project: JudgedProject) -> Iterator[NotCounted]:
    for exclusion, version in project.excluded:
        yield NotCounted(
            project.facts.code,
            f"exclusion.{exclusion.fact}",
            msg("excluded: {what}, by {event}"),
            {"what": exclusion.chinese, "event": project.facts.ref(version)},
            exclusion.clause,
        )


def _not_eligible(
    project: JudgedProject,
    unmet: UnmetCondition,
) -> NotCounted:
    code = project.facts.code
    if unmet.unknown_sector is not None:
        template = msg("not eligible: the rulebook does not know the sector {sector}")
        sector = {"sector": unmet.unknown_sector}
        return NotCounted(code, UNKNOWN_TO_RULEBOOK, template, sector, "")
    if unmet.row is None or unmet.need is None:
        template = msg("not eligible: no row of the table applies to this project")
        return NotCounted(
            code,
            "eligibility",
            template,
            {},
            "",
        )
    rule, clause = f"eligibility.{unmet.row.id}", unmet.row.clause
    measure, least = unmet.need.measure, unmet.need.at_least
    if least is None or unmet.actual is None:
        template = msg("not eligible: {measure} is not met")
        return NotCounted(
            code,
            rule,
            template,
            {"measure": measure},
            clause,
        )
    template = msg("not eligible: {measure} is {actual}; required: {least}")
    actual = Fraction(unmet.actual, MICRO)
    values = {"measure": measure, "actual": actual, "least": least}
    return NotCounted(
        code,
        rule,
        template,
        values,
        clause,
    )


def _not_counted_by_rules(
    project: JudgedProject,
    *,
    eligible: bool,
) -> Iterator[NotCounted]:
    """What the rules that count such a project leave out of it."""
    for rule in project.policy.rules:
        if not isinstance(rule, RuleBase) or not counts_project(rule, project):
            continue
        if "eligible" in rule.needs and not eligible:
            continue
        if rule.measure == "consultations_passed":
            yield from _nodes_of_other_years(project, rule, ("consultation",))
        elif rule.measure == "nodes_reached":
            yield from _nodes(project, rule)
        elif rule.measure == "funds_in_place":
            yield from _funds(project, rule)


def _nodes_of_other_years(
    project: JudgedProject,
    rule: RuleBase,
    stages: Iterable[str],
) -> Iterator[NotCounted]:
    year = project.axes.year
    nodes = []
    for stage in stages:
        node = project.node(stage)
        if node is not None and node.on.year != year:
            nodes.append((stage, node.on))
    if nodes:
        yield _row(
            project,
            rule,
            msg("not reached in {year}: {nodes}"),
            year=year,
            nodes=nodes,
        )


def _nodes(
    project: JudgedProject,
    rule: RuleBase,
) -> Iterator[NotCounted]:
    """Nodes with points that were reached in another year or after the assessment period."""
    scored_stages: Container[str] = rule.stages or ()
    if isinstance(rule, PerItem) and rule.points_by is not None:
        scored_stages = rule.points_by
    # In the order in which they were reached.
    stages = [stage for stage in project.facts.nodes if stage in scored_stages]
    if project.by_tax and project.facts.tax_node is not None and "investment" not in stages:
        stages.append("investment")
    yield from _nodes_of_other_years(project, rule, stages)
    for stage in stages:
        node = project.node(stage)
        if node is None or node.on.year != project.axes.year or project.in_period(node):
            continue
        template = msg("{stage} was reached on {on}, after the assessment period ended on {end}")
        yield _row(
            project,
            rule,
            template,
            stage=stage,
            on=node.on,
            end=project.period_end,
        )


def _funds(
    project: JudgedProject,
    rule: RuleBase,
) -> Iterator[NotCounted]:
    row = project.policy.funds.get(project.information.sector)
    if row is None:
        return
    months = _months_with_figures(project, row.source)
    if months and row.needs is not None and row.needs not in project.facts.nodes:
        template = msg("figures of {months} months do not count before {stage}")
        yield _row(
            project,
            rule,
            template,
            months=len(months),
            stage=row.needs,
        )
        return
    # Months are compared as text: `2024-05` sorts like the month it names.
    late = [month for month in months if month > project.last_month]
    if late:
        template = msg(
            "figures of {months} are after the assessment period ended on {end} and do not count"
        )
        yield _row(
            project,
            rule,
            template,
            months=late,
            end=project.period_end,
        )
    elif not months:
        yield _row(
            project,
            rule,
            msg("no funds in place in {year}"),
            year=project.axes.year,
        )


def _months_with_figures(
    project: JudgedProject,
    source: str,
) -> list[str]:
    """The year's months of the source that counts towards the funds."""
    if source == "land_fee":
        days = [parcel.on for parcel in project.facts.parcels]
        return [f"{day:%Y-%m}" for day in days if day.year == project.axes.year]
    if source == "tax":
        return [month for month, _version, _tax in project.taxes]
    return [month for month, _version, _figure in project.figures]


def _row(project: JudgedProject, rule: RuleBase, template: str, **values: object) -> NotCounted:
    return NotCounted(
        project.facts.code,
        rule.id,
        template,
        values,
        rule.clause,
    )


def beyond_limits(
    unit: UnitFacts,
    policy: Policy,
    axes: ScoringAxes,
    lines: Iterable[ScoreLine],
) -> Iterator[NotCounted]:
    """The unit's own items that a limit left without points, by the lines that it has."""
    rules_of_lines = [line.rule for line in lines]
    for rule in policy.rules:
        if not isinstance(rule, PerItem) or rule.limit is None or not rule.reads_one_stream:
            continue
        # A limit fills up in the items' order, so that those without a line come last.
        counted = rules_of_lines.count(rule.id)
        for credited in unit_source(rule).items(unit, axes)[counted:]:
            yield NotCounted(
                None,
                rule.id,
                msg("{item}: the limit of {limit} points is reached"),
                {"item": credited.item.label, "limit": rule.limit},
                rule.clause,
            )
