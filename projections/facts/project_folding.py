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
from projections.facts.project_changes import (
    Amendment,
    Contract,
    FollowUp,
    InvestorChange,
    Parcel,
)
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
def _consultation(p: ProjectFacts, on: date, version: int, event: ConsultationHeld) -> None:
    p.outcome = event.outcome
    if event.outcome == "passed":
        p.nodes.setdefault("consultation", Node(on, version))


@_PROJECT.when(AgreementSigned)
def _signing(p: ProjectFacts, on: date, version: int, event: AgreementSigned) -> None:
    p.nodes.setdefault("signing", Node(on, version))
    p.contract = Contract(
        event.contract_investment, event.contract_fixed_assets, version, version, version
    )


@_PROJECT.when(InvestorChanged)
def _investor(p: ProjectFacts, on: date, version: int, event: InvestorChanged) -> None:
    changed: dict[str, object] = {
        "investor": event.investor,
        # A new investor whose code is left out has none.
        "investor_code": event.investor_code,
    }
    if event.investor_traits is not None:
        changed["investor_traits"] = event.investor_traits
    if event.outside_ratio is not None:
        changed["outside_ratio"] = event.outside_ratio
    p.information = with_values(p.information, changed)
    p.investor_changes.append(InvestorChange(on, version, event.investor))


@_PROJECT.when(AgreementAmended)
def _amendment(p: ProjectFacts, on: date, version: int, event: AgreementAmended) -> None:
    contract = p.contract
    # No rule lets an amendment precede its signing; a damaged history may.
    if contract is None:
        return
    amendment = Amendment(on, version, event.contract_investment, event.contract_fixed_assets)
    contract = contract._replace(amendments=(*contract.amendments, amendment))
    if event.contract_investment is not None:
        contract = contract._replace(
            contract_investment=event.contract_investment, investment_version=version
        )
    if event.contract_fixed_assets is not None:
        contract = contract._replace(
            contract_fixed_assets=event.contract_fixed_assets, fixed_assets_version=version
        )
    p.contract = contract


@_PROJECT.when(LandAcquired)
def _land(p: ProjectFacts, on: date, version: int, event: LandAcquired) -> None:
    p.nodes.setdefault("land", Node(on, version))
    p.parcels.append(Parcel(on, version, event))


@_PROJECT.when(ProjectFiled)
def _filing(p: ProjectFacts, on: date, version: int, event: ProjectFiled) -> None:
    p.nodes.setdefault("filing", Node(on, version))
    p.filing_codes.append(event.project_code)


@_PROJECT.when(StatisticsEntered)
def _statistics(p: ProjectFacts, on: date, version: int, _: StatisticsEntered) -> None:
    p.nodes.setdefault("statistics", Node(on, version))


@_PROJECT.when(InvestmentReported)
def _investment(p: ProjectFacts, on: date, version: int, event: InvestmentReported) -> None:
    p.figures.append((stored_month(event.month), version, event))
    # A month reported as zero is no investment yet.
    if "investment" not in p.nodes and micro(event.fixed_assets):
        p.nodes["investment"] = Node(on, version, event.month)


@_PROJECT.when(TaxPaid)
def _tax(p: ProjectFacts, on: date, version: int, event: TaxPaid) -> None:
    p.taxes.append((stored_month(event.month), version, event))
    if p.tax_node is None and micro(event.amount):
        p.tax_node = Node(on, version, event.month)


@_PROJECT.when(ScheduleSet)
def _schedule(p: ProjectFacts, on: date, version: int, event: ScheduleSet) -> None:
    # Earlier schedules stay: a check goes by the one in force on its day.
    p.plans.append(Plan(on, version, event.milestones))


@_PROJECT.when(MilestoneReached)
def _milestone(p: ProjectFacts, on: date, version: int, event: MilestoneReached) -> None:
    p.nodes.setdefault(event.milestone, Node(on, version))


@_PROJECT.when(FollowedUp)
def _follow_up(p: ProjectFacts, on: date, version: int, event: FollowedUp) -> None:
    p.follow_ups.append(FollowUp(on, version, event.content, event.next_step, event.next_on))


@_PROJECT.when(ProjectPaused)
def _pause(p: ProjectFacts, on: date, version: int, _: ProjectPaused) -> None:
    p.paused = Node(on, version)


@_PROJECT.when(ProjectResumed)
def _resumption(p: ProjectFacts, _on: date, _version: int, _: ProjectResumed) -> None:
    p.paused = None


@_PROJECT.when(ProjectTransferred)
def _transfer(p: ProjectFacts, on: date, version: int, event: ProjectTransferred) -> None:
    p.transfers.append(Transfer(on, version, event.to_unit, event.to_zone))


@_PROJECT.when(ProjectTerminated)
def _termination(p: ProjectFacts, on: date, _version: int, _: ProjectTerminated) -> None:
    p.terminated_on = on


@_PROJECT.when(ViolationFound)
def _violation(p: ProjectFacts, _on: date, version: int, _: ViolationFound) -> None:
    p.violation = version


@_PROJECT.when(ViolationCleared)
def _violation_end(p: ProjectFacts, _on: date, _version: int, _: ViolationCleared) -> None:
    p.violation = None


@_PROJECT.when(RecognitionDenied)
def _denial(p: ProjectFacts, _on: date, version: int, _: RecognitionDenied) -> None:
    p.denied = version


@_PROJECT.when(PerformanceAssessed)
def _assessment(p: ProjectFacts, on: date, version: int, event: PerformanceAssessed) -> None:
    p.assessments.append(Assessment(on, version, event.result == "fulfilled"))


@_PROJECT.when(ReviewHeld)
def _review(p: ProjectFacts, on: date, _version: int, _: ReviewHeld) -> None:
    p.reviews.append(on)
