"""What may be recorded: state, event and context in; nothing, or a refusal, out (spec 1, refusals); and what is to be looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from lifecycle.deciding.corrections import effective
from lifecycle.deciding.decision_context import DecisionContext
from lifecycle.deciding.decision_state import DecisionState, evolve, fold
from lifecycle.deciding.rejection_rules import check
from lifecycle.events import (
    BY_NAME,
    Event,
    FactCorrected,
    RecordedEvent,
    Stamp,
    Stream,
    project_events as project,
    sheet_events as sheets,
    unit_events as unit,
)
from lifecycle.rejections import Problem, Rejected, msg

SHEETS: Final = frozenset(kind for kind in BY_NAME.values() if issubclass(kind, sheets.Sheet))
"""The events that are numbered."""
NUMBER: Final = re.compile(
    r"(?P<prefix>\S+)(?P<sign>[交警督销曝])〔(?P<year>[0-9]{4})〕(?P<counter>[1-9][0-9]*)号",
    re.ASCII,
)
"""A sheet's number: prefix, sign, year of issue, counter."""


def next_number(kind: type[sheets.Sheet], prefix: str, day: date, context: DecisionContext) -> str:
    """The number that a sheet of this kind, issued on a day, is to bear."""
    return f"{prefix}{kind.sign}〔{day.year}〕{context.last_number(kind.sign, day.year) + 1}号"


def decide(state: DecisionState, stream: Stream, event: Event, context: DecisionContext) -> None:
    """Allow an event that corrects nothing. Raises `Rejected`, naming the rule and what is allowed."""
    check(state, stream, event, context)
    if type(event) in SHEETS:
        _check_number(event, context)


def _check_number(event: Any, context: DecisionContext) -> None:
    match = NUMBER.fullmatch(event.number)
    if match is None or match["sign"] != event.sign or int(match["year"]) != event.on.year:
        raise Rejected.by(
            "number_form",
            msg("the number {number} must have the form 开招办{sign}〔{year}〕1号"),
            at="number",
            number=event.number,
            sign=event.sign,
            year=event.on.year,
        )
    following = context.last_number(event.sign, event.on.year) + 1
    if int(match["counter"]) != following:
        raise Rejected.by(
            "number_order",
            msg(
                "the number {number} leaves a gap or repeats a number: the next one for "
                "this sign and year is {following}"
            ),
            at="number",
            number=event.number,
            following=following,
        )


# Corrections ----------------------------------------------------------------------------------------------------------


def decide_correction(
    history: Sequence[RecordedEvent],
    stream: Stream,
    event: FactCorrected,
    stamp: Stamp,
    context: DecisionContext,
) -> DecisionState:
    """Allow a correction whose outcome the rules allow, and give the state that it leaves.

    The outcome is judged by taking the corrected history through the rules from its start; a rule that the history broke
    before the correction, because it was tightened since, does not count against it. Raises `Rejected`.
    """
    target = next((item for item in history if item.version == event.corrects), None)
    if target is None:
        raise Rejected.by(
            "no_such_version",
            msg("{stream} has no event {version}; its versions are 1 to {last}"),
            at="corrects",
            stream=stream.name,
            version=event.corrects,
            last=len(history),
        )
    _check_target(history, target, event)
    correction = RecordedEvent(stream, len(history) + 1, event, stamp)
    after = effective([*history, correction])
    known = _broken(effective(history), stream, context)
    for version, refused in _broken(after, stream, context).items():
        if refused.problems[0].rule not in [
            p.rule for p in (known[version].problems if version in known else [])
        ]:
            raise refused
    if (
        event.replacement is None
        and isinstance(target.event, unit.UnitRegistered)
        and (user := context.names_unit(stream.name))
    ):
        raise Rejected.by(
            "unit_in_use",
            msg("the unit {unit} is referenced by {user} and cannot be voided"),
            unit=stream.name,
            user=user,
        )
    state = fold(after)
    state.version = correction.version
    return state


def _check_target(
    history: Sequence[RecordedEvent], target: RecordedEvent, event: FactCorrected
) -> None:
    fact = target.event
    if event.replacement is None:
        if isinstance(fact, project.InformationReported):
            raise Rejected.by(
                "void_information",
                msg(
                    "the InformationReported event of a project cannot be voided: "
                    "terminate the project or correct the fields"
                ),
            )
        return
    if isinstance(fact, FactCorrected):
        raise Rejected.by(
            "replace_correction",
            msg("a correction can only be voided (replacement null), not changed"),
            at="replacement",
        )
    if not event.replacement:
        raise Rejected.by(
            "empty_replacement",
            msg("must name at least one field; null voids the event"),
            at="replacement",
        )
    if not any(item.version == target.version for item in effective(history)):
        raise Rejected.by(
            "replace_void",
            msg("event {version} is void: first void the correction that voided it"),
            at="corrects",
            version=target.version,
        )
    if (
        isinstance(fact, sheets.Sheet)
        and event.replacement.get("number", fact.number) != fact.number
    ):
        raise Rejected.by(
            "number_fixed",
            msg("a sheet's number cannot be changed: void the sheet and issue another"),
            at="replacement.number",
        )


def _broken(
    history: Sequence[RecordedEvent], stream: Stream, context: DecisionContext
) -> dict[int, Rejected]:
    """Which versions of an effective history the rules would refuse, each judged on what stands before it."""
    state, broken = DecisionState(), {}
    for item in history:
        try:
            check(state, stream, item.event, context)
        except Rejected as refused:
            broken[item.version] = refused
        evolve(state, item.version, stream.name, item.event)
    return broken


def warnings(stream: Stream, event: Event, context: DecisionContext) -> Sequence[Problem]:
    """What a clerk should look at although it is recorded: similar names, an unknown project named by a unit."""
    look = _LOOKED_AT.get(type(event))
    return () if look is None else look(stream, event, context)


def _similar(
    stream: Stream, event: project.InformationReported, context: DecisionContext
) -> Sequence[Problem]:
    near = context.similar(event, stream.id)
    listed = [
        f"{holder.code} “{holder.information.name}” ({holder.information.reporting_unit})"
        for holder in near
    ]
    template = msg("similar to {listed}: check that it is not the same project")
    return [Problem("similar_name", template, {"listed": listed}, "name")] if listed else []


def _unknown_project(
    _: Stream,
    event: unit.LandingServiceFailed | unit.MajorProjectSupported,
    context: DecisionContext,
) -> Sequence[Problem]:
    about = event.about_project
    if about is None or context.is_project(about):
        return []
    return [
        Problem(
            "unknown_project",
            msg("the project {project} does not exist yet"),
            {"project": about},
            "about_project",
        )
    ]


_LOOKED_AT: Final[
    dict[type[Event], Callable[[Stream, Any, DecisionContext], Sequence[Problem]]]
] = {
    project.InformationReported: _similar,
    unit.LandingServiceFailed: _unknown_project,
    unit.MajorProjectSupported: _unknown_project,
}
