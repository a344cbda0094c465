"""The state of a stream that decisions look at, and how each event changes it.

Nothing is rejected here: history is folded as it stands, also where a later rule would reject it.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lifecycle.deciding.claims import CLAIMING_EVENTS, Claim, changed_claims, claims_of
from lifecycle.deciding.resource_course import ResourceEntry
from lifecycle.events import Event, RecordedEvent
from lifecycle.events.county_events import WorkingDaysArranged
from lifecycle.events.folded_text import folded_name
from lifecycle.events.project_course_events import (
    InvestorChanged,
    MilestoneReached,
    ProjectFigureReported,
    ProjectPaused,
    ProjectResumed,
)
from lifecycle.events.project_events import (
    AgreementSigned,
    ConsultationHeld,
    InformationReported,
    InvestmentReported,
    LandAcquired,
    ProjectFiled,
    ProjectTerminated,
    ScheduleSet,
    TaxPaid,
)
from lifecycle.events.resource_events import (
    ResourceAllotted,
    ResourceChanged,
    ResourceEvent,
    ResourceListed,
    ResourceReleased,
    ResourceWithdrawn,
)
from lifecycle.events.sheet_events import TaskAssigned, TaskCleared, TaskReopened
from lifecycle.events.unit_events import (
    UnitDissolved,
    UnitListed,
    UnitRegistered,
)

if TYPE_CHECKING:
    from typing_extensions import TypeIs  # of Python from 3.13 on

MonthlyFigure = InvestmentReported | TaxPaid | UnitListed
"""The events of which a stream has one for each month."""

PauseEvent = ProjectPaused | ProjectResumed
"""The events that begin or end a pause."""

TaskEvent = TaskAssigned | TaskReopened | TaskCleared
"""The events that open or close a task."""


class TaskChange(NamedTuple):
    """A task's assignment, reopening or clearance. Changes sort as they count: (day, version)."""

    on: date
    version: int
    opens: bool


class PauseChange(NamedTuple):
    """A pause or a resumption. Changes sort as they count: (day, version)."""

    on: date
    version: int
    pauses: bool


@dataclass(slots=True)
class DecisionState:
    """The effective events of one stream, as far as decisions look at them."""

    version: int = 0
    """Counts all events of the stream, corrections included."""
    information: InformationReported | None = None
    registration: UnitRegistered | None = None
    dissolution: UnitDissolved | None = None
    consultation_passed: bool = False
    kinds: set[type[Event]] = field(default_factory=set)
    """The kinds of the stream's effective events."""
    figures: set[tuple[str, str]] = field(default_factory=set)
    """The figures that are reported, by what they are of: see `figure_of`."""
    terminated_on: date | None = None
    signed_on: date | None = None
    has_schedule: bool = False
    parcels: dict[str, str] = field(default_factory=dict)
    """The parcels that the project acquired, each as it is named, by `parcel_of`."""
    filing_codes: set[str] = field(default_factory=set)
    milestones: set[str] = field(default_factory=set)
    """The milestones of construction that are reached."""
    pauses: list[PauseChange] = field(default_factory=list)
    """The pauses and resumptions, in the order that counts."""
    resource_entries: list[ResourceEntry] = field(default_factory=list)
    """The events of a resource, in the order that counts."""
    arranged_years: set[int] = field(default_factory=set)
    """The years whose working days the county has arranged."""
    tasks: dict[str, list[TaskChange]] = field(default_factory=dict)
    claims: set[Claim] = field(default_factory=set)


# What events say about the state ------------------------------------------------------------------


def parcel_of(event: LandAcquired) -> str:
    """Return an event's parcel as parcels are compared; the one without a name is empty."""
    return folded_name(event.parcel or "")


def figure_of(event: MonthlyFigure | ProjectFigureReported) -> tuple[str, str]:
    """Return what a figure reports, and its period: a listing counts for each board."""
    if _is_project_figure(event):
        return _figure(event.figure, event.period)
    if type(event) is UnitListed:
        return _figure(event.board, event.month)
    return _figure(type(event).__name__, event.month)


def _is_project_figure(event: Event) -> TypeIs[ProjectFigureReported]:
    # pydantic answers `isinstance` in Python, too slowly for each monthly figure.
    return type(event) is ProjectFigureReported


@lru_cache(maxsize=16_384)  # a long import holds thousands of states; equal figures share one tuple
def _figure(kind: str, period: str) -> tuple[str, str]:
    return kind, period


def task_number(event: TaskEvent) -> str:
    """Return the number of the task that an event opens or closes."""
    return event.number if isinstance(event, TaskAssigned) else event.about


def opens(event: TaskEvent) -> bool:
    """Say whether an event leaves its task open."""
    return type(event) is not TaskCleared


def pause_change(event: PauseEvent, version: int) -> PauseChange:
    """Return what an event of a version does to the pauses of its project."""
    return PauseChange(event.on, version, isinstance(event, ProjectPaused))


# Evolve -------------------------------------------------------------------------------------------


def fold(history: Iterable[RecordedEvent]) -> DecisionState:
    """Return the state after an effective history, which comes in the order of versions."""
    state = DecisionState()
    for recorded in history:
        evolve(state, recorded.version, recorded.stream.name, recorded.event)
    return state


def evolve(state: DecisionState, version: int, stream_name: str, event: Event) -> None:
    """Change a state by one effective event of the given version."""
    # Effective events leave gaps where corrections stand, and come in the order of versions.
    state.version = max(state.version, version)
    kind = type(event)
    state.kinds.add(kind)
    if kind in CLAIMING_EVENTS:
        state.claims.update(claims_of(event, stream_name))
    if kind is InvestorChanged:
        state.claims.update(changed_claims(event, state.information))
    step = _STEPS.get(kind)
    if step is not None:
        step(state, version, event)


def _information(state: DecisionState, _version: int, event: InformationReported) -> None:
    state.information = event


def _registration(state: DecisionState, _version: int, event: UnitRegistered) -> None:
    state.registration = event


def _dissolution(state: DecisionState, _version: int, event: UnitDissolved) -> None:
    state.dissolution = event


def _consultation(state: DecisionState, _version: int, event: ConsultationHeld) -> None:
    if event.outcome == "passed":
        state.consultation_passed = True


def _termination(state: DecisionState, _version: int, event: ProjectTerminated) -> None:
    state.terminated_on = event.on


def _signing(state: DecisionState, _version: int, event: AgreementSigned) -> None:
    state.signed_on = event.on


def _schedule(state: DecisionState, _version: int, _event: ScheduleSet) -> None:
    state.has_schedule = True


def _land(state: DecisionState, _version: int, event: LandAcquired) -> None:
    state.parcels[parcel_of(event)] = event.parcel or ""


def _filing(state: DecisionState, _version: int, event: ProjectFiled) -> None:
    state.filing_codes.add(event.project_code)


def _milestone(state: DecisionState, _version: int, event: MilestoneReached) -> None:
    state.milestones.add(event.milestone)


def _pause(state: DecisionState, version: int, event: PauseEvent) -> None:
    insort(state.pauses, pause_change(event, version))


def _resource(state: DecisionState, version: int, event: ResourceEvent) -> None:
    insort(state.resource_entries, ResourceEntry(event.on, version, event))


def _arrangement(state: DecisionState, _version: int, event: WorkingDaysArranged) -> None:
    state.arranged_years.add(event.year)


def _reported_figure(
    state: DecisionState,
    _version: int,
    event: MonthlyFigure | ProjectFigureReported,
) -> None:
    state.figures.add(figure_of(event))


def _task_change(state: DecisionState, version: int, event: TaskEvent) -> None:
    changes = state.tasks.setdefault(task_number(event), [])
    # Facts are recorded late: the day decides where a change belongs, not the order of recording.
    insort(changes, TaskChange(event.on, version, opens(event)))


_STEPS: Final[dict[type[Event], Callable[[DecisionState, int, Any], None]]] = {
    InformationReported: _information,
    ConsultationHeld: _consultation,
    AgreementSigned: _signing,
    ScheduleSet: _schedule,
    LandAcquired: _land,
    ProjectFiled: _filing,
    MilestoneReached: _milestone,
    ProjectFigureReported: _reported_figure,
    ProjectPaused: _pause,
    ProjectResumed: _pause,
    InvestmentReported: _reported_figure,
    TaxPaid: _reported_figure,
    ProjectTerminated: _termination,
    TaskAssigned: _task_change,
    TaskReopened: _task_change,
    TaskCleared: _task_change,
    UnitRegistered: _registration,
    UnitDissolved: _dissolution,
    UnitListed: _reported_figure,
    WorkingDaysArranged: _arrangement,
    ResourceListed: _resource,
    ResourceChanged: _resource,
    ResourceAllotted: _resource,
    ResourceReleased: _resource,
    ResourceWithdrawn: _resource,
}
