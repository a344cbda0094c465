"""The rules on one event, and which events each of them is about (spec 1, refusals)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

from lifecycle.deciding.decision_context import ClaimHolder, DecisionContext
from lifecycle.deciding.decision_state import (
    NAMES_UNIT,
    ONCE,
    DecisionState,
    MonthlyFigure,
    figure_of,
    identity,
    opens,
    task_of,
)
from lifecycle.events import (
    BY_NAME,
    Event,
    Stream,
    project_events as project,
    sheet_events as sheets,
    unit_events as unit,
)
from lifecycle.events.county_events import RulebookAdopted
from lifecycle.rejections import EventName, Problem, Rejected, msg

_AFTER_TERMINATION: Final = (
    project.ViolationFound,
    project.ViolationCleared,
    project.RecognitionDenied,
    project.PerformanceAssessed,
    project.ReviewHeld,
    sheets.TaskCleared,
    sheets.ExposurePublished,
)


def check(state: DecisionState, stream: Stream, event: Event, context: DecisionContext) -> None:
    """Every rule that looks at the stream's effective facts, in the order in which a clerk can mend things. Raises `Rejected`."""
    if event.on > context.today:
        raise Rejected.by(
            "future",
            msg("occurred_on {day} is in the future; the latest allowed day is {today}"),
            at="occurred_on",
            day=event.on,
            today=context.today,
        )
    for rule in _RULES_OF[type(event)]:
        rule(state, stream, event, context)


def _not_registered(name: str, context: DecisionContext, field: str) -> Rejected:
    return Rejected.by(
        "unit_not_registered",
        msg("the unit {unit} is not registered; most similar registered units: {allowed}"),
        at=field,
        unit=name,
        allowed=list(context.nearest_units(name)),
    )


def _information_first(state: DecisionState, stream: Stream, _: Event, __: DecisionContext) -> None:
    if state.information is None:
        raise Rejected.by(
            "no_information",
            msg(
                "the project {project} has no InformationReported (项目信息) yet; that "
                "event comes first"
            ),
            at="project",
            project=stream.name,
        )


def _code_free(
    state: DecisionState, stream: Stream, _: project.InformationReported, __: DecisionContext
) -> None:
    if state.information is not None:
        raise Rejected.by(
            "code_taken",
            msg(
                "the code {project} belongs to “{name}”, reported by {unit} at {reported}; "
                "choose another code"
            ),
            at="project",
            project=stream.name,
            name=state.information.name,
            unit=state.information.reporting_unit,
            reported=state.information.reported_at,
        )


def _identity_free(
    _: DecisionState, stream: Stream, event: project.InformationReported, context: DecisionContext
) -> None:
    if event.distinct_because is None and (
        held := context.holder("identity", identity(event), stream.id)
    ):
        raise _identity_claimed(event, held)


def _identity_claimed(event: project.InformationReported, held: ClaimHolder) -> Rejected:
    first = held.information
    values: dict[str, object] = {
        "code": held.code,
        "name": first.name,
        "unit": first.reporting_unit,
        "reported": first.reported_at,
    }
    if event.reported_at < first.reported_at:
        template = msg(
            "this investor's project is already registered as {code} “{name}”, reported by "
            "{unit} at {reported}; the first record counts (考(二)). This report claims an "
            "earlier time, {claimed}: the leading group decides, and a correction of "
            "reporting_unit records the decision. If it is a different project, give the "
            "reason in distinct_because"
        )
        values["claimed"] = event.reported_at
    else:
        template = msg(
            "this investor's project is already registered as {code} “{name}”, reported by "
            "{unit} at {reported}; the first record counts (考(二)). If it is a different "
            "project, give the reason in distinct_because"
        )
    return Rejected([Problem("identity_claimed", template, values, "name")])


def _once(state: DecisionState, stream: Stream, event: Event, _: DecisionContext) -> None:
    if type(event) in state.done:
        raise Rejected.by(
            "second",
            msg("{project} already has an effective {event}; correct that event instead"),
            project=stream.name,
            event=EventName(type(event).__name__),
        )


def _not_passed(
    state: DecisionState, stream: Stream, _: project.ConsultationHeld, __: DecisionContext
) -> None:
    if state.passed:
        raise Rejected.by(
            "already_passed",
            msg(
                "{project} has already passed its consultation (决策咨询); no further "
                "consultation is recorded"
            ),
            project=stream.name,
        )


def _new_plan_explained(
    state: DecisionState, _: Stream, event: project.ScheduleSet, __: DecisionContext
) -> None:
    if state.plans and not event.reason:
        raise Rejected.by(
            "reason", msg("a plan that replaces another must give a reason"), at="reason"
        )


def _figure_once(
    state: DecisionState, stream: Stream, event: MonthlyFigure, _: DecisionContext
) -> None:
    figure = figure_of(event)
    if figure in state.figures:
        raise Rejected.by(
            "second_figure",
            msg("{stream} already has a {kind} for {month}; correct that event instead"),
            at="month",
            stream=stream.name,
            kind=EventName(figure[0]),
            month=figure[1],
        )


def _statistics_first(
    state: DecisionState, stream: Stream, _: project.InvestmentReported, __: DecisionContext
) -> None:
    if project.StatisticsEntered not in state.done:
        raise Rejected.by(
            "no_statistics",
            msg(
                "{project} has no StatisticsEntered (统计入库) yet; investment is reported "
                "only after that"
            ),
            project=stream.name,
        )


def _not_after_termination(
    state: DecisionState, stream: Stream, event: Event, _: DecisionContext
) -> None:
    if state.terminated_on is not None and event.on > state.terminated_on:
        raise Rejected.by(
            "terminated",
            msg("{project} was terminated on {day}; after that day only {allowed} can be recorded"),
            at="occurred_on",
            project=stream.name,
            day=state.terminated_on,
            allowed=[kind.__name__ for kind in _AFTER_TERMINATION] + ["FactCorrected"],
        )


def _filing_code_free(
    _: DecisionState, stream: Stream, event: project.ProjectFiled, context: DecisionContext
) -> None:
    if held := context.holder("filing", event.project_code, stream.id):
        raise Rejected.by(
            "filing_code_taken",
            msg("the project code {filing} belongs to {code} “{name}”"),
            at="project_code",
            filing=event.project_code,
            code=held.code,
            name=held.information.name,
        )


def _task_known(state: DecisionState, stream: Stream, event: Any, _: DecisionContext) -> None:
    if event.about not in state.tasks:
        raise Rejected.by(
            "no_task",
            msg("{project} has no task {number}; its tasks are {allowed}"),
            at="about",
            project=stream.name,
            number=event.about,
            allowed=[*state.tasks],
        )


def _task_turn(
    state: DecisionState,
    _: Stream,
    event: sheets.TaskCleared | sheets.TaskReopened,
    __: DecisionContext,
) -> None:
    """A task is cleared while open and reopened while not, in the order of (occurred_on, version) (spec 3)."""
    number = task_of(event)
    before = [earlier for earlier in state.tasks[number] if earlier.on <= event.on]
    if not before:
        raise Rejected.by(
            "task_order",
            msg("the task {number} is assigned only after {day}"),
            at="occurred_on",
            number=number,
            day=event.on,
        )
    if before[-1].opens != opens(event):
        return
    if opens(event):
        raise Rejected.by(
            "task_open",
            msg("the task {number} is open; only a cleared task can be reopened"),
            at="about",
            number=number,
        )
    raise Rejected.by(
        "task_closed",
        msg("the task {number} is not open; only an open task can be cleared"),
        at="about",
        number=number,
    )


def _registered_first(
    state: DecisionState, stream: Stream, _: Event, context: DecisionContext
) -> None:
    if state.registered is None:
        raise _not_registered(stream.name, context, "unit")


def _registered_once(
    state: DecisionState, stream: Stream, _: unit.UnitRegistered, __: DecisionContext
) -> None:
    if state.registered is not None:
        raise Rejected.by(
            "second_registration",
            msg("the unit {unit} is already registered"),
            at="unit",
            unit=stream.name,
        )


def _rulebook_sound(
    _: DecisionState, __: Stream, event: RulebookAdopted, context: DecisionContext
) -> None:
    if problem := context.rulebook_problem(event):
        raise Rejected([problem])


def _named_unit_registered(
    _: DecisionState, __: Stream, event: Event, context: DecisionContext
) -> None:
    field = NAMES_UNIT[type(event)]
    named = getattr(event, field)
    if named is not None and not context.is_unit(named):
        raise _not_registered(named, context, field)


def _of(stream_kind: str, *others: type[Event]) -> tuple[type[Event], ...]:
    """The events of one kind of stream alone, without some."""
    return tuple(
        kind for kind in BY_NAME.values() if kind.streams == (stream_kind,) and kind not in others
    )


Rule = Callable[[DecisionState, Stream, Any, DecisionContext], None]
_RULES: Final[tuple[tuple[Rule, tuple[type[Event], ...]], ...]] = (
    (_information_first, _of("project", project.InformationReported)),
    (_code_free, (project.InformationReported,)),
    (_identity_free, (project.InformationReported,)),
    (_registered_first, _of("unit", unit.UnitRegistered)),
    (_registered_once, (unit.UnitRegistered,)),
    (_once, ONCE),
    (_not_passed, (project.ConsultationHeld,)),
    (_new_plan_explained, (project.ScheduleSet,)),
    (_figure_once, get_args(MonthlyFigure)),
    (_statistics_first, (project.InvestmentReported,)),
    (_not_after_termination, _of("project", *_AFTER_TERMINATION)),
    (_filing_code_free, (project.ProjectFiled,)),
    (_task_known, sheets.ABOUT_A_TASK),
    (_task_turn, (sheets.TaskCleared, sheets.TaskReopened)),
    (_rulebook_sound, (RulebookAdopted,)),
    (_named_unit_registered, tuple(NAMES_UNIT)),
)
"""Each rule and the events it is about, in the order in which a clerk can mend things."""

_RULES_OF: Final = {
    kind: tuple(rule for rule, about in _RULES if kind in about) for kind in BY_NAME.values()
}
