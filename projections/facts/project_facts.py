"""One project as its effective facts tell it by a day: nodes, figures, schedule, findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from lifecycle.deciding.task_ladder import SheetIssued, Task
from projections.facts import narrow_events as f
from projections.facts.lazy_attribute import lazy
from projections.facts.narrow_events import Dated, micro


class Node(NamedTuple):
    """A reached node: its day, the version of its event, and for a figure the first day of its month."""

    on: date
    version: int
    month: str | None = None


Figure = tuple[str, int, f.InvestmentReported]
"""A month's investment: the month, the event's version, the fact. Numbers are read where they are summed."""

Tax = tuple[str, int, f.TaxPaid]
"""A month's tax: the month, the event's version, the fact."""


class Plan(NamedTuple):
    """A schedule from its day on."""

    on: date
    version: int
    milestones: tuple[f.Milestone, ...]


class Transfer(NamedTuple):
    """A transfer to a unit or to a zone."""

    on: date
    version: int
    to_unit: str | None
    to_zone: str | None


class Assessment(NamedTuple):
    """A performance assessment."""

    on: date
    version: int
    fulfilled: bool


@dataclass
class ProjectFacts:
    """What is known of a project; amounts in millionths of 万元, everything in the order (day, version)."""

    code: str
    information: f.InformationReported
    information_version: int
    nodes: dict[str, Node] = field(default_factory=dict)
    tax_node: Node | None = None
    contract: f.AgreementSigned | None = None
    land: f.LandAcquired | None = None
    filing_code: str | None = None
    figures: list[Figure] = field(default_factory=list)
    taxes: list[Tax] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    terminated_on: date | None = None
    violation: int | None = None
    denied: int | None = None
    assessments: list[Assessment] = field(default_factory=list)
    reviews: list[date] = field(default_factory=list)
    outcome: str | None = None
    last_on: date = date.min
    facts: Sequence[Dated] = ()

    def ref(self, version: int) -> str:
        """An event's name, `stream#version`."""
        return f"{self.code}#{version}"

    @lazy
    def tasks(self) -> dict[str, Task]:
        """Its tasks by their numbers, as the sheets tell them; scores do without."""
        tasks: dict[str, Task] = {}
        sheets: list[tuple[date, Any]] = [
            (on, fact) for on, _version, fact in self.facts if type(fact) in _OF_TASKS
        ]
        for on, e in sheets:
            if type(e) is f.TaskAssigned:
                tasks[e.number] = Task(
                    e.number,
                    e.task,
                    e.responsible_unit,
                    e.due_on,
                    e.stage,
                    sheets=[SheetIssued("TaskAssigned", on)],
                )
            elif (task := tasks.get(e.about)) is not None:
                task.follow(
                    type(e).__name__, on, e.rectify_by if type(e) is f.SupervisionIssued else None
                )
        return tasks


_OF_TASKS: Final = frozenset(
    {
        f.TaskAssigned,
        f.WarningIssued,
        f.SupervisionIssued,
        f.ExposurePublished,
        f.TaskCleared,
        f.TaskReopened,
    }
)


def _consultation(p: ProjectFacts, on: date, version: int, e: f.ConsultationHeld) -> None:
    p.outcome = e.outcome
    if e.outcome == "passed":
        p.nodes.setdefault("consultation", Node(on, version))


def _signing(p: ProjectFacts, on: date, version: int, e: f.AgreementSigned) -> None:
    p.nodes.setdefault("signing", Node(on, version))
    p.contract = e


def _land(p: ProjectFacts, on: date, version: int, e: f.LandAcquired) -> None:
    p.nodes.setdefault("land", Node(on, version))
    p.land = e


def _filing(p: ProjectFacts, on: date, version: int, e: f.ProjectFiled) -> None:
    p.nodes.setdefault("filing", Node(on, version))
    p.filing_code = e.project_code


def _statistics(p: ProjectFacts, on: date, version: int, _: f.StatisticsEntered) -> None:
    p.nodes.setdefault("statistics", Node(on, version))


def _investment(p: ProjectFacts, on: date, version: int, e: f.InvestmentReported) -> None:
    p.figures.append((e.month, version, e))
    if "investment" not in p.nodes and micro(e.fixed_assets):
        p.nodes["investment"] = Node(on, version, e.month)


def _tax(p: ProjectFacts, on: date, version: int, e: f.TaxPaid) -> None:
    p.taxes.append((e.month, version, e))
    if p.tax_node is None and micro(e.amount):
        p.tax_node = Node(on, version, e.month)


def _schedule(p: ProjectFacts, on: date, version: int, e: f.ScheduleSet) -> None:
    p.plans.append(Plan(on, version, e.milestones))


def _transfer(p: ProjectFacts, on: date, version: int, e: f.ProjectTransferred) -> None:
    p.transfers.append(Transfer(on, version, e.to_unit, e.to_zone))


def _termination(p: ProjectFacts, on: date, _: int, __: f.ProjectTerminated) -> None:
    p.terminated_on = on


def _violation(p: ProjectFacts, _: date, version: int, __: f.ViolationFound) -> None:
    p.violation = version


def _clearing(p: ProjectFacts, _: date, __: int, ___: f.ViolationCleared) -> None:
    p.violation = None


def _denial(p: ProjectFacts, _: date, version: int, __: f.RecognitionDenied) -> None:
    p.denied = version


def _assessment(p: ProjectFacts, on: date, version: int, e: f.PerformanceAssessed) -> None:
    p.assessments.append(Assessment(on, version, e.result == "fulfilled"))


def _review(p: ProjectFacts, on: date, _: int, __: f.ReviewHeld) -> None:
    p.reviews.append(on)


Apply = Callable[[ProjectFacts, date, int, Any], None]
_APPLY: Final[dict[type[f.Fact], Apply]] = {
    f.ConsultationHeld: _consultation,
    f.AgreementSigned: _signing,
    f.LandAcquired: _land,
    f.ProjectFiled: _filing,
    f.StatisticsEntered: _statistics,
    f.InvestmentReported: _investment,
    f.TaxPaid: _tax,
    f.ScheduleSet: _schedule,
    f.ProjectTransferred: _transfer,
    f.ProjectTerminated: _termination,
    f.ViolationFound: _violation,
    f.ViolationCleared: _clearing,
    f.RecognitionDenied: _denial,
    f.PerformanceAssessed: _assessment,
    f.ReviewHeld: _review,
}


def fold_project(code: str, facts: Sequence[Dated]) -> ProjectFacts | None:
    """Fold a project's facts; None where its report lies after the day, for then it is not there yet (spec 2)."""
    for on, version, fact in facts:
        if isinstance(fact, f.InformationReported):
            project = ProjectFacts(code, fact, version)
            project.nodes["information"] = Node(on, version)
            break
    else:
        return None
    for on, version, fact in facts:
        if (apply := _APPLY.get(type(fact))) is not None:
            apply(project, on, version, fact)
    project.last_on = facts[-1][0]
    project.facts = facts
    return project
