"""The rules on one event, and which events each of them is about (spec 1, refusals)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

from lifecycle.deciding.decision_context import Context, Holder
from lifecycle.deciding.decision_state import (
    NAMES_UNIT,
    ONCE,
    Figure,
    State,
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
from lifecycle.refusals import Problem, Refused, msg

_AFTER_TERMINATION: Final = (
    project.ViolationFound,
    project.ViolationCleared,
    project.RecognitionDenied,
    project.PerformanceAssessed,
    project.ReviewHeld,
    sheets.TaskCleared,
    sheets.ExposurePublished,
)


def check(state: State, stream: Stream, event: Event, context: Context) -> None:
    """Every rule that looks at the stream's effective facts, in the order in which a clerk can mend things. Raises `Refused`."""
    if event.on > context.today:
        raise Refused.by(
            "future",
            msg("occurred_on {day} lies in the future; the latest day allowed is {today}"),
            at="occurred_on",
            day=event.on,
            today=context.today,
        )
    for rule in _RULES_OF[type(event)]:
        rule(state, stream, event, context)


def _not_registered(name: str, context: Context, field: str) -> Refused:
    return Refused.by(
        "unit_not_registered",
        msg("the unit {unit} is not registered; the nearest registered ones are {allowed}"),
        at=field,
        unit=name,
        allowed=list(context.nearest_units(name)),
    )


def _information_first(state: State, stream: Stream, _: Event, __: Context) -> None:
    if state.information is None:
        raise Refused.by(
            "no_information",
            msg(
                "the project {project} has no InformationReported (项目信息) yet; it comes before everything else"
            ),
            at="project",
            project=stream.name,
        )


def _code_free(state: State, stream: Stream, _: project.InformationReported, __: Context) -> None:
    if state.information is not None:
        raise Refused.by(
            "code_taken",
            msg(
                "the code {project} is held by “{name}”, reported by {unit} at {reported}; choose another code"
            ),
            at="project",
            project=stream.name,
            name=state.information.name,
            unit=state.information.reporting_unit,
            reported=state.information.reported_at,
        )


def _identity_free(
    _: State, stream: Stream, event: project.InformationReported, context: Context
) -> None:
    if event.distinct_because is None and (
        held := context.holder("identity", identity(event), stream.id)
    ):
        raise _identity_claimed(event, held)


def _identity_claimed(event: project.InformationReported, held: Holder) -> Refused:
    first = held.information
    values: dict[str, object] = {
        "code": held.code,
        "name": first.name,
        "unit": first.reporting_unit,
        "reported": first.reported_at,
    }
    if event.reported_at < first.reported_at:
        template = msg(
            "this investor's project is already held by {code} “{name}”, reported by {unit} at {reported}; the first recorded "
            "stands (考(二)). This report claims an earlier time, {claimed}: the leading group decides, and a correction of "
            "reporting_unit records it. If it is another project, say why in distinct_because"
        )
        values["claimed"] = event.reported_at
    else:
        template = msg(
            "this investor's project is already held by {code} “{name}”, reported by {unit} at {reported}; the first recorded "
            "stands (考(二)). If it is another project, say why in distinct_because"
        )
    return Refused([Problem("identity_claimed", template, values, "name")])


def _once(state: State, stream: Stream, event: Event, _: Context) -> None:
    if type(event) in state.done:
        raise Refused.by(
            "second",
            msg("{project} has an effective {event} ({chinese}) already; correct that one instead"),
            project=stream.name,
            event=type(event).__name__,
            chinese=event.chinese,
        )


def _not_passed(state: State, stream: Stream, _: project.ConsultationHeld, __: Context) -> None:
    if state.passed:
        raise Refused.by(
            "already_passed",
            msg(
                "{project} has passed its consultation (决策咨询) already; nothing further is held"
            ),
            project=stream.name,
        )


def _new_plan_explained(state: State, _: Stream, event: project.ScheduleSet, __: Context) -> None:
    if state.plans and not event.reason:
        raise Refused.by("reason", msg("a plan that replaces another says why"), at="reason")


def _figure_once(state: State, stream: Stream, event: Figure, _: Context) -> None:
    figure = figure_of(event)
    if figure in state.figures:
        raise Refused.by(
            "second_figure",
            msg("{stream} has a {chinese} ({kind}) for {month} already; correct that one instead"),
            at="month",
            stream=stream.name,
            chinese=event.chinese,
            kind=figure[0],
            month=figure[1],
        )


def _statistics_first(
    state: State, stream: Stream, _: project.InvestmentReported, __: Context
) -> None:
    if project.StatisticsEntered not in state.done:
        raise Refused.by(
            "no_statistics",
            msg("{project} has no StatisticsEntered (统计入库); investment is reported after it"),
            project=stream.name,
        )


def _not_after_termination(state: State, stream: Stream, event: Event, _: Context) -> None:
    if state.terminated_on is not None and event.on > state.terminated_on:
        raise Refused.by(
            "terminated",
            msg("{project} was terminated on {day}; after that day only {allowed} are recorded"),
            at="occurred_on",
            project=stream.name,
            day=state.terminated_on,
            allowed=[kind.__name__ for kind in _AFTER_TERMINATION] + ["FactCorrected"],
        )


def _filing_code_free(
    _: State, stream: Stream, event: project.ProjectFiled, context: Context
) -> None:
    if held := context.holder("filing", event.project_code, stream.id):
        raise Refused.by(
            "filing_code_taken",
            msg("the project code {filing} is held by {code} “{name}”"),
            at="project_code",
            filing=event.project_code,
            code=held.code,
            name=held.information.name,
        )


def _task_known(state: State, stream: Stream, event: Any, _: Context) -> None:
    if event.about not in state.tasks:
        raise Refused.by(
            "no_task",
            msg("{project} has no task {number}; it has {allowed}"),
            at="about",
            project=stream.name,
            number=event.about,
            allowed=[*state.tasks],
        )


def _task_turn(
    state: State, _: Stream, event: sheets.TaskCleared | sheets.TaskReopened, __: Context
) -> None:
    """A task is cleared while open and reopened while not, in the order of (occurred_on, version) (spec 3)."""
    number = task_of(event)
    before = [earlier for earlier in state.tasks[number] if earlier.on <= event.on]
    if not before:
        raise Refused.by(
            "task_order",
            msg("the task {number} is assigned after {day}"),
            at="occurred_on",
            number=number,
            day=event.on,
        )
    if before[-1].opens != opens(event):
        return
    if opens(event):
        raise Refused.by(
            "task_open",
            msg("the task {number} is open; only a cleared one is reopened"),
            at="about",
            number=number,
        )
    raise Refused.by(
        "task_closed",
        msg("the task {number} is not open; only an open one is cleared"),
        at="about",
        number=number,
    )


def _registered_first(state: State, stream: Stream, _: Event, context: Context) -> None:
    if state.registered is None:
        raise _not_registered(stream.name, context, "unit")


def _registered_once(state: State, stream: Stream, _: unit.UnitRegistered, __: Context) -> None:
    if state.registered is not None:
        raise Refused.by(
            "second_registration",
            msg("the unit {unit} is registered already"),
            at="unit",
            unit=stream.name,
        )


def _rulebook_sound(_: State, __: Stream, event: RulebookAdopted, context: Context) -> None:
    if problem := context.rulebook_problem(event):
        raise Refused([problem])


def _named_unit_registered(_: State, __: Stream, event: Event, context: Context) -> None:
    field = NAMES_UNIT[type(event)]
    named = getattr(event, field)
    if named is not None and not context.is_unit(named):
        raise _not_registered(named, context, field)


def _of(stream_kind: str, *others: type[Event]) -> tuple[type[Event], ...]:
    """The events of one kind of stream alone, without some."""
    return tuple(
        kind for kind in BY_NAME.values() if kind.streams == (stream_kind,) and kind not in others
    )


Rule = Callable[[State, Stream, Any, Context], None]
_RULES: Final[tuple[tuple[Rule, tuple[type[Event], ...]], ...]] = (
    (_information_first, _of("project", project.InformationReported)),
    (_code_free, (project.InformationReported,)),
    (_identity_free, (project.InformationReported,)),
    (_registered_first, _of("unit", unit.UnitRegistered)),
    (_registered_once, (unit.UnitRegistered,)),
    (_once, ONCE),
    (_not_passed, (project.ConsultationHeld,)),
    (_new_plan_explained, (project.ScheduleSet,)),
    (_figure_once, get_args(Figure)),
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
