"""Which part of a stream's state an event moves, and which parts the rules on an event look at.

A correction changes one fact. Only the fact itself and the later ones whose rules look at what the
fact moves can break a rule by it, so that nothing else is checked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, get_args

from lifecycle.deciding.claims import normalised_name
from lifecycle.deciding.decision_state import (
    MonthlyFigure,
    PauseEvent,
    TaskEvent,
    figure_of,
    opens,
    parcel_of,
    task_number,
)
from lifecycle.deciding.project_rules import needs_live_project
from lifecycle.events import Event
from lifecycle.events.county_events import WorkingDaysArranged
from lifecycle.events.project_course_events import (
    InvestorChanged,
    MilestoneReached,
    ProjectFigureReported,
    ProjectPaused,
)
from lifecycle.events.project_events import (
    AgreementAmended,
    AgreementSigned,
    ConsultationHeld,
    InformationReported,
    InvestmentReported,
    LandAcquired,
    ProjectFiled,
    ProjectTerminated,
    ScheduleSet,
    StatisticsEntered,
)
from lifecycle.events.resource_events import ResourceEvent
from lifecycle.events.sheet_events import TaskFollowUp
from lifecycle.events.unit_events import UnitChange, UnitDissolved, UnitRegistered

Topic = tuple[str, ...]
"""A part of a `DecisionState`: its field, and which entry of the field."""

INFORMATION: Final = ("information",)
REGISTRATION: Final = ("registration",)
TERMINATION: Final = ("termination",)
CONSULTATION: Final = ("consultation",)
SCHEDULE: Final = ("schedule",)
SIGNING: Final = ("signing",)
PROJECT_NAME: Final = ("project_name",)
PAUSES: Final = ("pauses",)
DISSOLUTION: Final = ("dissolution",)
RESOURCE: Final = ("resource_entries",)
COURSE: Final = ("course",)
"""The days of all that only a live project has. No part of the state: terminations read it."""
KIND: Final = "kind"
FIGURE: Final = "figure"
TASK: Final = "task"
ARRANGEMENT: Final = "arrangement"
PARCEL: Final = "parcel"
FILING: Final = "filing"
MILESTONE: Final = "milestone"
READ_BY_ALL: Final = (INFORMATION, REGISTRATION, TERMINATION)
"""The topics that the rules on nearly every event look at."""
IN_ORDER_OF_DAYS: Final = frozenset((TASK, PAUSES[0], RESOURCE[0]))
"""The topics that all events which move them settle, in the order of days; the first parts."""
WHATEVER_THE_VERSION: Final = frozenset((PAUSES, RESOURCE, COURSE))
"""The topics whose rules look at events whichever was recorded first: they stand in days' order."""
_RESOURCE_EVENTS: Final = get_args(ResourceEvent)
_FIGURES: Final = (*get_args(MonthlyFigure), ProjectFigureReported)
_PAUSE_EVENTS: Final = get_args(PauseEvent)
_TASK_EVENTS: Final = get_args(TaskEvent)
_FOLLOW_UPS: Final = get_args(TaskFollowUp)
_UNIT_CHANGES: Final = get_args(UnitChange)


_PRESENCES: Final[dict[type[Event], Topic]] = {
    InformationReported: INFORMATION,
    UnitRegistered: REGISTRATION,
    UnitDissolved: DISSOLUTION,
    ScheduleSet: SCHEDULE,
}
"""The topics of which rules ask only whether the stream has such an event."""


def kind_topic(kind: type[Event]) -> Topic:
    """Return the topic of whether a stream has an event of this kind."""
    return (KIND, kind.__name__)


def _entry_topic(event: Event) -> Topic | None:
    """Return the entry of its own that an event takes: of these a stream has each once."""
    match event:
        case LandAcquired():
            return (PARCEL, parcel_of(event))
        case ProjectFiled():
            return (FILING, event.project_code)
        case MilestoneReached():
            return (MILESTONE, event.milestone)
        case WorkingDaysArranged():
            return (ARRANGEMENT, str(event.year))
        case _ if isinstance(event, _FIGURES):
            return (FIGURE, *figure_of(event))
    return None


def moved_topics(event: Event) -> dict[Topic, object]:
    """Return what an event moves, with all of the event that later rules look at there."""
    presences = (kind_topic(type(event)), _entry_topic(event), _PRESENCES.get(type(event)))
    topics: dict[Topic, object] = dict.fromkeys(filter(None, presences), True)
    if needs_live_project(event):
        topics[COURSE] = event.on
    match event:
        case InformationReported():
            topics[PROJECT_NAME] = normalised_name(event.name)
        case ProjectTerminated():
            topics[TERMINATION] = event.on
        case ConsultationHeld() if event.outcome == "passed":
            topics[CONSULTATION] = True
        case AgreementSigned():
            topics[SIGNING] = event.on
        case _ if isinstance(event, _PAUSE_EVENTS):
            topics[PAUSES] = (event.on, isinstance(event, ProjectPaused))
        case _ if isinstance(event, _RESOURCE_EVENTS):
            topics[RESOURCE] = event
        case _ if isinstance(event, _TASK_EVENTS):
            topics[TASK, task_number(event)] = (event.on, opens(event))
    return topics


def read_topics(event: Event) -> Sequence[Topic]:
    """Return the topics that the rules on an event look at, beside `READ_BY_ALL`."""
    topics = [kind_topic(type(event))]
    match event:
        case ConsultationHeld():
            topics.append(CONSULTATION)
        case ScheduleSet():
            topics.append(SCHEDULE)
        case AgreementAmended():
            topics.append(SIGNING)
        case ProjectTerminated():
            topics.append(COURSE)
        case InvestorChanged():
            # What it claims is an identity of the project by its name.
            topics.append(PROJECT_NAME)
        case _ if isinstance(event, _PAUSE_EVENTS):
            topics.append(PAUSES)
        case InvestmentReported():
            topics.append(kind_topic(StatisticsEntered))
    # Of what stands once, such as a month's figure, the rules look at the entry of its own.
    entry = _entry_topic(event)
    if entry is not None:
        topics.append(entry)
    topics += _course_topics(event)
    return topics


def _course_topics(event: Event) -> Iterator[Topic]:
    """Yield the topics of what has a course of its own: a unit, a resource, a task."""
    if isinstance(event, _UNIT_CHANGES):
        yield DISSOLUTION
    if isinstance(event, _RESOURCE_EVENTS):
        yield RESOURCE
    if isinstance(event, _FOLLOW_UPS):
        yield (TASK, event.about)
