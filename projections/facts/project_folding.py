"""How each event changes what is known of a project: the steps that fold its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from lifecycle.events.project_course_events import (
    FollowedUp,
    InvestorChanged,
    MilestoneReached,
    ProjectPaused,
    ProjectResumed,
)
from lifecycle.events.project_events import (
    AgreementAmended,
    AgreementSigned,
    ConsultationHeld,
    InformationReported,
    InvestmentReported,
    LandAcquired,
    PerformanceAssessed,
    ProjectFiled,
    ProjectTerminated,
    ProjectTransferred,
    RecognitionDenied,
    ReviewHeld,
    ScheduleSet,
    StatisticsEntered,
    TaxPaid,
    ViolationCleared,
    ViolationFound,
)
from projections.facts.narrow_events import DatedEvent, micro, narrow, stored_month, with_values
from projections.facts.project_changes import Contract, FollowUp, InvestorChange, Parcel
from projections.facts.project_facts import Assessment, Node, Plan, ProjectFacts, Transfer
from projections.facts.projection import Projection


def fold_project(code: str, facts: Sequence[DatedEvent]) -> ProjectFacts | None:
    """Fold a project's events; None where its report is not among them, for it is not there yet."""
    project = _reported_project(code, facts)
    if project is None:
        return None
    _PROJECT.apply(project, facts)
    project.last_on = facts[-1][0]
    project.facts = facts
    return project


def _reported_project(code: str, facts: Sequence[DatedEvent]) -> ProjectFacts | None:
    """The project as its report introduces it: the value with which the fold begins."""
    for on, version, event in facts:
        if isinstance(event, _REPORT):
            nodes = {"information": Node(on, version)}
            return ProjectFacts(code, event, version, nodes)
    return None


_REPORT: Final = narrow(InformationReported)
_PROJECT: Final = Projection[ProjectFacts]()


# Nodes may be reached several times or out of order: the first by (day, version) is the node.


@_PROJECT.when(ConsultationHeld)
def _consultation(
    project: ProjectFacts,
    on: date,
    version: int,
    event: ConsultationHeld,
) -> None:
    project.outcome = event.outcome
    if event.outcome == "passed":
        project.nodes.setdefault("consultation", Node(on, version))


@_PROJECT.when(AgreementSigned)
def _signing(
    project: ProjectFacts,
    on: date,
    version: int,
    event: AgreementSigned,
) -> None:
    project.nodes.setdefault("signing", Node(on, version))
    project.contract = Contract(
        event.contract_investment, event.contract_fixed_assets, version, version, version
    )


@_PROJECT.when(InvestorChanged)
def _investor(
    project: ProjectFacts,
    on: date,
    version: int,
    event: InvestorChanged,
) -> None:
    changed: dict[str, object] = {
        "investor": event.investor,
        # A new investor whose code is left out has none.
        "investor_code": event.investor_code,
    }
    if event.investor_traits is not None:
        changed["investor_traits"] = event.investor_traits
    if event.outside_ratio is not None:
        changed["outside_ratio"] = event.outside_ratio
    project.information = with_values(project.information, changed)
    project.investor_changes.append(InvestorChange(on, version, event.investor))


@_PROJECT.when(AgreementAmended)
def _amendment(
    project: ProjectFacts,
    on: date,
    version: int,
    event: AgreementAmended,
) -> None:
    # No rule lets an amendment precede its signing; a damaged history may.
    if project.contract is not None:
        project.contract = project.contract.amended(on, version, event)


@_PROJECT.when(LandAcquired)
def _land(
    project: ProjectFacts,
    on: date,
    version: int,
    event: LandAcquired,
) -> None:
    project.nodes.setdefault("land", Node(on, version))
    project.parcels.append(Parcel(on, version, event))


@_PROJECT.when(ProjectFiled)
def _filing(
    project: ProjectFacts,
    on: date,
    version: int,
    event: ProjectFiled,
) -> None:
    project.nodes.setdefault("filing", Node(on, version))
    project.filing_codes.append(event.project_code)


@_PROJECT.when(StatisticsEntered)
def _statistics(
    project: ProjectFacts,
    on: date,
    version: int,
    _: StatisticsEntered,
) -> None:
    project.nodes.setdefault("statistics", Node(on, version))


@_PROJECT.when(InvestmentReported)
def _investment(
    project: ProjectFacts,
    on: date,
    version: int,
    event: InvestmentReported,
) -> None:
    project.figures.append((stored_month(event.month), version, event))
    # A month reported as zero is no investment yet.
    if "investment" not in project.nodes and micro(event.fixed_assets):
        project.nodes["investment"] = Node(on, version, event.month)


@_PROJECT.when(TaxPaid)
def _tax(
    project: ProjectFacts,
    on: date,
    version: int,
    event: TaxPaid,
) -> None:
    project.taxes.append((stored_month(event.month), version, event))
    if project.tax_node is None and micro(event.amount):
        project.tax_node = Node(on, version, event.month)


@_PROJECT.when(ScheduleSet)
def _schedule(
    project: ProjectFacts,
    on: date,
    version: int,
    event: ScheduleSet,
) -> None:
    # Earlier schedules stay: a check goes by the one in force on its day.
    project.plans.append(Plan(on, version, event.milestones))


@_PROJECT.when(MilestoneReached)
def _milestone(
    project: ProjectFacts,
    on: date,
    version: int,
    event: MilestoneReached,
) -> None:
    project.nodes.setdefault(event.milestone, Node(on, version))


@_PROJECT.when(FollowedUp)
def _follow_up(
    project: ProjectFacts,
    on: date,
    version: int,
    event: FollowedUp,
) -> None:
    project.follow_ups.append(FollowUp(on, version, event.content, event.next_step, event.next_on))


@_PROJECT.when(ProjectPaused)
def _pause(
    project: ProjectFacts,
    on: date,
    version: int,
    _: ProjectPaused,
) -> None:
    project.paused = Node(on, version)


@_PROJECT.when(ProjectResumed)
def _resumption(
    project: ProjectFacts,
    _on: date,
    _version: int,
    _: ProjectResumed,
) -> None:
    project.paused = None


@_PROJECT.when(ProjectTransferred)
def _transfer(
    project: ProjectFacts,
    on: date,
    version: int,
    event: ProjectTransferred,
) -> None:
    project.transfers.append(Transfer(on, version, event.to_unit, event.to_zone))


@_PROJECT.when(ProjectTerminated)
def _termination(
    project: ProjectFacts,
    on: date,
    _version: int,
    _: ProjectTerminated,
) -> None:
    project.terminated_on = on


@_PROJECT.when(ViolationFound)
def _violation(
    project: ProjectFacts,
    _on: date,
    version: int,
    _: ViolationFound,
) -> None:
    project.violation = version


@_PROJECT.when(ViolationCleared)
def _violation_end(
    project: ProjectFacts,
    _on: date,
    _version: int,
    _: ViolationCleared,
) -> None:
    project.violation = None


@_PROJECT.when(RecognitionDenied)
def _denial(
    project: ProjectFacts,
    _on: date,
    version: int,
    _: RecognitionDenied,
) -> None:
    project.denied = version


@_PROJECT.when(PerformanceAssessed)
def _assessment(
    project: ProjectFacts,
    on: date,
    version: int,
    event: PerformanceAssessed,
) -> None:
    project.assessments.append(Assessment(on, version, event.result == "fulfilled"))


@_PROJECT.when(ReviewHeld)
def _review(
    project: ProjectFacts,
    on: date,
    _version: int,
    _: ReviewHeld,
) -> None:
    project.reviews.append(on)
