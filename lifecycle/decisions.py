"""What may be recorded: state, event and context in; the event to store, or a refusal, out (spec 1, refusals)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from lifecycle.corrections import effective
from lifecycle.events import Event, FactCorrected, Recorded, Stamp, Stream, project, sheets, unit
from lifecycle.events.county import RulebookAdopted
from lifecycle.refusals import Problem, Refused, msg
from lifecycle.streams import ONCE, State, evolve, figure_of, fold, identity, task_step, unit_named


@dataclass(frozen=True, slots=True)
class Holder:
    """A project that holds what another claims: its code and its report."""

    code: str
    information: project.InformationReported


class Context(Protocol):
    """What a decision may ask of the rest of the ledger; passed in, so that deciding stays pure."""

    @property
    def today(self) -> date:
        """The Shanghai day of the record time."""

    def is_unit(self, name: str) -> bool:
        """Whether a unit of this name is registered."""

    def nearest_units(self, name: str) -> Sequence[str]:
        """The registered units whose names are nearest."""

    def holder(self, kind: str, value: str, other_than: str) -> Holder | None:
        """The first other project that holds the claim."""

    def similar(self, information: project.InformationReported, code: str) -> Sequence[Holder]:
        """Other projects whose names are similar, not equal."""

    def is_project(self, code: str) -> bool:
        """Whether a project of this code has been reported."""

    def names_unit(self, name: str) -> str | None:
        """A stream whose facts name this unit, other than the unit's own."""

    def last_number(self, sign: str, year: int) -> int:
        """The counter of the last sheet of this sign and year, 0 without any."""

    def rulebook_problem(self, event: RulebookAdopted) -> Problem | None:
        """What is wrong with a rulebook that is to be adopted."""


_AFTER_TERMINATION: Final = (
    project.ViolationFound,
    project.ViolationCleared,
    project.RecognitionDenied,
    project.PerformanceAssessed,
    project.ReviewHeld,
    sheets.TaskCleared,
    sheets.ExposurePublished,
)
NUMBER: Final = re.compile(r"(?P<prefix>\S+)(?P<sign>[交警督销曝])〔(?P<year>[0-9]{4})〕(?P<counter>[1-9][0-9]*)号", re.ASCII)
"""A sheet's number: prefix, sign, year of issue, counter."""


def next_number(kind: type[sheets.Sheet], prefix: str, day: date, context: Context) -> str:
    """The number that a sheet of this kind, issued on a day, is to bear."""
    return f"{prefix}{kind.sign}〔{day.year}〕{context.last_number(kind.sign, day.year) + 1}号"


def decide(state: State, stream: Stream, event: Event, context: Context) -> Event:
    """Allow an event that corrects nothing. Raises `Refused`, naming the rule and what is allowed."""
    check(state, stream, event, context)
    if isinstance(event, sheets.Sheet):
        _check_number(event, context)
    return event


def check(state: State, stream: Stream, event: Event, context: Context) -> None:
    """Every rule that looks at the stream's effective facts, in the order in which a clerk can mend things."""
    if event.on > context.today:
        raise Refused.by(
            "future",
            msg("occurred_on {day} lies in the future; the latest day allowed is {today}"),
            at="occurred_on", day=event.on, today=context.today,
        )  # fmt: skip
    for rule in _RULES[stream.kind]:
        rule(state, stream, event, context)
    named = unit_named(event)
    if named is not None and not context.is_unit(named):
        field = next(field for field in _UNIT_FIELDS if getattr(event, field, None) == named)
        raise _not_registered(named, context, field)


_UNIT_FIELDS: Final = ("reporting_unit", "to_unit", "responsible_unit", "for_unit")


def _not_registered(name: str, context: Context, field: str) -> Refused:
    return Refused.by(
        "unit_not_registered",
        msg("the unit {unit} is not registered; the nearest registered ones are {allowed}"),
        at=field, unit=name, allowed=list(context.nearest_units(name)),
    )  # fmt: skip


def _information_first(state: State, stream: Stream, event: Event, context: Context) -> None:
    if not isinstance(event, project.InformationReported):
        if state.information is None:
            raise Refused.by(
                "no_information",
                msg("the project {project} has no InformationReported (项目信息) yet; it comes before everything else"),
                at="project", project=stream.name,
            )  # fmt: skip
        return
    if state.information is not None:
        raise Refused.by(
            "code_taken",
            msg("the code {project} is held by “{name}”, reported by {unit} at {reported}; choose another code"),
            at="project", project=stream.name, name=state.information.name, unit=state.information.reporting_unit,
            reported=state.information.reported_at,
        )  # fmt: skip
    if event.distinct_because is None and (held := context.holder("identity", identity(event), stream.id)):
        raise _identity_claimed(event, held)


def _identity_claimed(event: project.InformationReported, held: Holder) -> Refused:
    first = held.information
    values: dict[str, object] = {"code": held.code, "name": first.name, "unit": first.reporting_unit, "reported": first.reported_at}
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
    name = type(event).__name__
    if name in ONCE and name in state.done:
        raise Refused.by(
            "second", msg("{project} has an effective {event} ({chinese}) already; correct that one instead"),
            project=stream.name, event=name, chinese=event.chinese,
        )  # fmt: skip
    if isinstance(event, project.ConsultationHeld) and state.passed:
        raise Refused.by(
            "already_passed", msg("{project} has passed its consultation (决策咨询) already; nothing further is held"), project=stream.name
        )
    if isinstance(event, project.ScheduleSet) and state.plans and not event.reason:
        raise Refused.by("reason", msg("a plan that replaces another says why"), at="reason")


def _figure_once(state: State, stream: Stream, event: Event, _: Context) -> None:
    figure = figure_of(event)
    if figure is not None and figure in state.figures:
        raise Refused.by(
            "second_figure", msg("{stream} has a {chinese} ({kind}) for {month} already; correct that one instead"),
            at="month", stream=stream.name, chinese=event.chinese, kind=figure[0], month=figure[1],
        )  # fmt: skip
    if isinstance(event, project.InvestmentReported) and "StatisticsEntered" not in state.done:
        raise Refused.by(
            "no_statistics", msg("{project} has no StatisticsEntered (统计入库); investment is reported after it"), project=stream.name
        )


def _not_after_termination(state: State, stream: Stream, event: Event, _: Context) -> None:
    if state.terminated_on is None or event.on <= state.terminated_on or isinstance(event, _AFTER_TERMINATION):
        return
    raise Refused.by(
        "terminated",
        msg("{project} was terminated on {day}; after that day only {allowed} are recorded"),
        at="occurred_on", project=stream.name, day=state.terminated_on,
        allowed=[kind.__name__ for kind in _AFTER_TERMINATION] + ["FactCorrected"],
    )  # fmt: skip


def _filing_code_free(_: State, stream: Stream, event: Event, context: Context) -> None:
    if not isinstance(event, project.ProjectFiled):
        return
    if held := context.holder("filing", event.project_code, stream.id):
        raise Refused.by(
            "filing_code_taken", msg("the project code {filing} is held by {code} “{name}”"),
            at="project_code", filing=event.project_code, code=held.code, name=held.information.name,
        )  # fmt: skip


def _task_cycle(state: State, stream: Stream, event: Event, _: Context) -> None:
    """A task is cleared while open and reopened while not, in the order of (occurred_on, version) (spec 3)."""
    about = event.about if isinstance(event, sheets.ABOUT_A_TASK) else None
    if about is not None and about not in state.tasks:
        raise Refused.by(
            "no_task", msg("{project} has no task {number}; it has {allowed}"),
            at="about", project=stream.name, number=about, allowed=[*state.tasks],
        )  # fmt: skip
    step = task_step(event)
    if about is None or step is None:
        return
    before = [earlier for earlier in state.tasks[about] if earlier.on <= event.on]
    if not before:
        raise Refused.by("task_order", msg("the task {number} is assigned after {day}"), at="occurred_on", number=about, day=event.on)
    if before[-1].opens == step[1]:
        raise Refused.by("task_open", msg("the task {number} is open; only a cleared one is reopened"), at="about", number=about) if step[
            1
        ] else Refused.by("task_closed", msg("the task {number} is not open; only an open one is cleared"), at="about", number=about)


def _unit_rules(state: State, stream: Stream, event: Event, context: Context) -> None:
    if not isinstance(event, unit.UnitRegistered):
        if state.registered is None:
            raise _not_registered(stream.name, context, "unit")
    elif state.registered is not None:
        raise Refused.by("second_registration", msg("the unit {unit} is registered already"), at="unit", unit=stream.name)


def _rulebook_sound(_: State, stream: Stream, event: Event, context: Context) -> None:  # noqa: ARG001
    if isinstance(event, RulebookAdopted) and (problem := context.rulebook_problem(event)):
        raise Refused([problem])


Rule = Callable[[State, Stream, Event, Context], None]
_RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "project": (_information_first, _once, _figure_once, _not_after_termination, _filing_code_free, _task_cycle),
    "unit": (_unit_rules, _figure_once),
    "county": (_rulebook_sound,),
}


def _check_number(event: sheets.Sheet, context: Context) -> None:
    match = NUMBER.fullmatch(event.number)
    if match is None or match["sign"] != event.sign or int(match["year"]) != event.on.year:
        raise Refused.by(
            "number_form", msg("the number {number} does not read like 开招办{sign}〔{year}〕1号"),
            at="number", number=event.number, sign=event.sign, year=event.on.year,
        )  # fmt: skip
    following = context.last_number(event.sign, event.on.year) + 1
    if int(match["counter"]) != following:
        raise Refused.by(
            "number_order", msg("the number {number} leaves a gap or repeats one: the next of this sign and year is {following}"),
            at="number", number=event.number, following=following,
        )  # fmt: skip


# Corrections ----------------------------------------------------------------------------------------------------------


def decide_correction(
    history: Sequence[Recorded], stream: Stream, event: FactCorrected, stamp: Stamp, context: Context
) -> State:
    """Allow a correction whose outcome the rules allow, and give the state that it leaves.

    The outcome is judged by taking the corrected history through the rules from its start; a rule that the history broke
    before the correction, because it was tightened since, does not count against it. Raises `Refused`.
    """
    target = next((item for item in history if item.version == event.corrects), None)
    if target is None:
        raise Refused.by(
            "no_such_version", msg("{stream} has no event {version}; its versions run from 1 to {last}"),
            at="corrects", stream=stream.name, version=event.corrects, last=len(history),
        )  # fmt: skip
    _check_target(history, target, event)
    correction = Recorded(stream, len(history) + 1, event, stamp)
    after = effective([*history, correction])
    known = _broken(effective(history), stream, context)
    for version, refused in _broken(after, stream, context).items():
        if refused.problems[0].rule not in [p.rule for p in (known[version].problems if version in known else [])]:
            raise refused
    if event.replacement is None and isinstance(target.event, unit.UnitRegistered) and (user := context.names_unit(stream.name)):
        raise Refused.by("unit_in_use", msg("the unit {unit} is named by {user} and cannot be voided"), unit=stream.name, user=user)
    state = fold(after)
    state.version = correction.version
    return state


def _check_target(history: Sequence[Recorded], target: Recorded, event: FactCorrected) -> None:
    fact = target.event
    if event.replacement is None:
        if isinstance(fact, project.InformationReported):
            raise Refused.by(
                "void_information", msg("the InformationReported of a project is never voided: terminate the project, or correct the fields")
            )
        return
    if isinstance(fact, FactCorrected):
        raise Refused.by("replace_correction", msg("a correction is only ever voided (replacement null), not replaced"), at="replacement")
    if not event.replacement:
        raise Refused.by("empty_replacement", msg("names no field; null voids the event"), at="replacement")
    if not any(item.version == target.version for item in effective(history)):
        raise Refused.by(
            "replace_void", msg("event {version} is void: void the correction that removed it first"), at="corrects", version=target.version
        )
    if isinstance(fact, sheets.Sheet) and event.replacement.get("number", fact.number) != fact.number:
        raise Refused.by("number_fixed", msg("a sheet keeps its number: void the sheet and issue another"), at="replacement.number")


def _broken(history: Sequence[Recorded], stream: Stream, context: Context) -> dict[int, Refused]:
    """Which versions of an effective history the rules would refuse, each judged on what stands before it."""
    state, broken = State(), {}
    for item in history:
        try:
            check(state, stream, item.event, context)
        except Refused as refused:
            broken[item.version] = refused
        evolve(state, item.version, stream.name, item.event)
    return broken


def warnings(stream: Stream, event: Event, context: Context) -> list[Problem]:
    """What a clerk should look at although it is recorded: similar names, an unknown project named by a unit."""
    if isinstance(event, project.InformationReported):
        near = context.similar(event, stream.id)
        listed = [f"{holder.code} “{holder.information.name}” ({holder.information.reporting_unit})" for holder in near]
        return [Problem("similar_name", msg("similar to {listed}: make sure that it is not the same project"), {"listed": listed}, "name")] if listed else []
    about = event.about_project if isinstance(event, (unit.LandingServiceFailed, unit.MajorProjectSupported)) else None
    if about is not None and not context.is_project(about):
        return [Problem("unknown_project", msg("there is no project {project} yet"), {"project": about}, "about_project")]
    return []
