"""Which rules hold for which events, in the order in which a clerk can correct things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, get_args

from lifecycle.deciding import (
    project_course_rules,
    project_rules,
    record_time_rules,
    resource_rules,
    task_rules,
    unit_change_rules,
    unit_rules,
    word_rules,
)
from lifecycle.deciding.claims import UNIT_FIELDS
from lifecycle.deciding.decision_state import MonthlyFigure, PauseEvent
from lifecycle.deciding.proposal import Proposal
from lifecycle.deciding.word_uses import WORD_FIELDS
from lifecycle.events import BY_NAME, Event, StreamKind
from lifecycle.events.county_events import (
    RecordTimeCorrected,
    RulebookAdopted,
    WorkingDaysArranged,
)
from lifecycle.events.project_course_events import (
    InvestorChanged,
    MilestoneReached,
    ProjectFigureReported,
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
from lifecycle.events.resource_events import (
    ResourceAllotted,
    ResourceEvent,
    ResourceListed,
    ResourceReleased,
)
from lifecycle.events.sheet_events import TaskCleared, TaskFollowUp, TaskReopened
from lifecycle.events.unit_events import (
    UnitChange,
    UnitDissolved,
    UnitRegistered,
    UnitRenamed,
)
from lifecycle.rejections import Problem, msg

RejectionRule = Callable[[Proposal[Any]], Problem | None]
"""Returns the problem with a proposed event, or None where the rule allows it."""


class RuleScope(NamedTuple):
    """A rule and the events for which it holds."""

    rule: RejectionRule
    events: tuple[type[Event], ...]


def _events_of(stream_kind: StreamKind, *exceptions: type[Event]) -> tuple[type[Event], ...]:
    """All events that belong to one kind of stream alone, except a few."""
    kinds: list[type[Event]] = []
    for kind in BY_NAME.values():
        if kind.streams == (stream_kind,) and kind not in exceptions:
            kinds.append(kind)
    return tuple(kinds)


ONCE: Final = (
    AgreementSigned,
    StatisticsEntered,
    ProjectTerminated,
)
"""The events of which a project has one."""

_NAMES_UNIT_ELSEWHERE: Final = tuple(set(UNIT_FIELDS) - {UnitDissolved})
"""The events of projects and of the county that name a unit."""

# What comes first is reported first: without a report or a registration no other rule makes sense.
RULES: Final = (
    RuleScope(project_rules.information_comes_first, _events_of("project", InformationReported)),
    RuleScope(project_rules.code_is_free, (InformationReported,)),
    RuleScope(project_rules.identity_is_free, (InformationReported,)),
    RuleScope(project_course_rules.changed_identity_is_free, (InvestorChanged,)),
    RuleScope(unit_rules.registration_comes_first, _events_of("unit", UnitRegistered)),
    RuleScope(unit_rules.unit_is_new, (UnitRegistered,)),
    RuleScope(unit_change_rules.name_is_free, (UnitRenamed,)),
    RuleScope(unit_change_rules.unit_is_changed_before_dissolution, get_args(UnitChange)),
    RuleScope(project_rules.occurs_once, ONCE),
    RuleScope(project_course_rules.parcel_is_new, (LandAcquired,)),
    RuleScope(project_course_rules.filing_is_new, (ProjectFiled,)),
    RuleScope(project_course_rules.milestone_is_new, (MilestoneReached,)),
    RuleScope(project_course_rules.project_figure_is_new, (ProjectFigureReported,)),
    RuleScope(project_course_rules.pauses_alternate, get_args(PauseEvent)),
    RuleScope(project_rules.consultation_is_open, (ConsultationHeld,)),
    RuleScope(project_rules.new_schedule_gives_reason, (ScheduleSet,)),
    RuleScope(project_rules.figure_is_new, get_args(MonthlyFigure)),
    RuleScope(project_rules.statistics_come_first, (InvestmentReported,)),
    RuleScope(project_course_rules.signing_comes_first, (AgreementAmended,)),
    RuleScope(
        project_rules.project_is_not_terminated,
        _events_of("project", *project_rules.AFTER_TERMINATION),
    ),
    RuleScope(project_rules.filing_code_is_free, (ProjectFiled,)),
    RuleScope(task_rules.task_exists, get_args(TaskFollowUp)),
    RuleScope(task_rules.task_changes_in_turn, (TaskCleared, TaskReopened)),
    RuleScope(resource_rules.resource_is_listed, _events_of("resource", ResourceListed)),
    RuleScope(resource_rules.resource_is_new, (ResourceListed,)),
    RuleScope(resource_rules.listed_price_says_per_what, (ResourceListed,)),
    RuleScope(resource_rules.allotted_project_is_reported, (ResourceAllotted, ResourceReleased)),
    RuleScope(resource_rules.course_holds, get_args(ResourceEvent)),
    RuleScope(word_rules.words_are_declared, tuple(WORD_FIELDS)),
    RuleScope(unit_rules.rulebook_is_sound, (RulebookAdopted,)),
    RuleScope(word_rules.words_keep_their_names, (RulebookAdopted,)),
    RuleScope(record_time_rules.positions_are_recorded, (RecordTimeCorrected,)),
    RuleScope(record_time_rules.corrected_times_are_past, (RecordTimeCorrected,)),
    RuleScope(record_time_rules.corrected_times_never_fall, (RecordTimeCorrected,)),
    RuleScope(unit_rules.year_is_not_arranged, (WorkingDaysArranged,)),
    RuleScope(unit_rules.named_unit_is_registered, tuple(UNIT_FIELDS)),
    RuleScope(unit_change_rules.successor_is_another, (UnitDissolved,)),
    RuleScope(unit_change_rules.unit_is_there, (*_events_of("unit"), *_NAMES_UNIT_ELSEWHERE)),
    RuleScope(unit_change_rules.nothing_follows_dissolution, (UnitDissolved,)),
    RuleScope(project_rules.nothing_follows_termination, (ProjectTerminated,)),
)
"""Every rule but the one that holds for all events: nothing lies in the future."""


def _rules_of(kind: type[Event]) -> tuple[RejectionRule, ...]:
    return tuple(scope.rule for scope in RULES if kind in scope.events)


_RULES_OF: Final = {kind: _rules_of(kind) for kind in BY_NAME.values()}


def first_problem(proposal: Proposal[Event]) -> Problem | None:
    """Return the first problem that a rule finds with the event, None where all allow it."""
    if proposal.event.on > proposal.context.today:
        return _in_the_future(proposal)
    for rule in _RULES_OF[type(proposal.event)]:
        problem = rule(proposal)
        if problem is not None:
            return problem
    return None


def _in_the_future(proposal: Proposal[Event]) -> Problem:
    """Only what has occurred is recorded, a plan by the day it was made."""
    return Problem(
        "future",
        msg("occurred_on {day} is in the future; the latest allowed day is {today}"),
        {"day": proposal.event.on, "today": proposal.context.today},
        "occurred_on",
    )
