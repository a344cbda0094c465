"""What rules count of a judged project.

A measure that counts or sums events is read by its row in `lifecycle/rulebook/measures.py`; one
that needs a project judged by the policy is a function of the measure's name, listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from lifecycle.events.vocabulary import REACHED_STAGES, STAGES
from lifecycle.exact_numbers import MICRO
from lifecycle.rulebook.measure_selection import MeasureSelection
from projections.facts.narrow_events import micro
from projections.facts.project_facts import Node
from projections.scoring.counted_events import counted_events, event_count
from projections.scoring.counted_items import (
    AssessmentFinding,
    CheckedMilestones,
    ConsultationPassed,
    CountedItem,
    EventFields,
    NodeInterval,
    NodeReached,
)
from projections.scoring.funds_measure import funds_in_place
from projections.scoring.judgement import JudgedProject
from projections.scoring.limit_measures import limit_items
from projections.scoring.project_figures import counted_reports, figure_reports
from projections.scoring.schedule_checks import ScheduleCheck

ProjectMeasure = Callable[[JudgedProject], Iterator[CountedItem]]
"""The items of a project under its policy, by its year and day."""


def consultations_passed(project: JudgedProject) -> Iterator[CountedItem]:
    """The passed consultation, where it lies in the year."""
    # The event itself: no policy counts this node in another way.
    node = project.facts.nodes.get("consultation")
    if node is not None and project.axes.covers(node.on):
        facts = ConsultationPassed(node.on)
        yield CountedItem(
            "consultation",
            MICRO,
            (node.version,),
            facts,
            node.on,
        )


def nodes_reached(
    project: JudgedProject, counted_stages: Sequence[str] = STAGES
) -> Iterator[CountedItem]:
    """Each node first reached in the year, within the assessment period where that limits it.

    The seven are counted, or the nodes and milestones that a rule names.
    """
    axes, nodes = project.axes, project.nodes
    limited = "nodes_reached" in project.policy.limited
    # Stages that a rulebook declares have no order but the one in which the rule names them.
    declared = [stage for stage in counted_stages if stage not in REACHED_STAGES]
    for stage in (*REACHED_STAGES, *declared):
        if stage not in counted_stages:
            continue
        node = nodes.get(stage)
        if node is None or not axes.covers(node.on):
            continue
        if not limited or project.in_period(node):
            yield CountedItem(
                stage,
                MICRO,
                (node.version,),
                NodeReached(stage, node.on),
                node.on,
            )


def signed_investment(project: JudgedProject) -> Iterator[CountedItem]:
    """The contract's investment, as amended by the day, where it was signed in the year."""
    node, contract = project.facts.nodes.get("signing"), project.facts.contract
    if node is None or contract is None or not project.axes.covers(node.on):
        return
    # Both events are named: the signing is counted, and the amendment says how much.
    versions = tuple(sorted({node.version, contract.investment_version}))
    yield CountedItem(
        "signing",
        micro(contract.contract_investment),
        versions,
        EventFields({"signed_on": node.on}),
        node.on,
    )


def checks_passed(project: JudgedProject) -> Iterator[CountedItem]:
    """Checks at which every milestone due had been reached (考(八)2)."""
    for check in project.checks:
        if check.passed:
            yield _checked_item(project, check)


def checks_missed(project: JudgedProject) -> Iterator[CountedItem]:
    """Checks at which a milestone due had not been reached (考(八)2)."""
    for check in project.checks:
        if not check.passed:
            yield _checked_item(project, check)


def _checked_item(
    project: JudgedProject,
    check: ScheduleCheck,
) -> CountedItem:
    """A check, with the plans and the nodes that it rests on."""
    versions = {milestone.version for milestone in check.milestones.values()}
    for stage in check.milestones:
        node = project.node(stage)
        # A node reached later tells nothing about this check.
        if node is not None and node.on <= check.on:
            versions.add(node.version)
    due = {stage: milestone.due_on for stage, milestone in sorted(check.milestones.items())}
    facts = CheckedMilestones(check.period, due)
    return CountedItem(
        check.period,
        MICRO,
        tuple(sorted(versions)),
        facts,
        check.on,
    )


def assessed_unfulfilled(project: JudgedProject) -> Iterator[CountedItem]:
    """The year's last performance assessment, where it found the project unfulfilled (考(八)1)."""
    return _unfulfilled(project, or_untaxed=False)


def assessed_unfulfilled_or_untaxed(project: JudgedProject) -> Iterator[CountedItem]:
    """The year's last performance assessment, where unfulfilled or no tax was ever paid."""
    return _unfulfilled(project, or_untaxed=True)


def _unfulfilled(
    project: JudgedProject,
    *,
    or_untaxed: bool,
) -> Iterator[CountedItem]:
    # Only the last of the year counts: an earlier finding may have been made good.
    for assessment in reversed(project.facts.assessments):
        if project.axes.covers(assessment.on):
            break
    else:
        return
    # 考(八)1: a service project that has paid no tax is taken as unfulfilled, whatever was found.
    untaxed = or_untaxed and project.facts.tax_node is None
    if untaxed or not assessment.fulfilled:
        facts = AssessmentFinding(assessment.on, assessment.fulfilled)
        yield CountedItem(
            "unfulfilled",
            MICRO,
            (assessment.version,),
            facts,
            assessment.on,
        )


def days_between(
    project: JudgedProject,
    from_stage: str,
    to_stage: str,
    *,
    to_day: bool,
) -> Iterator[CountedItem]:
    """Days from one node to another, of a project that reached the second in the year.

    With `to_day` a project that has not reached it counts so far, until what ends its time.
    """
    begin, end = project.node_by_day(from_stage), project.node_by_day(to_stage)
    if begin is not None and end is None and to_day:
        yield _days_so_far(project, begin)
    if begin is None or end is None or not project.axes.covers(end.on):
        return
    days = (end.on - begin.on).days
    versions = (begin.version, end.version)
    yield CountedItem(
        "days",
        days * MICRO,
        versions,
        NodeInterval(begin.on, end.on),
        end.on,
    )


def _days_so_far(project: JudgedProject, begin: Node) -> CountedItem:
    """Days from a node until the day, the assessment period's end or the termination."""
    ends = [project.axes.as_of, project.period_end, project.facts.terminated_on]
    end = min(day for day in ends if day is not None)
    days = (end - begin.on).days
    return CountedItem(
        "days",
        days * MICRO,
        (begin.version,),
        NodeInterval(begin.on, end),
        end,
    )


def project_figure(project: JudgedProject, figure: str) -> Iterator[CountedItem]:
    """What was reported of a figure for what is assessed: every period's, or the last one's."""
    axes = project.axes
    reported = [
        entry
        for entry in figure_reports(project.facts.facts, figure, axes.last_day_of_facts)
        if axes.holds_figures_of(entry.period)
    ]
    by_last_period = project.policy.book.figures_by_last_period
    for entry in counted_reports(reported, figure, by_last_period):
        facts = EventFields({"figure": figure, "period": entry.period})
        yield CountedItem(figure, entry.actual, (entry.version,), facts, entry.period)


JUDGED_MEASURES: Final[dict[str, ProjectMeasure]] = {
    measure.__name__: measure
    for measure in (
        consultations_passed,
        funds_in_place,
        signed_investment,
        checks_passed,
        checks_missed,
        assessed_unfulfilled,
        assessed_unfulfilled_or_untaxed,
    )
}
"""The measures of judged projects that have no parameters, by their names."""


def project_measure(selection: MeasureSelection) -> ProjectMeasure:
    """A measure of projects, its parameters filled in."""
    if selection.measure == "nodes_reached":
        return partial(nodes_reached, counted_stages=selection.counted_stages)
    if selection.figure is not None:
        return partial(project_figure, figure=selection.figure)
    if selection.time_limit is not None:
        return partial(limit_items, measure=selection.measure, limit_id=selection.time_limit)
    if selection.measure in JUDGED_MEASURES:
        return JUDGED_MEASURES[selection.measure]
    if selection.from_stage is not None and selection.to_stage is not None:
        return partial(
            days_between,
            from_stage=selection.from_stage,
            to_stage=selection.to_stage,
            to_day=selection.unreached == "as_of",
        )
    count = event_count(selection)

    def events_counted(project: JudgedProject) -> Iterator[CountedItem]:
        return counted_events(count, project.facts.facts, project.axes)

    return events_counted
